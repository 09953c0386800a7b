/** What the keyspace says of sets. */
import { Form } from "../Value.ts"
import { SetView } from "../views/SetView.ts"
import type { TypeFacets } from "./TypeFacets.ts"

/** How many members one SADD adds when a set is built up again, as in redis-server. */
const BATCH = 64

const ENCODINGS: Readonly<Record<Form, string>> = {
  [Form.Packed]: "listpack",
  [Form.Intset]: "intset",
  [Form.Table]: "hashtable"
}

const set = new SetView()

export const setType: TypeFacets = {
  encodingName: (db, ref) => ENCODINGS[set.open(db, ref).form],
  appendTo: (digest, db, ref) =>
    set.open(db, ref).forEach((member) => {
      digest.add(member.view())
    }),
  rebuild: (db, ref, key, emit) => {
    let batch: Array<Uint8Array> = []
    set.open(db, ref).forEach((member) => {
      if (batch.length === BATCH) {
        emit(["SADD", key, ...batch])
        batch = []
      }
      batch.push(member.copy())
    })
    emit(["SADD", key, ...batch])
  }
}
