import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Slice } from "../../../src/values/Slice.ts"
import { Bound } from "../../../src/values/sortedset/Bound.ts"
import { SortedSet } from "../../../src/values/sortedset/SortedSet.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

const SCORES = [0, 1, -1, 1.5, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

type Entry = readonly [member: string, score: number]

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A sorted set and the plain array that it should be. */
class Compared {
  set = new SortedSet([1, 2])
  private readonly model = new Map<string, number>()

  /** The model in its order. */
  get entries(): ReadonlyArray<Entry> {
    return [...this.model].sort(
      ([a, left], [b, right]) => left - right || (left === right ? byBytes(a, b) : left - right)
    )
  }

  get size(): number {
    return this.model.size
  }

  add(member: string, score: number): void {
    assert.strictEqual(this.set.set(Slice.latin1(member), score), !this.model.has(member))
    this.model.set(member, score)
  }

  delete(member: string): void {
    assert.strictEqual(this.set.delete(Slice.latin1(member)), this.model.delete(member))
  }

  deleteRanks(from: number, to: number): void {
    for (const [member] of this.entries.slice(from, to)) this.model.delete(member)
    this.set.deleteRanks(from, to)
  }

  check(): void {
    const { entries } = this
    const found: Array<Entry> = []
    this.set.forEach((member, score) => {
      found.push([member.toString(), score])
    })
    assert.deepStrictEqual(found, entries)
    assert.strictEqual(this.set.size, entries.length)
  }

  checkRange(random: Randomness): void {
    const { entries } = this
    const from = random.below(entries.length + 1)
    const to = from + random.below(entries.length + 1 - from)
    const found: Array<string> = []
    this.set.forEachInRanks(from, to, (member) => {
      found.push(member.toString())
    })
    const wanted = entries.slice(from, to).map(([member]) => member)
    assert.deepStrictEqual(found, wanted)
    found.length = 0
    this.set.forEachInRanksReverse(from, to, (member) => {
      found.push(member.toString())
    })
    assert.deepStrictEqual(found, wanted.reverse())
  }

  checkMember(member: string): void {
    const rank = this.entries.findIndex(([other]) => other === member)
    assert.strictEqual(this.set.rank(Slice.latin1(member)), rank < 0 ? undefined : rank)
    assert.strictEqual(this.set.score(Slice.latin1(member)), this.model.get(member))
    if (rank < 0) return
    const shown = new Slice()
    assert.strictEqual(this.set.at(rank, shown), this.model.get(member))
    assert.strictEqual(shown.toString(), member)
  }

  checkBorder(score: number): void {
    const bound = new Bound()
    const count = (holds: (score: number) => boolean) => this.entries.filter(([, other]) => holds(other)).length
    assert.strictEqual(
      this.set.countBefore(bound.toScore(score, false)),
      count((other) => other < score)
    )
    assert.strictEqual(
      this.set.countBefore(bound.toScore(score, true)),
      count((other) => other <= score)
    )
    assert.strictEqual(this.set.countBefore(bound.toFirst()), 0)
    assert.strictEqual(this.set.countBefore(bound.toLast()), this.size)
  }
}

const memberFor = (random: Randomness): string =>
  random.oneIn(20) ? random.pick(["", "\x00", "\xff", "a", "aa", "ab"]) : `m${random.below(3000)}`

describe("a large sorted set", () => {
  const operations = 20_000

  it.prop(
    "is the sorted array of its members, whatever is done to it",
    seeds,
    ([seed]) => {
      const random = new Randomness(seed)
      const compared = new Compared()
      const scoreFor = () => (random.oneIn(2) ? random.pick(SCORES) : random.below(1000) / 4)
      for (let step = 0; step < operations; step++) {
        // It grows, shrinks and grows again.
        const growing = Math.floor(step / 4000) % 2 === 0
        if (random.oneIn(growing ? 4 : 2)) compared.delete(memberFor(random))
        else if (growing || random.oneIn(2)) compared.add(memberFor(random), scoreFor())
        if (random.oneIn(400)) {
          compared.checkMember(memberFor(random))
          compared.checkBorder(scoreFor())
          compared.checkRange(random)
        }
        if (random.oneIn(2000)) compared.set = compared.set.clone()
        if (random.oneIn(2000)) {
          const from = random.below(compared.size + 1)
          compared.deleteRanks(from, from + random.below(compared.size + 1 - from))
        }
        if (random.oneIn(2000)) compared.check()
      }
      compared.deleteRanks(0, compared.size)
      compared.check()
      compared.add("again", 1)
      compared.check()
    },
    { arbitrary: { runs: 3 } }
  )

  it("takes ascending and descending members, and gives them back from either end", () => {
    for (const sign of [1, -1]) {
      const compared = new Compared()
      for (let i = 0; i < 20_000; i++) compared.add(`m${i}`, sign * i)
      compared.check()
      compared.deleteRanks(0, 9000)
      compared.deleteRanks(2000, 11_000)
      compared.check()
    }
  })

  it("counts members before one, by bytes where all scores are the same", () => {
    const set = new SortedSet([1, 2])
    const names = Array.from({ length: 1000 }, (_, i) => String(i * 2).padStart(4, "0"))
    for (const name of [...names].reverse()) set.set(Slice.latin1(name), 0)
    const bound = new Bound()
    for (let i = 0; i < 2000; i++) {
      const member = Slice.latin1(String(i).padStart(4, "0"))
      assert.strictEqual(set.countBefore(bound.toMember(member, false)), Math.ceil(i / 2))
      assert.strictEqual(set.countBefore(bound.toMember(member, true)), Math.floor(i / 2) + 1)
    }
  })

  it("gives memory back when most of it is gone", () => {
    const set = new SortedSet([1, 2])
    for (let i = 0; i < 100_000; i++) set.set(Slice.latin1(`member:${i}`), i)
    const full = set.memory
    set.deleteRanks(1000, 100_000)
    assert.isBelow(set.memory, full / 8)
    const shown = new Slice()
    assert.strictEqual(set.at(999, shown), 999)
    assert.strictEqual(shown.toString(), "member:999")
  })
})
