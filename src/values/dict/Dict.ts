/**
 * The table under a database and inside large collections: a chained hash table over raw byte keys whose records (header,
 * key, and small values) lie in pages, so that a lookup allocates nothing and a million keys are a few dozen objects to the
 * garbage collector.
 *
 * Invariant: every block in use in `pages` is one record, linked exactly once in `buckets`; a record has an inline
 * value or an object, never both.
 *
 * Records carry a mark, for whoever has to see each of them once while they change: `unmarkAll` takes it off all at once, by
 * changing what the bit means, and records added from then on are marked.
 *
 * A ref stays valid until that record is removed, resized or given an expiry (which return the ref now valid), or
 * until `compact`, `tidy` or `clear`. Inserting, finding or resizing other records never moves it; but in a small table of a
 * collection (`Dict.inside`) it may move the bytes below it, so that a slice is good for reading only after that.
 */
import { copyBytes, type Slice, sameBytes } from "../Slice.ts"
import { Buckets } from "./Buckets.ts"
import { type HashSeed, hashBytes } from "./hash.ts"
import { Lookahead } from "./Lookahead.ts"
import { ObjectTable } from "./ObjectTable.ts"
import { OWNER_FLAGS, type Owner, PAGE_SHIFT, Pages, type Ref, SMALLEST_PAGE_BYTES, UNIT_MASK } from "./Pages.ts"
import {
  ATTRIBUTES,
  EXPIRY_BYTES,
  HAS_EXPIRY,
  HAS_OBJECT,
  HASH,
  HEADER_BYTES,
  KEY_LENGTH,
  MARK,
  NEXT,
  VALUE
} from "./recordLayout.ts"

export type { HashSeed } from "./hash.ts"
export type { Ref } from "./Pages.ts"

/** Longer string values are kept as objects (standalone buffers) instead of inline: bytes. */
export const INLINE_LIMIT = 65536

/** The most keys that `expect` takes. */
export const EXPECTED_KEYS = 256

/** What a record costs beside its block: its bucket. */
const BUCKET_BYTES = 4
/** Unused bytes at a record's end that are not worth giving back. */
const TOLERATED_SLACK = 64
/**
 * Bytes that `tidy` looks at. A page is worth emptying when a quarter of it is free, so that this keeps up with removals of
 * records up to a quarter of the size.
 */
const TIDIED_BYTES = 512

/** Buckets that a removal moves. The table is being emptied, mostly, and should be small before it is empty. */
const REMOVAL_STEPS = 4

/** Where `expect` reads to no other end than to have read. */
const warmed = new Int32Array(EXPECTED_KEYS)

const nothing = (): void => {}

/** Whether two ranges of a buffer have the same bytes, looked at from the end, where keys differ most often. */
function endAlike(bytes: Uint8Array, a: number, b: number, length: number): boolean {
  for (let i = length - 1; i >= 0; i--) if (bytes[a + i] !== bytes[b + i]) return false
  return true
}

/** A hash table from byte strings to inline byte strings or objects of type `Obj`. */
export class Dict<Obj> implements Owner {
  /** Called when a record that has an expiry id moved, with its new place: wire it to `ExpiryIndex.move`. */
  onMove: (expiryId: number, ref: Ref) => void = nothing
  /** Called when there is work for `rehashStep` or `compact`. Both are done in time without it, but at the expense of users. */
  onWork: () => void = nothing
  private pages: Pages
  private buckets: Buckets
  private objects = new ObjectTable<Obj>()
  /** The MARK bit of a marked record. */
  private marked = 0
  /** There may be work for `tidy`. */
  private untidy = false
  private lookahead = Lookahead.none
  private readonly seed0: number
  private readonly seed1: number
  private relocate: ((from: Ref, to: Ref) => void) | undefined = undefined

  constructor(
    seed: HashSeed,
    private readonly leastPageBytes?: number
  ) {
    this.seed0 = seed[0] | 0
    this.seed1 = seed[1] | 0
    this.pages = new Pages(this, leastPageBytes)
    this.buckets = new Buckets(this.pages, this)
  }

  /** A table inside a value, one of many: it takes little while it is small, and keeps in shape by `tidy`. */
  static inside<Obj>(seed: HashSeed): Dict<Obj> {
    return new Dict<Obj>(seed, SMALLEST_PAGE_BYTES)
  }

  /** For the parts of the table to call. */
  hasWork(): void {
    this.untidy = true
    this.onWork()
  }

  /** How many records there are. */
  get size(): number {
    return this.buckets.size
  }

  /** The hash of a key: give it to `find` and `insert` to compute it once for both. */
  hash(key: Slice): number {
    if (this.lookahead.knows(key)) return this.lookahead.hashOf(key)
    return hashBytes(key.buffer, key.start, key.length, this.seed0, this.seed1)
  }

  /**
   * Says which keys are about to be looked up: `positions` has `count` pairs of offset and length in `buffer`. It changes
   * nothing but the time that takes, until `expectNothing`, which is due before the buffer changes.
   */
  expect(buffer: Uint8Array, positions: Int32Array, count: number): void {
    const { words } = this.pages
    if (this.lookahead === Lookahead.none) this.lookahead = new Lookahead()
    this.lookahead.begin(buffer)
    let start = 0
    let length = -1
    let hash = 0
    for (let i = 0; i < count; i++) {
      const before = start
      const isRepeated = length === positions[2 * i + 1]!
      start = positions[2 * i]!
      length = positions[2 * i + 1]!
      // Many pipelines are about one key.
      if (!isRepeated || !endAlike(buffer, before, start, length)) {
        hash = hashBytes(buffer, start, length, this.seed0, this.seed1)
      }
      this.lookahead.add(start, length, hash)
      warmed[i] = this.buckets.head(hash)
    }
    for (let i = 0; i < count; i++) {
      const ref = warmed[i]!
      if (ref !== 0) warmed[i] = words[ref >>> PAGE_SHIFT]![((ref & UNIT_MASK) << 1) + HASH]!
    }
  }

  expectNothing(): void {
    this.lookahead.clear()
  }

  /** The record of a key, or 0. */
  find(key: Slice, hash: number = this.hash(key)): Ref {
    if (this.buckets.resizing) this.buckets.step(1)
    const { words, bytes } = this.pages
    const { buffer, start, length } = key
    for (let ref = this.buckets.head(hash); ref !== 0; ) {
      const page = ref >>> PAGE_SHIFT
      const record = words[page]!
      const at = (ref & UNIT_MASK) << 1
      if (
        record[at + HASH] === hash &&
        record[at + KEY_LENGTH] === length &&
        sameBytes(bytes[page]!, (at << 2) + HEADER_BYTES, buffer, start, length)
      ) {
        return ref
      }
      ref = record[at + NEXT]!
    }
    return 0
  }

  /**
   * Adds a record for a key that is not there, with room for `valueLength` bytes of value, which are not initialised.
   * Type, encoding and clock are 0. Throws RangeError when the table has no more pages.
   */
  insert(key: Slice, valueLength: number, hash: number = this.hash(key)): Ref {
    if (this.buckets.resizing) this.buckets.step(1)
    const ref = this.pages.allocate(HEADER_BYTES + key.length + valueLength)
    const record = this.record(ref)
    const at = (ref & UNIT_MASK) << 1
    record[at]! |= this.marked
    record[at + HASH] = hash
    record[at + KEY_LENGTH] = key.length
    record[at + VALUE] = valueLength
    record[at + ATTRIBUTES] = 0
    key.copyInto(this.bytes(ref), (at << 2) + HEADER_BYTES)
    this.buckets.link(ref, hash)
    return ref
  }

  /** Removes a record and its object. Its expiry id is the caller's: take it out of the ExpiryIndex first. */
  remove(ref: Ref): void {
    this.dropObject(ref)
    this.buckets.unlink(ref, this.word(ref, HASH))
    this.pages.release(ref)
    if (this.buckets.resizing) this.buckets.step(REMOVAL_STEPS)
  }

  /**
   * Makes the value inline and `length` bytes long, with room for `capacity`; keeps its first bytes as far as they fit
   * (none if it was an object, which is dropped). New bytes are not initialised. Returns the ref now valid.
   */
  resizeValue(ref: Ref, length: number, capacity: number = length): Ref {
    const kept = this.hasObject(ref) ? 0 : Math.min(this.valueLength(ref), length)
    this.dropObject(ref)
    this.setWord(ref, VALUE, kept)
    const valid = this.fit(ref, length, Math.max(length, capacity))
    this.setWord(valid, VALUE, length)
    return valid
  }

  /** The bytes in which the record's key and inline value lie. */
  bytes(ref: Ref): Uint8Array {
    return this.pages.bytes[ref >>> PAGE_SHIFT]!
  }

  /** Where the key begins in `bytes(ref)`. */
  keyStart(ref: Ref): number {
    return ((ref & UNIT_MASK) << 3) + HEADER_BYTES
  }

  keyLength(ref: Ref): number {
    return this.word(ref, KEY_LENGTH)
  }

  /** Makes `into` the key's bytes, in place, and returns it. */
  keySlice(ref: Ref, into: Slice): Slice {
    into.buffer = this.bytes(ref)
    into.start = this.keyStart(ref)
    into.length = this.keyLength(ref)
    return into
  }

  /** Where the inline value begins in `bytes(ref)`. */
  valueStart(ref: Ref): number {
    return this.keyStart(ref) + this.keyLength(ref)
  }

  /** Bytes of the inline value. Not for a record that has an object. */
  valueLength(ref: Ref): number {
    return this.word(ref, VALUE)
  }

  /** How long the inline value may become without moving. */
  valueCapacity(ref: Ref): number {
    return this.pages.size(ref) - this.overhead(ref)
  }

  /** Four bits of the owner's, 0 in a new record. */
  type(ref: Ref): number {
    return this.word(ref, ATTRIBUTES) & 15
  }

  setType(ref: Ref, type: number): void {
    this.setWord(ref, ATTRIBUTES, (this.word(ref, ATTRIBUTES) & ~15) | type)
  }

  /** Four bits of the owner's, 0 in a new record. */
  encoding(ref: Ref): number {
    return (this.word(ref, ATTRIBUTES) >>> 4) & 15
  }

  setEncoding(ref: Ref, encoding: number): void {
    this.setWord(ref, ATTRIBUTES, (this.word(ref, ATTRIBUTES) & ~0xf0) | (encoding << 4))
  }

  /** 24 bits of the owner's for idle times or access frequency, 0 in a new record. */
  clock(ref: Ref): number {
    return this.word(ref, ATTRIBUTES) >>> 8
  }

  setClock(ref: Ref, clock: number): void {
    this.setWord(ref, ATTRIBUTES, (this.word(ref, ATTRIBUTES) & 0xff) | (clock << 8))
  }

  /** Takes the mark off every record. To be called only when all are marked, as they are in a new table. */
  unmarkAll(): void {
    this.marked ^= MARK
  }

  isMarked(ref: Ref): boolean {
    return (this.word(ref, 0) & MARK) === this.marked
  }

  mark(ref: Ref): void {
    this.setWord(ref, 0, (this.word(ref, 0) & ~MARK) | this.marked)
  }

  /** Whether the value is an object instead of inline bytes. */
  hasObject(ref: Ref): boolean {
    return (this.word(ref, 0) & HAS_OBJECT) !== 0
  }

  /** The object of a record that has one. */
  object(ref: Ref): Obj {
    return this.objects.get(this.word(ref, VALUE))
  }

  /** Makes the value an object, in place of the one before or of the inline bytes, which are given back. */
  setObject(ref: Ref, object: Obj): void {
    if (this.hasObject(ref)) {
      this.objects.set(this.word(ref, VALUE), object)
      return
    }
    this.setWord(ref, VALUE, this.objects.add(object))
    this.setWord(ref, 0, this.word(ref, 0) | HAS_OBJECT)
    this.trim(ref, this.overhead(ref))
  }

  /** The id under which the ExpiryIndex knows the record, 0 if it does not expire. */
  expiryId(ref: Ref): number {
    if ((this.word(ref, 0) & HAS_EXPIRY) === 0) return 0
    return this.word(ref, this.lastWord(ref))
  }

  /** Sets, changes or (0) takes away the expiry id. Returns the ref now valid. */
  setExpiryId(ref: Ref, id: number): Ref {
    if (id === 0) {
      this.setWord(ref, 0, this.word(ref, 0) & ~HAS_EXPIRY)
      return ref
    }
    let valid = ref
    if ((this.word(ref, 0) & HAS_EXPIRY) === 0) {
      const length = this.hasObject(ref) ? 0 : this.valueLength(ref)
      valid = this.fit(ref, length + EXPIRY_BYTES, length + EXPIRY_BYTES)
      this.setWord(valid, 0, this.word(valid, 0) | HAS_EXPIRY)
    }
    this.setWord(valid, this.lastWord(valid), id)
    if (valid !== ref) this.onMove(id, valid)
    return valid
  }

  /**
   * Visits the records of one bucket and returns the cursor to go on with; 0 begins and ends (the SCAN command). A
   * record that is there from the first call to the last is visited at least once, whatever changes between the
   * calls. `visit` may remove the record it is given, and change no other.
   */
  scan(cursor: number, visit: (ref: Ref) => void): number {
    return this.buckets.scan(cursor, visit)
  }

  /** A random record, all being equally likely, 0 if there is none. `random` gives numbers in [0, 1). */
  randomRef(random: () => number): Ref {
    return this.buckets.sample(random)
  }

  /** Visits every record. `visit` may remove the record it is given; one that it adds may or may not be visited. */
  forEach(visit: (ref: Ref) => void): void {
    this.buckets.forEach(visit)
  }

  /** Goes on with a resize of the table by up to `count` buckets; returns whether there is more to do. */
  rehashStep(count: number): boolean {
    return this.buckets.step(count)
  }

  /** Closes holes in the memory, looking at about `budget` bytes; returns whether there is more to do. Moves records. */
  compact(budget: number): boolean {
    this.relocate ??= (from, to) => this.transfer(from, to)
    return this.pages.compact(budget, this.relocate)
  }

  /**
   * Does a little of what there is to do for `compact`: for a table without a housekeeper, after each change, when nobody holds
   * refs. Inside `forEach` and `scan` it does nothing.
   */
  tidy(): void {
    if (this.untidy && !this.buckets.paused) this.untidy = this.compact(TIDIED_BYTES)
  }

  /** Removes every record and gives the memory back: to the table that is returned, which has all of them now. */
  clear(): Dict<Obj> {
    const heir = new Dict<Obj>([this.seed0, this.seed1], this.leastPageBytes)
    heir.pages = this.pages
    heir.buckets = this.buckets
    heir.objects = this.objects
    heir.marked = this.marked
    this.pages = new Pages(this, this.leastPageBytes)
    this.buckets = new Buckets(this.pages, this)
    this.objects = new ObjectTable()
    return heir
  }

  /** Bytes taken from the system, for pages and buckets, without what objects hold. */
  memory(): number {
    return this.pages.reserved + this.buckets.memory
  }

  /** Bytes of the records themselves: `memory()` less what is free in the pages. */
  memoryLive(): number {
    return this.pages.live + this.buckets.memory
  }

  /** Bytes that one record takes, without what its object holds. */
  memoryOf(ref: Ref): number {
    return this.pages.size(ref) + BUCKET_BYTES
  }

  private record(ref: Ref): Int32Array {
    return this.pages.words[ref >>> PAGE_SHIFT]!
  }

  private word(ref: Ref, index: number): number {
    return this.pages.words[ref >>> PAGE_SHIFT]![((ref & UNIT_MASK) << 1) + index]!
  }

  private setWord(ref: Ref, index: number, value: number): void {
    this.pages.words[ref >>> PAGE_SHIFT]![((ref & UNIT_MASK) << 1) + index] = value
  }

  private lastWord(ref: Ref): number {
    return (this.pages.size(ref) >>> 2) - 1
  }

  /** Bytes of the record that are not inline value. */
  private overhead(ref: Ref): number {
    return HEADER_BYTES + this.keyLength(ref) + ((this.word(ref, 0) & HAS_EXPIRY) !== 0 ? EXPIRY_BYTES : 0)
  }

  /** Drops the object, if any; the VALUE word is then to be set. */
  private dropObject(ref: Ref): void {
    if (!this.hasObject(ref)) return
    this.objects.remove(this.word(ref, VALUE))
    this.setWord(ref, 0, this.word(ref, 0) & ~HAS_OBJECT)
  }

  /** Gives the record room for `length` bytes of value, better for `capacity`, and takes away what is far too much. */
  private fit(ref: Ref, length: number, capacity: number): Ref {
    const overhead = this.overhead(ref)
    const room = this.pages.size(ref) - overhead
    if (length <= room) {
      if (room - capacity > Math.max(TOLERATED_SLACK, overhead + capacity)) this.trim(ref, overhead + capacity)
      return ref
    }
    const id = this.expiryId(ref)
    if (this.pages.extend(ref, overhead + capacity)) {
      if (id !== 0) this.setWord(ref, this.lastWord(ref), id)
      return ref
    }
    const to = this.pages.allocate(overhead + capacity)
    this.transfer(ref, to)
    this.pages.release(ref)
    return to
  }

  /** Cuts the record's block down to `size` bytes where it lies. */
  private trim(ref: Ref, size: number): void {
    const id = this.expiryId(ref)
    this.pages.shrink(ref, size)
    if (id !== 0) this.setWord(ref, this.lastWord(ref), id)
  }

  /** Makes the block `to` the record that `from` was; the block `from` is then free to be released. */
  private transfer(from: Ref, to: Ref): void {
    const used = HEADER_BYTES + this.keyLength(from) + (this.hasObject(from) ? 0 : this.valueLength(from))
    const id = this.expiryId(from)
    this.setWord(to, 0, this.word(to, 0) | (this.word(from, 0) & OWNER_FLAGS))
    copyBytes(this.bytes(from), ((from & UNIT_MASK) << 3) + 4, used - 4, this.bytes(to), ((to & UNIT_MASK) << 3) + 4)
    this.buckets.replace(from, to, this.word(from, HASH))
    if (id === 0) return
    this.setWord(to, this.lastWord(to), id)
    this.onMove(id, to)
  }
}
