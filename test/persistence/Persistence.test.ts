import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Latch, Result, Schema, Scope } from "effect"
import { TestClock } from "effect/testing"
import { MemoryFiles } from "./MemoryFiles.ts"
import { append, command, DIR, LOG, open, settle, wait } from "./persistenceTest.ts"

const REFUSAL = "MISCONF Errors writing to the AOF file: No space left on device"

describe("the append only file", () => {
  it.effect("selects a database when it changes, and after a start", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const { log } = yield* open(files)
      append(log, "SET a 1")
      append(log, "SET b 1")
      yield* log.flush
      append(log, "SET c 1")
      append(log, "SET a 2", 12)
      append(log, "SET b 2", 12)
      append(log, "SET d 1")
      yield* log.flush
      const first = command("SELECT 0") + command("SET a 1") + command("SET b 1") + command("SET c 1")
      const twelfth = command("SELECT 12") + command("SET a 2") + command("SET b 2")
      assert.strictEqual(files.text(LOG), first + twelfth + command("SELECT 0") + command("SET d 1"))
    })
  )

  it.effect.prop(
    "holds what was appended, whatever the sizes and however short the writes",
    {
      sizes: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 40_000 }))),
      writeLimit: Schema.Int.check(Schema.isBetween({ minimum: 500, maximum: 100_000 }))
    },
    ({ sizes, writeLimit }) =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        files.writeLimit = writeLimit
        const { log } = yield* open(files)
        let wanted = ""
        for (const size of sizes) {
          append(log, `SET a ${"v".repeat(size)}`)
          wanted += command(`SET a ${"v".repeat(size)}`)
          if (size % 3 === 0) yield* settle
        }
        yield* log.flush
        assert.strictEqual(files.durableText(LOG), sizes.length === 0 ? "" : command("SELECT 0") + wanted)
        assert.strictEqual(log.info().currentSize, files.text(LOG).length)
      }),
    { arbitrary: { runs: 40, size: 40 } }
  )

  it.effect("flushes, switches off and closes although the writing never pauses", () =>
    Effect.gen(function* () {
      for (const appendfsync of ["always", "everysec"] as const) {
        const files = new MemoryFiles()
        const { log, scope } = yield* open(files, { appendfsync })
        files.onWrite = () => append(log, "INCR a")
        append(log, "SET a 1")
        yield* log.flush
        assert.include(files.durableText(LOG), "SET")
        yield* settle
        if (appendfsync === "always") yield* log.disable
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual(files.durableText(LOG), files.text(LOG))
        assert.strictEqual(files.openFiles, 0)
      }
    })
  )

  it.effect("is written, synced and closed at the end of its scope", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const { log, scope } = yield* open(files, { appendfsync: "no" })
      append(log, "SET a 1")
      yield* Scope.close(scope, Exit.void)
      assert.strictEqual(files.durableText(LOG), command("SELECT 0") + command("SET a 1"))
      assert.strictEqual(files.openFiles, 0)
    })
  )

  describe("under appendfsync always", () => {
    const always = { appendfsync: "always" } as const

    it.effect("lets replies go when the fdatasync is done", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files, always)
        assert.strictEqual(log.barrier(), undefined)
        yield* files.syncGate.close
        append(log, "SET a 1")
        const writer = yield* wait(log)
        yield* settle
        assert.strictEqual(writer(), "waiting")
        assert.notInclude(files.durableText(LOG), "SET")
        yield* files.syncGate.open
        yield* settle
        assert.strictEqual(writer(), "released")
        assert.include(files.durableText(LOG), "SET")
        assert.strictEqual(log.barrier(), undefined)
      })
    )

    it.effect("keeps back what a reader has seen of a write that is not on disk", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files, always)
        yield* files.syncGate.close
        append(log, "SET a 1")
        yield* settle
        const reader = yield* wait(log)
        assert.strictEqual(reader(), "waiting")
        yield* files.syncGate.open
        yield* settle
        assert.strictEqual(reader(), "released")
      })
    )

    it.effect("shares one fdatasync among all who wrote during the last one", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files, always)
        const before = files.count("fdatasync")
        yield* files.syncGate.close
        append(log, "SET a 0")
        const first = yield* wait(log)
        yield* settle
        const others = []
        for (let i = 0; i < 50; i++) {
          append(log, `SET b ${i}`)
          others.push(yield* wait(log))
        }
        yield* files.syncGate.open
        yield* settle
        assert.deepStrictEqual(new Set([first, ...others].map((state) => state())), new Set(["released"]))
        assert.strictEqual(files.count("fdatasync") - before, 2)
      })
    )

    it.effect("acknowledges nothing that could not be written, and goes on reading", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files, always)
        files.capacity = 30
        append(log, "SET a 1")
        const writer = yield* wait(log)
        yield* settle
        assert.strictEqual(writer(), "failed")
        assert.strictEqual(log.refusal(), REFUSAL)
        assert.isFalse(log.info().lastWriteOk)
        assert.strictEqual(files.text(LOG), "")
        assert.strictEqual(log.barrier(), undefined)
      })
    )

    it.effect("writes again what an fdatasync failed to bring to the disk", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files, always)
        files.fail("fdatasync", "EIO")
        append(log, "SET a 1")
        const writer = yield* wait(log)
        yield* settle
        assert.strictEqual(writer(), "failed")
        assert.strictEqual(log.refusal(), "MISCONF Errors writing to the AOF file: Input/output error")
        files.heal()
        const writes = files.count("write")
        yield* TestClock.adjust("1 second")
        yield* settle
        assert.strictEqual(files.count("write"), writes + 1)
        assert.strictEqual(log.refusal(), undefined)
        assert.strictEqual(files.durableText(LOG), command("SELECT 0") + command("SET a 1"))
      })
    )

    it.effect("lets nobody wait for ever when the policy changes meanwhile", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log, config } = yield* open(files, always)
        yield* files.writeGate.close
        append(log, "SET a 1")
        const writer = yield* wait(log)
        assert.isTrue(Result.isSuccess(config.set([["appendfsync", "no"]])))
        yield* files.writeGate.open
        yield* settle
        assert.strictEqual(writer(), "released")
        assert.include(files.text(LOG), "SET")
      })
    )
  })

  describe("under appendfsync everysec", () => {
    it.effect("syncs at most once a second of the Clock", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files)
        const start = files.count("fdatasync")
        const syncs: Array<number> = []
        for (let i = 0; i < 24; i++) {
          append(log, `SET a ${i}`)
          assert.strictEqual(log.barrier(), undefined)
          yield* settle
          yield* TestClock.adjust(100)
          yield* settle
          syncs.push(files.count("fdatasync") - start)
        }
        assert.deepStrictEqual(syncs, [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3])
        yield* TestClock.adjust(1000)
        yield* settle
        assert.strictEqual(files.durableText(LOG), files.text(LOG))
        yield* TestClock.adjust("1 hour")
        assert.strictEqual(files.count("fdatasync") - start, 4)
      })
    )

    it.effect("goes on writing while a sync takes long, and counts the delay", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files)
        yield* files.syncGate.close
        append(log, "SET a 1")
        yield* settle
        yield* TestClock.adjust(1)
        assert.isTrue(log.info().pendingFsync)
        append(log, "SET b 2")
        yield* settle
        assert.include(files.text(LOG), command("SET b 2"))
        assert.strictEqual(log.info().delayedFsync, 0)
        yield* TestClock.adjust(2000)
        assert.strictEqual(log.info().delayedFsync, 1)
        yield* TestClock.adjust(2000)
        assert.strictEqual(log.info().delayedFsync, 2)
        yield* files.syncGate.open
        yield* settle
        yield* TestClock.adjust(1000)
        yield* settle
        assert.isFalse(log.info().pendingFsync)
        assert.strictEqual(files.durableText(LOG), files.text(LOG))
      })
    )

    it.effect("refuses writes while the sync fails, and tries it every second", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files)
        files.fail("fdatasync", "EIO")
        append(log, "SET a 1")
        yield* settle
        yield* TestClock.adjust(1)
        assert.strictEqual(log.refusal(), "MISCONF Errors writing to the AOF file: Input/output error")
        yield* TestClock.adjust("5 seconds")
        assert.isDefined(log.refusal())
        files.heal()
        yield* TestClock.adjust("1 second")
        yield* settle
        assert.strictEqual(log.refusal(), undefined)
        assert.strictEqual(files.durableText(LOG), files.text(LOG))
      })
    )

    it.effect("lets clients wait for a disk that is much slower than they are", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files)
        yield* files.writeGate.close
        append(log, "SET a 1")
        yield* settle
        assert.strictEqual(log.barrier(), undefined)
        append(log, `SET a ${"x".repeat(33 * 1024 * 1024)}`)
        const writer = yield* wait(log)
        assert.strictEqual(writer(), "waiting")
        yield* files.writeGate.open
        yield* settle
        assert.strictEqual(writer(), "released")
      })
    )
  })

  it.effect("never syncs under appendfsync no, but for the shutdown", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const { log } = yield* open(files, { appendfsync: "no" })
      const start = files.count("fdatasync")
      append(log, "SET a 1")
      yield* settle
      yield* TestClock.adjust("1 hour")
      assert.include(files.text(LOG), "SET")
      assert.strictEqual(files.count("fdatasync"), start)
    })
  )

  describe("on a full disk", () => {
    it.effect("holds whole transactions at any moment, and everything when there is room again", () =>
      Effect.gen(function* () {
        const head = command("SELECT 0") + command("SET a 1")
        const unit = command("MULTI") + command("SET b 2") + command("SET c 3") + command("EXEC")
        for (let room = 0; room < unit.length; room++) {
          const files = new MemoryFiles()
          const { log } = yield* open(files)
          append(log, "SET a 1")
          yield* log.flush
          files.capacity = head.length + room
          log.append(0, Buffer.from(unit), 0, unit.length)
          yield* settle
          assert.strictEqual(log.refusal(), REFUSAL)
          assert.strictEqual(files.text(LOG), head)
          append(log, "DEL expired")
          yield* TestClock.adjust("3 seconds")
          yield* settle
          assert.strictEqual(files.text(LOG), head)
          files.heal()
          yield* TestClock.adjust("1 second")
          yield* settle
          assert.strictEqual(log.refusal(), undefined)
          assert.strictEqual(files.text(LOG), head + unit + command("DEL expired"))
        }
      })
    )

    it.effect("writes over what a failed write left when that could not be cut off", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files)
        files.capacity = 40
        files.fail("truncate", "EIO")
        append(log, "SET a 1")
        yield* settle
        assert.strictEqual(files.text(LOG).length, 40)
        yield* TestClock.adjust("1 second")
        assert.isDefined(log.refusal())
        files.heal()
        yield* TestClock.adjust("1 second")
        yield* settle
        assert.strictEqual(files.text(LOG), command("SELECT 0") + command("SET a 1"))
      })
    )

    it.effect("fails a flush, and the shutdown leaves a file that can be loaded", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log, scope } = yield* open(files)
        files.capacity = 40
        append(log, "SET a 1")
        const error = yield* Effect.flip(log.flush)
        assert.strictEqual(error.message, "No space left on device")
        yield* Scope.close(scope, Exit.void)
        assert.strictEqual(files.text(LOG), "")
        assert.strictEqual(files.openFiles, 0)
      })
    )
  })

  it.effect("loses nothing by a defect, and takes nothing for written", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const { log } = yield* open(files, { appendfsync: "always" })
      files.fail("write", "defect")
      append(log, "SET a 1")
      const writer = yield* wait(log)
      yield* settle
      assert.strictEqual(writer(), "failed")
      assert.strictEqual(log.refusal(), "MISCONF Errors writing to the AOF file: a bug")
      files.heal()
      yield* TestClock.adjust("1 second")
      yield* settle
      assert.strictEqual(files.durableText(LOG), command("SELECT 0") + command("SET a 1"))
      append(log, "SET b 2")
      const next = yield* wait(log)
      yield* settle
      assert.strictEqual(next(), "released")
    })
  )

  describe("switched on and off", () => {
    const old = Buffer.from(command("SET old 1"))

    it.effect("begins with the whole keyspace and goes on with what is written meanwhile", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        files.put(LOG, old)
        const { log } = yield* open(files, { appendonly: false, appendfsync: "always" })
        append(log, "SET lost 1")
        yield* files.writeGate.close
        const started = yield* Latch.make()
        yield* log
          .enable((dump) => {
            dump(0, Buffer.from(command("SET a 1")), 0, command("SET a 1").length)
            dump(5, Buffer.from(command("SET b 2")), 0, command("SET b 2").length)
          })
          .pipe(Effect.andThen(started.open), Effect.forkChild({ startImmediately: true }))
        yield* settle
        assert.isTrue(log.info().rewriteInProgress)
        append(log, "SET c 3")
        assert.strictEqual(log.barrier(), undefined)
        assert.strictEqual(files.text(LOG), old.toString())
        yield* files.writeGate.open
        yield* started.await
        yield* log.flush
        const base = command("SELECT 0") + command("SET a 1") + command("SELECT 5") + command("SET b 2")
        assert.strictEqual(files.durableText(LOG), base + command("SELECT 0") + command("SET c 3"))
        assert.deepStrictEqual(files.names(), [LOG])
        assert.strictEqual(log.info().baseSize, base.length)
        assert.isTrue(log.info().enabled)
      })
    )

    it.effect("leaves the old file when the new one cannot be written", () =>
      Effect.gen(function* () {
        for (const operation of ["open", "write", "fdatasync", "rename"] as const) {
          const files = new MemoryFiles()
          files.put(LOG, old)
          const { log } = yield* open(files, { appendonly: false })
          files.fail(operation, "EIO")
          const error = yield* Effect.flip(log.enable(() => {}))
          assert.strictEqual(error.message, "Input/output error")
          assert.strictEqual(files.text(LOG), old.toString())
          assert.deepStrictEqual(files.names(), [LOG])
          assert.strictEqual(files.openFiles, 0)
          assert.isFalse(log.info().enabled)
          assert.strictEqual(log.refusal(), undefined)
        }
      })
    )

    it.effect("writes and closes the file when it is switched off, and forgets what comes after", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files, { appendfsync: "always" })
        append(log, "SET a 1")
        const writer = yield* wait(log)
        yield* log.disable
        append(log, "SET b 2")
        yield* settle
        assert.strictEqual(writer(), "released")
        assert.strictEqual(files.durableText(LOG), command("SELECT 0") + command("SET a 1"))
        assert.strictEqual(files.openFiles, 0)
        assert.strictEqual(log.barrier(), undefined)
      })
    )

    it.effect("is off, and refuses no writes, even when the last bytes found no room", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files)
        files.capacity = 10
        append(log, "SET a 1")
        yield* settle
        yield* Effect.flip(log.disable)
        assert.strictEqual(log.refusal(), undefined)
        assert.isFalse(log.info().enabled)
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual(log.refusal(), undefined)
      })
    )

    it.effect("ends as it was last told, however fast", () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const { log } = yield* open(files)
        const on = log.enable((dump) => dump(0, Buffer.from(command("SET k 1")), 0, command("SET k 1").length))
        yield* Effect.all([log.disable, on, log.disable, on], { concurrency: "unbounded" })
        assert.isTrue(log.info().enabled)
        append(log, "SET a 1")
        yield* log.flush
        assert.strictEqual(
          files.text(LOG),
          command("SELECT 0") + command("SET k 1") + command("SELECT 0") + command("SET a 1")
        )
      })
    )
  })

  it.effect("is found again under a name of the operator's choice", () =>
    Effect.gen(function* () {
      const files = new MemoryFiles()
      const settings = { appendfilename: "my log.aof" }
      const { log, scope } = yield* open(files, settings)
      append(log, "SET a 1")
      yield* Scope.close(scope, Exit.void)
      assert.deepStrictEqual(files.names(), [`${DIR}/my log.aof`])
      const { replayed } = yield* open(files, settings)
      assert.deepStrictEqual(replayed.done, ["SELECT 0", "SET a 1"])
    })
  )
})
