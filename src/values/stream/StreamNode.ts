/**
 * A node of a stream: a listpack of entries that follow one another, in the layout of Redis' snapshots.
 *
 * It begins with what the entries have in common: how many there are, how many more were deleted, and the names of fields
 * that most of them have, those of the first. An entry is its flags, how far its id is from that of the first, its fields, and
 * how many elements of the listpack that are:
 *
 *     count deleted fieldCount field... 0
 *     flags ms seq [fieldCount field] value [field] value... elements
 *
 * with the names of the fields only if they are others. A deleted entry stays, with a flag.
 *
 * Places are offsets in `bytes`; a change makes them invalid. Those of entries are from `entriesAt` to `end`.
 *
 * Invariant: `count` and `deleted` are what the listpack says; all entries before `liveFrom` are deleted ones.
 */
import {
  END,
  entryBefore,
  entryEnd,
  entryEquals,
  integerSize,
  readInteger,
  writeEntry,
  writeInteger
} from "../listpack/entries.ts"
import { HEADER_BYTES, writeHeader } from "../listpack/Listpack.ts"
import { Slice } from "../Slice.ts"
import { moveTail } from "../SplicedBytes.ts"
import { DELTA_BYTES, readDelta, writeDelta } from "./idDelta.ts"
import { MutableStreamId, type StreamId } from "./StreamId.ts"

/** The bits of an entry's flags. */
export const Flag = { Deleted: 1, SameFields: 2 } as const

/** Where the words of a new entry come from: `at(from)` is the first field's name, the next its value, and so on. */
export interface EntryWords {
  readonly at: (index: number) => Slice
  /** Bytes of the word. */
  readonly length: (index: number) => number
}

/** The most bytes that an element of a listpack takes beside those of the string that it is. */
const ELEMENT_BYTES = 10
/** The same for strings of less bytes than that. */
const SHORT = 64
const SHORT_ELEMENT_BYTES = 2
/** The most bytes of an entry beside its fields: flags, id, number of fields, number of elements. */
const FRAME_BYTES = 2 + DELTA_BYTES + 2 * ELEMENT_BYTES
/** The number of elements of an entry beside its fields, which may stand without their names. */
const FRAME_ELEMENTS = 3
/** The number of elements in a listpack's header that means: not counted. */
const UNCOUNTED = 65535
/** The largest number that is one byte in a listpack, beside that of its length. */
const LARGEST_BYTE = 127
/** The object with its id, its buffer's view and the allocation. */
const OBJECT_BYTES = 330

const scratch = new MutableStreamId()

export class StreamNode {
  /** Entries that are there. */
  count = 0
  /** Entries that were deleted but still take room. */
  deleted = 0
  /** How many fields the entries have that do not name them. */
  fieldCount = 0
  /** Where the first of their names is. */
  fieldsAt = 0
  /** Where the first entry is. */
  entriesAt = 0
  /** Where the end mark is. */
  end = 0
  /** No entry before this place is there any more. */
  liveFrom = 0

  private constructor(
    /** The id of the first entry, which stays when that is deleted. */
    readonly first: StreamId,
    public bytes: Uint8Array
  ) {}

  /** A node of one entry. `likely` is about how many bytes the node will have in the end; 0: nobody knows. */
  static create(
    first: StreamId,
    words: EntryWords,
    from: number,
    fieldCount: number,
    wordBytes: number,
    likely: number
  ): StreamNode {
    const entry = FRAME_BYTES + mostBytes(fieldCount, wordBytes)
    const needed = HEADER_BYTES + 1 + 4 * ELEMENT_BYTES + entry + mostBytes(fieldCount, wordBytes)
    const room = Math.max(needed, likely + (likely >> 6) + entry)
    const node = new StreamNode(first.copy(), new Uint8Array(room))
    node.begin(words, from, fieldCount)
    node.append(first, words, from, fieldCount, wordBytes, needed)
    return node
  }

  /** Writes what the entries have in common: the fields of one that is to be the first. */
  private begin(words: EntryWords, from: number, fieldCount: number): void {
    const { bytes } = this
    const fieldCountAt = writeInteger(bytes, writeInteger(bytes, HEADER_BYTES, 0), 0)
    this.fieldCount = fieldCount
    this.fieldsAt = writeInteger(bytes, fieldCountAt, fieldCount)
    let at = this.fieldsAt
    for (let i = 0; i < fieldCount; i++) at = writeEntry(bytes, at, words.at(from + 2 * i))
    at = writeInteger(bytes, at, 0)
    this.entriesAt = at
    this.liveFrom = at
    this.close(at, fieldCount + 4)
  }

  /** A node of these bytes, which are a listpack of one. */
  static of(first: StreamId, listpack: Slice): StreamNode {
    const node = new StreamNode(first.copy(), listpack.copy())
    const { bytes } = node
    const deletedAt = entryEnd(bytes, HEADER_BYTES)
    const fieldCountAt = entryEnd(bytes, deletedAt)
    node.count = readInteger(bytes, HEADER_BYTES)
    node.deleted = readInteger(bytes, deletedAt)
    node.fieldCount = readInteger(bytes, fieldCountAt)
    node.fieldsAt = entryEnd(bytes, fieldCountAt)
    node.entriesAt = entryEnd(bytes, node.skip(node.fieldsAt, node.fieldCount))
    node.liveFrom = node.entriesAt
    node.end = bytes.length - 1
    return node
  }

  /** Bytes of the listpack. */
  get size(): number {
    return this.end + 1
  }

  /** The node as it is in a snapshot, beside the id of its first entry. */
  listpack(into: Slice): Slice {
    into.buffer = this.bytes
    into.start = 0
    into.length = this.size
    return into
  }

  /** Bytes of memory. */
  get memory(): number {
    return this.bytes.length + OBJECT_BYTES
  }

  clone(): StreamNode {
    return StreamNode.of(this.first, this.listpack(new Slice()))
  }

  // ---- places --------------------------------------------------------------------------------------------------------

  /** Where the element is that is so many after the one at `at`. */
  skip(at: number, elements: number): number {
    let place = at
    for (let i = 0; i < elements; i++) place = entryEnd(this.bytes, place)
    return place
  }

  /** Where the entry begins that ends at `end`, which is not `entriesAt`. */
  entryBefore(end: number): number {
    let at = entryBefore(this.bytes, end)
    const elements = readInteger(this.bytes, at)
    for (let i = 0; i < elements; i++) at = entryBefore(this.bytes, at)
    return at
  }

  flags(at: number): number {
    return this.bytes[at]!
  }

  /** Reads the id of the entry at `at`, and gives the place behind it. */
  readId(at: number, into: MutableStreamId): number {
    return readDelta(this.bytes, entryEnd(this.bytes, at), this.first, into)
  }

  /** Where the entry ends whose flags are at `at` and what follows its id is at `behindId`. */
  private endOfEntry(at: number, behindId: number): number {
    const elements =
      (this.flags(at) & Flag.SameFields) !== 0 ? this.fieldCount : 1 + 2 * readInteger(this.bytes, behindId)
    return this.skip(behindId, elements + 1)
  }

  /** Where the entry of that id is that is not deleted; 0 if there is none. */
  find(id: StreamId): number {
    for (let at = this.liveFrom; at < this.end; ) {
      const behindId = this.readId(at, scratch)
      const order = scratch.compare(id)
      if (order > 0) return 0
      if (order === 0 && (this.flags(at) & Flag.Deleted) === 0) return at
      at = this.endOfEntry(at, behindId)
    }
    return 0
  }

  /** Reads the id of the first entry that is there; false if there is none. */
  readLeastId(into: MutableStreamId): boolean {
    for (let at = this.liveFrom; at < this.end; ) {
      const behindId = this.readId(at, into)
      if ((this.flags(at) & Flag.Deleted) === 0) return true
      at = this.endOfEntry(at, behindId)
    }
    return false
  }

  /** Reads the id of the last entry that is there; false if there is none. */
  readGreatestId(into: MutableStreamId): boolean {
    for (let end = this.end; end > this.liveFrom; ) {
      const at = this.entryBefore(end)
      this.readId(at, into)
      if ((this.flags(at) & Flag.Deleted) === 0) return true
      end = at
    }
    return false
  }

  /** Reads the id of the last entry, be it a deleted one. */
  readLastId(into: MutableStreamId): void {
    this.readId(this.entryBefore(this.end), into)
  }

  // ---- changing ------------------------------------------------------------------------------------------------------

  /**
   * Adds an entry behind all others, whose words have `wordBytes` bytes in all. `most`: how many bytes the node is not likely
   * to exceed.
   */
  append(id: StreamId, words: EntryWords, from: number, fieldCount: number, wordBytes: number, most: number): void {
    this.setCounts(this.count + 1, this.deleted)
    this.widen(FRAME_BYTES + mostBytes(fieldCount, wordBytes), most)
    const { bytes } = this
    const same = this.hasFields(words, from, fieldCount)
    let at = writeInteger(bytes, this.end, same ? Flag.SameFields : 0)
    at = writeDelta(bytes, at, id, this.first)
    if (!same) at = writeInteger(bytes, at, fieldCount)
    for (let i = from; i < from + 2 * fieldCount; i += 2) {
      if (!same) at = writeEntry(bytes, at, words.at(i))
      at = writeEntry(bytes, at, words.at(i + 1))
    }
    const elements = same ? FRAME_ELEMENTS + fieldCount : FRAME_ELEMENTS + 1 + 2 * fieldCount
    at = writeInteger(bytes, at, elements)
    this.close(at, elements + 1)
  }

  /** Whether these are the fields that the entries have which do not name theirs. */
  private hasFields(words: EntryWords, from: number, fieldCount: number): boolean {
    if (fieldCount !== this.fieldCount) return false
    let at = this.fieldsAt
    for (let i = 0; i < fieldCount; i++) {
      if (!entryEquals(this.bytes, at, words.at(from + 2 * i))) return false
      at = entryEnd(this.bytes, at)
    }
    return true
  }

  /** Deletes the entry at `at`. */
  delete(at: number): void {
    this.bytes[at]! |= Flag.Deleted
    this.setCounts(this.count - 1, this.deleted + 1)
  }

  /** Deletes so many entries from the front; there are as many. */
  deleteFirst(entries: number): void {
    let at = this.liveFrom
    for (let left = entries; left > 0; at = this.endOfEntry(at, this.readId(at, scratch))) left -= this.flag(at)
    this.liveFrom = at
    this.setCounts(this.count - entries, this.deleted + entries)
  }

  /** Deletes the entries whose ids are below this one, and says how many there were. */
  deleteBelow(id: StreamId): number {
    let entries = 0
    let at = this.liveFrom
    while (at < this.end) {
      const behindId = this.readId(at, scratch)
      if (scratch.compare(id) >= 0) break
      entries += this.flag(at)
      at = this.endOfEntry(at, behindId)
    }
    this.liveFrom = at
    this.setCounts(this.count - entries, this.deleted + entries)
    return entries
  }

  /** Flags the entry at `at` as deleted, and says how many less there are by that. */
  private flag(at: number): number {
    if ((this.flags(at) & Flag.Deleted) !== 0) return 0
    this.bytes[at]! |= Flag.Deleted
    return 1
  }

  private setCounts(count: number, deleted: number): void {
    if ((this.count | this.deleted | count | deleted) <= LARGEST_BYTE) {
      this.bytes[HEADER_BYTES] = count
      this.bytes[HEADER_BYTES + 2] = deleted
      this.count = count
      this.deleted = deleted
      return
    }
    const before = integerSize(this.count) + integerSize(this.deleted)
    const after = integerSize(count) + integerSize(deleted)
    if (before !== after) this.shift(after - before, before)
    this.count = count
    this.deleted = deleted
    writeInteger(this.bytes, writeInteger(this.bytes, HEADER_BYTES, count), deleted)
  }

  /** Moves what follows the counts, which are so many bytes long, by so many. */
  private shift(by: number, counts: number): void {
    this.widen(by, 0)
    moveTail(this.bytes, HEADER_BYTES, counts, counts + by, this.size)
    this.fieldsAt += by
    this.entriesAt += by
    this.liveFrom += by
    this.close(this.end + by, 0)
  }

  /** Puts the end mark, and lets the header say how much there is now: so many elements more. */
  private close(end: number, moreElements: number): void {
    const { bytes } = this
    bytes[end] = END
    this.end = end
    writeHeader(bytes, 0, this.size, Math.min(this.elements + moreElements, UNCOUNTED))
  }

  /** As many elements as the header counts; from `UNCOUNTED` on it does not. */
  private get elements(): number {
    return this.bytes[4]! | (this.bytes[5]! << 8)
  }

  /** Makes room of so many bytes more. */
  private widen(bytes: number, most: number): void {
    const needed = this.size + bytes
    if (needed <= this.bytes.length) return
    this.rehouse(Math.max(needed, Math.min(2 * needed, most)))
  }

  /** Gives back the room that a full node does not need, if that is worth a copy. */
  trim(): void {
    if (this.bytes.length - this.size > this.size >> 4) this.rehouse(this.size)
  }

  private rehouse(room: number): void {
    const bytes = new Uint8Array(room)
    bytes.set(this.bytes.subarray(0, this.size))
    this.bytes = bytes
  }
}

/** The most bytes that the fields and values of a new entry take in a listpack: with short ones their lengths are short, too. */
const mostBytes = (fieldCount: number, wordBytes: number): number =>
  2 * fieldCount * (wordBytes < SHORT ? SHORT_ELEMENT_BYTES : ELEMENT_BYTES) + wordBytes
