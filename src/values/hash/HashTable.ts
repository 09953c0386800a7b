/**
 * A large hash: fields and their values in a hash table of bytes (https://redis.io/docs/latest/develop/data-types/hashes/).
 * A value lies behind its field, in the field's record; a very long one beside it.
 *
 * Invariant: a slice that a method gives or shows is valid until the next change.
 */
import { Dict, INLINE_LIMIT, type Ref } from "../dict/Dict.ts"
import type { HashSeed } from "../dict/hash.ts"
import { Slice } from "../Slice.ts"

/** This object and its table, without what is in it. */
const OBJECT_BYTES = 1200
/** A buffer of its own, beside its bytes. */
const BUFFER_BYTES = 120
/** Drawing distinct fields one by one pays as long as there are so many times as many of them. */
const DRAWN_SHARE = 3

export type VisitField = (field: Slice, value: Slice) => void

export class HashTable {
  private readonly dict: Dict<Uint8Array>
  /** Memory of the values that lie beside their records. */
  private longBytes = 0

  constructor(private readonly seed: HashSeed) {
    this.dict = Dict.inside(seed)
  }

  /** How many fields there are. */
  get size(): number {
    return this.dict.size
  }

  /** Bytes of memory in all. */
  get memory(): number {
    return this.dict.memory() + this.longBytes + OBJECT_BYTES
  }

  clone(): HashTable {
    const copy = new HashTable(this.seed)
    this.forEach((field, value) => void copy.set(field, value))
    return copy
  }

  has(field: Slice): boolean {
    return this.dict.find(field) !== 0
  }

  /** The field's value in place, `into` being the slice to use; undefined if there is no such field. */
  get(field: Slice, into: Slice): Slice | undefined {
    const ref = this.dict.find(field)
    return ref === 0 ? undefined : this.value(ref, into)
  }

  /** Gives the field that value; says whether the field is new. */
  set(field: Slice, value: Slice): boolean {
    const { dict } = this
    const hash = dict.hash(field)
    const found = dict.find(field, hash)
    if (found !== 0) this.dropLong(found)
    if (value.length >= INLINE_LIMIT) this.setLong(found === 0 ? dict.insert(field, 0, hash) : found, value)
    else {
      const ref = found === 0 ? dict.insert(field, value.length, hash) : dict.resizeValue(found, value.length)
      value.copyInto(dict.bytes(ref), dict.valueStart(ref))
    }
    dict.tidy()
    return found === 0
  }

  /** Removes the field; says whether it was there. */
  delete(field: Slice): boolean {
    const { dict } = this
    const ref = dict.find(field)
    if (ref === 0) return false
    this.dropLong(ref)
    dict.remove(ref)
    dict.tidy()
    return true
  }

  // ---- walking -------------------------------------------------------------------------------------------------------

  /** Shows every field, in no order. `visit` must change nothing. */
  forEach(visit: VisitField): void {
    this.dict.forEach(this.showing(visit))
  }

  /**
   * Goes on with a resize of the table; false when there is none under way. From then on, as long as nothing changes, `scan`
   * comes to every bucket once.
   */
  settle(buckets: number): boolean {
    return this.dict.rehashStep(buckets)
  }

  /** Shows the fields of one bucket, and returns the cursor to go on with; 0 begins and ends (see `Dict.scan`). */
  scan(cursor: number, visit: VisitField): number {
    return this.dict.scan(cursor, this.showing(visit))
  }

  // ---- drawing -------------------------------------------------------------------------------------------------------

  /** Shows so many fields, each drawn from all of them; `random` gives numbers in [0, 1). There has to be one. */
  draw(count: number, random: () => number, visit: VisitField): void {
    const show = this.showing(visit)
    for (let i = 0; i < count; i++) show(this.dict.randomRef(random))
  }

  /** Shows so many different fields, fewer than there are. */
  drawDistinct(count: number, random: () => number, visit: VisitField): void {
    const { dict } = this
    const show = this.showing(visit)
    if (count * DRAWN_SHARE <= dict.size) {
      const drawn = new Set<Ref>()
      while (drawn.size < count) drawn.add(dict.randomRef(random))
      for (const ref of drawn) show(ref)
      return
    }
    // Each is taken with the chance that the rest of those wanted has among the rest of all: every choice is as likely.
    let wanted = count
    let left = dict.size
    dict.forEach((ref) => {
      if (random() * left-- >= wanted) return
      wanted--
      show(ref)
    })
  }

  private showing(visit: VisitField): (ref: Ref) => void {
    const field = new Slice()
    const value = new Slice()
    return (ref) => visit(this.dict.keySlice(ref, field), this.value(ref, value))
  }

  // ---- values --------------------------------------------------------------------------------------------------------

  private value(ref: Ref, into: Slice): Slice {
    const { dict } = this
    if (dict.hasObject(ref)) {
      into.buffer = dict.object(ref)
      into.start = 0
      into.length = into.buffer.length
    } else {
      into.buffer = dict.bytes(ref)
      into.start = dict.valueStart(ref)
      into.length = dict.valueLength(ref)
    }
    return into
  }

  private setLong(ref: Ref, value: Slice): void {
    this.dict.setObject(ref, value.copy())
    this.longBytes += value.length + BUFFER_BYTES
  }

  /** The record's value goes: one that lies beside it does not count any more. */
  private dropLong(ref: Ref): void {
    if (this.dict.hasObject(ref)) this.longBytes -= this.dict.object(ref).length + BUFFER_BYTES
  }
}
