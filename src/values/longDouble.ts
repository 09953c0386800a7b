/**
 * The arithmetic of INCRBYFLOAT and HINCRBYFLOAT (https://redis.io/docs/latest/commands/incrbyfloat/): C's `long double`
 * as x86 has it, a mantissa of 64 bits, computed exactly and rounded once for each text and once for the sum.
 *
 * Invariant: what comes out is, digit for digit, what `"%.17Lf"` prints there, without the zeros at its end.
 */
import {
  type BinaryFloat,
  divideToEven,
  extended80,
  readFloatText,
  roundFloatText,
  roundToBinary
} from "./binaryFloat.ts"
import type { Slice } from "./Slice.ts"

/** A `long double` other than NaN. Which infinity it is does not matter: every sum with one is refused. */
type LongDouble = BinaryFloat | "infinite"

/** Redis takes texts up to this many bytes. */
const MAX_TEXT_BYTES = 5 * 1024 - 1

const FRACTION_DIGITS = 17
const FRACTION = 10n ** BigInt(FRACTION_DIGITS)

const absolute = (n: bigint) => (n < 0n ? -n : n)

/** The `long double` that the bytes spell; undefined for what `strtold` does not take whole, NaN, and what is out of range. */
function parseLongDouble(text: Slice): LongDouble | undefined {
  if (text.length > MAX_TEXT_BYTES) return undefined
  const read = readFloatText(text.toString())
  if (read === undefined) return undefined
  return read._tag === "Infinite" ? "infinite" : roundFloatText(read, extended80)
}

/** The sum; `infinite` also when it is NaN or beyond the format, since Redis refuses all three alike. */
function sumLongDouble(a: LongDouble, b: LongDouble): LongDouble {
  if (a === "infinite" || b === "infinite") return "infinite"
  const exponent = Math.min(a.exponent, b.exponent)
  const sum = (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent))
  const scale = 1n << BigInt(Math.abs(exponent))
  const size = absolute(sum)
  const rounded = exponent < 0 ? roundToBinary(size, scale, extended80) : roundToBinary(size * scale, 1n, extended80)
  if (rounded === undefined) return "infinite"
  return sum < 0n ? { mantissa: -rounded.mantissa, exponent: rounded.exponent } : rounded
}

/** At most 17 digits after the point, none of them a zero at the end; never `-0`. */
function formatLongDouble({ mantissa, exponent }: BinaryFloat): string {
  const size = absolute(mantissa) * FRACTION
  const scaled = exponent < 0 ? divideToEven(size, 1n << BigInt(-exponent)) : size << BigInt(exponent)
  if (scaled === 0n) return "0"
  const digits = scaled.toString().padStart(FRACTION_DIGITS + 1, "0")
  const whole = digits.slice(0, -FRACTION_DIGITS)
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, "")
  return `${mantissa < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`
}

/** What INCRBYFLOAT stores: the text of `a + b`, or why there is none. */
export function addLongDouble(a: Slice, b: Slice): string | "invalid" | "nan-or-inf" {
  const left = parseLongDouble(a)
  const right = parseLongDouble(b)
  if (left === undefined || right === undefined) return "invalid"
  const sum = sumLongDouble(left, right)
  return sum === "infinite" ? "nan-or-inf" : formatLongDouble(sum)
}
