/** Snapshots of a keyspace that changes in every way it can while they are taken, against a copy made at their start. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { Database } from "../../src/keyspace/Database.ts"
import { KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { PointInTime } from "../../src/keyspace/PointInTime.ts"
import { copyRecord, moveRecord } from "../../src/keyspace/relocate.ts"
import { stringOf } from "../../src/keyspace/stringOf.ts"
import { INLINE_LIMIT } from "../../src/values/dict/Dict.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const DATABASES = 3
const KEYS = 400

type Contents = Map<string, string>

const describeRecord = (value: Slice, deadline: number | bigint) =>
  `${value.length}:${value.toString().slice(0, 40)} until ${deadline}`

function contents(state: KeyspaceState): Contents {
  const all: Contents = new Map()
  for (const db of state.databases) {
    db.dict.forEach((ref) => {
      const key = `${db.index}/${db.dict.keySlice(ref, new Slice()).toString()}`
      all.set(key, describeRecord(db.string(ref, new Slice()), db.deadline(ref)))
    })
  }
  return all
}

/** Begins a snapshot; what it shows ends up in `shown`. */
function begin(state: KeyspaceState) {
  const shown: Contents = new Map()
  const snapshot = new PointInTime(state, ({ number, records }, ref, deadline) => {
    const key = `${number}/${records.keySlice(ref, new Slice()).toString()}`
    assert.isFalse(shown.has(key), `${key} was shown twice`)
    shown.set(key, describeRecord(stringOf(records, ref, new Slice()), deadline))
  })
  return { snapshot, shown }
}

/** One random change, through the doors that commands use. */
class Changes {
  constructor(
    private readonly state: KeyspaceState,
    private readonly random: Randomness
  ) {}

  private readonly changes: ReadonlyArray<() => void> = [
    ...Array.from({ length: 4 }, () => () => this.set()),
    () => this.resize(),
    () => this.remove(),
    () => this.expire(),
    () => this.persist(),
    () => this.rename(),
    () => this.copy(),
    () => this.expireDue(),
    () => void this.db.dict.compact(4096),
    () => void this.db.dict.rehashStep(3),
    () => void (this.random.oneIn(30) && this.state.swap(0, 1 + this.random.below(DATABASES - 1))),
    () => void (this.random.oneIn(60) && this.state.flush([this.db])),
    () => void (this.random.oneIn(200) && this.state.flush(this.state.databases))
  ]

  one(): void {
    this.random.pick(this.changes)()
  }

  /** Removes enough of the keys that the tables shrink. */
  removeMany(): void {
    for (const { db, key } of this.all()) if (!this.random.oneIn(20)) db.delete(key)
  }

  private *all(): Iterable<{ readonly db: Database; readonly key: Slice }> {
    for (const db of this.state.databases) for (let i = 0; i < KEYS; i++) yield { db, key: Slice.latin1(`key${i}`) }
  }

  private get db(): Database {
    return this.random.pick(this.state.databases)
  }

  private get key(): Slice {
    return Slice.latin1(`key${this.random.below(KEYS)}`)
  }

  private get length(): number {
    return this.random.oneIn(40) ? INLINE_LIMIT + this.random.below(100) : this.random.below(100)
  }

  private set(): void {
    const value = new Slice(new Uint8Array(this.length).fill(65 + this.random.below(26)))
    this.db.setString(this.key, value, this.random.oneIn(2))
  }

  /** As APPEND and SETRANGE: in place. */
  private resize(): void {
    const { db, key, random } = this
    const ref = db.write(key)
    if (ref === 0) return
    const value = db.string(db.resizeString(ref, this.length), new Slice())
    if (value.length > 0) value.buffer[value.start + random.below(value.length)] = 33
  }

  private remove(): void {
    this.db.delete(this.key)
  }

  private expire(): void {
    const { db, key, random } = this
    const ref = db.write(key)
    const deadline = random.oneIn(10) ? 2n ** 60n : this.state.now + 1 + random.below(1000)
    if (ref !== 0) db.setDeadline(ref, deadline)
  }

  private persist(): void {
    const { db, key } = this
    const ref = db.write(key)
    if (ref !== 0) db.persist(ref)
  }

  /** As RENAME and MOVE. */
  private rename(): void {
    const from = this.db
    const to = this.db
    const ref = from.write(this.key)
    const target = this.key
    if (ref !== 0 && to.write(target) === 0) moveRecord(from, ref, to, target)
  }

  private copy(): void {
    const from = this.db
    const to = this.db
    const ref = from.read(this.key)
    const target = this.key
    if (ref !== 0 && to.write(target) === 0) copyRecord(from, ref, to, target)
  }

  private expireDue(): void {
    this.state.expiredBy += this.random.below(20)
    this.state.now = this.state.expiredBy
    this.db.expireDue(5)
  }
}

describe("a snapshot of the keyspace", () => {
  it.effect.prop(
    "shows every record of its moment once and as it was, whatever happens meanwhile",
    { seed: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 })) },
    ({ seed }) =>
      Effect.gen(function* () {
        const random = new Randomness(seed)
        const state = new KeyspaceState(DATABASES, [seed, ~seed], random.next)
        yield* TestClock.setTime(1000)
        state.begin(yield* Clock.Clock)
        const changes = new Changes(state, random)
        for (let round = 0; round < 6; round++) {
          for (let i = random.below(2000); i > 0; i--) changes.one()
          const before = contents(state)
          const { shown, snapshot } = begin(state)
          assert.strictEqual(snapshot.total, before.size)
          if (random.oneIn(3)) changes.removeMany()
          do for (let i = random.below(40); i > 0; i--) changes.one()
          while (snapshot.step())
          assert.strictEqual(state.snapshot, undefined)
          assert.deepStrictEqual([...shown].sort(), [...before].sort())
          assert.strictEqual(snapshot.shown, before.size)
        }
      }),
    { arbitrary: { runs: 25, size: 100 } }
  )

  it("has the numbers that databases had at its start", () => {
    const state = new KeyspaceState(2, [1, 2], () => 0)
    state.databases[0]!.setString(Slice.latin1("a"), Slice.latin1("1"))
    const { shown, snapshot } = begin(state)
    state.swap(0, 1)
    while (snapshot.step());
    assert.deepStrictEqual([...shown.keys()], ["0/a"])
  })

  it("keeps what FLUSHALL throws away, without looking at it before its turn", () => {
    const state = new KeyspaceState(1, [1, 2], () => 0)
    for (let i = 0; i < 100; i++) state.databases[0]!.setString(Slice.latin1(`k${i}`), Slice.latin1("1"))
    const { shown, snapshot } = begin(state)
    state.flush(state.databases)
    assert.strictEqual(shown.size, 0)
    state.databases[0]!.setString(Slice.latin1("k1"), Slice.latin1("2"))
    while (snapshot.step());
    assert.strictEqual(shown.size, 100)
    assert.strictEqual(shown.get("0/k1"), "1:1 until -1")
    assert.strictEqual(snapshot.shownEarly, 0)
  })
})
