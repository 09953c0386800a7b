/**
 * The seeded hash of the keyspace: HalfSipHash-1-3 with 32 bits of output (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF"): one round a word, three at the end. Redis uses SipHash-1-2, whose 64-bit words are slow here.
 *
 * Invariant: without the seed nobody can choose keys that meet in one bucket, so a client cannot turn the table into
 * a list. The seed is drawn once per table and never leaves the process.
 */

/** 64 random bits as two 32-bit halves. */
export type HashSeed = readonly [number, number]

const FINAL_ROUNDS = 3

/**
 * The hash of `length` bytes of `bytes` from `start` on, as a signed 32-bit integer: always a small integer to V8, so
 * that it is never boxed.
 */
export function hashBytes(bytes: Uint8Array, start: number, length: number, seed0: number, seed1: number): number {
  let v0 = seed0
  let v1 = seed1
  let v2 = 0x6c796765 ^ seed0
  let v3 = 0x74656462 ^ seed1
  let at = start
  const end = start + length
  const wordsEnd = end - (length & 3)
  for (; at < wordsEnd; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  let last = length << 24
  for (let shift = 0; at < end; at++, shift += 8) last |= bytes[at]! << shift
  v3 ^= last
  // One round for the last word, then the final ones: the same round, with the last word folded in after the first.
  for (let round = 0; round <= FINAL_ROUNDS; round++) {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    if (round === 0) {
      v0 ^= last
      v2 ^= 0xff
    }
  }
  return v1 ^ v3
}
