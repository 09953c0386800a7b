import { assert, describe, it } from "@effect/vitest"
import { arcsine, cosine, sine } from "../../../src/values/geo/trigonometry.ts"
import { Randomness } from "../../support/Randomness.ts"

const BITS = 200n
const ONE = 1n << BITS

/** A double as a whole number of 2^-200. */
function scaled(x: number): bigint {
  let exponent = 0
  let mantissa = x
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent++
  }
  return (BigInt(mantissa) * ONE) >> BigInt(exponent)
}

/** Taylor's series of the sine or cosine, to 200 bits. */
function exact(x: number, first: bigint, n: bigint): bigint {
  const square = (scaled(x) * scaled(x)) >> BITS
  let sum = 0n
  let next = n
  for (let term = first; term !== 0n && term !== -1n; next += 2n) {
    sum += term
    term = -((term * square) >> BITS) / (next * (next + 1n))
  }
  return sum
}

const exactSine = (x: number) => exact(x, scaled(x), 2n)
const exactCosine = (x: number) => exact(x, ONE, 1n)

/** The distance from the exact value in units of the last place of the given one. */
function error(given: number, wanted: bigint): number {
  const last = 2 ** (Math.floor(Math.log2(Math.abs(given) || 1)) - 52)
  const off = scaled(given) - wanted
  return Math.abs(Number(off >> (BITS - 120n)) / 2 ** 120 / last)
}

const MOST = 0.56

describe("sine, cosine and arcsine", () => {
  it("are right to little more than half a unit in the last place", () => {
    const random = new Randomness(9)
    for (let i = 0; i < 4000; i++) {
      const angle = (random.next() * 2 - 1) * (random.oneIn(3) ? 0.01 : Math.PI)
      assert.isAtMost(error(sine(angle), exactSine(angle)), MOST, `sine of ${angle}`)
      assert.isAtMost(error(cosine(angle / 2), exactCosine(angle / 2)), MOST, `cosine of ${angle / 2}`)
    }
  })

  it("undo each other", () => {
    const random = new Randomness(10)
    for (let i = 0; i < 20_000; i++) {
      const x = random.oneIn(2) ? random.next() : 1 - random.next() * 10 ** -random.below(14)
      const angle = arcsine(x)
      // What a unit in the angle's last place makes of the sine, and half a one in the sine's.
      const tolerated = 0.56 * 2 ** (Math.floor(Math.log2(angle)) - 52) * Math.cos(angle) + 2 ** -53 * x
      assert.isAtMost(Math.abs(sine(angle) - x), tolerated * 1.01, `arcsine of ${x}`)
    }
  })

  it("know the borders", () => {
    assert.strictEqual(sine(0), 0)
    assert.strictEqual(sine(Math.PI), 1.2246467991473532e-16)
    assert.strictEqual(sine(-Math.PI), -1.2246467991473532e-16)
    assert.strictEqual(sine(Math.PI / 2), 1)
    assert.strictEqual(cosine(0), 1)
    assert.strictEqual(cosine(Math.PI / 2), 6.123233995736766e-17)
    assert.strictEqual(arcsine(0), 0)
    assert.strictEqual(arcsine(1), Math.PI / 2)
    assert.isNaN(arcsine(1.0000001))
  })
})
