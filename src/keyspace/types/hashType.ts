/** What the keyspace says of hashes. */
import { Digest } from "../Digest.ts"
import { Form } from "../Value.ts"
import { HashView } from "../views/HashView.ts"
import type { TypeFacets } from "./TypeFacets.ts"

/** Fields in one command of a log that is written anew, as in Redis. */
const FIELDS_PER_COMMAND = 64

const hash = new HashView()

export const hashType: TypeFacets = {
  encodingName: (db, ref) => (hash.open(db, ref).form === Form.Table ? "hashtable" : "listpack"),
  appendTo: (digest, db, ref) =>
    hash.open(db, ref).forEach((field, value) => {
      const pair = new Digest()
      pair.append(field.view())
      pair.append(value.view())
      digest.addDigest(pair)
    }),
  rebuild: (db, ref, key, emit) => {
    let pairs: Array<Uint8Array> = []
    const flush = () => {
      emit(["HMSET", key, ...pairs])
      pairs = []
    }
    hash.open(db, ref).forEach((field, value) => {
      pairs.push(field.copy(), value.copy())
      if (pairs.length === 2 * FIELDS_PER_COMMAND) flush()
    })
    if (pairs.length > 0) flush()
  }
}
