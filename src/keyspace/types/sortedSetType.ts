/** What the keyspace says of sorted sets. */
import { formatDouble } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import type { Database, Ref } from "../Database.ts"
import { Digest } from "../Digest.ts"
import { Form } from "../Value.ts"
import { SortedSetView } from "../views/SortedSetView.ts"
import type { EmitCommand, TypeFacets } from "./TypeFacets.ts"

/** The most members that one command of a log written anew adds. */
const MEMBERS_PER_COMMAND = 64

const set = new SortedSetView()

/** The members with their scores, in whatever order. */
function appendTo(digest: Digest, db: Database, ref: Ref): void {
  set.open(db, ref).forEach((member, score) => {
    const one = new Digest()
    one.append(member.view())
    one.append(Buffer.from(formatDouble(score), "latin1"))
    digest.addDigest(one)
  })
}

function rebuild(db: Database, ref: Ref, key: Slice, emit: EmitCommand): void {
  let words: Array<Slice | string> = ["ZADD", key]
  let members = 0
  set.open(db, ref).forEach((member, score) => {
    words.push(formatDouble(score), new Slice(member.copy()))
    if (++members % MEMBERS_PER_COMMAND !== 0) return
    emit(words)
    words = ["ZADD", key]
  })
  if (words.length > 2) emit(words)
}

export const sortedSetType: TypeFacets = {
  encodingName: (db, ref) => (db.dict.encoding(ref) === Form.Table ? "skiplist" : "listpack"),
  appendTo,
  rebuild
}
