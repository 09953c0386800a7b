import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { ExpiryIndex } from "../../src/keyspace/ExpiryIndex.ts"
import { Randomness } from "../support/Randomness.ts"

interface Entry {
  readonly id: number
  deadline: number
  ref: number
}

/** The index must say of the entries what a sorted array of them says. */
function assertSame(index: ExpiryIndex, entries: ReadonlyArray<Entry>): void {
  assert.strictEqual(index.size, entries.length)
  assert.strictEqual(new Set(entries.map((entry) => entry.id)).size, entries.length)
  for (const entry of entries) {
    assert.strictEqual(index.deadline(entry.id), entry.deadline)
    assert.strictEqual(index.ref(entry.id), entry.ref)
  }
  const sorted = entries.map((entry) => entry.deadline).toSorted((a, b) => a - b)
  if (sorted.length === 0) assert.strictEqual(index.peek(), 0)
  else assert.strictEqual(index.deadline(index.peek()), sorted[0])
}

function run(operations: number, random: Randomness, target: (operation: number) => number): void {
  const index = new ExpiryIndex()
  const entries: Array<Entry> = []
  for (let operation = 0; operation < operations; operation++) {
    const deadline = random.below(1000) + (random.oneIn(3) ? 1.7e12 : 0)
    const at = random.below(entries.length)
    const choice = random.below(4)
    const entry = entries[at]
    if (entry === undefined || random.below(2 * target(operation)) >= entries.length + random.below(3)) {
      entries.push({ id: index.add(deadline, operation), deadline, ref: operation })
    } else if (choice === 0) {
      entry.deadline = deadline
      index.update(entry.id, deadline)
    } else if (choice === 1) {
      entry.ref = -operation
      index.move(entry.id, -operation)
    } else {
      index.remove(entry.id)
      entries[at] = entries[entries.length - 1]!
      entries.pop()
    }
    if (operation % 61 === 0) assertSame(index, entries)
  }
  assertSame(index, entries)
  const drained: Array<number> = []
  while (index.size > 0) {
    drained.push(index.deadline(index.peek()))
    index.remove(index.peek())
  }
  assert.deepStrictEqual(
    drained,
    entries.map((entry) => entry.deadline).toSorted((a, b) => a - b)
  )
}

describe("ExpiryIndex", () => {
  it.prop(
    "behaves as a sorted array while it grows and shrinks",
    [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))],
    ([seed]) => run(3000, new Randomness(seed), (operation) => (operation % 1500 < 700 ? 400 : 4)),
    { timeout: 20_000, arbitrary: { runs: 15 } }
  )

  it("takes about 20 bytes an entry and gives the memory back", () => {
    const index = new ExpiryIndex()
    for (let i = 0; i < 100_000; i++) index.add(i, i)
    assert.isBelow(index.memory(), 100_000 * 27)
    while (index.size > 10) index.remove(index.peek())
    assert.isBelow(index.memory(), 100_000 * 27 * 0.45)
    while (index.size > 0) index.remove(index.peek())
    assert.isBelow(index.memory(), 1024)
  })

  it("keeps giving ids after its id tables were cut", () => {
    const index = new ExpiryIndex()
    const ids = Array.from({ length: 1000 }, (_, i) => index.add(i, i))
    for (const id of ids.slice(10).toReversed()) index.remove(id)
    assert.isBelow(index.memory(), 2000)
    const more = Array.from({ length: 100 }, (_, i) => index.add(-i, i))
    assert.strictEqual(new Set([...ids.slice(0, 10), ...more]).size, 110)
    assert.strictEqual(index.peek(), more[99])
  })

  it("averages the time that is left, overdue entries counting as none", () => {
    const index = new ExpiryIndex()
    assert.strictEqual(index.averageTtl(1000, 10), 0)
    for (const deadline of [500, 1100, 1300]) index.add(deadline, 1)
    assert.approximately(index.averageTtl(1000, 10), 400 / 3, 1e-9)
    for (let i = 0; i < 1000; i++) index.add(2000, 1)
    assert.approximately(index.averageTtl(1000, 100), 1000, 50)
  })

  it("forgets everything when cleared", () => {
    const index = new ExpiryIndex()
    for (let i = 0; i < 100; i++) index.add(i, i)
    index.clear()
    assert.strictEqual(index.size, 0)
    assert.strictEqual(index.peek(), 0)
    assert.strictEqual(index.add(5, 7), 1)
  })
})
