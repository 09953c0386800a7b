/**
 * Numbers as Redis reads and writes them.
 *
 * Integers are taken in their one canonical form only (no sign but `-`, no leading zeros, no spaces), so that a value
 * read as a number prints as the very bytes it was read from. Floats are what C's `strtod` takes and what `"%.17g"` prints.
 */
import { binary64, readFloatText, roundFloatText } from "./binaryFloat.ts"
import type { Slice } from "./Slice.ts"

const MINUS = 45
const POINT = 46
const DIGIT_0 = 48
export const INT64_MAX = 9223372036854775807n
export const INT64_MIN = -9223372036854775808n
/** The length of the smallest 64-bit integer, `-9223372036854775808`. */
const INT64_CHARS = 20

/** The longest row of digits that is exact in a double whatever the digits are. */
const EXACT_DIGITS = 15

/**
 * The integer that the bytes spell canonically, NaN when they spell none or one beyond +-(2^53 - 1).
 * Allocates nothing; `parseInt64` takes the rest of the range.
 */
export function parseSafeInteger(text: Slice): number {
  const { buffer, start, length } = text
  const end = start + length
  const negative = length > 0 && buffer[start] === MINUS
  let at = negative ? start + 1 : start
  // 16 digits are the most a safe integer has; one more could round in the sum below.
  if (at === end || end - at > EXACT_DIGITS + 1) return Number.NaN
  if (buffer[at] === DIGIT_0) return length === 1 ? 0 : Number.NaN
  let value = 0
  for (; at < end; at++) {
    const digit = buffer[at]! - DIGIT_0
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN
  return negative ? -value : value
}

/** The powers of ten that an exact row of digits is divided by. All of them are exact, so that the quotients are rounded once. */
const POWERS_OF_TEN = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power)

/** The number that a few digits spell, with or without a sign and a point; NaN for any other text. Allocates nothing. */
function parseShortDecimal({ buffer, length, start }: Slice): number {
  const end = start + length
  const negative = length > 0 && buffer[start] === MINUS
  let value = 0
  let digits = 0
  let point = -1
  for (let at = negative ? start + 1 : start; at < end; at++) {
    const digit = buffer[at]! - DIGIT_0
    if (digit >= 0 && digit <= 9) {
      if (++digits > EXACT_DIGITS) return Number.NaN
      value = value * 10 + digit
    } else if (point === -1 && buffer[at] === POINT) point = digits
    else return Number.NaN
  }
  if (digits === 0) return Number.NaN
  const size = point === -1 ? value : value / POWERS_OF_TEN[digits - point]!
  return negative ? -size : size
}

/** What `strtod` reads as a decimal number, which the engine reads in the same way. */
const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i

/** Whether a decimal number has nothing but zeros for digits. */
const isZero = (spelled: string): boolean => !/^[^e]*[1-9]/i.test(spelled)

/** Whether the bytes are digits without a leading zero, behind a sign or none: as a look-up of any text asks, without allocating. */
function spellsDigits({ buffer, length, start }: Slice): boolean {
  const first = buffer[start] === MINUS ? start + 1 : start
  if (buffer[first] === DIGIT_0) return false
  for (let at = first; at < start + length; at++) if (buffer[at]! < DIGIT_0 || buffer[at]! > DIGIT_0 + 9) return false
  return first < start + length
}

/** The signed 64-bit integer that the bytes spell canonically, as Redis' own integer parser takes it. */
export function parseInt64(text: Slice): bigint | undefined {
  if (text.length <= EXACT_DIGITS) {
    const small = parseSafeInteger(text)
    return Number.isNaN(small) ? undefined : BigInt(small)
  }
  if (text.length > INT64_CHARS || !spellsDigits(text)) return undefined
  const value = BigInt(text.toString())
  return value >= INT64_MIN && value <= INT64_MAX ? value : undefined
}

/** Significant digits of C's `"%.17g"`: enough for every double to come back as itself. */
const DOUBLE_DIGITS = 17
/** Digits asked for to see whether the decimal value of a double lies exactly between two of `DOUBLE_DIGITS`. */
const TIE_DIGITS = 60

/** A finite, non-zero double as `DOUBLE_DIGITS` digits and the exponent of the first, ties rounded to even as C does. */
function digitsOf(x: number): { readonly digits: string; readonly exponent: number } {
  const long = x.toExponential(TIE_DIGITS)
  const tie = /^[0-9]\.[0-9]{15}([0-9])50*e/.exec(long)
  const even = tie !== null && (tie[1]!.charCodeAt(0) & 1) === 0
  const rounded = even ? long : x.toExponential(DOUBLE_DIGITS - 1)
  const exponentAt = rounded.indexOf("e")
  return {
    digits: `${rounded[0]}${rounded.slice(2, DOUBLE_DIGITS + 1)}`,
    exponent: Number(rounded.slice(exponentAt + 1))
  }
}

/** A double as Redis prints it in replies: C's `"%.17g"`, with `inf`, `-inf` and `nan`. The same in RESP2 and RESP3. */
export function formatDouble(x: number): string {
  if (Number.isSafeInteger(x) && !Object.is(x, -0)) return String(x)
  if (Number.isNaN(x)) return "nan"
  const sign = x < 0 || Object.is(x, -0) ? "-" : ""
  if (x === 0) return `${sign}0`
  if (!Number.isFinite(x)) return `${sign}inf`
  const { digits, exponent } = digitsOf(Math.abs(x))
  const significant = digits.replace(/0+$/, "")
  if (exponent < -4 || exponent >= DOUBLE_DIGITS) {
    const power = Math.abs(exponent)
    const fraction = significant.length > 1 ? `.${significant.slice(1)}` : ""
    return `${sign}${significant[0]}${fraction}e${exponent < 0 ? "-" : "+"}${power < 10 ? "0" : ""}${power}`
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${significant}`
  const whole = significant.slice(0, exponent + 1).padEnd(exponent + 1, "0")
  const fraction = significant.slice(exponent + 1)
  return fraction === "" ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}

/** What needs no text: integers, and decimals of few digits. NaN for the rest. */
function parseShort(text: Slice): number {
  const integer = parseSafeInteger(text)
  return Number.isNaN(integer) ? parseShortDecimal(text) : integer
}

/**
 * The double that the bytes spell, as C's `strtod` reads them when it takes them whole: decimal, hexadecimal, `inf` and
 * `infinity`, in any case. Undefined, as in Redis, for blanks, NaN, and numbers too large or too small for a double.
 */
export function parseDouble(text: Slice): number | undefined {
  const short = parseShort(text)
  if (!Number.isNaN(short)) return short
  const spelled = text.toString()
  if (decimal.test(spelled)) {
    const value = Number(spelled)
    return Number.isFinite(value) && (value !== 0 || isZero(spelled)) ? value : undefined
  }
  const read = readFloatText(spelled)
  if (read === undefined) return undefined
  if (read._tag === "Infinite") return read.negative ? -Infinity : Infinity
  const rounded = roundFloatText(read, binary64)
  if (rounded === undefined) return undefined
  if (rounded.mantissa === 0n) return read.negative ? -0 : 0
  return Number(rounded.mantissa) * 2 ** rounded.exponent
}

/** As `strtod` with what it leaves to its caller: blanks before the number, no number at all (0), what no double can hold, and text behind a NUL. */
export function parseLooseDouble(text: Slice): number | undefined {
  const short = parseShort(text)
  if (!Number.isNaN(short)) return short
  const spelled = text.toString().split("\0", 1)[0]!
  if (spelled === "") return 0
  const number = spelled.replace(/^[ \t\n\v\f\r]+/, "")
  if (decimal.test(number)) return Number(number)
  const read = readFloatText(number)
  if (read === undefined) return undefined
  const sign = read.negative ? -1 : 1
  if (read._tag === "Infinite") return sign * Infinity
  const rounded = roundFloatText(read, binary64)
  if (rounded === undefined) return sign * (read.exponent > 0 ? Infinity : 0)
  return rounded.mantissa === 0n ? sign * 0 : Number(rounded.mantissa) * 2 ** rounded.exponent
}
