import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { addLongDouble } from "../../src/values/longDouble.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

const add = (a: string, b: string) => addLongDouble(Slice.latin1(a), Slice.latin1(b))

/** What redis-server 7 answers to SET k a, INCRBYFLOAT k b on x86. */
const sums: ReadonlyArray<readonly [a: string, b: string, sum: string]> = [
  ["10.5", "0.1", "10.6"],
  ["0", "-0.0", "0"],
  ["5.0e3", "2.0e2", "5200"],
  ["1", "-1e-18", "1"],
  ["0", "-1e-18", "0"],
  ["0", "5e-18", "0"],
  ["0", "6e-18", "0.00000000000000001"],
  ["0x1p3", "0x.8", "8.5"],
  ["18446744073709551616", "1", "18446744073709551616"],
  ["18446744073709551614", "1", "18446744073709551615"],
  ["9223372036854775807.5", "0", "9223372036854775807.5"],
  ["1e4932", "1e4932", "nan-or-inf"],
  ["inf", "-inf", "nan-or-inf"],
  ["1", "infinity", "nan-or-inf"],
  ["1e4933", "0", "invalid"],
  ["1e-4960", "0", "invalid"],
  ["nan", "0", "invalid"],
  ["1", "", "invalid"],
  [" 1", "0", "invalid"],
  ["1".repeat(5120), "0", "invalid"]
]

/** An exact decimal of up to nine digits on either side, as a count of 10^-9, and its text. */
function decimal(random: Randomness): readonly [bigint, string] {
  const billionths = BigInt(random.below(10 ** 9)) * BigInt(random.below(10 ** 9) - 5 * 10 ** 8)
  return [billionths, text(billionths)]
}

const text = (billionths: bigint) => {
  const digits = String(billionths < 0n ? -billionths : billionths).padStart(10, "0")
  const fraction = digits.slice(-9).replace(/0+$/, "")
  return `${billionths < 0n ? "-" : ""}${digits.slice(0, -9)}${fraction && `.${fraction}`}`
}

describe("sums of long doubles", () => {
  for (const [a, b, sum] of sums) {
    it(`${a.slice(0, 24)} and ${b} make ${sum}`, () => assert.strictEqual(add(a, b), sum))
  }

  it.prop(
    "of whole numbers within 64 bits are exact",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      for (let i = 0; i < 20; i++) {
        const [a] = decimal(random)
        const [b] = decimal(random)
        assert.strictEqual(add(String(a), String(b)), String(a + b))
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it.prop(
    "are within what 64 bits can tell of the exact sum",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      for (let i = 0; i < 20; i++) {
        const [a, aText] = decimal(random)
        const [b, bText] = decimal(random)
        const [whole, fraction = ""] = add(aText, bText).split(".")
        const sum = BigInt(`${whole}${fraction.padEnd(17, "0")}`)
        const exact = (a + b) * 10n ** 8n
        const size = [a, b].map((n) => (n < 0n ? -n : n) * 10n ** 8n).reduce((x, y) => x + y)
        const error = sum < exact ? exact - sum : sum - exact
        assert.isTrue(error <= size / 2n ** 62n + 1n, `${aText} + ${bText}`)
      }
    },
    { arbitrary: { runs: 200 } }
  )
})
