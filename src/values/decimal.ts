/**
 * Decimal digits written straight into bytes, without a string between.
 *
 * Invariant: `writeDecimal` writes exactly `decimalLength` bytes. Both take safe integers only.
 */

const MINUS = 45
const DIGIT_0 = 48
const INT32_MAX = 0x7fffffff
/** A number beyond 32 bits is written as two halves, the lower one of this many digits. */
const HALF_DIGITS = 9
const HALF = 10 ** HALF_DIGITS

function digits(n: number): number {
  let count = 1
  for (let rest = n; rest >= 10; rest = (rest / 10) | 0) count++
  return count
}

/** How many bytes the number takes, its minus included. */
export function decimalLength(n: number): number {
  const size = Math.abs(n)
  const length = size <= INT32_MAX ? digits(size) : digits(Math.floor(size / HALF)) + HALF_DIGITS
  return n < 0 ? length + 1 : length
}

/** Writes the last `count` digits of a number of 31 bits so that they end before `end`. */
function writeDigits(n: number, count: number, into: Uint8Array, end: number): void {
  let rest = n
  for (let at = end - 1; at >= end - count; at--) {
    const next = (rest / 10) | 0
    into[at] = DIGIT_0 + rest - next * 10
    rest = next
  }
}

/** Writes the number, which is `length` bytes long, at `start`. */
export function writeDecimal(n: number, length: number, into: Uint8Array, start: number): void {
  const size = Math.abs(n)
  const end = start + length
  if (n < 0) into[start] = MINUS
  const count = n < 0 ? length - 1 : length
  if (size <= INT32_MAX) writeDigits(size, count, into, end)
  else {
    const high = Math.floor(size / HALF)
    writeDigits(high, count - HALF_DIGITS, into, end - HALF_DIGITS)
    writeDigits(size - high * HALF, HALF_DIGITS, into, end)
  }
}
