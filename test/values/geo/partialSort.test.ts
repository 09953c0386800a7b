import { assert, describe, it } from "@effect/vitest"
import { partialSort } from "../../../src/values/geo/partialSort.ts"
import { Randomness } from "../../support/Randomness.ts"

const ascending = (a: number, b: number) => a - b

describe("partialSort", () => {
  it("puts the first elements in order and loses none", () => {
    const random = new Randomness(21)
    for (let round = 0; round < 3000; round++) {
      const length = random.below(random.pick([3, 8, 45, 400]))
      const kinds = random.pick([2, 10, 1000])
      const items = Array.from({ length }, () => random.below(kinds))
      const sorted = [...items].sort(ascending)
      const wanted = random.below(length + 2)
      partialSort(items, ascending, wanted)
      assert.deepStrictEqual(items.slice(0, wanted), sorted.slice(0, wanted))
      assert.deepStrictEqual(items.sort(ascending), sorted)
    }
  })
})
