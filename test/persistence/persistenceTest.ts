/** Persistence on a disk in memory, with shorthands for what its tests do over and over. */
import { Context, Effect, Layer, Scope } from "effect"
import { defaults, type ServerConfig } from "../../src/config/ServerConfig.ts"
import { Settings } from "../../src/config/Settings.ts"
import { LogFiles, type LogFilesService } from "../../src/persistence/LogFiles.ts"
import { Persistence, type PersistenceService } from "../../src/persistence/Persistence.ts"
import { encodeCommand } from "../support/request.ts"
import { ReplayedCommands } from "./ReplayedCommands.ts"

export const DIR = "/data"
export const LOG = "/data/appendonly.aof"

/** The bytes of a command, one character a byte: `command("SET a 1")`. */
export const command = (words: string): string => encodeCommand(words.split(" ")).toString("latin1")

/** A log that was opened; it is closed with the scope of the test. */
export const open = Effect.fnUntraced(function* (files: LogFilesService, settings: Partial<ServerConfig> = {}) {
  const live = Settings.layer({ ...defaults, dir: DIR, appendonly: true, ...settings })
  const layer = Persistence.layer.pipe(Layer.provideMerge(live), Layer.provide(Layer.succeed(LogFiles, files)))
  const scope = yield* Scope.fork(yield* Scope.Scope)
  const context = yield* Layer.buildWithScope(layer, scope)
  const log = Context.get(context, Persistence)
  const replayed = new ReplayedCommands()
  const summary = yield* log.load(replayed.apply)
  return { log, replayed, summary, scope, config: Context.get(context, Settings) }
})

/** Appends a command that ran against a database. */
export const append = (log: PersistenceService, words: string, db = 0): void => {
  const bytes = Buffer.from(`ahead${command(words)}behind`, "latin1")
  log.append(db, bytes, 5, bytes.length - 11)
  bytes.fill(0)
}

/** A connection that waits for the disk; `state()` says how far it is. */
export const wait = Effect.fnUntraced(function* (log: PersistenceService) {
  const barrier = log.barrier()
  if (barrier === undefined) return () => "free" as const
  const fiber = yield* Effect.forkChild(Effect.exit(barrier), { startImmediately: true })
  return () => {
    const exit = fiber.pollUnsafe()
    if (exit === undefined) return "waiting" as const
    return exit._tag === "Success" && exit.value._tag === "Success" ? ("released" as const) : ("failed" as const)
  }
})

/** Lets everybody who can run do so; the disk in memory takes no time. */
export const settle = Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })
