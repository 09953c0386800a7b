/**
 * A whole listpack: how many bytes and entries it has (six bytes), its entries, and the end mark. The bytes may be a
 * record's or a buffer's own; a listpack is put `on` them and may be put on others later.
 *
 * Positions are offsets from the beginning of the bytes; 0, where the header is, stands for none. A change makes the
 * positions after it invalid.
 *
 * Invariant: the bytes are always a listpack that Redis would read, and equal to what it would have written.
 */
import { parseSafeInteger } from "../numbers.ts"
import type { Slice } from "../Slice.ts"
import { OwnBytes, type SplicedBytes } from "../SplicedBytes.ts"
import {
  END,
  type Entry,
  encodedSize,
  entryBefore,
  entryEnd,
  entryEquals,
  integerSize,
  readEntry,
  readInteger,
  writeEntry,
  writeInteger
} from "./entries.ts"

/** Bytes before the first entry: the length of all in bytes (4) and the number of entries (2), lowest byte first. */
export const HEADER_BYTES = 6
/** The number of entries that means "more than fit here: count them". */
const UNCOUNTED = 65535

/** A listpack without entries. */
export const emptyListpack: Uint8Array = Uint8Array.of(7, 0, 0, 0, 0, 0, END)

/** Writes the header of a listpack that lies at `start` and has so many bytes and entries. */
export function writeHeader(buffer: Uint8Array, start: number, byteLength: number, entries: number): void {
  buffer[start] = byteLength
  buffer[start + 1] = byteLength >>> 8
  buffer[start + 2] = byteLength >>> 16
  buffer[start + 3] = byteLength >>> 24
  const count = Math.min(entries, UNCOUNTED)
  buffer[start + 4] = count
  buffer[start + 5] = count >>> 8
}

export class Listpack {
  constructor(private bytes: SplicedBytes = new OwnBytes(emptyListpack.slice())) {}

  /** Turns to the listpack in these bytes. */
  on(bytes: SplicedBytes): this {
    this.bytes = bytes
    return this
  }

  get byteLength(): number {
    return this.bytes.length
  }

  /** How many entries there are. */
  get count(): number {
    const { buffer, start } = this.bytes
    const stated = buffer[start + 4]! | (buffer[start + 5]! << 8)
    if (stated !== UNCOUNTED) return stated
    let count = 0
    for (let p = this.first(); p !== 0; p = this.next(p)) count++
    return count
  }

  // ---- walking -------------------------------------------------------------------------------------------------------

  first(): number {
    return this.orNone(HEADER_BYTES)
  }

  last(): number {
    const { buffer, length, start } = this.bytes
    return length === HEADER_BYTES + 1 ? 0 : entryBefore(buffer, start + length - 1) - start
  }

  next(p: number): number {
    const { buffer, start } = this.bytes
    return this.orNone(entryEnd(buffer, start + p) - start)
  }

  previous(p: number): number {
    const { buffer, start } = this.bytes
    return p === HEADER_BYTES ? 0 : entryBefore(buffer, start + p) - start
  }

  /** The entry of that number, counted from 0, or from the end if it is negative (-1 is the last). */
  seek(index: number): number {
    if (index < 0) {
      let p = this.last()
      for (let i = -1; i > index && p !== 0; i--) p = this.previous(p)
      return p
    }
    let p = this.first()
    for (let i = 0; i < index && p !== 0; i++) p = this.next(p)
    return p
  }

  /** Where the end mark is: to `insert` there is to append. */
  get end(): number {
    return this.bytes.length - 1
  }

  private orNone(p: number): number {
    return p < this.bytes.length - 1 ? p : 0
  }

  // ---- reading -------------------------------------------------------------------------------------------------------

  read(p: number, into: Entry): Entry {
    return readEntry(this.bytes.buffer, this.bytes.start + p, into)
  }

  /** The integer that the entry is kept as, NaN if it is a string. */
  integer(p: number): number {
    return readInteger(this.bytes.buffer, this.bytes.start + p)
  }

  /** `integer` is what `value` spells, NaN if it is no safe integer. */
  equals(p: number, value: Slice, integer = parseSafeInteger(value)): boolean {
    return entryEquals(this.bytes.buffer, this.bytes.start + p, value, integer)
  }

  /** The first entry from `from` on that is `value`, looking at every `every`-th one only; 0 if there is none. */
  find(value: Slice, from = this.first(), every = 1): number {
    if (from === 0) return 0
    const { buffer, length, start } = this.bytes
    const integer = parseSafeInteger(value)
    const end = start + length - 1
    for (let at = start + from; at < end; ) {
      if (entryEquals(buffer, at, value, integer)) return at - start
      for (let i = 0; i < every && at < end; i++) at = entryEnd(buffer, at)
    }
    return 0
  }

  // ---- changing ------------------------------------------------------------------------------------------------------

  /** Puts an entry before what is at `p`, another entry or the end mark, and returns where that is now. */
  insert(p: number, value: Slice): number {
    return this.put(p, p, encodedSize(value), value, 1)
  }

  insertInteger(p: number, n: number): number {
    return this.putInteger(p, p, n, 1)
  }

  append(value: Slice): void {
    this.insert(this.end, value)
  }

  /** Two entries at once: what belongs together lies together. */
  appendPair(first: Slice, second: Slice): void {
    const at = this.end
    this.splice(at, 0, encodedSize(first) + encodedSize(second), 2)
    const { buffer, start } = this.bytes
    writeEntry(buffer, writeEntry(buffer, start + at, first), second)
  }

  appendInteger(n: number): void {
    this.insertInteger(this.end, n)
  }

  prepend(value: Slice): void {
    this.insert(HEADER_BYTES, value)
  }

  /** Makes the entry at `p` another, and returns where the one after it is now (the end mark if there is none). */
  replace(p: number, value: Slice): number {
    return this.put(p, this.endOf(p), encodedSize(value), value, 0)
  }

  /** Removes entries from `p` on, as many as there are up to `entries`; returns where the one after them is now, 0 if there is none. */
  remove(p: number, entries = 1): number {
    let to = p
    let removed = 0
    for (; removed < entries && to !== this.end; removed++) to = this.endOf(to)
    this.splice(p, to - p, 0, -removed)
    return this.orNone(p)
  }

  /** Removes all entries. */
  clear(): void {
    this.bytes.splice(HEADER_BYTES, this.bytes.length - HEADER_BYTES - 1, 0)
    writeHeader(this.bytes.buffer, this.bytes.start, HEADER_BYTES + 1, 0)
  }

  private endOf(p: number): number {
    const { buffer, start } = this.bytes
    return entryEnd(buffer, start + p) - start
  }

  /** Writes `value` in the place of what is from `p` to `to`; returns where it ends. */
  private put(p: number, to: number, size: number, value: Slice, entries: number): number {
    this.splice(p, to - p, size, entries)
    const { buffer, start } = this.bytes
    return writeEntry(buffer, start + p, value) - start
  }

  private putInteger(p: number, to: number, n: number, entries: number): number {
    this.splice(p, to - p, integerSize(n), entries)
    const { buffer, start } = this.bytes
    return writeInteger(buffer, start + p, n) - start
  }

  /** Makes room, and lets the header say so: `entries` more than before. */
  private splice(at: number, removed: number, added: number, entries: number): void {
    const { bytes } = this
    const count = entries === 0 ? 0 : this.count
    bytes.splice(at, removed, added)
    const { buffer, length, start } = bytes
    if (entries !== 0) writeHeader(buffer, start, length, count + entries)
    else for (let i = 0; i < 4; i++) buffer[start + i] = length >>> (8 * i)
  }
}
