/**
 * MurmurHash64A by Austin Appleby (https://github.com/aappleby/smhasher), with the seed of Redis' HyperLogLog.
 *
 * The 64 bits are computed as two halves of 32, which costs a fraction of what BigInt does and allocates nothing.
 */
import type { Slice } from "../Slice.ts"

const SEED = 0xadc83b19
/** The multiplier 0xc6a4a7935bd1e995, in halves. */
const M_LOW = 0x5bd1e995
const M_HIGH = 0xc6a4a793
/** The hash shifts by 47 bits: what is left of the high half lands in the low one. */
const SHIFT_HIGH = 47 - 32
const BLOCK_BYTES = 8

/** The high 32 bits of the product of two numbers of 32 bits. */
function highOfProduct(a: number, b: number): number {
  const aLow = a & 0xffff
  const aHigh = a >>> 16
  const bLow = b & 0xffff
  const bHigh = b >>> 16
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16)
  const carried = aLow * bHigh + (middle & 0xffff)
  return (aHigh * bHigh + (middle >>> 16) + (carried >>> 16)) | 0
}

/** The high half of (low, high) times the multiplier; the low half is `Math.imul(low, M_LOW)`. */
const timesM = (low: number, high: number): number =>
  (highOfProduct(low, M_LOW) + Math.imul(low, M_HIGH) + Math.imul(high, M_LOW)) | 0

/** Where a hash is put: its low and its high 32 bits, as signed numbers. */
export interface Hash64 {
  low: number
  high: number
}

const word = (buffer: Uint8Array, at: number): number =>
  buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24)

/** Up to four bytes from `at` on, those from `end` on being zero. */
function partOfWord(buffer: Uint8Array, at: number, end: number): number {
  let value = 0
  for (let i = 0; i < 4 && at + i < end; i++) value |= buffer[at + i]! << (8 * i)
  return value
}

export function murmurHash64({ buffer, length, start }: Slice, into: Hash64): void {
  const end = start + length
  let high = timesM(length, 0)
  let low = Math.imul(length, M_LOW) ^ SEED
  let at = start
  for (; at + BLOCK_BYTES <= end; at += BLOCK_BYTES) {
    let keyLow = word(buffer, at)
    let keyHigh = timesM(keyLow, word(buffer, at + 4))
    keyLow = Math.imul(keyLow, M_LOW) ^ (keyHigh >>> SHIFT_HIGH)
    keyHigh = timesM(keyLow, keyHigh)
    high ^= keyHigh
    low ^= Math.imul(keyLow, M_LOW)
    high = timesM(low, high)
    low = Math.imul(low, M_LOW)
  }
  if (at < end) {
    low ^= partOfWord(buffer, at, end)
    high = timesM(low, high ^ partOfWord(buffer, at + 4, end))
    low = Math.imul(low, M_LOW)
  }
  low ^= high >>> SHIFT_HIGH
  high = timesM(low, high)
  into.low = Math.imul(low, M_LOW) ^ (high >>> SHIFT_HIGH)
  into.high = high
}
