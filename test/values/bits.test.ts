import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { and, bitAt, type Combine, countBits, findBit, invert, or, xor } from "../../src/values/bits.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

/** A string somewhere in a larger buffer: random bytes, or long rows of the same. */
function randomString(random: Randomness, length: number): Slice {
  const start = random.below(9)
  const buffer = new Uint8Array(start + length + random.below(9))
  const same = random.oneIn(2)
  const filler = random.pick([0, 0xff])
  for (let i = 0; i < buffer.length; i++) buffer[i] = same && !random.oneIn(60) ? filler : random.below(256)
  return new Slice(buffer, start, length)
}

const bitsOf = (string: Slice): Array<number> =>
  Array.from({ length: string.length * 8 }, (_, i) => (string.at(i >>> 3) >>> (7 - (i & 7))) & 1)

const copyOf = ({ buffer, length, start }: Slice): Slice => new Slice(buffer, start, length)

describe("bits of a string", () => {
  it.prop(
    "are counted and found as one by one",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      const string = randomString(random, 1 + random.below(random.pick([4, 40, 400])))
      const bits = bitsOf(string)
      for (let i = 0; i < 20; i++) {
        const first = random.below(bits.length)
        const last = first + random.below(bits.length - first)
        const range = bits.slice(first, last + 1)
        assert.strictEqual(
          countBits(copyOf(string), first, last),
          range.reduce((sum, bit) => sum + bit, 0),
          `count ${first} ${last}`
        )
        for (const bit of [0, 1] as const) {
          const at = range.indexOf(bit)
          assert.strictEqual(
            findBit(string, bit, first, last),
            at === -1 ? -1 : first + at,
            `find ${bit} ${first} ${last}`
          )
        }
        assert.strictEqual(bitAt(string, first), bits[first])
      }
    },
    { arbitrary: { runs: 300 } }
  )

  const naive: ReadonlyArray<readonly [name: string, combine: Combine, bit: (a: number, b: number) => number]> = [
    ["and", and, (a, b) => a & b],
    ["or", or, (a, b) => a | b],
    ["xor", xor, (a, b) => a ^ b]
  ]

  it.prop(
    "are combined as one by one, a shorter string as if padded with zeros",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      const length = random.below(80)
      const string = randomString(random, random.below(length + 1))
      for (const [name, combine, bit] of naive) {
        const target = randomString(random, length).copy()
        const before = bitsOf(new Slice(target))
        const other = bitsOf(string)
        combine(target, string)
        assert.deepStrictEqual(
          bitsOf(new Slice(target)),
          before.map((a, i) => bit(a, other[i] ?? 0)),
          name
        )
        invert(target)
        assert.deepStrictEqual(
          bitsOf(new Slice(target)),
          before.map((a, i) => 1 - bit(a, other[i] ?? 0)),
          "invert"
        )
      }
    },
    { arbitrary: { runs: 300 } }
  )
})
