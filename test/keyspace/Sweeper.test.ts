import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { Keyspace, type KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { Sweeper } from "../../src/keyspace/Sweeper.ts"
import { Slice } from "../../src/values/Slice.ts"

const TestLayer = Layer.provideMerge(Sweeper, Keyspace.layer({ databases: 2 }))

const VALUE = Slice.latin1("v")

const set = (state: KeyspaceState, key: string, deadline: number, db = 0) => {
  const database = state.databases[db]!
  database.setDeadline(database.setString(Slice.latin1(key), VALUE), deadline)
}

/** Keys that are still in the table, expired or not. */
const present = (state: KeyspaceState) => state.databases.reduce((sum, db) => sum + db.size, 0)

describe("the sweeper", () => {
  it.effect("removes keys at their deadlines and counts them", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* transact((state) => {
        set(state, "a", 10)
        set(state, "b", 20, 1)
        set(state, "c", 2 ** 52)
      })
      yield* TestClock.adjust(9)
      assert.strictEqual(yield* transact(present), 3)
      yield* TestClock.adjust(1)
      assert.strictEqual(yield* transact(present), 2)
      yield* TestClock.adjust(10)
      assert.strictEqual(yield* transact(present), 1)
      assert.strictEqual(yield* transact((state) => state.stats.expired), 2)
    }).pipe(Effect.provide(TestLayer))
  )

  it.effect("rests after a failure, and then goes on", () =>
    Effect.gen(function* () {
      const { state, transact } = yield* Keyspace
      let failures = 0
      const fail = () => {
        failures++
        throw new Error("an observer's bug")
      }
      state.observer = { changed: () => {}, removed: fail, flushed: () => {}, endBatch: () => {} }
      yield* transact((state) => {
        for (const key of ["a", "b", "c"]) set(state, key, 10)
      })
      yield* TestClock.adjust(500)
      assert.strictEqual(failures, 1)
      yield* TestClock.adjust(2000)
      assert.strictEqual(failures, 3)
      assert.strictEqual(yield* transact(present), 0)
    }).pipe(Effect.provide([TestLayer, Logger.layer([])]))
  )

  it.effect("never runs inside the transaction that wakes it", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* transact((state) => set(state, "far", 1000))
      yield* TestClock.adjust(1)
      yield* transact((state) => {
        set(state, "due", 1)
        assert.strictEqual(present(state), 2)
      })
      yield* TestClock.adjust(0)
      assert.strictEqual(yield* transact(present), 1)
    }).pipe(Effect.provide(TestLayer))
  )

  it.effect("rests while DEBUG SET-ACTIVE-EXPIRE is 0, and catches up afterwards", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* transact((state) => {
        state.activeExpiry = false
        set(state, "a", 10)
      })
      yield* TestClock.adjust(10)
      assert.strictEqual(yield* transact(present), 1)
      const found = yield* transact((state) => state.databases[0]!.presence(Slice.latin1("a")))
      assert.strictEqual(found, "expired")
      yield* transact((state) => {
        state.activeExpiry = true
      })
      yield* TestClock.adjust(0)
      assert.strictEqual(yield* transact(present), 0)
    }).pipe(Effect.provide(TestLayer))
  )

  it.effect("lets nothing expire while a file is loaded, and catches up when that has ended", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* TestClock.adjust(100)
      yield* transact((state) => {
        state.beginLoading()
        set(state, "past", 50)
      })
      yield* TestClock.adjust(0)
      assert.strictEqual(yield* transact(present), 1)
      yield* transact((state) => state.endLoading())
      yield* TestClock.adjust(0)
      assert.strictEqual(yield* transact(present), 0)
    }).pipe(Effect.provide(TestLayer))
  )

  it.live("removes many keys in pieces, between which others have their turn", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* transact((state) => {
        for (let i = 0; i < 50_000; i++) set(state, `k${i}`, state.now + 1)
      })
      yield* Effect.sleep(2)
      let turns = 0
      let before = 50_000
      for (let left = before; left > 0; turns++) {
        left = yield* transact(present)
        assert.isAtMost(before - left, 1024)
        before = left
        yield* Effect.yieldNow
      }
      assert.isAbove(turns, 40)
    }).pipe(Effect.provide(TestLayer))
  )
})
