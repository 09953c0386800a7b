/**
 * Texts of floating point numbers as C's `strtod` takes them, and their exact rounding to a binary format: what the
 * engine's own number parser does not cover, hexadecimal floats and formats wider than a double.
 *
 * Invariant: a value is `mantissa * 2 ** exponent` with a mantissa of at most the format's precision, never rounded
 * more than once.
 */

/** A binary format: bits of mantissa, the exponent of its smallest number, and the power of two it stays below. */
export interface BinaryFormat {
  readonly precision: number
  readonly minExponent: number
  readonly overflow: number
}

/** IEEE 754 binary64. */
export const binary64: BinaryFormat = { precision: 53, minExponent: -1074, overflow: 1024 }

/** The 80-bit extended format of x86, in which Redis adds what INCRBYFLOAT is given. */
export const extended80: BinaryFormat = { precision: 64, minExponent: -16445, overflow: 16384 }

/** A number of a format: `mantissa * 2 ** exponent`. The mantissa has the sign. */
export interface BinaryFloat {
  readonly mantissa: bigint
  readonly exponent: number
}

/** What a text says, exactly: `digits * base ** exponent` without the sign. */
export type FloatText =
  | { readonly _tag: "Infinite"; readonly negative: boolean }
  | {
      readonly _tag: "Finite"
      readonly negative: boolean
      readonly digits: bigint
      readonly base: 2 | 10
      readonly exponent: number
    }

const grammar =
  /^([+-]?)(?:(inf(?:inity)?)|0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?[0-9]+))?|([0-9]*)\.?([0-9]*)(?:e([+-]?[0-9]+))?)$/i

/** Reads what `strtod` would take whole; `undefined` for anything else and for NaN, which Redis never accepts. */
export function readFloatText(text: string): FloatText | undefined {
  const match = grammar.exec(text)
  if (match === null) return undefined
  const [, sign, infinite, hexWhole, hexFraction = "", hexExponent = "0", whole = "", fraction = "", exponent = "0"] =
    match
  const negative = sign === "-"
  if (infinite !== undefined) return { _tag: "Infinite", negative }
  const digits = hexWhole === undefined ? whole + fraction : hexWhole + hexFraction
  if (digits === "") return undefined
  return hexWhole === undefined
    ? { _tag: "Finite", negative, digits: BigInt(digits), base: 10, exponent: Number(exponent) - fraction.length }
    : {
        _tag: "Finite",
        negative,
        digits: BigInt(`0x${digits}`),
        base: 2,
        exponent: Number(hexExponent) - 4 * hexFraction.length
      }
}

/** Bits of a number that is not negative; 0 for 0. */
function bitLength(n: bigint): number {
  if (n === 0n) return 0
  const hex = n.toString(16)
  return 4 * hex.length - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28
}

/** `numerator / denominator` to the nearest integer, halves to the even one. Neither is negative. */
export function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator
  const twice = 2n * (numerator - quotient * denominator)
  const up = twice > denominator || (twice === denominator && (quotient & 1n) === 1n)
  return up ? quotient + 1n : quotient
}

/**
 * The number of `format` that is nearest to `numerator / denominator`, halves to even; `undefined` when the format
 * does not reach that far. Neither is negative.
 */
export function roundToBinary(numerator: bigint, denominator: bigint, format: BinaryFormat): BinaryFloat | undefined {
  const { precision, minExponent, overflow } = format
  const scaled = (exponent: number) =>
    exponent >= 0
      ? ([numerator, denominator << BigInt(exponent)] as const)
      : ([numerator << BigInt(-exponent), denominator] as const)
  // The lengths give the quotient's to within one bit: it may turn out one too long.
  let exponent = Math.max(bitLength(numerator) - bitLength(denominator) - precision, minExponent)
  const [top, bottom] = scaled(exponent)
  if (bitLength(top / bottom) > precision) exponent++
  const mantissa = divideToEven(...scaled(exponent))
  return bitLength(mantissa) + exponent > overflow ? undefined : { mantissa, exponent }
}

/**
 * The number of `format` that a finite text stands for; `undefined` where `strtod` reports ERANGE with an infinity or a
 * zero, both of which Redis refuses.
 */
export function roundFloatText(
  { negative, digits, base, exponent }: Extract<FloatText, { _tag: "Finite" }>,
  format: BinaryFormat
): BinaryFloat | undefined {
  if (digits === 0n) return { mantissa: 0n, exponent: 0 }
  // Far outside the format the power need not be computed, and could not be.
  const magnitude = bitLength(digits) + exponent * Math.log2(base)
  if (magnitude > format.overflow + 2 || magnitude < format.minExponent - 2) return undefined
  const power = BigInt(base) ** BigInt(Math.abs(exponent))
  const rounded = exponent < 0 ? roundToBinary(digits, power, format) : roundToBinary(digits * power, 1n, format)
  if (rounded === undefined || rounded.mantissa === 0n) return undefined
  return negative ? { mantissa: -rounded.mantissa, exponent: rounded.exponent } : rounded
}
