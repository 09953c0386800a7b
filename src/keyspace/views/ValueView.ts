/**
 * A collection of the keyspace, whichever form it has: the base of `HashView`, `SetView`, `SortedSetView`, `ListView` and
 * `StreamView`, which commands put on a key and then use like the collection itself. Views are few and used again and again.
 *
 * Invariant: a view is valid until its key is removed or another command runs; `ref` is where the record is now, although
 * changes may move it; a snapshot is told before the value changes.
 */
import { Listpack } from "../../values/listpack/Listpack.ts"
import type { Slice } from "../../values/Slice.ts"
import type { Database, Ref } from "../Database.ts"
import { Form, type ObjectValue, type ValueType } from "../Value.ts"
import { RecordBytes } from "./RecordBytes.ts"

/** `Table` is the class of the objects that are the collection's large form. */
export abstract class ValueView<Table extends ObjectValue> {
  db!: Database
  /** The value's bytes when it is in a compact form. */
  protected readonly bytes = new RecordBytes()
  /** The value when it is packed. */
  protected readonly listpack = new Listpack(this.bytes)
  private tableOrNone: Table | undefined
  private place: Ref = 0

  protected abstract readonly type: ValueType
  /** The class of the large form. */
  protected abstract readonly tableClass: abstract new (
    ...args: never
  ) => Table

  /** Where the key's record is. */
  get ref(): Ref {
    return this.tableOrNone === undefined ? this.bytes.ref : this.place
  }

  get form(): Form {
    if (this.tableOrNone !== undefined) return Form.Table
    return this.db.dict.encoding(this.bytes.ref) === Form.Intset ? Form.Intset : Form.Packed
  }

  /** The large form, undefined if the value is in a compact one. */
  protected get table(): Table | undefined {
    return this.tableOrNone
  }

  // ---- finding -------------------------------------------------------------------------------------------------------

  /** Turns to the value of a key that will be read, and counts the hit or miss. False: there is none. Throws WRONGTYPE. */
  read(db: Database, key: Slice): boolean {
    return this.found(db, db.readType(key, this.type))
  }

  /** Turns to the value of a key that will be changed: used now, but neither hit nor miss. False: there is none. Throws WRONGTYPE. */
  write(db: Database, key: Slice): boolean {
    return this.found(db, db.writeType(key, this.type))
  }

  private found(db: Database, ref: Ref): boolean {
    if (ref === 0) return false
    this.open(db, ref)
    return true
  }

  /** Turns to a record that holds a value of this type. */
  open(db: Database, ref: Ref): this {
    this.db = db
    if (db.dict.encoding(ref) === Form.Table) {
      this.place = ref
      this.tableOrNone = this.asTable(db.dict.object(ref))
    } else {
      this.tableOrNone = undefined
      this.bytes.point(db, ref)
    }
    return this
  }

  private asTable(object: ObjectValue): Table {
    if (object instanceof this.tableClass) return object
    throw new Error(`A value of type ${this.type} has a large form of another`)
  }

  // ---- making and removing -------------------------------------------------------------------------------------------

  /** Turns to a new value in a compact form, of these bytes, under a key that is not there. */
  protected createCompact(db: Database, key: Slice, form: typeof Form.Packed | typeof Form.Intset, bytes: Slice): void {
    this.open(db, db.insertCompact(key, this.type, form, bytes))
  }

  /** Turns to a new value in its large form under a key that is not there. */
  createTable(db: Database, key: Slice, table: Table): void {
    this.open(db, db.insertTable(key, this.type, table))
  }

  /** The value becomes its large form. */
  protected becomeTable(table: Table): void {
    this.open(this.db, this.db.becomeTable(this.ref, table))
  }

  /** The value becomes a compact form of these bytes. */
  protected becomeCompact(form: typeof Form.Packed | typeof Form.Intset, bytes: Slice): void {
    this.open(this.db, this.db.becomeCompact(this.ref, form, bytes))
  }

  /** The large form, about to be changed. */
  protected changing(table: Table): Table {
    this.db.keyspace.snapshot?.beforeChange(this.db, this.place)
    return table
  }

  /** The key goes. */
  remove(): void {
    this.db.remove(this.ref)
  }
}
