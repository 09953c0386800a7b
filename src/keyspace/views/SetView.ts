/**
 * A set of the keyspace: an intset or a listpack in its record while it is small, else a table.
 */
import { Int64 } from "../../values/Int64.ts"
import { emptyListpack } from "../../values/listpack/Listpack.ts"
import { Slice } from "../../values/Slice.ts"
import { AnySet } from "../../values/set/AnySet.ts"
import { emptyIntset } from "../../values/set/Intset.ts"
import type { OwnSet } from "../../values/set/OwnSet.ts"
import { SetTable } from "../../values/set/SetTable.ts"
import type { Database } from "../Database.ts"
import { Form, ValueType } from "../Value.ts"
import { ValueView } from "./ValueView.ts"

const NO_INTEGERS = new Slice(emptyIntset)
const NO_MEMBERS = new Slice(emptyListpack)

const integer = new Int64()

export class SetView extends ValueView<SetTable> {
  protected readonly type = ValueType.Set
  protected readonly tableClass = SetTable
  private readonly set = new AnySet({
    bytes: this.bytes,
    limits: () => this.db.keyspace.limits,
    isIntset: () => this.form === Form.Intset,
    table: () => this.table,
    changing: (table) => this.changing(table),
    newTable: () => new SetTable(this.db.keyspace.hashSeed),
    becomePacked: (bytes) => this.becomeCompact(Form.Packed, bytes),
    becomeTable: (table) => this.becomeTable(table)
  })

  get size(): number {
    return this.set.size
  }

  get isTable(): boolean {
    return this.table !== undefined
  }

  has(member: Slice): boolean {
    return this.set.has(member)
  }

  /** False: it was there already. The member must not lie in the set itself. */
  add(member: Slice): boolean {
    return this.set.add(member)
  }

  /** False: it was not there. */
  delete(member: Slice): boolean {
    return this.set.delete(member)
  }

  /** Visits every member, as long as the set does not change; the slice is valid during the call only. */
  forEach(visit: (member: Slice) => void): void {
    this.set.forEach(visit)
  }

  /** Visits the members of one bucket of a table, or all of a compact set; gives the cursor to go on with, 0 at the end. */
  scan(cursor: number, visit: (member: Slice) => void): number {
    return this.set.scan(cursor, visit)
  }

  /** A random member, valid until the set changes. */
  pick(): Slice {
    return this.set.pick(this.db.keyspace.random)
  }

  /** Removes the member that `pick` gave last, if the set has not changed since. */
  deletePicked(): void {
    this.set.deletePicked()
  }

  /** So many members are to be added, perhaps: takes the form that they will need, if they are all new. */
  prepare(count: number): void {
    this.set.prepare(count)
  }

  /**
   * Turns to a new, empty set under a key that is not there. It has the form that suits `first`, if that is given, and so many
   * members.
   */
  create(db: Database, key: Slice, first?: Slice, count = 1): void {
    const { hashSeed, limits } = db.keyspace
    if (first === undefined || (count <= limits.setMaxIntsetEntries && integer.parse(first))) {
      this.createCompact(db, key, Form.Intset, NO_INTEGERS)
    } else if (count <= limits.setMaxListpackEntries) this.createCompact(db, key, Form.Packed, NO_MEMBERS)
    else this.createTable(db, key, new SetTable(hashSeed))
  }

  /** Puts a set under a key, whatever was there. */
  store(db: Database, key: Slice, set: OwnSet): void {
    if (set.table !== undefined) db.storeTable(key, this.type, set.table)
    else db.storeCompact(key, this.type, set.isIntset ? Form.Intset : Form.Packed, set.bytes)
  }

  /** Becomes this set in the place of what it is. */
  become(set: OwnSet): void {
    if (set.table !== undefined) this.becomeTable(set.table)
    else this.becomeCompact(set.isIntset ? Form.Intset : Form.Packed, set.bytes)
  }
}
