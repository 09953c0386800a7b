/**
 * A hash of the keyspace: packed, as a listpack of fields and values in turn, or a `HashTable`.
 *
 * It becomes a table, and stays one, where Redis would make it one: when it has more than `hash-max-listpack-entries`
 * fields, or a field or value of more than `hash-max-listpack-value` bytes is set.
 */
import { HashTable, type VisitField } from "../../values/hash/HashTable.ts"
import { Entry } from "../../values/listpack/entries.ts"
import { emptyListpack } from "../../values/listpack/Listpack.ts"
import { Slice } from "../../values/Slice.ts"
import type { Database } from "../Database.ts"
import { Form, ValueType } from "../Value.ts"
import { ValueView } from "./ValueView.ts"

const EMPTY = new Slice(emptyListpack)
/** No listpack becomes longer: bytes (Redis' LISTPACK_MAX_SAFETY_LIMIT). */
const MAX_LISTPACK_BYTES = 2 ** 30
/** An entry of a listpack is a field or a value. */
const ENTRIES_PER_FIELD = 2

export class HashView extends ValueView<HashTable> {
  protected readonly type = ValueType.Hash
  protected readonly tableClass = HashTable

  /** Turns to a new hash under a key that is not there. It is empty: a field has to be set at once. */
  create(db: Database, key: Slice): void {
    this.createCompact(db, key, Form.Packed, EMPTY)
  }

  /** How many fields there are. */
  get size(): number {
    return this.table?.size ?? this.listpack.count / ENTRIES_PER_FIELD
  }

  has(field: Slice): boolean {
    const { table } = this
    return table === undefined ? this.find(field) !== 0 : table.has(field)
  }

  /** The field's value, valid until the next change; `into` is the slice to use. Undefined if there is no such field. */
  get(field: Slice, into: Entry): Slice | undefined {
    const { table } = this
    if (table !== undefined) {
      into.isInteger = false
      return table.get(field, into)
    }
    const at = this.find(field)
    return at === 0 ? undefined : this.listpack.read(this.listpack.next(at), into)
  }

  // ---- changing ------------------------------------------------------------------------------------------------------

  /**
   * Some fields are about to be set: so many, with names and values of so many bytes in all, the longest of them this long. The
   * hash becomes a table at once if they would make it one.
   */
  expect(fields: number, bytes: number, longest: number): void {
    if (this.table !== undefined) return
    const { hashMaxListpackEntries, hashMaxListpackValue } = this.db.keyspace.limits
    const tooMany = fields > hashMaxListpackEntries
    const tooLong = longest > hashMaxListpackValue || this.listpack.byteLength + bytes > MAX_LISTPACK_BYTES
    if (tooMany || tooLong) this.convert()
  }

  /** Gives the field that value; says whether the field is new. */
  set(field: Slice, value: Slice): boolean {
    const { hashMaxListpackEntries, hashMaxListpackValue } = this.db.keyspace.limits
    const { table } = this
    if (table !== undefined) return this.changing(table).set(field, value)
    if (field.length > hashMaxListpackValue || value.length > hashMaxListpackValue)
      return this.convert().set(field, value)
    const { listpack } = this
    const at = this.find(field)
    if (at !== 0) listpack.replace(listpack.next(at), value)
    else listpack.appendPair(field, value)
    if (this.size > hashMaxListpackEntries) this.convert()
    return at === 0
  }

  /** Removes the field; says whether it was there. A hash without fields has to be removed. */
  delete(field: Slice): boolean {
    const { table } = this
    if (table !== undefined) return this.changing(table).delete(field)
    const at = this.find(field)
    if (at !== 0) this.listpack.remove(at, ENTRIES_PER_FIELD)
    return at !== 0
  }

  private find(field: Slice): number {
    return this.listpack.find(field, this.listpack.first(), ENTRIES_PER_FIELD)
  }

  private convert(): HashTable {
    const table = new HashTable(this.db.keyspace.hashSeed)
    this.forEach((field, value) => void table.set(field, value))
    this.becomeTable(table)
    return table
  }

  // ---- walking -------------------------------------------------------------------------------------------------------

  /** Shows every field: in the order in which they were added if the hash is packed. `visit` must change nothing. */
  forEach(visit: VisitField): void {
    const { listpack, table } = this
    if (table !== undefined) table.forEach(visit)
    else {
      const show = this.showing(visit)
      for (let at = listpack.first(); at !== 0; ) at = show(at)
    }
  }

  /** Shows the fields of one bucket, or all of them if the hash is packed; gives the cursor to go on with, 0 at the end. */
  scan(cursor: number, visit: VisitField): number {
    if (this.table !== undefined) return this.table.scan(cursor, visit)
    this.forEach(visit)
    return 0
  }

  // ---- drawing -------------------------------------------------------------------------------------------------------

  /** Shows so many fields, each drawn from all of them. */
  draw(count: number, visit: VisitField): void {
    const { random } = this.db.keyspace
    if (this.table !== undefined) {
      this.table.draw(count, random, visit)
      return
    }
    const places = this.places()
    const show = this.showing(visit)
    for (let i = 0; i < count; i++) show(places[Math.floor(random() * places.length)]!)
  }

  /** Shows so many different fields, fewer than there are. */
  drawDistinct(count: number, visit: VisitField): void {
    const { random } = this.db.keyspace
    if (this.table !== undefined) {
      this.table.drawDistinct(count, random, visit)
      return
    }
    const show = this.showing(visit)
    const places = this.places()
    let wanted = count
    // Each is taken with the chance that the rest of those wanted has among the rest of all: every choice is as likely.
    for (const [i, at] of places.entries()) {
      if (random() * (places.length - i) >= wanted) continue
      wanted--
      show(at)
    }
  }

  /** Where the fields are. */
  private places(): ReadonlyArray<number> {
    const { listpack } = this
    const places: Array<number> = []
    for (let at = listpack.first(); at !== 0; at = listpack.next(listpack.next(at))) places.push(at)
    return places
  }

  /** Shows the field at a place, and gives the place of the next one. */
  private showing(visit: VisitField): (at: number) => number {
    const { listpack } = this
    const field = new Entry()
    const value = new Entry()
    return (at) => {
      const valueAt = listpack.next(at)
      visit(listpack.read(at, field), listpack.read(valueAt, value))
      return listpack.next(valueAt)
    }
  }
}
