import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, FileSystem, Layer, Stdio } from "effect"
import { TestClock, TestConsole } from "effect/testing"
import { defaults, type ServerConfig } from "../src/config/ServerConfig.ts"
import { Settings } from "../src/config/Settings.ts"
import * as Logging from "../src/Logging.ts"

/** Runs `effect` with the log that these settings ask for. */
const logged = <A, E, R>(effect: Effect.Effect<A, E, R>, config: Partial<ServerConfig> = {}, terminal = false) =>
  effect.pipe(
    Effect.provide(
      Logging.layer.pipe(
        Layer.provide(Stdio.layerTest({ stdoutIsTerminal: Effect.succeed(terminal) })),
        Layer.provideMerge(Settings.layer({ ...defaults, ...config })),
        Layer.provide(NodeServices.layer)
      )
    )
  )

/** What `effect` logs to standard output. */
const lines = <A, E, R>(effect: Effect.Effect<A, E, R>, config?: Partial<ServerConfig>, terminal?: boolean) =>
  logged(effect, config, terminal).pipe(
    Effect.andThen(Effect.map(TestConsole.logLines, (all) => all.map(String))),
    Effect.provide(Layer.fresh(TestConsole.layer))
  )

/** One line of each of Effect's levels. */
const oneOfEach = Effect.gen(function* () {
  yield* Effect.logTrace("trace")
  yield* Effect.logDebug("debug")
  yield* Effect.logInfo("info")
  yield* Effect.logWarning("warning")
  yield* Effect.logError("error")
})

/** The marks and messages of plain lines. */
const marks = (all: ReadonlyArray<string>) => all.map((line) => line.replace(/^.*\d\d:\d\d\.\d{3} /, ""))

describe("a plain log line", () => {
  it.effect("looks like redis-server's", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(new Date(2026, 10, 2, 3, 4, 5, 6).getTime())
      assert.deepStrictEqual(yield* lines(Effect.logInfo("Ready to accept connections")), [
        `${process.pid}:M 02 Nov 2026 03:04:05.006 * Ready to accept connections`
      ])
    })
  )

  it.effect("carries the parts of the message, the annotations and the cause", () =>
    Effect.gen(function* () {
      const log = Effect.logError("replay", { offset: 7 }, Cause.fail(new Error("torn"))).pipe(
        Effect.annotateLogs("file", "a.aof")
      )
      const [line] = yield* lines(log)
      assert.match(line!, /# replay \{"offset":7\} file=a\.aof\n(.|\n)*torn/)
    })
  )
})

describe("loglevel", () => {
  it.effect("maps Redis' levels to Effect's", () =>
    Effect.gen(function* () {
      const all = [". trace", "- debug", "* info", "# warning", "# error"]
      for (const [loglevel, hidden] of [
        ["debug", 0],
        ["verbose", 1],
        ["notice", 2],
        ["warning", 3],
        ["nothing", 5]
      ] as const) {
        assert.deepStrictEqual(marks(yield* lines(oneOfEach, { loglevel })), all.slice(hidden), loglevel)
      }
    })
  )

  it.effect("may change while the server runs", () =>
    Effect.gen(function* () {
      const effect = Effect.gen(function* () {
        const live = yield* Settings
        yield* Effect.logDebug("hidden")
        live.set([["loglevel", "verbose"]])
        yield* Effect.logDebug("shown")
      })
      assert.deepStrictEqual(marks(yield* lines(effect)), ["- shown"])
    })
  )
})

describe("log-format", () => {
  it.effect("is pretty on a terminal unless told otherwise", () =>
    Effect.gen(function* () {
      const log = Effect.logInfo("hello")
      assert.include((yield* lines(log, {}, true))[0], "\x1b[36m*\x1b[0m hello")
      assert.include((yield* lines(log, { logFormat: "pretty" }))[0], "\x1b[36m*\x1b[0m hello")
      assert.strictEqual(JSON.parse((yield* lines(log, { logFormat: "json" }, true))[0]!).message, "hello")
      assert.include((yield* lines(log, { logFormat: "logfmt" }, true))[0], "message=hello")
    })
  )
})

describe("logfile", () => {
  it.effect("is appended to, below dir, and complete when the log closes", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* fs.makeTempDirectoryScoped()
      yield* fs.writeFileString(`${dir}/f.log`, "before\n")
      assert.deepStrictEqual(yield* lines(Effect.logInfo("one"), { dir, logfile: "f.log" }, true), [])
      yield* lines(Effect.logInfo("two"), { dir, logfile: `${dir}/f.log` })
      const written = yield* fs.readFileString(`${dir}/f.log`)
      assert.match(written, /^before\n\d+:M .* \* one\n\d+:M .* \* two\n$/)
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("that cannot be opened keeps the server from starting", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(logged(Effect.void, { logfile: "/nonexistent/f.log" }))
      assert.strictEqual(error.message, "Can't open the log file '/nonexistent/f.log': No such file or directory")
    })
  )
})
