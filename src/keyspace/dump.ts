/**
 * The keyspace as commands that build it up again: what a new append-only file begins with.
 */
import { Slice } from "../values/Slice.ts"
import { Journal, type JournalSink } from "./Journal.ts"
import type { KeyspaceState } from "./Keyspace.ts"

/** Gives the sink a command for each key, in one synchronous step; what is past its deadline is left out. */
export function dump({ databases }: KeyspaceState, sink: JournalSink): void {
  const journal = new Journal()
  journal.connect(sink)
  const key = new Slice()
  const value = new Slice()
  for (const db of databases) {
    db.dict.forEach((ref) => {
      if (db.isExpired(ref)) return
      const words = ["SET", db.dict.keySlice(ref, key), db.string(ref, value)]
      const deadline = db.deadline(ref)
      journal.command(db.index, deadline === -1 ? words : [...words, "PXAT", deadline])
    })
  }
}
