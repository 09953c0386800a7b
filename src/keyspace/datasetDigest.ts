/**
 * DEBUG DIGEST: 20 bytes that are the same for two servers exactly when (short of a collision) they hold the same data.
 * The algorithm is redis-server's, so that its data sets and ours can be compared.
 *
 * Invariant: the order in which keys and databases are visited does not matter; what has an order inside a value does.
 */
import { Slice } from "../values/Slice.ts"
import type { Database, Ref } from "./Database.ts"
import { Digest, word } from "./Digest.ts"
import { facetsOf } from "./types/valueTypes.ts"

const EXPIRES = Buffer.from("!!expire!!")

const scratch = new Slice()

/** The type, the value, and whether there is a deadline (but not which: clocks differ). */
function appendValue(digest: Digest, db: Database, ref: Ref): void {
  digest.append(word(db.dict.type(ref)))
  facetsOf(db, ref).appendTo(digest, db, ref)
  if (db.deadline(ref) !== -1) digest.add(EXPIRES)
}

/** 40 hexadecimal digits for what is under a key; zeros for nothing. */
export function valueDigest(db: Database, ref: Ref): string {
  const digest = new Digest()
  if (ref !== 0) appendValue(digest, db, ref)
  return digest.toString()
}

/** 40 hexadecimal digits for all keys of all databases; keys past their deadline do not count. */
export function datasetDigest(databases: ReadonlyArray<Database>): string {
  const whole = new Digest()
  for (const db of databases) {
    if (db.size === 0) continue
    whole.append(word(db.index))
    db.dict.forEach((ref) => {
      if (db.isExpired(ref)) return
      const digest = new Digest()
      digest.append(db.dict.keySlice(ref, scratch).view())
      appendValue(digest, db, ref)
      whole.addDigest(digest)
    })
  }
  return whole.toString()
}
