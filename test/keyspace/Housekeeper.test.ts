import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Housekeeper } from "../../src/keyspace/Housekeeper.ts"
import { Keyspace, type KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { Slice } from "../../src/values/Slice.ts"

const TestLayer = Layer.provideMerge(Housekeeper, Keyspace.layer({ databases: 2 }))

const KEYS = 40_000
const VALUE = Slice.latin1("x".repeat(100))
const keyOf = (i: number) => Slice.latin1(`key:${i}`)

const fill = (state: KeyspaceState) => {
  for (let i = 0; i < KEYS; i++) state.databases[0]!.setString(keyOf(i), VALUE)
}
const thin = (state: KeyspaceState) => {
  for (let i = 0; i < KEYS; i++) if (i % 10 !== 0) state.databases[0]!.delete(keyOf(i))
}
const memory = (state: KeyspaceState) => state.databases[0]!.dict.memory()

/** Lets the housekeeper work until it rests. */
const settled = Effect.gen(function* () {
  for (let i = 0; i < 500; i++) yield* Effect.yieldNow
})

describe("the housekeeper", () => {
  it.live("gives memory back when keys have gone, without being asked again", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* transact(fill)
      yield* settled
      const full = yield* transact(memory)
      yield* transact(thin)
      yield* settled
      assert.isBelow(yield* transact(memory), full / 3)
      const lost = yield* transact((state) => {
        const db = state.databases[0]!
        return Array.from({ length: KEYS / 10 }, (_, i) => keyOf(i * 10)).filter((key) => db.peek(key) === 0).length
      })
      assert.strictEqual(lost, 0)
    }).pipe(Effect.provide(TestLayer))
  )

  it.live("ends what has begun: nothing is left to do", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* transact(fill)
      yield* transact(thin)
      yield* settled
      assert.isFalse(yield* transact(({ databases }) => databases[0]!.dict.rehashStep(0)))
      assert.isFalse(yield* transact(({ databases }) => databases[0]!.dict.compact(1)))
    }).pipe(Effect.provide(TestLayer))
  )

  it.live("moves nothing inside the transaction that gives it work", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* transact(fill)
      yield* settled
      yield* transact((state) => {
        const db = state.databases[0]!
        const kept = db.peek(keyOf(0))
        thin(state)
        assert.strictEqual(db.peek(keyOf(0)), kept)
      })
    }).pipe(Effect.provide(TestLayer))
  )

  it.effect("waits without a timer", () =>
    Effect.gen(function* () {
      const { transact } = yield* Keyspace
      yield* TestClock.adjust("1 day")
      assert.strictEqual(yield* transact((state) => state.databases[0]!.size), 0)
    }).pipe(Effect.provide(TestLayer))
  )
})
