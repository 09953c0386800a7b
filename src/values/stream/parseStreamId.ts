/**
 * Ids as commands take them: `<ms>-<seq>`, or `<ms>` alone where something else says which sequence number that means.
 *
 * The numbers are what C's `strtoull` reads in a string that ends at the first NUL, as in Redis: blanks, a sign and zeros may
 * precede the digits.
 */
import type { Slice } from "../Slice.ts"
import { type MutableStreamId, StreamId } from "./StreamId.ts"

/** Redis looks at no id that is longer. */
const LONGEST_TEXT = 127

const HALF = 2 ** 32
const SPACE = 32
const STAR = 42
const PLUS = 43
const DASH = 45
const DIGIT_0 = 48

/** The number that was read last, as two unsigned halves. */
let high = 0
let low = 0

const isBlank = (byte: number | undefined) => byte === SPACE || (byte !== undefined && byte >= 9 && byte <= 13)

/** Digits, one at least, and nothing else. */
function readDigits(bytes: Uint8Array, start: number, end: number): boolean {
  high = 0
  low = 0
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - DIGIT_0
    if (digit < 0 || digit > 9) return false
    const sum = low * 10 + digit
    const carry = Math.floor(sum / HALF)
    low = sum - carry * HALF
    high = high * 10 + carry
    if (high >= HALF) return false
  }
  return start < end
}

function readNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && isBlank(bytes[at])) at++
  const sign = at < end ? bytes[at] : undefined
  if (sign !== DASH) return readDigits(bytes, sign === PLUS ? at + 1 : at, end)
  if (!readDigits(bytes, at + 1, end)) return false
  // A negative number of 64 bits in its one canonical form is refused; strtoull, which takes the others, wraps them.
  const isCanonical = at === start && bytes[at + 1] !== DIGIT_0
  if (isCanonical && (high < HALF / 2 || (high === HALF / 2 && low === 0))) return false
  high = low === 0 ? (HALF - high) % HALF : HALF - 1 - high
  low = low === 0 ? 0 : HALF - low
  return true
}

/** The offset of the first `byte` from `start` on, `end` if there is none. */
function offsetOf(byte: number, bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === byte) return at
  return end
}

/** The sequence number of an id that has none: the least or the greatest. */
export type MissingSeq = 0 | -1

/** An id with one number or both. False: it is none. */
export function parseStrictId(text: Slice, missing: MissingSeq, into: MutableStreamId): boolean {
  return parseNumbers(text, missing, into, false) !== undefined
}

/** As `parseStrictId`, or `-` or `+` for the least and the greatest. */
export function parseId(text: Slice, missing: MissingSeq, into: MutableStreamId): boolean {
  if (isOneByte(text) && (text.at(0) === DASH || text.at(0) === PLUS)) {
    into.set(text.at(0) === DASH ? StreamId.MIN : StreamId.MAX)
    return true
  }
  return parseStrictId(text, missing, into)
}

const isOneByte = (text: Slice) =>
  text.length === 1 || (text.length > 1 && text.length <= LONGEST_TEXT && text.at(1) === 0)

/**
 * The id of a new entry: `<ms>-*` leaves the sequence number to the stream. Answers whether the sequence number was given,
 * undefined if it is no id.
 */
export function parseNewId(text: Slice, into: MutableStreamId): boolean | undefined {
  return parseNumbers(text, 0, into, true)
}

function parseNumbers(
  { buffer, length, start }: Slice,
  missing: MissingSeq,
  into: MutableStreamId,
  mayLeaveSeq: boolean
): boolean | undefined {
  if (length > LONGEST_TEXT) return undefined
  const end = offsetOf(0, buffer, start, start + length)
  const dash = offsetOf(DASH, buffer, start, end)
  if (!readNumber(buffer, start, dash)) return undefined
  const msHigh = high | 0
  const msLow = low | 0
  if (dash === end) {
    into.setHalves(msHigh, msLow, missing, missing)
    return true
  }
  if (mayLeaveSeq && end - dash === 2 && buffer[dash + 1] === STAR) {
    into.setHalves(msHigh, msLow, 0, 0)
    return false
  }
  if (!readNumber(buffer, dash + 1, end)) return undefined
  into.setHalves(msHigh, msLow, high | 0, low | 0)
  return true
}
