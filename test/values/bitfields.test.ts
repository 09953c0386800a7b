import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import {
  type FieldType,
  type Overflow,
  parseFieldType,
  readField,
  representable,
  writeField
} from "../../src/values/bitfields.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

const range = ({ signed, width }: FieldType): readonly [low: bigint, high: bigint] =>
  signed ? [-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n] : [0n, 2n ** BigInt(width) - 1n]

function randomType(random: Randomness): FieldType {
  const signed = random.oneIn(2)
  return { signed, width: 1 + random.below(signed ? 64 : 63) }
}

/** A value around the limits of the type. */
function randomValue(random: Randomness, type: FieldType): bigint {
  const [low, high] = range(type)
  const near = random.pick([low, high, 0n, BigInt(Math.floor(random.next() * 2 ** 53))])
  return near + BigInt(random.below(7) - 3)
}

/** The string as one row of 0 and 1. */
const bitsOf = (string: Slice): string =>
  Array.from(string.copy(), (byte) => byte.toString(2).padStart(8, "0")).join("")

describe("fields of bits", () => {
  it.prop(
    "are written where they lie and nowhere else, and read back",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      const string = new Slice(
        Uint8Array.from({ length: 24 }, () => random.below(256)),
        3,
        20
      )
      for (let i = 0; i < 20; i++) {
        const type = randomType(random)
        const value = representable(randomValue(random, type), type, "wrap")!
        const offset = random.below(160 - type.width + 1)
        const before = bitsOf(string)
        writeField(string, offset, type, value)
        const field = BigInt.asUintN(type.width, value).toString(2).padStart(type.width, "0")
        const expected = before.slice(0, offset) + field + before.slice(offset + type.width)
        assert.strictEqual(bitsOf(string), expected, `${type.width} bits at ${offset}`)
        assert.strictEqual(readField(string, offset, type), value)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("are zero behind the string's end", () => {
    const string = new Slice(new Uint8Array([0xff, 0xff]), 0, 1)
    assert.strictEqual(readField(string, 4, { signed: false, width: 8 }), 0xf0n)
    assert.strictEqual(readField(string, 8, { signed: true, width: 64 }), 0n)
    assert.strictEqual(readField(string, 2 ** 32, { signed: true, width: 8 }), 0n)
  })

  it.prop(
    "take what fits as it is, and the rest as the overflow rule says",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      for (let i = 0; i < 50; i++) {
        const type = randomType(random)
        const value = randomValue(random, type)
        const [low, high] = range(type)
        const nearest = [low, value, high].toSorted((a, b) => (a < b ? -1 : 1))[1]!
        const overflow = random.pick<Overflow>(["wrap", "sat", "fail"])
        const taken = representable(value, type, overflow)
        if (nearest === value) assert.strictEqual(taken, value)
        else if (overflow === "sat") assert.strictEqual(taken, nearest)
        else if (overflow === "fail") assert.isUndefined(taken)
        else assert.strictEqual(BigInt.asUintN(type.width, taken! - value), 0n)
        if (taken !== undefined) assert.isTrue(taken >= low && taken <= high)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  it("have the types i1 to i64 and u1 to u63", () => {
    assert.deepStrictEqual(parseFieldType("i64"), { signed: true, width: 64 })
    assert.deepStrictEqual(parseFieldType("u63"), { signed: false, width: 63 })
    for (const name of ["u64", "i65", "u0", "i", "", "I8", "i08", "i8 ", "i+8", "8"]) {
      assert.isUndefined(parseFieldType(name), name)
    }
  })
})
