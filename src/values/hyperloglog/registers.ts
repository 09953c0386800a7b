/**
 * The registers of a HyperLogLog: how many there are, and which one an element belongs to
 * (Flajolet et al., "HyperLogLog: the analysis of a near-optimal cardinality estimation algorithm", 2007).
 */
import type { Slice } from "../Slice.ts"
import { type Hash64, murmurHash64 } from "./murmurHash64.ts"

/** Bits of an element's hash that choose its register. */
const INDEX_BITS = 14
export const REGISTERS = 1 << INDEX_BITS
/** The other bits of the hash: the more of them are zero, counted from the lowest, the higher the register's value. */
export const RANK_BITS = 64 - INDEX_BITS
/** Bits of the hash's low half that are left for the rank. */
const LOW_RANK_BITS = 32 - INDEX_BITS

const hash: Hash64 = { low: 0, high: 0 }

/** How many zeros follow the lowest bit that is set; `bits` is not 0. */
const trailingZeros = (bits: number): number => 31 - Math.clz32(bits & -bits)

function rankOf({ low, high }: Hash64): number {
  const first = low >>> INDEX_BITS
  if (first !== 0) return trailingZeros(first) + 1
  return high === 0 ? RANK_BITS + 1 : LOW_RANK_BITS + trailingZeros(high) + 1
}

/** What an element does to a HyperLogLog: its register becomes `rank` unless it is that high. */
export interface Placement {
  /** From 0 up to but not including `REGISTERS`. */
  register: number
  /** From 1 to `RANK_BITS + 1`. */
  rank: number
}

export function placeElement(element: Slice, into: Placement): void {
  murmurHash64(element, hash)
  into.register = hash.low & (REGISTERS - 1)
  into.rank = rankOf(hash)
}
