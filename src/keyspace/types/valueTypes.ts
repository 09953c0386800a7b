/** The facets of every type of value. */
import type { Database, Ref } from "../Database.ts"
import { ValueType } from "../Value.ts"
import { hashType } from "./hashType.ts"
import { listType } from "./listType.ts"
import { setType } from "./setType.ts"
import { sortedSetType } from "./sortedSetType.ts"
import { streamType } from "./streamType.ts"
import { stringType } from "./stringType.ts"
import type { TypeFacets } from "./TypeFacets.ts"

const valueTypes: Readonly<Record<number, TypeFacets>> = {
  [ValueType.String]: stringType,
  [ValueType.Set]: setType,
  [ValueType.SortedSet]: sortedSetType,
  [ValueType.List]: listType,
  [ValueType.Stream]: streamType,
  [ValueType.Hash]: hashType
}

export const facetsOf = (db: Database, ref: Ref): TypeFacets => valueTypes[db.dict.type(ref)]!

/** How Redis would keep the value, as OBJECT ENCODING and DEBUG OBJECT name it. */
export const encodingName = (db: Database, ref: Ref): string => facetsOf(db, ref).encodingName(db, ref)

/** How many keys hold the very same value, as OBJECT REFCOUNT tells. */
export const referenceCount = (db: Database, ref: Ref): number => facetsOf(db, ref).referenceCount?.(db, ref) ?? 1
