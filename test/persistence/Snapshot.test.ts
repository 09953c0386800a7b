/** Snapshots of a whole server, on a disk in memory that fails and waits as it is told, and on the test's clock. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { TestClock } from "effect/testing"
import { LogFiles } from "../../src/persistence/LogFiles.ts"
import type { EmbeddedConfig } from "../../src/Server.ts"
import type { RespClient } from "../support/RespClient.ts"
import type { Words } from "../support/request.ts"
import { call, connect, must, mustFail, startServer } from "../support/TestServer.ts"
import { MemoryFiles } from "./MemoryFiles.ts"
import { command } from "./persistenceTest.ts"
import { stringsOf } from "./rdbContents.ts"

const FILE = "/data/dump.rdb"
const MISCONF = /MISCONF Redis is configured to save RDB snapshots/

const start = (files: MemoryFiles, config: Partial<EmbeddedConfig> = {}) =>
  startServer({ dir: "/data", dbfilename: "dump.rdb", ...config }).pipe(Effect.provideService(LogFiles, files))

const bytes = (files: MemoryFiles) => Buffer.from(files.text(FILE), "latin1")
const saved = (files: MemoryFiles) => stringsOf(bytes(files))

/** What INFO says about snapshots. */
const mustInfo = (c: RespClient, ...fields: ReadonlyArray<string>) =>
  must(c, ["INFO", "persistence"], (text) => fields.every((field) => text.includes(`\\n${field}\\r`)))

/** A server takes its snapshots beside its clients: asks until it says so. */
const until = (c: RespClient, field: string): Effect.Effect<void> =>
  Effect.flatMap(call(c, ["INFO", "persistence"]), (reply) => {
    const text = "bytes" in reply ? Buffer.from(reply.bytes).toString() : ""
    return text.includes(`\n${field}\r`) ? Effect.void : until(c, field)
  })

const ended = (c: RespClient) => until(c, "rdb_bgsave_in_progress:0")

/** A test with a disk, a server on it, and a client. */
const withDisk = (
  name: string,
  body: (
    c: RespClient,
    files: MemoryFiles,
    another: Effect.Effect<RespClient, never, Scope.Scope>
  ) => Effect.Effect<void, unknown, Scope.Scope>,
  config: Partial<EmbeddedConfig> = {}
) =>
  it.effect(name, () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const server = yield* start(files, config)
      yield* body(yield* connect(server), files, connect(server))
    })
  )

/** Sends a command without waiting for its reply, and gives that later. */
const send = (c: RespClient, words: Words) => Effect.sync(() => c.call(...words))

describe("SAVE", () => {
  withDisk("has all databases on disk when it answers", (c, files) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_000_000)
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* must(c, ["SET", "b", "x", "PX", "5000"], "OK")
      yield* must(c, ["SELECT", "5"], "OK")
      yield* must(c, ["SET", "c", "y".repeat(100_000)], "OK")
      yield* must(c, ["SAVE"], "OK")
      assert.deepStrictEqual(saved(files), ["0/a=1", "0/b=x@1700000005000", `5/c=${"y".repeat(100_000)}`])
      assert.strictEqual(files.durableText(FILE), files.text(FILE))
      assert.deepStrictEqual(files.calls.slice(-3), ["fdatasync", "rename", "fsync"])
      assert.deepStrictEqual(files.names(), [FILE])
      assert.strictEqual(files.openFiles, 0)
      yield* must(c, ["LASTSAVE"], "(integer) 1700000000")
      yield* mustInfo(c, "rdb_changes_since_last_save:0", "rdb_saves:1", "rdb_last_bgsave_time_sec:-1")
    })
  )

  withDisk("lets others work meanwhile, who are not in it", (c, files, another) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "before"], "OK")
      yield* files.writeGate.close
      const reply = yield* send(c, ["SAVE"])
      const other = yield* another
      yield* must(other, ["SET", "a", "after"], "OK")
      yield* must(other, ["SET", "new", "1"], "OK")
      const second = yield* send(other, ["BGSAVE"])
      yield* files.writeGate.open
      assert.strictEqual((yield* Effect.promise(() => reply))._tag, "Simple")
      assert.strictEqual((yield* Effect.promise(() => second))._tag, "Simple")
      yield* ended(other)
      assert.deepStrictEqual(saved(files), ["0/a=after", "0/new=1"])
    })
  )

  withDisk("errors", (c, files) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* must(c, ["SAVE"], "OK")
      const before = files.text(FILE)
      yield* must(c, ["SET", "a", "2"], "OK")
      for (const operation of ["open", "write", "fdatasync", "rename"] as const) {
        for (const code of ["EIO", "defect"] as const) {
          files.fail(operation, code)
          yield* mustFail(c, ["SAVE"], "ERR")
          files.heal()
          assert.strictEqual(files.text(FILE), before)
          assert.deepStrictEqual(files.names(), [FILE])
          assert.strictEqual(files.openFiles, 0)
        }
      }
      yield* mustInfo(c, "rdb_changes_since_last_save:1", "rdb_last_bgsave_status:ok")
      yield* mustFail(c, ["SAVE", "now"], "ERR wrong number of arguments for 'save' command")
      yield* must(c, ["MULTI"], "OK")
      yield* mustFail(c, ["SAVE"], "ERR Command not allowed inside a transaction")
    })
  )
})

describe("BGSAVE", () => {
  withDisk("saves the moment at which it began", (c, files) =>
    Effect.gen(function* () {
      for (let i = 0; i < 3000; i++) yield* send(c, ["SET", `k${i}`, "0"])
      yield* must(c, ["PING"], "PONG")
      yield* files.writeGate.close
      yield* must(c, ["BGSAVE"], "Background saving started")
      yield* must(c, ["SET", "k1", "1"], "OK")
      yield* must(c, ["DEL", "k2"], "(integer) 1")
      yield* must(c, ["EXPIRE", "k3", "100"], "(integer) 1")
      yield* must(c, ["RENAME", "k4", "renamed"], "OK")
      yield* must(c, ["INCR", "k5"], "(integer) 1")
      yield* must(c, ["SETRANGE", "k6", "1", "1"], "(integer) 2")
      yield* must(c, ["SWAPDB", "0", "1"], "OK")
      yield* must(c, ["FLUSHDB"], "OK")
      yield* mustInfo(c, "rdb_bgsave_in_progress:1", "current_save_keys_total:3000", "rdb_last_bgsave_time_sec:-1")
      yield* TestClock.adjust("2500 millis")
      yield* mustInfo(c, "rdb_current_bgsave_time_sec:2")
      yield* files.writeGate.open
      yield* ended(c)
      assert.deepStrictEqual(saved(files), Array.from({ length: 3000 }, (_, i) => `0/k${i}=0`).sort())
      yield* mustInfo(c, "rdb_changes_since_last_save:7", "rdb_last_bgsave_time_sec:2", "rdb_last_bgsave_status:ok")
    })
  )

  withDisk("is put off by EXEC to its end", (c, files) =>
    Effect.gen(function* () {
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["BGSAVE"], "QUEUED")
      yield* must(c, ["SET", "a", "1"], "QUEUED")
      yield* must(c, ["EXEC"], "[Background saving scheduled, OK]")
      yield* until(c, "rdb_saves:1")
      yield* ended(c)
      assert.deepStrictEqual(saved(files), ["0/a=1"])
    })
  )

  withDisk("errors", (c, files) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["BGSAVE", "now"], "ERR syntax error")
      yield* mustFail(c, ["BGSAVE", "SCHEDULE", "now"], "ERR syntax error")
      yield* files.writeGate.close
      yield* must(c, ["BGSAVE", "schedule"], "Background saving started")
      yield* mustFail(c, ["BGSAVE"], "ERR Background save already in progress")
      yield* mustFail(c, ["BGSAVE", "SCHEDULE"], "ERR Background save already in progress")
      yield* mustFail(c, ["SAVE"], "ERR Background save already in progress")
      yield* files.writeGate.open
      yield* ended(c)
    })
  )
})

describe("a save point", () => {
  const save = [
    { seconds: 10, changes: 3 },
    { seconds: 60, changes: 1 }
  ]

  withDisk(
    "saves when both its changes and its seconds are there",
    (c, files) =>
      Effect.gen(function* () {
        yield* must(c, ["SET", "a", "1"], "OK")
        yield* TestClock.adjust("59999 millis")
        yield* mustInfo(c, "rdb_saves:0")
        yield* TestClock.adjust(1)
        yield* until(c, "rdb_saves:1")
        yield* ended(c)
        assert.deepStrictEqual(saved(files), ["0/a=1"])
        yield* must(c, ["MSET", "a", "2", "b", "2", "c", "2"], "OK")
        yield* TestClock.adjust("9999 millis")
        yield* mustInfo(c, "rdb_saves:1", "rdb_changes_since_last_save:3")
        yield* TestClock.adjust(1)
        yield* until(c, "rdb_saves:2")
        yield* ended(c)
        assert.deepStrictEqual(saved(files), ["0/a=2", "0/b=2", "0/c=2"])
        yield* TestClock.adjust("1 hour")
        yield* must(c, ["SET", "d", "1"], "OK")
        yield* until(c, "rdb_saves:3")
      }),
    { save }
  )

  withDisk("may come and go", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* TestClock.adjust("1 hour")
      yield* mustInfo(c, "rdb_saves:0")
      yield* must(c, ["CONFIG", "SET", "save", "7200 1"], "OK")
      yield* TestClock.adjust("30 minutes")
      yield* must(c, ["CONFIG", "SET", "save", ""], "OK")
      yield* TestClock.adjust("2 hours")
      yield* mustInfo(c, "rdb_saves:0")
      yield* must(c, ["CONFIG", "SET", "save", "7200 1"], "OK")
      yield* until(c, "rdb_saves:1")
    })
  )

  withDisk(
    "that fails refuses writes, and is tried again after five seconds",
    (c, files) =>
      Effect.gen(function* () {
        files.capacity = 10
        yield* must(c, ["SET", "a", "1"], "OK")
        yield* TestClock.adjust("60 seconds")
        yield* until(c, "rdb_last_bgsave_status:err")
        yield* must(c, ["SET", "a", "2"], MISCONF)
        yield* must(c, ["PING"], MISCONF)
        yield* must(c, ["GET", "a"], '"1"')
        yield* must(c, ["CONFIG", "SET", "stop-writes-on-bgsave-error", "no"], "OK")
        yield* must(c, ["SET", "a", "2"], "OK")
        yield* must(c, ["CONFIG", "SET", "stop-writes-on-bgsave-error", "yes"], "OK")
        yield* TestClock.adjust("4999 millis")
        yield* mustInfo(c, "rdb_saves:1")
        files.heal()
        yield* TestClock.adjust(1)
        yield* until(c, "rdb_last_bgsave_status:ok")
        yield* must(c, ["SET", "a", "3"], "OK")
        assert.deepStrictEqual(saved(files), ["0/a=2"])
      }),
    { save }
  )

  withDisk(
    "makes FLUSHALL leave an empty file, whatever is being saved",
    (c, files) =>
      Effect.gen(function* () {
        yield* must(c, ["SET", "a", "1"], "OK")
        yield* must(c, ["SAVE"], "OK")
        yield* files.writeGate.close
        yield* must(c, ["BGSAVE"], "Background saving started")
        yield* must(c, ["FLUSHALL"], "OK")
        yield* must(c, ["SET", "b", "1"], "OK")
        yield* files.writeGate.open
        yield* until(c, "rdb_changes_since_last_save:1")
        assert.deepStrictEqual(saved(files), [])
        yield* mustInfo(c, "rdb_saves:3", "rdb_last_bgsave_status:ok")
      }),
    { save }
  )
})

describe("at the end", () => {
  const save = [{ seconds: 900, changes: 1 }]

  const endsWith = (name: string, words: ReadonlyArray<string>, wanted: ReadonlyArray<string>, points = save) =>
    withDisk(
      name,
      (c, files) =>
        Effect.gen(function* () {
          yield* must(c, ["SET", "a", "1"], "OK")
          yield* must(c, ["SAVE"], "OK")
          yield* must(c, ["SET", "a", "2"], "OK")
          yield* Effect.promise(() =>
            c.call(...words).then(
              () => assert.fail("answered"),
              () => {}
            )
          )
          assert.deepStrictEqual(saved(files), wanted)
        }),
      { save: points }
    )

  endsWith("SHUTDOWN saves if there are save points", ["SHUTDOWN"], ["0/a=2"])
  endsWith("SHUTDOWN does not save without", ["SHUTDOWN"], ["0/a=1"], [])
  endsWith("SHUTDOWN SAVE saves without", ["SHUTDOWN", "SAVE"], ["0/a=2"], [])
  endsWith("SHUTDOWN NOSAVE does not save", ["SHUTDOWN", "NOSAVE"], ["0/a=1"])

  it.effect("of its scope a server saves, too", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const scope = yield* Scope.make()
      const server = yield* Scope.provide(start(files, { save }), scope)
      yield* must(yield* connect(server), ["SET", "a", "1"], "OK")
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(saved(files), ["0/a=1"])
    })
  )

  withDisk(
    "commands wait for the last snapshot, and go on if it fails",
    (c, files, another) =>
      Effect.gen(function* () {
        yield* must(c, ["SET", "a", "1"], "OK")
        yield* must(c, ["BGSAVE"], "Background saving started")
        yield* files.writeGate.close
        const shutdown = yield* send(c, ["SHUTDOWN"])
        const other = yield* another
        let answered = false
        const set = yield* send(other, ["SET", "a", "2"])
        void set.then(() => {
          answered = true
        })
        yield* TestClock.withLive(Effect.sleep(50))
        assert.isFalse(answered)
        files.fail("fdatasync", "EIO")
        yield* files.writeGate.open
        const refusal = yield* Effect.promise(() => shutdown)
        assert.deepInclude(refusal, { text: "ERR Errors trying to SHUTDOWN. Check logs." })
        yield* Effect.promise(() => set)
        yield* must(other, ["GET", "a"], '"2"')
      }),
    { save }
  )
})

describe("at the start", () => {
  const put = (files: MemoryFiles, ...commands: ReadonlyArray<string>) =>
    Effect.scoped(
      Effect.gen(function* () {
        const c = yield* connect(yield* start(files))
        for (const words of commands) yield* must(c, words.split(" "), "OK")
        yield* must(c, ["SAVE"], "OK")
      })
    )

  it.effect("a server loads what is not past its deadline", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      yield* put(files, "SET a 1", "SET short b PX 1000", "SET long c PX 1001", "SELECT 15", "SET a 2")
      yield* TestClock.adjust(1000)
      const c = yield* connect(yield* start(files, { notifyKeyspaceEvents: "KEA" }))
      yield* must(c, ["KEYS", "*"], (text) => ['["a", "long"]', '["long", "a"]'].includes(text))
      yield* must(c, ["GET", "a"], '"1"')
      yield* must(c, ["PTTL", "long"], "(integer) 1")
      yield* must(c, ["OBJECT", "ENCODING", "a"], '"int"')
      yield* mustInfo(c, "rdb_last_load_keys_loaded:3", "rdb_last_load_keys_expired:1", "rdb_changes_since_last_save:0")
      yield* must(c, ["SELECT", "15"], "OK")
      yield* must(c, ["GET", "a"], '"2"')
      assert.strictEqual(files.openFiles, 0)
    })
  )

  it.effect("the append only file wins", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      yield* put(files, "SET a snapshot", "SET b snapshot")
      files.put("/data/appendonly.aof", Buffer.from(command("SET a log")))
      const c = yield* connect(yield* start(files, { appendonly: true }))
      yield* must(c, ["MGET", "a", "b"], '["log", (nil)]')
    })
  )

  it.effect("nothing starts on a file that cannot be loaded whole", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      yield* put(files, "SELECT 3", "SET a 1", "SET b 1")
      const whole = bytes(files)
      const refusal = (content: Uint8Array, config: Partial<EmbeddedConfig> = {}) => {
        files.put(FILE, content)
        return Effect.map(Effect.flip(start(files, config)), (error) => error.message)
      }
      assert.match(
        yield* refusal(whole.subarray(0, 60)),
        /^Can't load the snapshot \/data\/dump.rdb, at offset \d+: it ends too early/
      )
      assert.match(yield* refusal(Buffer.alloc(0)), /at offset 0: it ends too early, after 0 bytes/)
      assert.match(yield* refusal(whole, { databases: 2 }), /it has a database 3, and the server only 2/)
      const damaged = Uint8Array.from(whole)
      damaged[21]! ^= 1
      assert.match(yield* refusal(damaged), /its checksum is wrong/)
      files.fail("read", "EIO")
      assert.strictEqual(yield* refusal(whole), "Can't read the snapshot /data/dump.rdb: Input/output error")
      assert.strictEqual(files.openFiles, 0)
    })
  )
})
