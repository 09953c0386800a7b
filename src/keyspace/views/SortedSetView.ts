/**
 * A sorted set of the keyspace, packed or large (https://redis.io/docs/latest/develop/data-types/sorted-sets/).
 *
 * Invariant: a set becomes large when it gets more members or a longer one than `zset-max-listpack-entries` and
 * `zset-max-listpack-value` allow, and stays so.
 */
import type { Entry } from "../../values/listpack/entries.ts"
import { emptyListpack } from "../../values/listpack/Listpack.ts"
import { Slice } from "../../values/Slice.ts"
import { Bound } from "../../values/sortedset/Bound.ts"
import { PackedSortedSet } from "../../values/sortedset/PackedSortedSet.ts"
import { SortedSet, type VisitMember } from "../../values/sortedset/SortedSet.ts"
import type { Database } from "../Database.ts"
import { Form, ValueType } from "../Value.ts"
import { ValueView } from "./ValueView.ts"

const NO_MEMBERS = new Slice(emptyListpack)

/** Two borders, and what lies between them. */
export class MemberRange {
  readonly min = new Bound()
  readonly max = new Bound()
}

export class SortedSetView extends ValueView<SortedSet> {
  protected readonly type = ValueType.SortedSet
  protected readonly tableClass = SortedSet
  private readonly packed = new PackedSortedSet(this.listpack)
  /** Where `locate` found the member in a packed set, 0 if it is not there. */
  private located = 0

  /** Turns to a new sorted set without members, which gets one at once, under a key that is not there. */
  create(db: Database, key: Slice): void {
    this.createCompact(db, key, Form.Packed, NO_MEMBERS)
  }

  /** Puts a sorted set of these members, in the form that fits, under a key, whatever was there. */
  store(db: Database, key: Slice, members: SortedSet): void {
    if (fitsPacked(db, members)) db.storeCompact(key, this.type, Form.Packed, PackedSortedSet.pack(members))
    else db.storeTable(key, this.type, members)
  }

  get size(): number {
    return this.table?.size ?? this.packed.size
  }

  // ---- members -------------------------------------------------------------------------------------------------------

  score(member: Slice): number | undefined {
    const { table } = this
    if (table !== undefined) return table.score(member)
    const p = this.packed.find(member)
    return p === 0 ? undefined : this.packed.scoreAt(p)
  }

  /** As `score`; `put` then gives the member a score without looking for it again. */
  locate(member: Slice): number | undefined {
    const { table } = this
    if (table !== undefined) return table.locate(member)
    this.located = this.packed.find(member)
    return this.located === 0 ? undefined : this.packed.scoreAt(this.located)
  }

  /** Adds the member that was located last, or gives it another score. Nothing may have changed in between. */
  put(member: Slice, score: number): void {
    const { packed, table } = this
    if (table !== undefined) this.changing(table).put(member, score)
    else if (this.located !== 0) {
      packed.removeAt(this.located)
      packed.insert(member, score)
    } else if (this.hasRoomFor(member)) packed.insert(member, score)
    else this.unpack().set(member, score)
  }

  /** Whether the set, which is packed, stays so with this member. */
  private hasRoomFor({ length }: Slice): boolean {
    const { zsetMaxListpackEntries, zsetMaxListpackValue } = this.db.keyspace.limits
    return length <= zsetMaxListpackValue && this.packed.size < zsetMaxListpackEntries
  }

  private unpack(): SortedSet {
    const table = new SortedSet(this.db.keyspace.hashSeed)
    this.forEach((member, score) => {
      table.set(member, score)
    })
    this.becomeTable(table)
    return table
  }

  /** Removes the member; the key has to go when no other is left. */
  delete(member: Slice): boolean {
    const { table } = this
    if (table !== undefined) return this.changing(table).delete(member)
    const p = this.packed.find(member)
    if (p === 0) return false
    this.packed.removeAt(p)
    return true
  }

  // ---- ranks ---------------------------------------------------------------------------------------------------------

  /** How many members come before this one, undefined if it is not there. */
  rank(member: Slice): number | undefined {
    const { table } = this
    if (table !== undefined) return table.rank(member)
    const p = this.packed.find(member)
    return p === 0 ? undefined : this.packed.rankOf(p)
  }

  /** Makes `into` the member of that rank, valid until the set changes, and returns its score. */
  at(rank: number, into: Entry): number {
    return this.table?.at(rank, into) ?? this.packed.at(rank, into)
  }

  /** The rank of the first member within the range, and the one behind the last: equal if there is none. */
  ranksOf({ max, min }: MemberRange): { readonly from: number; readonly to: number } {
    const { table } = this
    if (table === undefined) {
      const from = this.packed.countBefore(min)
      return { from, to: from + this.packed.countBefore(max, from) }
    }
    const from = table.countBefore(min)
    return { from, to: Math.max(from, table.countBefore(max)) }
  }

  /** Removes the members from rank `from` up to but not including `to`; the key has to go when no other is left. */
  deleteRanks(from: number, to: number): void {
    const { table } = this
    if (table !== undefined) this.changing(table).deleteRanks(from, to)
    else this.packed.deleteRanks(from, to)
  }

  // ---- walking -------------------------------------------------------------------------------------------------------

  /** Visits the members in ascending order. */
  forEach(visit: VisitMember): void {
    this.forEachInRanks(0, this.size, visit)
  }

  /** Visits the members from rank `from` up to but not including `to`. */
  forEachInRanks(from: number, to: number, visit: VisitMember, reverse = false): void {
    const members = this.table ?? this.packed
    if (reverse) members.forEachInRanksReverse(from, to, visit)
    else members.forEachInRanks(from, to, visit)
  }

  /** As `Dict.scan`; a packed set is visited as a whole. */
  scan(cursor: number, visit: VisitMember): number {
    const { table } = this
    if (table !== undefined) return table.scan(cursor, visit)
    this.forEach(visit)
    return 0
  }
}

/** Whether the members are few and short enough to be kept packed. */
function fitsPacked(db: Database, members: SortedSet): boolean {
  const { zsetMaxListpackEntries, zsetMaxListpackValue } = db.keyspace.limits
  if (members.size > zsetMaxListpackEntries) return false
  let longest = 0
  members.forEach(({ length }) => {
    longest = Math.max(longest, length)
  })
  return longest <= zsetMaxListpackValue
}
