import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { allCommands, CommandTable } from "../../src/commands/all.ts"
import type { EmbeddedConfig } from "../../src/Server.ts"
import { encodeCommands } from "../support/request.ts"
import { connect, must, mustFail, startServer } from "../support/TestServer.ts"

/** A directory that goes with the test's scope. */
const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "fibredis-"))),
  (dir) => Effect.sync(() => rmSync(dir, { recursive: true }))
)

/** A server that starts on an append-only file with these commands. */
const startOn = (lines: ReadonlyArray<string>, config: Partial<EmbeddedConfig> = {}) =>
  Effect.gen(function* () {
    const dir = yield* directory
    writeFileSync(join(dir, "appendonly.aof"), encodeCommands(lines.map((line) => line.split(" "))))
    return yield* startServer({ appendonly: true, dir, ...config })
  })

const refuses = (what: string, lines: ReadonlyArray<string>, reason: string) =>
  it.effect(`refuses ${what}`, () =>
    Effect.gen(function* () {
      const exit = yield* Effect.exit(startOn(lines))
      assert.isTrue(Exit.isFailure(exit))
      assert.include(String(exit), reason)
    })
  )

describe("an append-only file", () => {
  refuses("a command that there is not", ["SET a 1", "FOO b", "SET c 1"], "unknown command 'FOO'")
  refuses("a command that fails", ["SET a 1", "INCR a", "SET a x", "INCR a", "SET c 1"], "value is not an integer")
  refuses("one that fails in a transaction", ["SET a x", "MULTI", "INCR a", "SET b 1", "EXEC"], "not an integer")
  refuses("a command that would have to wait", ["SET a 1", "SAVE", "SET b 1"], "'save' is not for a log")

  it.effect("is loaded to its end, however long the replies would be", () =>
    Effect.gen(function* () {
      const read = Array.from({ length: 20 }, () => "GET long")
      const c = yield* connect(yield* startOn([`SET long ${"x".repeat(60_000)}`, ...read, "SET last 1"]))
      yield* must(c, ["DBSIZE"], "(integer) 2")
    })
  )

  it.effect("is loaded although its strings are longer than clients may make them now", () =>
    Effect.gen(function* () {
      const long = ["SETRANGE a 2000000 x", "APPEND a y", "SETBIT b 16000000 1", "BITFIELD c SET u8 16000000 1"]
      const c = yield* connect(yield* startOn(long, { protoMaxBulkLen: 1024 * 1024 }))
      yield* must(c, ["STRLEN", "a"], "(integer) 2000002")
      yield* must(c, ["EXISTS", "b", "c"], "(integer) 2")
      yield* mustFail(c, ["SETBIT", "b", "16000000", "0"], "ERR bit offset is not an integer or out of range")
    })
  )

  it.effect("counts for no statistics when it is loaded", () =>
    Effect.gen(function* () {
      const c = yield* connect(yield* startOn(["SET a 1", "GET a", "INCR a"], { slowlogLogSlowerThan: 0 }))
      yield* must(c, ["INFO", "commandstats"], '"# Commandstats\\r\\n"')
      yield* must(c, ["INFO", "stats"], (text) => text.includes("total_commands_processed:1\\r"))
      yield* must(c, ["INFO", "stats"], (text) => text.includes("keyspace_hits:0\\r"))
      yield* must(c, ["SLOWLOG", "GET"], (text) => !text.includes("INCR"))
    })
  )

  it.effect("holds all that ran, though a command of a transaction failed as none should", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      const fails = {
        name: "fails",
        summary: "Fail as no command should",
        since: "1.0.0",
        group: "server",
        arity: 1,
        flags: [],
        run: () => {
          throw new TypeError("a bug")
        }
      } as const
      yield* Effect.gen(function* () {
        const server = yield* startServer({ appendonly: true, dir })
        const broken = yield* connect(server)
        broken.write(encodeCommands([["MULTI"], ["SET", "before", "1"], ["FAILS"], ["EXEC"]]))
        yield* Effect.promise(() => broken.closed)
        const other = yield* connect(server)
        yield* must(other, ["SET", "after", "1"], "OK")
        yield* must(other, ["SET", "deadline", "1", "PXAT", "9000"], "OK")
      }).pipe(Effect.provideService(CommandTable, [...allCommands, fails]), Effect.scoped)
      const c = yield* connect(yield* startServer({ appendonly: true, dir }))
      yield* must(c, ["EXISTS", "before", "after", "deadline"], "(integer) 3")
    })
  )
})
