/**
 * A HyperLogLog as the bytes of a string, in Redis' layout: `HYLL`, a byte for how the registers are kept, three that are
 * not used, and the last computed cardinality as 64 bits, lowest first, whose highest bit says that it is out of date. The
 * registers follow.
 */
import type { Slice } from "../Slice.ts"

export const HEADER_BYTES = 16
/** All registers, 6 bits each. */
export const DENSE_BYTES = HEADER_BYTES + 12_288

export const Encoding = { Dense: 0, Sparse: 1 } as const

const MAGIC = [72, 89, 76, 76] // HYLL
const ENCODING_AT = 4
const CARDINALITY_AT = 8
const OUTDATED_AT = HEADER_BYTES - 1
const OUTDATED = 0x80
const HALF = 2 ** 32

/** Whether the string is a HyperLogLog, as far as header and length tell. */
export function isHyperLogLog(bytes: Slice): boolean {
  if (bytes.length < HEADER_BYTES) return false
  for (let i = 0; i < MAGIC.length; i++) if (bytes.at(i) !== MAGIC[i]) return false
  const encoding = bytes.at(ENCODING_AT)
  return encoding === Encoding.Sparse || (encoding === Encoding.Dense && bytes.length === DENSE_BYTES)
}

export const isDense = (bytes: Slice): boolean => bytes.at(ENCODING_AT) === Encoding.Dense

export function setEncoding({ buffer, start }: Slice, encoding: number): void {
  buffer[start + ENCODING_AT] = encoding
}

/** The header of a HyperLogLog that is empty, with the cardinality 0. */
export function writeHeader({ buffer, start }: Slice, encoding: number): void {
  buffer.fill(0, start, start + HEADER_BYTES)
  buffer.set(MAGIC, start)
  buffer[start + ENCODING_AT] = encoding
}

/** What is kept of the cardinality does not hold any more. */
export function outdate({ buffer, start }: Slice): void {
  buffer[start + OUTDATED_AT]! |= OUTDATED
}

/** The cardinality that was computed last; undefined when something was added since. */
export function keptCardinality(bytes: Slice): bigint | undefined {
  if ((bytes.at(OUTDATED_AT) & OUTDATED) !== 0) return undefined
  const { buffer, byteOffset } = bytes.buffer
  return new DataView(buffer, byteOffset + bytes.start + CARDINALITY_AT).getBigUint64(0, true)
}

/** `cardinality` is a whole number; one from 2^63 on is taken for out of date. */
export function keepCardinality(bytes: Slice, cardinality: number): void {
  const { buffer, byteOffset } = bytes.buffer
  const view = new DataView(buffer, byteOffset + bytes.start + CARDINALITY_AT)
  view.setUint32(0, cardinality % HALF, true)
  view.setUint32(4, Math.floor(cardinality / HALF), true)
}
