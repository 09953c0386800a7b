/**
 * Snapshots on demand: SAVE, BGSAVE, LASTSAVE.
 */
import { Effect } from "effect"
import * as Errors from "../Errors.ts"
import type { CommandDefinition } from "./Command.ts"
import { awaitThen, retryAfter } from "./Suspend.ts"

/**
 * The client waits until the file is on disk. Others do not: Redis stops for them all, because it has no other way of writing
 * a moment's state in its own process.
 */
const save: CommandDefinition = {
  name: "save",
  summary: "Save all keys to the snapshot file, and answer when they are on disk",
  since: "1.0.0",
  group: "server",
  complexity: "O(N) where N is the total number of keys in all databases",
  arity: 1,
  flags: ["admin", "noscript", "no_async_loading", "no_multi"],
  run: ({ snapshots }) => {
    const { current } = snapshots
    if (current?.kind === "background") throw Errors.backgroundSaveRunning
    if (current !== undefined) return retryAfter(snapshots.settled)
    return awaitThen(
      Effect.map(snapshots.begin("foreground"), (outcome) => ({ reply }) => {
        if (outcome !== "saved") throw Errors.saveFailed
        reply.ok()
      })
    )
  }
}

const bgsave: CommandDefinition = {
  name: "bgsave",
  summary: "Begin to save all keys, as they are now, to the snapshot file",
  since: "1.0.0",
  group: "server",
  complexity: "O(1)",
  arity: -1,
  flags: ["admin", "noscript", "no_async_loading"],
  args: [{ name: "schedule", type: "pure-token", token: "SCHEDULE", optional: true, since: "3.2.2" }],
  history: [["3.2.2", "Takes `SCHEDULE`."]],
  run: ({ args, inTransaction, reply, snapshots }) => {
    if (args.count > 2 || (args.count === 2 && !args.is(1, "schedule"))) throw Errors.syntax
    const { current } = snapshots
    if (current?.kind === "background") throw Errors.backgroundSaveRunning
    // The moment of a snapshot that EXEC asks for is that of the end of the transaction.
    if (inTransaction) {
      snapshots.schedule()
      reply.simple("Background saving scheduled")
      return undefined
    }
    if (current !== undefined) return retryAfter(snapshots.settled)
    snapshots.begin("background")
    reply.simple("Background saving started")
    return undefined
  }
}

const lastsave: CommandDefinition = {
  name: "lastsave",
  summary: "Return when keys were last saved to the snapshot file, in seconds since 1970",
  since: "1.0.0",
  group: "server",
  complexity: "O(1)",
  arity: 1,
  flags: ["loading", "stale", "fast"],
  categories: ["admin", "dangerous"],
  tips: ["nondeterministic_output"],
  run: ({ reply, snapshots }) => reply.int(Math.floor(snapshots.history.lastSave / 1000))
}

export const persistenceCommands: ReadonlyArray<CommandDefinition> = [bgsave, lastsave, save]
