/**
 * A set in whichever of its three forms: an intset as long as it is small and holds integers only, a listpack while it is
 * small, then a table (https://redis.io/docs/latest/develop/data-types/sets/). Where the forms live is the home's business.
 *
 * A set goes from one form to the next as in Redis 7.2, when a member is added that the form is not meant for, and not back.
 *
 * Invariant: a slice that is given out is valid until the set changes or gives out another.
 */
import { Int64 } from "../Int64.ts"
import { Entry } from "../listpack/entries.ts"
import { emptyListpack, Listpack } from "../listpack/Listpack.ts"
import type { Slice } from "../Slice.ts"
import { OwnBytes, type SplicedBytes } from "../SplicedBytes.ts"
import { Intset } from "./Intset.ts"
import type { SetTable } from "./SetTable.ts"

/** The directives of these names. */
export interface SetLimits {
  readonly setMaxIntsetEntries: number
  readonly setMaxListpackEntries: number
  /** Bytes. */
  readonly setMaxListpackValue: number
}

/** Where a set lives. */
export interface SetHome {
  /** Those of a compact form; always the same object. */
  readonly bytes: SplicedBytes
  readonly limits: () => SetLimits
  /** The form is an intset; if not so and there is no table, a listpack. */
  readonly isIntset: () => boolean
  readonly table: () => SetTable | undefined
  /** The set is about to change in its table. */
  readonly changing: (table: SetTable) => SetTable
  readonly newTable: () => SetTable
  /** Replaces the form; the bytes are those of a listpack. */
  readonly becomePacked: (bytes: Slice) => void
  readonly becomeTable: (table: SetTable) => void
}

/** An intset holds no more in any case. */
const MOST_INTEGERS = 2 ** 30
/** A listpack gets no longer in any case, in bytes. */
const MOST_BYTES = 2 ** 30
/** No integer takes more in a listpack. */
const INTEGER_BYTES = 11

/** Whether an intset may have so many members. */
export const fitsIntset = (count: number, limits: SetLimits): boolean =>
  count <= Math.min(limits.setMaxIntsetEntries, MOST_INTEGERS)

export class AnySet {
  private readonly intset: Intset
  private readonly listpack: Listpack
  private readonly integer = new Int64()
  private readonly entry = new Entry()
  /** Where the member is that `pick` gave: a number, a position or a place, depending on the form. */
  private picked = 0

  constructor(private readonly home: SetHome) {
    this.intset = new Intset(home.bytes)
    this.listpack = new Listpack(home.bytes)
  }

  get size(): number {
    const table = this.home.table()
    if (table !== undefined) return table.size
    return this.home.isIntset() ? this.intset.count : this.listpack.count
  }

  has(member: Slice): boolean {
    const table = this.home.table()
    if (table !== undefined) return table.has(member)
    if (this.home.isIntset()) return this.integer.parse(member) && this.intset.has(this.integer)
    return this.listpack.find(member) !== 0
  }

  // ---- adding --------------------------------------------------------------------------------------------------------

  /** False: it was there already. The member must not lie in the set's own bytes. */
  add(member: Slice): boolean {
    const table = this.home.table()
    if (table !== undefined) return this.home.changing(table).add(member)
    return this.home.isIntset() ? this.addToIntset(member) : this.addToListpack(member)
  }

  /** So many members are to be added, perhaps: the form becomes the one that they will need, if they are all new. */
  prepare(count: number): void {
    if (this.home.table() !== undefined) return
    const limits = this.home.limits()
    const fits = this.home.isIntset() ? count <= limits.setMaxIntsetEntries : count <= limits.setMaxListpackEntries
    if (!fits) this.becomeTable()
  }

  private addToIntset(member: Slice): boolean {
    const { home, integer, intset, listpack } = this
    if (integer.parse(member)) {
      if (!intset.add(integer)) return false
      if (!fitsIntset(intset.count, home.limits())) this.becomeTable()
    } else if (this.packsWith(member)) {
      this.becomePacked()
      listpack.append(member)
    } else this.becomeTable().add(member)
    return true
  }

  private addToListpack(member: Slice): boolean {
    const { listpack } = this
    if (listpack.find(member) !== 0) return false
    const limits = this.home.limits()
    const fits =
      member.length <= limits.setMaxListpackValue &&
      listpack.count < limits.setMaxListpackEntries &&
      listpack.byteLength + member.length <= MOST_BYTES
    if (fits) listpack.append(member)
    else this.becomeTable().add(member)
    return true
  }

  /** Whether the integers may be in a listpack, together with a member that is none. */
  private packsWith(member: Slice): boolean {
    const { intset } = this
    const limits = this.home.limits()
    const { count } = intset
    return (
      count < limits.setMaxListpackEntries &&
      Math.max(member.length, this.longestInteger()) <= limits.setMaxListpackValue &&
      count * INTEGER_BYTES + member.length <= MOST_BYTES
    )
  }

  /** The most characters that one of the integers has. */
  private longestInteger(): number {
    const { entry, intset } = this
    const { count } = intset
    if (count === 0) return 0
    return Math.max(intset.read(0, entry).length, intset.read(count - 1, entry).length)
  }

  private becomePacked(): void {
    const bytes = new OwnBytes(emptyListpack.slice())
    const listpack = new Listpack(bytes)
    this.forEach((member) => {
      listpack.append(member)
    })
    this.home.becomePacked(bytes)
  }

  private becomeTable(): SetTable {
    const table = this.home.newTable()
    this.forEach((member) => {
      table.add(member)
    })
    this.home.becomeTable(table)
    return table
  }

  // ---- removing ------------------------------------------------------------------------------------------------------

  /** False: it was not there. */
  delete(member: Slice): boolean {
    const table = this.home.table()
    if (table !== undefined) return this.home.changing(table).delete(member)
    if (this.home.isIntset()) return this.integer.parse(member) && this.intset.delete(this.integer)
    const p = this.listpack.find(member)
    if (p !== 0) this.listpack.remove(p)
    return p !== 0
  }

  /** A random member of the set, which is not empty; `random` gives numbers in [0, 1). */
  pick(random: () => number): Slice {
    const table = this.home.table()
    if (table !== undefined) {
      this.picked = table.randomPlace(random)
      return table.read(this.picked, this.entry)
    }
    const index = Math.floor(random() * this.size)
    if (this.home.isIntset()) {
      this.picked = index
      return this.intset.read(index, this.entry)
    }
    this.picked = this.listpack.seek(index)
    return this.listpack.read(this.picked, this.entry)
  }

  /** Removes the member that `pick` gave last, if the set has not changed since. */
  deletePicked(): void {
    const table = this.home.table()
    if (table !== undefined) this.home.changing(table).deleteAt(this.picked)
    else if (this.home.isIntset()) this.intset.deleteAt(this.picked)
    else this.listpack.remove(this.picked)
  }

  // ---- walking -------------------------------------------------------------------------------------------------------

  /** Visits every member, as long as the set does not change. */
  forEach(visit: (member: Slice) => void): void {
    const { entry, intset, listpack } = this
    const table = this.home.table()
    if (table !== undefined) table.forEach(visit)
    else if (this.home.isIntset()) {
      const { count } = intset
      for (let i = 0; i < count; i++) visit(intset.read(i, entry))
    } else for (let p = listpack.first(); p !== 0; p = listpack.next(p)) visit(listpack.read(p, entry))
  }

  /** Visits the members of one bucket of a table, or all of a compact set; gives the cursor to go on with, 0 at the end. */
  scan(cursor: number, visit: (member: Slice) => void): number {
    const table = this.home.table()
    if (table !== undefined) return table.scan(cursor, visit)
    this.forEach(visit)
    return 0
  }
}
