/**
 * What the keyspace says of strings. How Redis would keep one depends on what was done to it only, never on how it lies in
 * memory here.
 */
import { parseInt64 } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import type { Database, Ref } from "../Database.ts"
import { StringOrigin } from "../Value.ts"
import type { TypeFacets } from "./TypeFacets.ts"

/** Strings up to so many bytes share an allocation with their object. */
const EMBEDDED_LIMIT = 44
/** Numbers from 0 up to but not including this one exist once for all keys. */
const SHARED_INTEGERS = 10_000
/** What Redis answers for the references of an object that is never freed. */
const SHARED_REFERENCES = 2 ** 31 - 1

const scratch = new Slice()

/** The whole number that Redis would keep instead of the string's bytes. */
function numberOf(db: Database, ref: Ref): bigint | undefined {
  const origin = db.dict.encoding(ref)
  if (origin === StringOrigin.Modified || origin === StringOrigin.Computed) return undefined
  return parseInt64(db.string(ref, scratch))
}

/** `int`, `embstr` or `raw`. */
function encodingName(db: Database, ref: Ref): string {
  if (numberOf(db, ref) !== undefined) return "int"
  if (db.dict.encoding(ref) === StringOrigin.Modified) return "raw"
  return db.stringLength(ref) <= EMBEDDED_LIMIT ? "embstr" : "raw"
}

/** How many keys hold the very same string: 1, or 2^31 - 1 for the small numbers. */
function referenceCount(db: Database, ref: Ref): number {
  const number = numberOf(db, ref)
  const isShared =
    number !== undefined && number >= 0n && number < SHARED_INTEGERS && db.dict.encoding(ref) === StringOrigin.Stored
  return isShared ? SHARED_REFERENCES : 1
}

export const stringType: TypeFacets = {
  encodingName,
  referenceCount,
  appendTo: (digest, db, ref) => digest.append(db.string(ref, scratch).view()),
  rebuild: (db, ref, key, emit) => emit(["SET", key, db.string(ref, scratch)])
}
