import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { formatDouble, parseDouble, parseInt64, parseLooseDouble, parseSafeInteger } from "../../src/values/numbers.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)

/** A double of any bits, small integers and powers of two among them. */
function randomDouble(random: Randomness): number {
  if (random.oneIn(4)) return random.below(2000) - 1000
  if (random.oneIn(3)) return (1 + random.below(64)) * 2 ** -random.below(120)
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, random.next() * 2 ** 32)
  view.setUint32(4, random.next() * 2 ** 32)
  return view.getFloat64(0)
}

/** Something like an integer, around the limits or with something wrong about it. */
function randomIntegerText(random: Randomness): string {
  const near = random.pick([0n, INT64_MAX, INT64_MIN, 2n ** 53n, -(2n ** 53n), 10n ** 15n])
  const text = String(near + BigInt(random.below(7) - 3))
  const at = random.below(text.length + 1)
  return random.oneIn(3) ? `${text.slice(0, at)}${random.pick([..." +-0x."])}${text.slice(at)}` : text
}

/** The integer, if its own text is the text. */
function naiveInteger(text: string): bigint | undefined {
  if (!/^-?[0-9]+$/.test(text)) return undefined
  const value = BigInt(text)
  return String(value) === text && value >= INT64_MIN && value <= INT64_MAX ? value : undefined
}

describe("integers", () => {
  it.prop(
    "are taken in their canonical form only",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      for (let i = 0; i < 50; i++) {
        const text = randomIntegerText(random)
        const expected = naiveInteger(text)
        assert.strictEqual(parseInt64(Slice.latin1(text)), expected, text)
        const safe = expected !== undefined && Number.isSafeInteger(Number(expected)) ? Number(expected) : Number.NaN
        assert.deepStrictEqual(parseSafeInteger(Slice.latin1(text)), safe, text)
      }
    },
    { arbitrary: { runs: 200 } }
  )

  for (const text of ["", "-", "-0", "00", "01", "+1", " 1", "1 ", "1\0", "0x1", "1e3", "9223372036854775808"]) {
    it(`${JSON.stringify(text)} is none`, () => {
      assert.isUndefined(parseInt64(Slice.latin1(text)))
      assert.isNaN(parseSafeInteger(Slice.latin1(text)))
    })
  }
})

const doubles: ReadonlyArray<readonly [value: number, text: string]> = [
  [0, "0"],
  [-0, "-0"],
  [Number.NaN, "nan"],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
  [3, "3"],
  [0.1, "0.10000000000000001"],
  [-1234.5, "-1234.5"],
  [0.0001, "0.0001"],
  [0.00001, "1.0000000000000001e-05"],
  [2 ** 53, "9007199254740992"],
  [99999999999999980, "99999999999999984"],
  [1e17, "1e+17"],
  [1e20, "1e+20"],
  [1.7976931348623157e308, "1.7976931348623157e+308"],
  [5e-324, "4.9406564584124654e-324"],
  [2 ** -25, "2.9802322387695312e-08"],
  [3 * 2 ** -25, "8.9406967163085938e-08"]
]

describe("doubles as text", () => {
  for (const [value, text] of doubles) it(`${text}`, () => assert.strictEqual(formatDouble(value), text))

  it.prop(
    "come back as themselves, in at most 17 digits",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      for (let i = 0; i < 50; i++) {
        const value = randomDouble(random)
        if (Number.isNaN(value)) continue
        const text = formatDouble(value)
        assert.strictEqual(parseDouble(Slice.latin1(text)), value, text)
        const digits = text.replace(/e.*|[.-]/g, "").replace(/^0+/, "")
        assert.isAtMost(digits.length, 17)
        const naive = value
          .toPrecision(17)
          .replace(/e.*|[.-]/g, "")
          .replace(/^0+/, "")
          .replace(/0+$/, "")
        // The engine rounds a half up where C rounds it to even: they differ by one in the last digit at most.
        const [a, b] = [digits, naive].map((text) => BigInt(text.padEnd(17, "0")))
        assert.isTrue(a === b || a === b! - 1n, `${digits} ${naive}`)
      }
    },
    { arbitrary: { runs: 200 } }
  )
})

const texts: ReadonlyArray<readonly [text: string, value: number | undefined]> = [
  ["1.", 1],
  [".5", 0.5],
  ["+1e+2", 100],
  ["007", 7],
  ["0.30000000000000004", 0.30000000000000004],
  ["-0.0", -0],
  ["-0e5", -0],
  ["9".repeat(400), undefined],
  ["-0", -0],
  ["iNf", Infinity],
  ["-infinity", -Infinity],
  ["0x1.8p1", 3],
  ["-0X.8", -0.5],
  ["0x1.00000000000008p0", 1],
  ["0x1.000000000000081p0", 1.0000000000000002],
  ["0x1p-1074", 5e-324],
  ["0x1.8p-1075", 5e-324],
  ["0x1p-1075", undefined],
  ["0x1p1024", undefined],
  ["0x0p99999999999", 0],
  ["1e308", 1e308],
  ["1e309", undefined],
  ["1e-400", undefined],
  ["0e-400", 0],
  ["", undefined],
  [".", undefined],
  ["-", undefined],
  ["-.", undefined],
  ["1.2.3", undefined],
  ["e5", undefined],
  ["1e", undefined],
  ["0x", undefined],
  ["0x1p", undefined],
  [" 1", undefined],
  ["1 ", undefined],
  ["1\0", undefined],
  ["nan", undefined],
  ["nan(1)", undefined],
  ["infinit", undefined],
  ["1,5", undefined]
]

describe("texts as doubles", () => {
  for (const [text, value] of texts) {
    it(`${JSON.stringify(text)} is ${value ?? "none"}`, () =>
      assert.deepStrictEqual(parseDouble(Slice.latin1(text)), value))
  }

  it.prop(
    "are rounded as the engine rounds them, however many digits they have",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      for (let i = 0; i < 50; i++) {
        const digits = Array.from({ length: 1 + random.below(18) }, () => random.below(10)).join("")
        const point = random.below(digits.length + 1)
        const text = `${random.oneIn(2) ? "-" : ""}${digits.slice(0, point)}.${digits.slice(point)}`
        assert.deepStrictEqual(parseDouble(Slice.latin1(text)), Number(text), text)
      }
    },
    { arbitrary: { runs: 100 } }
  )
})

describe("doubles as strtod takes them", () => {
  const texts: ReadonlyArray<readonly [text: string, value: number | undefined]> = [
    ["1.5", 1.5],
    ["", 0],
    [" 1", 1],
    ["1 ", undefined],
    [" ", undefined],
    ["1\x002", 1],
    ["1e400", Number.POSITIVE_INFINITY],
    ["-1e400", Number.NEGATIVE_INFINITY],
    ["1e-400", 0],
    ["0x1p2", 4],
    ["0x1p2000", Number.POSITIVE_INFINITY],
    ["+inf", Number.POSITIVE_INFINITY],
    ["nan", undefined]
  ]
  it("have blanks before them, nothing in them, or more than a double holds", () => {
    for (const [text, value] of texts) assert.strictEqual(parseLooseDouble(Slice.latin1(text)), value, text)
  })
})
