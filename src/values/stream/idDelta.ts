/**
 * How far an entry's id is from the first of its node: two integers of 64 bits in the node's listpack, the differences of the
 * milliseconds and of the sequence numbers. Either may be negative, or wrap.
 */
import { entryEnd, readInteger, writeInteger } from "../listpack/entries.ts"
import type { MutableStreamId, StreamId } from "./StreamId.ts"

/** The most bytes that the two take. */
export const DELTA_BYTES = 20

/** The tag of an integer of 64 bits in a listpack. */
const INT_64 = 0xf4
/** The bytes of such an entry without the length behind it, which says the same. */
const INT_64_BYTES = 9

function writeHalves(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high === low >> 31) return writeInteger(bytes, at, low)
  bytes[at] = INT_64
  for (let i = 0; i < 4; i++) {
    bytes[at + 1 + i] = low >>> (8 * i)
    bytes[at + 5 + i] = high >>> (8 * i)
  }
  bytes[at + INT_64_BYTES] = INT_64_BYTES
  return at + INT_64_BYTES + 1
}

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)

const lowHalf = (bytes: Uint8Array, at: number): number =>
  bytes[at] === INT_64 ? word(bytes, at + 1) : readInteger(bytes, at) | 0

const highHalf = (bytes: Uint8Array, at: number): number =>
  bytes[at] === INT_64 ? word(bytes, at + 5) : readInteger(bytes, at) >> 31

/** The upper half of a sum whose lower halves are these. */
const sumHigh = (aHigh: number, aLow: number, bHigh: number, bLow: number): number =>
  (aHigh + bHigh + ((aLow >>> 0) + (bLow >>> 0) > 0xffffffff ? 1 : 0)) | 0

/** The upper half of a difference whose lower halves are these. */
const differenceHigh = (aHigh: number, aLow: number, bHigh: number, bLow: number): number =>
  (aHigh - bHigh - (aLow >>> 0 < bLow >>> 0 ? 1 : 0)) | 0

/** Writes how far `id` is from `first`; returns the offset after it. */
export function writeDelta(bytes: Uint8Array, at: number, id: StreamId, first: StreamId): number {
  const msHigh = differenceHigh(id.msHigh, id.msLow, first.msHigh, first.msLow)
  const seqAt = writeHalves(bytes, at, msHigh, (id.msLow - first.msLow) | 0)
  const seqHigh = differenceHigh(id.seqHigh, id.seqLow, first.seqHigh, first.seqLow)
  return writeHalves(bytes, seqAt, seqHigh, (id.seqLow - first.seqLow) | 0)
}

/** Reads the id that is so far from `first`; returns the offset after it. */
export function readDelta(bytes: Uint8Array, at: number, first: StreamId, into: MutableStreamId): number {
  const seqAt = entryEnd(bytes, at)
  const msLow = lowHalf(bytes, at)
  const seqLow = lowHalf(bytes, seqAt)
  into.setHalves(
    sumHigh(first.msHigh, first.msLow, highHalf(bytes, at), msLow),
    (first.msLow + msLow) | 0,
    sumHigh(first.seqHigh, first.seqLow, highHalf(bytes, seqAt), seqLow),
    (first.seqLow + seqLow) | 0
  )
  return entryEnd(bytes, seqAt)
}
