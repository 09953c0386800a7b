/**
 * Strings as rows of bits, the most significant bit of a byte first: counting, finding and combining them a word at a time.
 *
 * Positions are bits from the string's start, both ends of a range included; they may pass 2^32. Words are read through a
 * DataView, so that a string may begin at any byte of its buffer.
 */
import type { Slice } from "./Slice.ts"

const WORD_BYTES = 4
/** Words that one round of the counting network takes. */
const ROUND_BYTES = 8 * WORD_BYTES

const viewOf = ({ buffer, start, length }: Slice): DataView =>
  new DataView(buffer.buffer, buffer.byteOffset + start, length)

/** The bit at a position of the string. */
export function bitAt(string: Slice, position: number): 0 | 1 {
  const byte = string.at(Math.floor(position / 8))
  return ((byte >>> (7 - (position % 8))) & 1) as 0 | 1
}

/** How many bits of a 32-bit word are set (Warren, "Hacker's Delight", 2nd edition, 5-1). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/**
 * Counts the set bits of the first `bytes` bytes, a multiple of `ROUND_BYTES`, by Harley and Seal's network of carry-save
 * adders (Warren, 5-1): eight words are added bit by bit into counters of weight 1, 2, 4 and 8, and only the last is counted.
 */
function countRounds(view: DataView, bytes: number): number {
  let eights = 0
  let one = 0
  let two = 0
  let four = 0
  for (let at = 0; at < bytes; at += ROUND_BYTES) {
    let a = view.getInt32(at, true)
    let b = view.getInt32(at + 4, true)
    let half = one ^ a
    let twoA = (one & a) | (half & b)
    one = half ^ b
    a = view.getInt32(at + 8, true)
    b = view.getInt32(at + 12, true)
    half = one ^ a
    let twoB = (one & a) | (half & b)
    one = half ^ b
    half = two ^ twoA
    const fourA = (two & twoA) | (half & twoB)
    two = half ^ twoB
    a = view.getInt32(at + 16, true)
    b = view.getInt32(at + 20, true)
    half = one ^ a
    twoA = (one & a) | (half & b)
    one = half ^ b
    a = view.getInt32(at + 24, true)
    b = view.getInt32(at + 28, true)
    half = one ^ a
    twoB = (one & a) | (half & b)
    one = half ^ b
    half = two ^ twoA
    const fourB = (two & twoA) | (half & twoB)
    two = half ^ twoB
    half = four ^ fourA
    eights += ones((four & fourA) | (half & fourB))
    four = half ^ fourB
  }
  return 8 * eights + 4 * ones(four) + 2 * ones(two) + ones(one)
}

/** How many bits of whole bytes are set. */
function countBytes(string: Slice): number {
  const view = viewOf(string)
  const inRounds = string.length - (string.length % ROUND_BYTES)
  let count = countRounds(view, inRounds)
  let at = inRounds
  for (; at + WORD_BYTES <= string.length; at += WORD_BYTES) count += ones(view.getInt32(at, true))
  for (; at < string.length; at++) count += ones(string.at(at))
  return count
}

/** How many bits from `first` to `last` are set. Moves the slice. */
export function countBits(string: Slice, first: number, last: number): number {
  const firstByte = Math.floor(first / 8)
  const lastByte = Math.floor(last / 8)
  const before = ones(string.at(firstByte) & (0xff00 >>> (first % 8)) & 0xff)
  const after = ones(string.at(lastByte) & (0x7f >>> (last % 8)))
  string.start += firstByte
  string.length = lastByte - firstByte + 1
  return countBytes(string) - before - after
}

/** The first bit from `first` to `last` that is `bit`, or -1. */
export function findBit(string: Slice, bit: 0 | 1, first: number, last: number): number {
  let at = first
  for (; at <= last && at % 8 !== 0; at++) if (bitAt(string, at) === bit) return at
  const view = viewOf(string)
  const dull = bit === 1 ? 0 : -1
  const endByte = Math.floor((last + 1) / 8)
  let byte = at / 8
  while (byte + WORD_BYTES <= endByte && view.getInt32(byte, true) === dull) byte += WORD_BYTES
  while (byte < endByte && view.getInt8(byte) === dull) byte++
  for (at = byte * 8; at <= last; at++) if (bitAt(string, at) === bit) return at
  return -1
}

/** What BITOP does to the bits of `target`, given those of one more string that is at most as long. */
export type Combine = (target: Uint8Array, string: Slice) => void

/** Both. What the string lacks counts as zero. */
export const and: Combine = (target, string) => {
  const into = new DataView(target.buffer)
  const from = viewOf(string)
  let at = 0
  for (; at + WORD_BYTES <= string.length; at += WORD_BYTES) {
    into.setInt32(at, into.getInt32(at, true) & from.getInt32(at, true), true)
  }
  for (; at < string.length; at++) target[at]! &= string.at(at)
  target.fill(0, string.length)
}

/** At least one. */
export const or: Combine = (target, string) => {
  const into = new DataView(target.buffer)
  const from = viewOf(string)
  let at = 0
  for (; at + WORD_BYTES <= string.length; at += WORD_BYTES) {
    into.setInt32(at, into.getInt32(at, true) | from.getInt32(at, true), true)
  }
  for (; at < string.length; at++) target[at]! |= string.at(at)
}

/** Exactly one; over several strings, an odd number of them. */
export const xor: Combine = (target, string) => {
  const into = new DataView(target.buffer)
  const from = viewOf(string)
  let at = 0
  for (; at + WORD_BYTES <= string.length; at += WORD_BYTES) {
    into.setInt32(at, into.getInt32(at, true) ^ from.getInt32(at, true), true)
  }
  for (; at < string.length; at++) target[at]! ^= string.at(at)
}

/** Turns every bit over. `target` is a buffer of its own. */
export function invert(target: Uint8Array): void {
  const view = new DataView(target.buffer)
  let at = 0
  for (; at + WORD_BYTES <= target.length; at += WORD_BYTES) view.setInt32(at, ~view.getInt32(at, true), true)
  for (; at < target.length; at++) target[at]! ^= 0xff
}
