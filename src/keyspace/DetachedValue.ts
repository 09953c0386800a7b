/**
 * A value that is in no database yet: read from a file or a DUMP payload, whole and checked, before it takes its place.
 */
import type { HashSeed } from "../values/dict/hash.ts"
import type { Slice } from "../values/Slice.ts"
import type { Database, Ref } from "./Database.ts"
import type { CollectionLimits } from "./limits.ts"
import { Form, type ObjectValue, ValueType } from "./Value.ts"

export type DetachedValue =
  /** The bytes of a string, or of a collection in a compact form; they may be valid for a short while only. */
  | { readonly type: ValueType; readonly form: typeof Form.Packed | typeof Form.Intset; readonly bytes: Slice }
  /** A collection in its large form. */
  | { readonly type: ValueType; readonly form: typeof Form.Table; readonly table: ObjectValue }

/** What decides the form of a collection; a keyspace has it. */
export interface CollectionSettings {
  readonly limits: CollectionLimits
  readonly hashSeed: HashSeed
}

/** Puts the value under a key that is not there. */
export function insertDetached(db: Database, key: Slice, value: DetachedValue): Ref {
  if (value.form === Form.Table) return db.insertTable(key, value.type, value.table)
  if (value.type === ValueType.String) return db.insertString(key, value.bytes)
  return db.insertCompact(key, value.type, value.form, value.bytes)
}

export const packed = (type: ValueType, bytes: Slice): DetachedValue => ({ type, form: Form.Packed, bytes })
export const large = (type: ValueType, table: ObjectValue): DetachedValue => ({ type, form: Form.Table, table })
