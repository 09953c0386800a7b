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

/** How many digits a number of 31 bits has: comparing is faster than dividing. */
function digits(n: number): number {
  if (n < 10_000) return n < 100 ? (n < 10 ? 1 : 2) : n < 1000 ? 3 : 4
  if (n < 100_000_000) return n < 1_000_000 ? (n < 100_000 ? 5 : 6) : n < 10_000_000 ? 7 : 8
  return n < 1_000_000_000 ? 9 : 10
}

/** How many bytes the number takes, its minus included. */
export function decimalLength(n: number): number {
  if (n < 0) return 1 + decimalLength(-n)
  return n <= INT32_MAX ? digits(n) : digits(Math.floor(n / HALF)) + HALF_DIGITS
}

/** Writes as many of the last digits of a number of 31 bits as lie between `start` and `end`. */
function writeDigits(n: number, into: Uint8Array, start: number, end: number): void {
  for (let at = end - 1; at >= start; at--) {
    const rest = (n / 10) | 0
    into[at] = DIGIT_0 + n - rest * 10
    n = rest
  }
}

/** Writes the number, which is `length` bytes long, at `start`. */
export function writeDecimal(n: number, length: number, into: Uint8Array, start: number): void {
  if (n < 0) {
    into[start] = MINUS
    writeDecimal(-n, length - 1, into, start + 1)
  } else if (n <= INT32_MAX) writeDigits(n, into, start, start + length)
  else {
    const high = Math.floor(n / HALF)
    const middle = start + length - HALF_DIGITS
    writeDigits(high, into, start, middle)
    writeDigits(n - high * HALF, into, middle, start + length)
  }
}
