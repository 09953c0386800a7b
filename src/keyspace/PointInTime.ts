/**
 * The keyspace as it was at one moment, record by record, while it goes on to change: what a snapshot, a rewritten log or a
 * new replica is made from. Redis forks for this; here a record is shown when the walk reaches it, or before that, in the
 * very transaction that is about to change it (copy-on-write with the record as the page). A large value is shown in parts, and
 * the rest of it when it is about to change.
 *
 * Invariant: of the records that were there at the start the marked ones have been shown, the others have not and are as
 * they were; one at most has been shown by half, is marked, and is as it was. Records that came later are marked.
 */

import type { Dict } from "../values/dict/Dict.ts"
import type { Database, Ref } from "./Database.ts"
import type { Deadline, ExpiryIndex } from "./ExpiryIndex.ts"
import type { KeyspaceState, SnapshotGuard } from "./Keyspace.ts"
import type { ObjectValue } from "./Value.ts"

/** A database as it was at the start. */
export interface FrozenTable {
  /** Its number; SWAPDB may have given it another since. */
  readonly number: number
  readonly size: number
  /** How many of its keys had a deadline. */
  readonly expires: number
  /** Where its records are: no longer in the database once that has been emptied. */
  readonly records: Dict<ObjectValue>
}

/** A value of which only a part has been shown. */
export interface HalfShown {
  /** Shows a little more; false when that was all. */
  readonly step: () => boolean
  /** Shows the rest at once. */
  readonly finish: () => void
}

/**
 * Is shown each record once, in no order; `deadline` in ms since 1970, -1 for never. It must not change anything. Unless it has
 * to be the `whole` record, it may begin with a part of the value and give back what goes on with it.
 */
export type ShowRecord = (table: FrozenTable, ref: Ref, deadline: Deadline, whole: boolean) => HalfShown | undefined

interface Table {
  number: number
  size: number
  expires: number
  records: Dict<ObjectValue>
  deadlines: ExpiryIndex
}

export class PointInTime implements SnapshotGuard {
  /** How many records there were. */
  readonly total: number
  /** How many of them have been shown. */
  shown = 0
  /** How many of those before the walk reached them, because they were about to change. */
  shownEarly = 0
  private readonly tables: ReadonlyMap<Database, Table>
  /** The tables that are still to be walked, the last one first. */
  private readonly ahead: Array<Table>
  private cursor = 0
  private half: (HalfShown & { readonly value: ObjectValue }) | undefined

  /** Begins inside a transaction, whose moment it is. There can be one at a time; it ends with the last `step`. */
  constructor(
    private readonly keyspace: KeyspaceState,
    private readonly show: ShowRecord
  ) {
    this.tables = new Map(keyspace.databases.map((db) => [db, freeze(db)]))
    this.ahead = Array.from(this.tables.values()).reverse()
    this.total = this.ahead.reduce((sum, { size }) => sum + size, 0)
    for (const { records } of this.ahead) records.unmarkAll()
    keyspace.snapshot = this
  }

  /** Whether a value has been shown by half. */
  get isHalfway(): boolean {
    return this.half !== undefined
  }

  /** Shows the records of one more bucket, or more of a value; false when there was none left, and the keyspace is free of this. */
  step(): boolean {
    if (this.half !== undefined) {
      if (!this.half.step()) this.half = undefined
      return true
    }
    const table = this.ahead[this.ahead.length - 1]
    if (table === undefined) {
      this.keyspace.snapshot = undefined
      return false
    }
    const { records } = table
    let large: Ref = 0
    this.cursor = records.scan(this.cursor, (ref) => {
      if (records.isMarked(ref)) return
      // The last of the bucket, so that no other record comes into the middle of it.
      if (large === 0 && records.hasObject(ref)) large = ref
      else this.showOnce(table, ref, true)
    })
    if (large !== 0) this.showPart(table, large)
    if (this.cursor === 0) this.ahead.pop()
    return true
  }

  beforeChange(db: Database, ref: Ref): void {
    if (db.dict.isMarked(ref)) this.beforeChangeOfHalf(db.dict, ref)
    else {
      this.shownEarly++
      this.showOnce(this.tables.get(db)!, ref, true)
    }
  }

  private beforeChangeOfHalf(records: Dict<ObjectValue>, ref: Ref): void {
    const { half } = this
    // Its record may have moved.
    if (half === undefined || !records.hasObject(ref) || records.object(ref) !== half.value) return
    this.half = undefined
    half.finish()
  }

  takeOver(db: Database, records: Dict<ObjectValue>, deadlines: ExpiryIndex): void {
    const table = this.tables.get(db)!
    // Emptied again: the records of the time between are not part of this.
    if (table.records !== db.dict) return
    table.records = records
    table.deadlines = deadlines
  }

  private showPart(table: Table, ref: Ref): void {
    const half = this.showOnce(table, ref, false)
    if (half !== undefined) this.half = { ...half, value: table.records.object(ref) }
  }

  private showOnce(table: Table, ref: Ref, whole: boolean): HalfShown | undefined {
    const { records, deadlines } = table
    records.mark(ref)
    this.shown++
    const id = records.expiryId(ref)
    return this.show(table, ref, id === 0 ? -1 : deadlines.exactDeadline(id), whole)
  }
}

const freeze = (db: Database): Table => ({
  number: db.index,
  size: db.size,
  expires: db.expires.size,
  records: db.dict,
  deadlines: db.expires
})
