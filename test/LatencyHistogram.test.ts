import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { LatencyHistogram } from "../src/LatencyHistogram.ts"

const record = (times: ReadonlyArray<number>): LatencyHistogram => {
  const histogram = new LatencyHistogram()
  for (const time of times) histogram.record(time, 1)
  return histogram
}

describe("the distribution of times", () => {
  it("has the bounds that redis-server shows", () => {
    const bounds = [...record([0.5, 2, 4, 8, 16, 33, 66, 132, 264, 528, 1056, 2113]).cumulative()]
    assert.deepStrictEqual(
      bounds.map(([bound]) => bound),
      [1, 2, 4, 8, 16, 33, 66, 132, 264, 528, 1056, 2113]
    )
    assert.deepStrictEqual(
      [...record([3, 3, 900]).cumulative()],
      [
        [4, 2],
        [1056, 3]
      ]
    )
    assert.deepStrictEqual([...record([]).cumulative()], [])
  })

  it("has redis-server's percentiles", () => {
    assert.strictEqual(record([3]).percentile(50), 3.007)
    assert.strictEqual(record([15]).percentile(99.9), 15.039)
    assert.strictEqual(record([983]).percentile(0), 978.944)
    assert.strictEqual(record([983]).percentile(100), 983.039)
    assert.strictEqual(record([]).percentile(50), 0)
  })

  it("takes what is longer than a second for a second, and forgets", () => {
    const histogram = record([5e6])
    assert.isBelow(histogram.percentile(100), 1.01e6)
    assert.strictEqual(histogram.count, 1)
    histogram.reset()
    assert.deepStrictEqual([...histogram.cumulative()], [])
  })

  const time = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1e9 }))
  it.prop(
    "knows every time to within one part in 128",
    {
      times: Schema.Array(time).check(Schema.isMinLength(1), Schema.isMaxLength(200)),
      percent: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 }))
    },
    ({ percent, times }) => {
      const sorted = times.toSorted((a, b) => a - b)
      const rank = Math.max(1, Math.floor((percent / 100) * sorted.length + 0.5))
      const exact = sorted[rank - 1]! / 1000
      const told = record(times.map((nanoseconds) => nanoseconds / 1000)).percentile(percent)
      assert.isAtLeast(told, exact)
      assert.isAtMost(told, exact * (1 + 1 / 128) + 0.001)
    }
  )
})
