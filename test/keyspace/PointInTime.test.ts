/** Snapshots of a keyspace that changes in every way it can while they are taken, against a copy made at their start. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { Database } from "../../src/keyspace/Database.ts"
import { KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { type CollectionLimits, defaultLimits } from "../../src/keyspace/limits.ts"
import { PointInTime } from "../../src/keyspace/PointInTime.ts"
import { copyRecord, moveRecord } from "../../src/keyspace/relocate.ts"
import { type ObjectValue, ValueType } from "../../src/keyspace/Value.ts"
import { RdbOutput } from "../../src/persistence/RdbOutput.ts"
import { writeAll } from "../../src/persistence/rdb/ValueWriter.ts"
import { beginValue, rdbTypeOf, writeValue } from "../../src/persistence/rdb/valueWriters.ts"
import { type Dict, INLINE_LIMIT, type Ref } from "../../src/values/dict/Dict.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"
import { CollectionChanges } from "./CollectionChanges.ts"

const DATABASES = 3
const KEYS = 150

type Contents = Map<string, string>

/** Values small enough, or in a form low enough, to have all forms soon. */
const limits: CollectionLimits = {
  ...defaultLimits,
  hashMaxListpackEntries: 4,
  listMaxListpackSize: 5,
  setMaxIntsetEntries: 4,
  setMaxListpackEntries: 6,
  zsetMaxListpackEntries: 4,
  streamNodeMaxEntries: 3
}

/** All of the value, by the bytes in which a file has it. */
function describeRecord(records: Dict<ObjectValue>, ref: Ref, deadline: number | bigint): string {
  const out = new RdbOutput(256)
  writeValue(out, records, ref)
  return valueText(rdbTypeOf(records, ref), out, deadline)
}

const valueText = (type: number, out: RdbOutput, deadline: number | bigint): string =>
  `${type} ${Buffer.from(out.bytes).toString("latin1")} until ${deadline}`

function contents(state: KeyspaceState): Contents {
  const all: Contents = new Map()
  for (const db of state.databases) {
    db.dict.forEach((ref) => {
      const key = `${db.index}/${db.dict.keySlice(ref, new Slice()).toString()}`
      all.set(key, describeRecord(db.dict, ref, db.deadline(ref)))
    })
  }
  return all
}

/** Begins a snapshot; what it shows ends up in `shown`, large values by and by if it may be so. */
function begin(state: KeyspaceState) {
  const shown: Contents = new Map()
  const snapshot = new PointInTime(state, ({ number, records }, ref, deadline, whole) => {
    const key = `${number}/${records.keySlice(ref, new Slice()).toString()}`
    assert.isFalse(shown.has(key), `${key} was shown twice`)
    const out = new RdbOutput(256)
    const type = rdbTypeOf(records, ref)
    const rest = beginValue(out, records, ref)
    const end = () => shown.set(key, valueText(type, out, deadline))
    shown.set(key, "by half")
    if (rest !== undefined && !whole) {
      const step = () => {
        const more = rest.next().done !== true
        if (!more) end()
        return more
      }
      const finish = () => {
        while (step());
      }
      return { step, finish }
    }
    if (rest !== undefined) writeAll(rest)
    end()
    return undefined
  })
  return { snapshot, shown }
}

/** One random change, through the doors that commands use. */
class Changes {
  private readonly collections: CollectionChanges

  constructor(
    private readonly state: KeyspaceState,
    private readonly random: Randomness
  ) {
    this.collections = new CollectionChanges(random)
  }

  private readonly changes: ReadonlyArray<() => void> = [
    ...Array.from({ length: 2 }, () => () => this.set()),
    ...Array.from({ length: 8 }, () => () => this.collections.one(this.db, this.key)),
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
    if (ref === 0 || db.dict.type(ref) !== ValueType.String) return
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
        state.limits = limits
        const changes = new Changes(state, random)
        for (let round = 0; round < 6; round++) {
          for (let i = random.below(1000); i > 0; i--) changes.one()
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
    { arbitrary: { runs: 6, size: 100 }, timeout: 120_000 }
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
    assert.strictEqual(shown.get("0/k1"), "0 \xc0\x01 until -1")
    assert.strictEqual(snapshot.shownEarly, 0)
  })
})
