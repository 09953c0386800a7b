/**
 * Integers of 1 to 64 bits at any bit of a string, the most significant bit first: what BITFIELD reads and writes
 * (https://redis.io/docs/latest/commands/bitfield/).
 *
 * Invariant: a value that is read or comes out of `representable` is one its type can hold.
 */
import type { Slice } from "./Slice.ts"

/** An integer type: `i1` to `i64`, `u1` to `u63`. */
export interface FieldType {
  readonly signed: boolean
  /** In bits. */
  readonly width: number
}

/** What becomes of a value that its type cannot hold: the bits that fit, the nearest that it can hold, or no value. */
export type Overflow = "wrap" | "sat" | "fail"

/** The most bits that are moved at once: with the bits of the bytes around them they are exact in a double. */
const HALF_WIDTH = 32

/** The type of that name, in lower case; undefined when there is none. */
export function parseFieldType(name: string): FieldType | undefined {
  const parts = /^([iu])([1-9][0-9]?)$/.exec(name)
  if (parts === null) return undefined
  const signed = parts[1] === "i"
  const width = Number(parts[2])
  return width <= (signed ? 64 : 63) ? { signed, width } : undefined
}

/** Up to 32 bits from `offset` on, unsigned; what lies behind the string is zero. */
function readBits(string: Slice, offset: number, width: number): number {
  const first = Math.floor(offset / 8)
  const last = Math.floor((offset + width - 1) / 8)
  let bits = 0
  for (let byte = first; byte <= last; byte++) bits = bits * 256 + (byte < string.length ? string.at(byte) : 0)
  const behind = (last + 1) * 8 - (offset + width)
  return Math.floor(bits / 2 ** behind) % 2 ** width
}

/** Writes up to 32 bits from `offset` on; the string is long enough. */
function writeBits(string: Slice, offset: number, width: number, bits: number): void {
  const first = Math.floor(offset / 8)
  const last = Math.floor((offset + width - 1) / 8)
  const behind = (last + 1) * 8 - (offset + width)
  let rest = bits * 2 ** behind
  for (let byte = last; byte >= first; byte--) {
    const low = byte === last ? behind : 0
    const high = byte === first ? offset % 8 : 0
    const mask = (0xff >>> high) & (0xff << low)
    const at = string.start + byte
    string.buffer[at] = (string.buffer[at]! & ~mask) | ((rest % 256) & mask)
    rest = Math.floor(rest / 256)
  }
}

/** The integer at a bit offset; what lies behind the string is zero. */
export function readField(string: Slice, offset: number, { signed, width }: FieldType): bigint {
  const upper = Math.max(0, width - HALF_WIDTH)
  const low = BigInt(readBits(string, offset + upper, width - upper))
  const bits = upper === 0 ? low : (BigInt(readBits(string, offset, upper)) << BigInt(HALF_WIDTH)) | low
  return signed ? BigInt.asIntN(width, bits) : bits
}

/** Writes an integer that the type can hold at a bit offset; the string is long enough. */
export function writeField(string: Slice, offset: number, { width }: FieldType, value: bigint): void {
  const upper = Math.max(0, width - HALF_WIDTH)
  const bits = BigInt.asUintN(width, value)
  writeBits(string, offset + upper, width - upper, Number(BigInt.asUintN(HALF_WIDTH, bits)))
  if (upper > 0) writeBits(string, offset, upper, Number(bits >> BigInt(HALF_WIDTH)))
}

/** The value as the type holds it, by the rule for what it cannot hold; undefined: not at all. */
export function representable(value: bigint, { signed, width }: FieldType, overflow: Overflow): bigint | undefined {
  const wrapped = signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value)
  if (wrapped === value || overflow === "wrap") return wrapped
  if (overflow === "fail") return undefined
  const span = 1n << BigInt(signed ? width - 1 : width)
  if (value > 0n) return span - 1n
  return signed ? -span : 0n
}
