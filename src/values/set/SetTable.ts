/**
 * A large set: a hash table of its members, whose bytes lie side by side in pages.
 *
 * Invariant: each member is there once. Places (refs) are valid until the set changes.
 */
import { Dict, type HashSeed, type Ref } from "../dict/Dict.ts"
import { Slice } from "../Slice.ts"

/** What the objects take beside pages and buckets. */
const OBJECT_BYTES = 1200

export class SetTable {
  private readonly dict: Dict<never>

  constructor(private readonly seed: HashSeed) {
    this.dict = Dict.inside(seed)
  }

  get size(): number {
    return this.dict.size
  }

  /** Bytes of memory in all. */
  get memory(): number {
    return OBJECT_BYTES + this.dict.memory()
  }

  clone(): SetTable {
    const copy = new SetTable(this.seed)
    this.forEach((member) => {
      copy.add(member)
    })
    return copy
  }

  has(member: Slice): boolean {
    return this.dict.find(member) !== 0
  }

  /** False: it was there already. */
  add(member: Slice): boolean {
    const { dict } = this
    const hash = dict.hash(member)
    if (dict.find(member, hash) !== 0) return false
    dict.insert(member, 0, hash)
    return true
  }

  /** False: it was not there. */
  delete(member: Slice): boolean {
    const ref = this.dict.find(member)
    if (ref === 0) return false
    this.deleteAt(ref)
    return true
  }

  /** Visits every member; the slice is valid during the call only. */
  forEach(visit: (member: Slice) => void): void {
    const member = new Slice()
    this.dict.forEach((ref) => {
      visit(this.dict.keySlice(ref, member))
    })
  }

  /**
   * Goes on with a resize of the table; false when there is none under way. From then on, as long as nothing changes, `scan`
   * comes to every bucket once.
   */
  settle(buckets: number): boolean {
    return this.dict.rehashStep(buckets)
  }

  /** Visits the members of one bucket, with the guarantees of SCAN; gives the cursor to go on with, 0 at the end. */
  scan(cursor: number, visit: (member: Slice) => void): number {
    const member = new Slice()
    return this.dict.scan(cursor, (ref) => visit(this.dict.keySlice(ref, member)))
  }

  /** The place of a random member; `random` gives numbers in [0, 1). The set is not empty. */
  randomPlace(random: () => number): Ref {
    return this.dict.randomRef(random)
  }

  /** The member at a place, in place. */
  read(place: Ref, into: Slice): Slice {
    return this.dict.keySlice(place, into)
  }

  deleteAt(place: Ref): void {
    this.dict.remove(place)
    this.dict.tidy()
  }
}
