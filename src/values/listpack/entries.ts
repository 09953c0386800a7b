/**
 * The entries of a listpack, Redis' format for small collections: byte strings one after the other, those that spell an
 * integer kept as one (https://github.com/antirez/listpack/blob/master/listpack.md).
 *
 * An entry is a tag with the kind and often the length or the number itself, the content, and the length of both again,
 * written so that it can be read backwards. Everything here takes the entries' buffer and an offset in it.
 *
 * Invariant: a string that spells a 64-bit integer canonically is always written as that integer, in the shortest form.
 */
import { parseInt64, parseSafeInteger } from "../numbers.ts"
import { copyBytes, Slice, sameBytes } from "../Slice.ts"

/** What stands behind the last entry of a listpack, where a tag would be. */
export const END = 0xff

/** The tags that are whole bytes; smaller ones carry a number or a length in their lower bits. */
const Tag = { String32: 0xf0, Int16: 0xf1, Int24: 0xf2, Int32: 0xf3, Int64: 0xf4 } as const
/** The least tag of each kind that carries something in its lower bits; from 0 on it is a number of seven bits. */
const STRING_6 = 0x80
const INT_13 = 0xc0
const STRING_12 = 0xe0

/** No integer of 64 bits has more characters. */
const LONGEST_INTEGER = 20
/** The bytes of tags and numbers by tag, from `Tag.String32` on; a string of 32 bits of length has its content beside it. */
const WHOLE_TAG_BYTES: ReadonlyArray<number> = [5, 3, 4, 5, 9]

/** An entry that was read: a string in place, or the digits of an integer in room of its own. */
export class Entry extends Slice {
  private readonly digits = new Uint8Array(LONGEST_INTEGER)
  /** Whether the entry is kept as an integer. */
  isInteger = false
  /** The integer, if the entry is one: exact up to 2^53, the nearest double beyond. */
  integer = 0

  /** Becomes a string of `length` bytes. */
  pointAt(buffer: Uint8Array, start: number, length: number): void {
    this.isInteger = false
    this.buffer = buffer
    this.start = start
    this.length = length
  }

  /** Becomes the digits of a safe integer. */
  spell(value: number): void {
    const { digits } = this
    this.isInteger = true
    this.integer = value
    let rest = value < 0 ? -value : value
    let at = LONGEST_INTEGER
    do {
      const tenth = Math.floor(rest / 10)
      digits[--at] = 48 + (rest - tenth * 10)
      rest = tenth
    } while (rest > 0)
    if (value < 0) digits[--at] = 45
    this.buffer = digits
    this.start = at
    this.length = LONGEST_INTEGER - at
  }

  /** Becomes the digits of an integer beyond the safe ones. */
  spellLong(value: bigint): void {
    const text = value.toString()
    for (let i = 0; i < text.length; i++) this.digits[i] = text.charCodeAt(i)
    this.isInteger = true
    this.integer = Number(value)
    this.buffer = this.digits
    this.start = 0
    this.length = text.length
  }
}

const word = new DataView(new ArrayBuffer(8))

// ---- sizes -----------------------------------------------------------------------------------------------------------

/** Bytes of an entry's tag and content: what its backward length says. */
function forwardSize(bytes: Uint8Array, at: number): number {
  const tag = bytes[at]!
  if (tag < STRING_6) return 1
  if (tag < INT_13) return 1 + (tag & 0x3f)
  if (tag < STRING_12) return 2
  if (tag < Tag.String32) return 2 + (((tag & 0x0f) << 8) | bytes[at + 1]!)
  const size = WHOLE_TAG_BYTES[tag - Tag.String32]!
  return tag === Tag.String32 ? size + length32(bytes, at) : size
}

const length32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 24)) >>> 0

/** Bytes that a backward length of `size` takes; the limits are Redis', one short of what would fit. */
function backwardBytes(size: number): number {
  if (size <= 127) return 1
  if (size < 16383) return 2
  if (size < 2097151) return 3
  return size < 268435455 ? 4 : 5
}

function stringSize(length: number): number {
  if (length < 1 << 6) return 1 + length
  return length < 1 << 12 ? 2 + length : 5 + length
}

function integerContent(n: number): number {
  if (n >= 0 && n <= 127) return 1
  if (n >= -4096 && n <= 4095) return 2
  if (n >= -(2 ** 15) && n < 2 ** 15) return 3
  if (n >= -(2 ** 23) && n < 2 ** 23) return 4
  return n >= -(2 ** 31) && n < 2 ** 31 ? 5 : 9
}

/** The bytes of an entry that is the safe integer `n`. */
export function integerSize(n: number): number {
  return integerContent(n) + 1
}

/** The bytes of the entry that `value` becomes. */
export function encodedSize(value: Slice): number {
  if (value.length <= LONGEST_INTEGER && value.length > 0) {
    const integer = parseSafeInteger(value)
    if (!Number.isNaN(integer)) return integerSize(integer)
    if (isLong(value)) return WHOLE_TAG_BYTES[Tag.Int64 - Tag.String32]! + 1
  }
  const size = stringSize(value.length)
  return size + backwardBytes(size)
}

/** Whether the bytes, which spell no safe integer, spell one of 64 bits. */
function isLong(value: Slice): boolean {
  return value.length > 15 && parseInt64(value) !== undefined
}

// ---- walking ---------------------------------------------------------------------------------------------------------

/** Where the next entry begins, or the end is. */
export function entryEnd(bytes: Uint8Array, at: number): number {
  const size = forwardSize(bytes, at)
  return at + size + backwardBytes(size)
}

/** Where the entry begins that ends at `at`. */
export function entryBefore(bytes: Uint8Array, at: number): number {
  let size = 0
  let scale = 1
  let last = at
  for (;;) {
    const byte = bytes[--last]!
    size += (byte & 127) * scale
    if (byte < 128) break
    scale *= 128
  }
  return last - size
}

// ---- reading ---------------------------------------------------------------------------------------------------------

/** The entry as bytes. */
export function readEntry(bytes: Uint8Array, at: number, into: Entry): Entry {
  const tag = bytes[at]!
  if (tag >= STRING_6 && tag < INT_13) into.pointAt(bytes, at + 1, tag & 0x3f)
  else if (tag >= STRING_12 && tag < Tag.String32) into.pointAt(bytes, at + 2, ((tag & 0x0f) << 8) | bytes[at + 1]!)
  else if (tag === Tag.String32) into.pointAt(bytes, at + 5, length32(bytes, at))
  else {
    const integer = readInteger(bytes, at)
    if (Number.isSafeInteger(integer)) into.spell(integer)
    else into.spellLong(readLong(bytes, at))
  }
  return into
}

/** The integer that the entry is kept as, the nearest double beyond 2^53; NaN if it is a string. */
export function readInteger(bytes: Uint8Array, at: number): number {
  const tag = bytes[at]!
  if (tag < STRING_6) return tag
  if (tag < INT_13) return Number.NaN
  if (tag < STRING_12) return (((tag & 0x1f) << 27) >> 19) | bytes[at + 1]!
  if (tag === Tag.Int16) return ((bytes[at + 1]! | (bytes[at + 2]! << 8)) << 16) >> 16
  if (tag === Tag.Int24) return ((bytes[at + 1]! | (bytes[at + 2]! << 8) | (bytes[at + 3]! << 16)) << 8) >> 8
  if (tag === Tag.Int32) return length32(bytes, at) | 0
  return tag === Tag.Int64 ? Number(readLong(bytes, at)) : Number.NaN
}

/** The integer of an entry that is one of 64 bits. */
function readLong(bytes: Uint8Array, at: number): bigint {
  for (let i = 0; i < 8; i++) word.setUint8(i, bytes[at + 1 + i]!)
  return word.getBigInt64(0, true)
}

/** Whether the entry is `value`; `integer` is what `value` spells, if that is known, NaN if that is no safe integer. */
export function entryEquals(bytes: Uint8Array, at: number, value: Slice, integer?: number): boolean {
  const tag = bytes[at]!
  if (tag >= STRING_6 && tag < INT_13) {
    return (tag & 0x3f) === value.length && sameBytes(bytes, at + 1, value.buffer, value.start, value.length)
  }
  if (tag >= STRING_12 && tag <= Tag.String32) {
    const long = tag === Tag.String32
    const length = long ? length32(bytes, at) : ((tag & 0x0f) << 8) | bytes[at + 1]!
    return length === value.length && sameBytes(bytes, at + (long ? 5 : 2), value.buffer, value.start, length)
  }
  const spelled = integer ?? parseSafeInteger(value)
  if (!Number.isNaN(spelled)) return readInteger(bytes, at) === spelled
  return tag === Tag.Int64 && parseInt64(value) === readLong(bytes, at)
}

// ---- writing ---------------------------------------------------------------------------------------------------------

/** Writes the length that is read backwards; returns the offset after it. */
function writeBackward(bytes: Uint8Array, at: number, size: number): number {
  if (size <= 127) {
    bytes[at] = size
    return at + 1
  }
  const count = backwardBytes(size)
  let rest = size
  for (let i = count - 1; i >= 0; i--) {
    bytes[at + i] = i === 0 ? rest & 127 : (rest & 127) | 128
    rest = Math.floor(rest / 128)
  }
  return at + count
}

/** Writes a safe integer as an entry of `integerSize(n)` bytes; returns the offset after it. */
export function writeInteger(bytes: Uint8Array, at: number, n: number): number {
  if (n >= 0 && n <= 127) {
    bytes[at] = n
    bytes[at + 1] = 1
    return at + 2
  }
  const size = integerContent(n)
  if (size === 2) {
    bytes[at] = INT_13 | ((n >> 8) & 0x1f)
    bytes[at + 1] = n
  } else if (size === 9) return writeLong(bytes, at, BigInt(n))
  else {
    bytes[at] = size === 3 ? Tag.Int16 : size === 4 ? Tag.Int24 : Tag.Int32
    for (let i = 1; i < size; i++) bytes[at + i] = n >> (8 * (i - 1))
  }
  return writeBackward(bytes, at + size, size)
}

function writeLong(bytes: Uint8Array, at: number, value: bigint): number {
  bytes[at] = Tag.Int64
  word.setBigInt64(0, value, true)
  for (let i = 0; i < 8; i++) bytes[at + 1 + i] = word.getUint8(i)
  return writeBackward(bytes, at + 9, 9)
}

/** Writes `value` as an entry of `encodedSize(value)` bytes; returns the offset after it. */
export function writeEntry(bytes: Uint8Array, at: number, value: Slice): number {
  if (value.length <= LONGEST_INTEGER && value.length > 0) {
    const integer = parseSafeInteger(value)
    if (!Number.isNaN(integer)) return writeInteger(bytes, at, integer)
    if (value.length > 15) {
      const long = parseInt64(value)
      if (long !== undefined) return writeLong(bytes, at, long)
    }
  }
  const { length } = value
  let content = at + 1
  if (length < 1 << 6) bytes[at] = STRING_6 | length
  else if (length < 1 << 12) {
    bytes[at] = STRING_12 | (length >> 8)
    bytes[at + 1] = length
    content = at + 2
  } else {
    bytes[at] = Tag.String32
    for (let i = 0; i < 4; i++) bytes[at + 1 + i] = length >>> (8 * i)
    content = at + 5
  }
  copyBytes(value.buffer, value.start, length, bytes, content)
  return writeBackward(bytes, content + length, content + length - at)
}
