import { assert, describe, it } from "@effect/vitest"
import { Effect, Runtime } from "effect"
import { MemoryFiles } from "./MemoryFiles.ts"
import { append, command, LOG, open } from "./persistenceTest.ts"

const disk = (text: string) => {
  const files = new MemoryFiles()
  files.put(LOG, Buffer.from(text, "latin1"))
  return files
}

const MULTI = command("MULTI")
const EXEC = command("EXEC")

describe("loading the append only file", () => {
  it.effect("makes an empty one, whose name is on disk, when there is none", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const { summary } = yield* open(files)
      assert.deepStrictEqual(summary, { commands: 0, bytes: 0, dropped: 0, milliseconds: 0 })
      assert.deepStrictEqual(files.calls, ["open", "fdatasync", "fsync"])
    })
  )

  it.effect("touches nothing when appendonly is no", () =>
    Effect.gen(function* () {
      const files = disk("garbage")
      const { log } = yield* open(files, { appendonly: false })
      append(log, "SET a 1")
      assert.deepStrictEqual(files.calls, [])
      assert.isFalse(log.info().enabled)
    })
  )

  it.effect("applies its commands in order", () =>
    Effect.gen(function* () {
      const text = command("SELECT 3") + command("SET a 1") + MULTI + command("SET b 2") + command("DEL a") + EXEC
      const { log, replayed, summary } = yield* open(disk(text))
      assert.deepStrictEqual(replayed.done, ["SELECT 3", "SET a 1", "SET b 2", "DEL a"])
      assert.strictEqual(summary.bytes, text.length)
      assert.strictEqual(log.info().currentSize, text.length)
      assert.strictEqual(log.info().loading, undefined)
    })
  )

  it.effect("streams a file larger than what is read at once", () =>
    Effect.gen(function* () {
      const value = "x".repeat(100_000)
      const words = Array.from({ length: 30 }, (_, i) => `SET key${i} ${value}`)
      const { replayed } = yield* open(disk(words.map(command).join("")))
      assert.deepStrictEqual(replayed.done, words)
    })
  )

  it.effect("takes an argument larger than a client may send", () =>
    Effect.gen(function* () {
      const { replayed } = yield* open(disk(command(`SET a ${"x".repeat(3_000_000)}`)), {
        protoMaxBulkLen: 1024 * 1024
      })
      assert.strictEqual(replayed.done.length, 1)
    })
  )

  it.effect("cut anywhere, it holds what was whole, and goes on from there", () =>
    Effect.gen(function* () {
      const parts = [command("SET a 1"), MULTI + command("SET b 2") + command("SET c 3") + EXEC, command("DEL b")]
      const wholes = [[], ["SET a 1"], ["SET a 1", "SET b 2", "SET c 3"], ["SET a 1", "SET b 2", "SET c 3", "DEL b"]]
      const text = parts.join("")
      const ends = [0, ...parts.map((_, i) => parts.slice(0, i + 1).join("").length)]
      for (let cut = 0; cut <= text.length; cut++) {
        const whole = ends.findLastIndex((end) => end <= cut)
        const files = disk(text.slice(0, cut))
        const { log, replayed, summary } = yield* open(files)
        assert.deepStrictEqual(replayed.done, wholes[whole])
        assert.strictEqual(summary.dropped, cut - ends[whole]!)
        append(log, "SET d 4")
        yield* log.flush
        const after = text.slice(0, ends[whole]) + command("SELECT 0") + command("SET d 4")
        assert.strictEqual(files.durableText(LOG), after)
      }
    })
  )

  it.effect("refuses an incomplete end when aof-load-truncated is no, and leaves it", () =>
    Effect.gen(function* () {
      const good = command("SET a 1")
      for (const tail of ["*", command("SET b 2").slice(0, -1), MULTI, MULTI + command("SET b 2")]) {
        const files = disk(good + tail)
        const error = yield* Effect.flip(open(files, { aofLoadTruncated: false }))
        assert.strictEqual(error.offset, good.length)
        assert.match(error.message, /Unexpected end of the append only file .* offset 27 .* aof-load-truncated to yes/)
        assert.strictEqual(error[Runtime.errorExitCode], 1)
        assert.strictEqual(files.text(LOG), good + tail)
        assert.strictEqual(files.openFiles, 0)
      }
    })
  )

  it.effect("refuses what is no command with its offset, whatever aof-load-truncated says", () =>
    Effect.gen(function* () {
      const good = command("SET a 1")
      for (const bad of ["set b 2\r\n", "*0\r\n", "\0\0\0\0", "*1\r\n$3\r\nPING\r\n"]) {
        for (const after of ["", good]) {
          const files = disk(good + bad + after)
          const error = yield* Effect.flip(open(files))
          assert.strictEqual(error.offset, good.length)
          assert.strictEqual(error.message, `Bad file format reading the append only file ${LOG} at offset 27`)
          assert.strictEqual(files.text(LOG), good + bad + after)
        }
      }
    })
  )

  it.effect("refuses a command that the server does not have", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(open(disk(command("unknown a"))))
      assert.include(error.message, `Unknown command 'unknown' reading the append only file ${LOG}`)
    })
  )

  it.effect("says why the file cannot be read", () =>
    Effect.gen(function* () {
      const files = disk(command("SET a 1"))
      files.fail("read", "EIO")
      const error = yield* Effect.flip(open(files))
      assert.strictEqual(error.message, `Can't read the append only file ${LOG}: Input/output error`)
      assert.strictEqual(files.openFiles, 0)
    })
  )

  it.effect("passes over the annotations that Redis writes", () =>
    Effect.gen(function* () {
      const { replayed } = yield* open(disk(`#TS:1700000000\r\n${command("SET a 1")}#TS:1700000001\r\n`))
      assert.deepStrictEqual(replayed.done, ["SET a 1"])
    })
  )
})
