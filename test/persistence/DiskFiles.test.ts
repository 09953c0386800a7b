/** The log on a real disk: one that is full, and one that a real redis-server reads and wrote. */
import { spawnSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { LogFiles } from "../../src/persistence/LogFiles.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { RespClient } from "../support/RespClient.ts"
import { show } from "../support/showReply.ts"
import { append, command, open } from "./persistenceTest.ts"

const directory = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "fibredis-aof-"))),
  (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
)

/** A file system of 64 KiB; undefined where the user may not mount one. */
const smallDisk = Effect.gen(function* () {
  const path = yield* directory
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", path]).status !== 0) return undefined
  yield* Effect.addFinalizer(() => Effect.sync(() => spawnSync("umount", [path])))
  return path
})

/** Waits in real time, as the disk does. */
const until = (condition: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => (condition() ? Effect.void : Effect.andThen(Effect.sleep(10), until(condition))))

describe("on a real disk", () => {
  it.live("a full one refuses writes, keeps whole transactions, and recovers when there is room", (test) =>
    Effect.gen(function* () {
      const dir = yield* smallDisk
      if (dir === undefined) return test.skip("needs the right to mount a file system")
      const path = Path.join(dir, "appendonly.aof")
      const { log } = yield* open(yield* LogFiles, { dir, appendfsync: "always" })
      append(log, "SET a 1")
      yield* log.flush
      const before = Fs.readFileSync(path, "latin1")
      const filler = Path.join(dir, "filler")
      Fs.writeFileSync(filler, Buffer.alloc(48 * 1024))
      append(log, `SET b ${"x".repeat(20_000)}`)
      assert.strictEqual((yield* Effect.flip(log.barrier()!)).code, "ENOSPC")
      assert.strictEqual(log.refusal(), "MISCONF Errors writing to the AOF file: No space left on device")
      yield* Effect.flip(log.flush)
      assert.strictEqual(Fs.readFileSync(path, "latin1"), before)
      Fs.rmSync(filler)
      yield* until(() => log.refusal() === undefined)
      assert.strictEqual(Fs.readFileSync(path, "latin1"), before + command(`SET b ${"x".repeat(20_000)}`))
    })
  )

  it.live("says what the system says when the directory is missing", () =>
    Effect.gen(function* () {
      const dir = Path.join(yield* directory, "missing")
      const error = yield* Effect.flip(open(yield* LogFiles, { dir }))
      assert.strictEqual(
        error.message,
        `Can't open the append only file ${Path.join(dir, "appendonly.aof")}: No such file or directory`
      )
    })
  )

  it.live("a log is replaced by the one that CONFIG SET appendonly yes begins", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      const path = Path.join(dir, "appendonly.aof")
      Fs.writeFileSync(path, command("SET old 1"))
      const { log } = yield* open(yield* LogFiles, { dir, appendonly: false })
      const base = command("SET new 1")
      yield* log.enable((dump) => dump(0, Buffer.from(base), 0, base.length))
      append(log, "SET a 1")
      yield* log.flush
      assert.strictEqual(
        Fs.readFileSync(path, "latin1"),
        command("SELECT 0") + base + command("SELECT 0") + command("SET a 1")
      )
      assert.deepStrictEqual(Fs.readdirSync(dir), ["appendonly.aof"])
    })
  )
})

describe.skipIf(RedisServer.skipWithout(RedisServer.available, "append only file of redis-server"))(
  "redis-server",
  () => {
    it.live("starts on our log", () =>
      Effect.gen(function* () {
        const dir = yield* directory
        const { log } = yield* open(yield* LogFiles, { dir })
        append(log, "SET a 1")
        append(log, "SET b 2", 3)
        for (const words of ["MULTI", "INCR a", "PEXPIREAT a 99999999999999", "EXEC"]) append(log, words)
        yield* log.flush
        const replies = yield* Effect.promise(async () => {
          await using server = await RedisServer.start(["--appendonly", "yes", "--dir", dir])
          const client = await RespClient.connect(server)
          const asked = [
            ["GET", "a"],
            ["PEXPIRETIME", "a"],
            ["SELECT", "3"],
            ["GET", "b"]
          ] as const
          const texts = (await client.pipeline(asked)).map(show)
          client.destroy()
          return texts
        })
        assert.deepStrictEqual(replies, ['"2"', "(integer) 99999999999999", "OK", '"2"'])
      })
    )

    it.live("leaves commands, with annotations, that we can load", () =>
      Effect.gen(function* () {
        const dir = yield* directory
        yield* Effect.promise(async () => {
          const flags = [
            "--appendonly",
            "yes",
            "--dir",
            dir,
            "--appendfsync",
            "always",
            "--aof-timestamp-enabled",
            "yes"
          ]
          await using server = await RedisServer.start(flags)
          const client = await RespClient.connect(server)
          await client.pipeline([["SET", "a", "1"], ["MULTI"], ["SET", "b", "2"], ["SET", "c", "3"], ["EXEC"]])
          client.destroy()
        })
        const settings = { dir: Path.join(dir, "appendonlydir"), appendfilename: "appendonly.aof.1.incr.aof" }
        assert.include(Fs.readFileSync(Path.join(settings.dir, settings.appendfilename), "latin1"), "#TS:")
        const { replayed, summary } = yield* open(yield* LogFiles, settings)
        assert.deepStrictEqual(replayed.done, ["SELECT 0", "SET a 1", "SET b 2", "SET c 3"])
        assert.strictEqual(summary.dropped, 0)
      })
    )
  }
)
