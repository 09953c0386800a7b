import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Entry } from "../../../src/values/listpack/entries.ts"
import { emptyListpack, Listpack } from "../../../src/values/listpack/Listpack.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { OwnBytes } from "../../../src/values/SplicedBytes.ts"
import { Bound } from "../../../src/values/sortedset/Bound.ts"
import { PackedSortedSet, packedScoreText } from "../../../src/values/sortedset/PackedSortedSet.ts"
import { SortedSet } from "../../../src/values/sortedset/SortedSet.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

const SCORES = [0, 1, -1, 0.1, 1e18, 1e300, 2 ** 53, 127, 128, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

const emptySet = () => {
  const bytes = new OwnBytes(emptyListpack.slice())
  const listpack = new Listpack(bytes)
  return { bytes, listpack, packed: new PackedSortedSet(listpack) }
}

const shown = (set: PackedSortedSet | SortedSet, from: number, to: number): ReadonlyArray<string> => {
  const entries: Array<string> = []
  set.forEachInRanks(from, to, (member, score) => {
    entries.push(`${member.toString()}=${score}`)
  })
  return entries
}

const shownReverse = (set: PackedSortedSet | SortedSet, from: number, to: number): ReadonlyArray<string> => {
  const entries: Array<string> = []
  set.forEachInRanksReverse(from, to, (member, score) => {
    entries.push(`${member.toString()}=${score}`)
  })
  return entries
}

describe("a packed sorted set", () => {
  it.prop(
    "answers as a large one would, whatever is done to both",
    seeds,
    ([seed]) => {
      const random = new Randomness(seed)
      const { bytes, packed } = emptySet()
      const large = new SortedSet([1, 2])
      const bound = new Bound()
      for (let step = 0; step < 2000; step++) {
        const member = Slice.latin1(random.oneIn(2) ? `m${random.below(40)}` : String(random.below(40)))
        const p = packed.find(member)
        assert.strictEqual(p !== 0, large.has(member))
        if (p !== 0) {
          assert.strictEqual(packed.scoreAt(p), large.score(member))
          assert.strictEqual(packed.rankOf(p), large.rank(member))
          packed.removeAt(p)
          large.delete(member)
        }
        if (random.oneIn(2)) {
          const score = random.oneIn(2) ? random.pick(SCORES) : random.below(20)
          packed.insert(member, score)
          large.set(member, score)
        }
        assert.strictEqual(packed.size, large.size)
        const from = random.below(large.size + 1)
        const to = from + random.below(large.size + 1 - from)
        assert.deepStrictEqual(shown(packed, from, to), shown(large, from, to))
        assert.deepStrictEqual(shownReverse(packed, from, to), shownReverse(large, from, to))
        const border = random.pick(SCORES)
        assert.strictEqual(packed.countBefore(bound.toScore(border, false)), large.countBefore(bound))
        assert.strictEqual(packed.countBefore(bound.toScore(border, true)), large.countBefore(bound))
        if (from < large.size) {
          const entry = new Entry()
          const score = packed.at(from, entry)
          assert.deepStrictEqual([`${entry.toString()}=${score}`], shown(large, from, from + 1))
        }
        if (random.oneIn(50)) {
          packed.deleteRanks(from, to)
          large.deleteRanks(from, to)
        }
      }
      assert.deepStrictEqual(PackedSortedSet.pack(large).copy(), bytes.copy())
    },
    { arbitrary: { runs: 3 } }
  )

  it("keeps scores as Redis does", () => {
    const texts = [
      [1, "1"],
      [-0, "0"],
      [0.1, "0.10000000000000001"],
      [1e18, "1000000000000000000"],
      [1e19, "1e+19"],
      [Number.NEGATIVE_INFINITY, "-inf"]
    ] as const
    for (const [score, text] of texts) {
      const { listpack, packed } = emptySet()
      packed.insert(Slice.latin1("m"), score)
      assert.strictEqual(listpack.read(listpack.last(), new Entry()).toString(), text)
      assert.strictEqual(packedScoreText(score), text)
    }
  })
})
