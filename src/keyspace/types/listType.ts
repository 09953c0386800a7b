/**
 * What the keyspace says of lists.
 */
import { Entry } from "../../values/listpack/entries.ts"
import type { Slice } from "../../values/Slice.ts"
import type { Database, Ref } from "../Database.ts"
import { Form } from "../Value.ts"
import { ListView } from "../views/ListView.ts"
import type { EmitCommand, TypeFacets } from "./TypeFacets.ts"

/** So many elements a command adds when a list is built up again, as in Redis. */
const BATCH = 64

const list = new ListView()
/** The elements of one command, which are needed all at once. */
const batch: ReadonlyArray<Entry> = Array.from({ length: BATCH }, () => new Entry())

function rebuild(db: Database, ref: Ref, key: Slice, emit: EmitCommand): void {
  list.open(db, ref)
  let more = list.seek(0)
  while (more) {
    let count = 0
    for (; more && count < BATCH; more = list.next()) list.current(batch[count++]!)
    emit(["RPUSH", key, ...batch.slice(0, count)])
  }
}

export const listType: TypeFacets = {
  encodingName: (db, ref) => (db.dict.encoding(ref) === Form.Table ? "quicklist" : "listpack"),
  appendTo: (digest, db, ref) =>
    list.open(db, ref).forEach((element) => {
      digest.append(element.view())
    }),
  rebuild
}
