import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { decimalLength, writeDecimal } from "../../src/values/decimal.ts"
import { Slice } from "../../src/values/Slice.ts"

function written(n: number): string {
  const bytes = new Uint8Array(24).fill(120)
  const length = decimalLength(n)
  writeDecimal(n, length, bytes, 2)
  assert.strictEqual(bytes[1], 120)
  assert.strictEqual(bytes[length + 2], 120)
  return new Slice(bytes, 2, length).toString()
}

describe("decimal digits", () => {
  it.prop(
    "are those of the number",
    [Schema.Int, Schema.Int.check(Schema.isBetween({ minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 }))],
    ([small, any]) => {
      assert.strictEqual(written(small), String(small))
      assert.strictEqual(written(any), String(any))
    },
    { arbitrary: { runs: 500 } }
  )

  it("are right around every power of ten and of two", () => {
    for (let power = 0; power < 53; power++) {
      for (const base of [2 ** power, 10 ** Math.min(power, 15)]) {
        for (const n of [base - 1, base, base + 1, -base, 1 - base]) assert.strictEqual(written(n), String(n))
      }
    }
  })

  it("of nothing are 0, whatever its sign", () => {
    assert.strictEqual(written(0), "0")
    assert.strictEqual(written(-0), "0")
  })
})
