/**
 * How many different elements a HyperLogLog has seen, from the distribution of its registers' values
 * (Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284).
 *
 * The operations and their order are those of Redis, so that both come to the same number.
 */
import { RANK_BITS, REGISTERS } from "./registers.ts"

/** 1 / (2 ln 2). */
const ALPHA_INFINITY = 0.7213475204444817
/** What C makes of a number that does not fit into 64 bits. */
const NOT_64_BITS = -(2 ** 63)

function sigma(fraction: number): number {
  if (fraction === 1) return Number.POSITIVE_INFINITY
  let x = fraction
  let y = 1
  let z = fraction
  for (let before = Number.NaN; before !== z; ) {
    x *= x
    before = z
    z += x * y
    y += y
  }
  return z
}

function tau(fraction: number): number {
  if (fraction === 0 || fraction === 1) return 0
  let x = fraction
  let y = 1
  let z = 1 - fraction
  for (let before = Number.NaN; before !== z; ) {
    x = Math.sqrt(x)
    before = z
    y *= 0.5
    z -= (1 - x) * (1 - x) * y
  }
  return z / 3
}

/** `histogram`: how many registers have each value. */
export function estimateCardinality(histogram: Uint32Array): number {
  let z = REGISTERS * tau((REGISTERS - histogram[RANK_BITS + 1]!) / REGISTERS)
  for (let rank = RANK_BITS; rank >= 1; rank--) {
    z += histogram[rank]!
    z *= 0.5
  }
  z += REGISTERS * sigma(histogram[0]! / REGISTERS)
  const estimate = Math.round((ALPHA_INFINITY * REGISTERS * REGISTERS) / z)
  return estimate < 2 ** 63 ? estimate : NOT_64_BITS
}
