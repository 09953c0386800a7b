/**
 * Whether bytes that come from outside are a listpack that can be walked in both directions without leaving it.
 */
import type { Slice } from "../Slice.ts"
import { END, entryEnd } from "./entries.ts"
import { HEADER_BYTES } from "./Listpack.ts"

const UNCOUNTED = 65535
/** Tags of strings whose length stands behind the tag, and the largest tag of all. */
const STRING_12 = 0xe0
const STRING_32 = 0xf0
const INT_64 = 0xf4
/** A backward length has at most so many bytes. */
const BACKWARD_BYTES = 5

/** How many entries the listpack has; undefined if it is none. */
export function countEntries({ buffer, length, start, end }: Slice): number | undefined {
  if (length <= HEADER_BYTES || buffer[end - 1] !== END || byteLength(buffer, start) !== length) return undefined
  let count = 0
  let at = start + HEADER_BYTES
  for (; at < end - 1; count++) {
    const next = checkedEnd(buffer, at, end - 1)
    if (next === 0) return undefined
    at = next
  }
  const stated = buffer[start + 4]! | (buffer[start + 5]! << 8)
  return stated === UNCOUNTED || stated === count ? count : undefined
}

const byteLength = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0

/** Where the entry at `at` ends, which must not be after `limit`; 0 if it is damaged. */
function checkedEnd(bytes: Uint8Array, at: number, limit: number): number {
  const tag = bytes[at]!
  if (tag > INT_64) return 0
  const lengthBytes = tag === STRING_32 ? 4 : tag >= STRING_12 && tag < STRING_32 ? 1 : 0
  if (at + lengthBytes >= limit) return 0
  const end = entryEnd(bytes, at)
  return end <= limit && leadsTo(bytes, end, at) ? end : 0
}

/** Whether the backward length before `end` says that the entry begins at `at`. */
function leadsTo(bytes: Uint8Array, end: number, at: number): boolean {
  let size = 0
  let scale = 1
  for (let last = end - 1; last >= end - BACKWARD_BYTES; last--) {
    const byte = bytes[last]!
    size += (byte & 127) * scale
    if (byte < 128) return last - size === at
    scale *= 128
  }
  return false
}
