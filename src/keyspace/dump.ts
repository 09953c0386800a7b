/**
 * The keyspace as commands that build it up again, a few for each key: what a new append-only file begins with.
 */
import { Slice } from "../values/Slice.ts"
import { Journal, type JournalSink } from "./Journal.ts"
import type { KeyspaceState } from "./Keyspace.ts"
import { facetsOf } from "./types/valueTypes.ts"

/** Gives the sink the commands, in one synchronous step; what is past its deadline is left out. */
export function dump({ databases }: KeyspaceState, sink: JournalSink): void {
  const journal = new Journal()
  journal.connect(sink)
  const key = new Slice()
  for (const db of databases) {
    db.dict.forEach((ref) => {
      if (db.isExpired(ref)) return
      db.dict.keySlice(ref, key)
      facetsOf(db, ref).rebuild(db, ref, key, (words) => journal.command(db.index, words))
      const deadline = db.deadline(ref)
      if (deadline !== -1) journal.command(db.index, ["PEXPIREAT", key, deadline])
    })
  }
}
