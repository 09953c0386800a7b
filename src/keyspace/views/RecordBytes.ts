/**
 * The bytes of a record's value, of a string or of a collection in a compact form, to be changed in place.
 *
 * Invariant: `ref` is where the record is now, although splicing may move it; a snapshot is told before a splice.
 */
import { SplicedBytes } from "../../values/SplicedBytes.ts"
import type { Database, Ref } from "../Database.ts"

export class RecordBytes extends SplicedBytes {
  db!: Database
  ref: Ref = 0

  point(db: Database, ref: Ref): void {
    this.db = db
    this.ref = ref
    db.string(ref, this)
  }

  splice(at: number, removed: number, added: number): void {
    this.ref = this.db.spliceBytes(this.ref, at, removed, added)
    this.db.string(this.ref, this)
  }
}
