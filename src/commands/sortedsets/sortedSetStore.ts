/** The commands that store a sorted set as their result: ZRANGESTORE, ZUNIONSTORE and their kin. */
import { EventClass } from "../../keyspace/Notifications.ts"
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import type { Slice } from "../../values/Slice.ts"
import type { SortedSet } from "../../values/sortedset/SortedSet.ts"
import type { Context } from "../Context.ts"

const stored = new SortedSetView()

/** Puts the members under the key, in the place of what is there, and answers how many they are; without any the key goes. */
export function storeSortedSet({ db, reply }: Context, key: Slice, members: SortedSet, event: string): void {
  if (members.size > 0) {
    stored.store(db, key, members)
    db.changed(EventClass.SortedSet, event, key)
  } else if (db.delete(key)) db.changed(EventClass.Generic, "del", key)
  reply.int(members.size)
}
