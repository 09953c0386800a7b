/**
 * A node of a list: the entries of a listpack, without its header and end mark, in a buffer with free room at both ends, so
 * that elements come and go at either end without moving the others. A plain node is one element's bytes as they are.
 *
 * Places are offsets in `bytes`; a change makes them invalid.
 *
 * Invariant: the entries are from `start` to `end`, `count` of them.
 */
import {
  END,
  type Entry,
  encodedSize,
  entryBefore,
  entryEnd,
  entryEquals,
  readEntry,
  writeEntry
} from "../listpack/entries.ts"
import { HEADER_BYTES, writeHeader } from "../listpack/Listpack.ts"
import { copyBytes, type Slice } from "../Slice.ts"
import { moveTail } from "../SplicedBytes.ts"

/** What a listpack has beside its entries. */
export const LISTPACK_BYTES = HEADER_BYTES + 1
/** Buffers are not made smaller than this. */
const LEAST_BYTES = 64
/** The object, its buffer's view and the allocation. */
const OBJECT_BYTES = 240

export class QuickListNode {
  start = 0
  end = 0
  count = 0

  private constructor(
    public bytes: Uint8Array,
    /** The bytes are one element, not entries. */
    readonly isPlain: boolean
  ) {}

  /** A node without entries, with room for so many bytes of them. */
  static empty(room: number): QuickListNode {
    return new QuickListNode(new Uint8Array(Math.max(room, LEAST_BYTES)), false)
  }

  /** A node of these entries. */
  static of(bytes: Uint8Array, start: number, end: number, count: number): QuickListNode {
    const size = end - start
    const own = new Uint8Array(size)
    copyBytes(bytes, start, size, own, 0)
    const node = new QuickListNode(own, false)
    node.end = size
    node.count = count
    return node
  }

  /** A node of one element as it is. */
  static plain(value: Slice): QuickListNode {
    const node = new QuickListNode(value.copy(), true)
    node.end = value.length
    node.count = 1
    return node
  }

  /** Bytes of the entries. */
  get size(): number {
    return this.end - this.start
  }

  /** Bytes of the node as a listpack. */
  get listpackSize(): number {
    return this.end - this.start + LISTPACK_BYTES
  }

  /** Bytes of memory. */
  get memory(): number {
    return this.bytes.length + OBJECT_BYTES
  }

  clone(): QuickListNode {
    const copy = new QuickListNode(this.bytes.slice(this.start, this.end), this.isPlain)
    copy.end = this.size
    copy.count = this.count
    return copy
  }

  /** The node as a listpack; it is not plain. */
  listpack(): Uint8Array {
    const listpack = new Uint8Array(this.listpackSize)
    writeHeader(listpack, 0, listpack.length, this.count)
    listpack.set(this.bytes.subarray(this.start, this.end), HEADER_BYTES)
    listpack[listpack.length - 1] = END
    return listpack
  }

  // ---- places --------------------------------------------------------------------------------------------------------

  /** Where the entry after the one at `at` is; `end` if there is none. */
  after(at: number): number {
    return this.isPlain ? this.end : entryEnd(this.bytes, at)
  }

  /** Where the entry is that ends at `at`, which is not `start`. */
  before(at: number): number {
    return this.isPlain ? this.start : entryBefore(this.bytes, at)
  }

  /** Where the entry of that number is, from 0 to `count`, which is `end`. */
  seek(index: number): number {
    if (index <= this.count >> 1) {
      let at = this.start
      for (let i = 0; i < index; i++) at = this.after(at)
      return at
    }
    let at = this.end
    for (let i = this.count; i > index; i--) at = this.before(at)
    return at
  }

  /** The number of the entry at `at`. */
  indexOf(at: number): number {
    let index = 0
    for (let place = this.start; place < at; place = this.after(place)) index++
    return index
  }

  read(at: number, into: Entry): Entry {
    if (!this.isPlain) return readEntry(this.bytes, at, into)
    into.pointAt(this.bytes, this.start, this.size)
    return into
  }

  /** Whether the entry is `value`, which spells the safe integer `integer` (NaN if it spells none). */
  equals(at: number, value: Slice, integer: number): boolean {
    if (!this.isPlain) return entryEquals(this.bytes, at, value, integer)
    return Buffer.compare(this.bytes.subarray(this.start, this.end), value.view()) === 0
  }

  // ---- changing: not plain nodes -------------------------------------------------------------------------------------

  /** `most` is how many bytes the node is likely to have room for in the end. */
  append(value: Slice, most: number): void {
    const size = encodedSize(value)
    if (this.bytes.length - this.end < size) this.widen(0, size, most)
    this.end = writeEntry(this.bytes, this.end, value)
    this.count++
  }

  /** As `append`, before the first entry. */
  prepend(value: Slice, most: number): void {
    const size = encodedSize(value)
    if (this.start < size) this.widen(size, 0, most)
    this.start -= size
    writeEntry(this.bytes, this.start, value)
    this.count++
  }

  /** Puts an entry before what is at `at`. */
  insert(at: number, value: Slice, most: number): void {
    this.splice(at, 0, encodedSize(value), value, most)
    this.count++
  }

  replace(at: number, value: Slice, most: number): void {
    this.splice(at, entryEnd(this.bytes, at) - at, encodedSize(value), value, most)
  }

  /** Removes the entries between two places, as many as `entries`. */
  remove(from: number, to: number, entries: number): void {
    this.count -= entries
    if (from === this.start) this.start = to
    else {
      this.bytes.copyWithin(from, to, this.end)
      this.end -= to - from
      this.giveBack()
    }
  }

  dropFirst(entries: number): void {
    this.start = this.seek(entries)
    this.count -= entries
  }

  dropLast(entries: number): void {
    this.end = this.seek(this.count - entries)
    this.count -= entries
  }

  /** Takes the entries from `at` on out of the node, into one of their own. */
  splitAt(at: number): QuickListNode {
    const before = this.indexOf(at)
    const rest = QuickListNode.of(this.bytes, at, this.end, this.count - before)
    this.end = at
    this.count = before
    this.giveBack()
    return rest
  }

  /** Takes over the entries of the node behind this one. */
  absorb(next: QuickListNode): void {
    if (this.bytes.length - this.end < next.size) this.widen(0, next.size, 0)
    copyBytes(next.bytes, next.start, next.size, this.bytes, this.end)
    this.end += next.size
    this.count += next.count
  }

  /** Gives back the room that a full node does not need. */
  trim(): void {
    if (this.bytes.length > this.size + (this.size >> 3)) this.rehouse(this.size, 0)
  }

  /** Gives back most of the room of a node that has become much smaller. */
  private giveBack(): void {
    if (this.bytes.length > LEAST_BYTES && this.size < this.bytes.length >> 2) this.rehouse(this.size * 2, 0)
  }

  private splice(at: number, removed: number, added: number, value: Slice, most: number): void {
    const offset = at - this.start
    if (this.bytes.length - this.end < added - removed) this.widen(0, added - removed, most)
    const place = this.start + offset
    moveTail(this.bytes, place, removed, added, this.end)
    this.end += added - removed
    writeEntry(this.bytes, place, value)
  }

  /** Makes room of so many bytes before and behind the entries. */
  private widen(before: number, behind: number, most: number): void {
    const needed = before + this.size + behind
    const wanted = Math.max(needed, Math.min(2 * needed, most))
    if (wanted > this.bytes.length) this.rehouse(wanted, before === 0 ? 0 : wanted - this.size)
    else this.moveTo(before + ((this.bytes.length - needed) >> 1))
  }

  /** Moves the entries to the end of the room, for more to come before them. */
  alignEnd(): void {
    this.moveTo(this.bytes.length - this.size)
  }

  private moveTo(start: number): void {
    const { size } = this
    this.bytes.copyWithin(start, this.start, this.end)
    this.start = start
    this.end = start + size
  }

  /** Moves the entries into a new buffer of so many bytes, at `start` there. */
  private rehouse(room: number, start: number): void {
    const { size } = this
    const bytes = new Uint8Array(Math.max(room, LEAST_BYTES))
    bytes.set(this.bytes.subarray(this.start, this.end), start)
    this.bytes = bytes
    this.start = start
    this.end = start + size
  }
}
