/**
 * What commands of consumer groups leave in the journal. Who was given what, and when, depends on the moment, so that it is
 * not the request that is repeated but its outcome: XCLAIM for every entry, XGROUP SETID for how far the group is.
 */
import type { Consumer } from "../../values/stream/Consumer.ts"
import type { ConsumerGroup } from "../../values/stream/ConsumerGroup.ts"
import type { StreamId } from "../../values/stream/StreamId.ts"
import type { Context } from "../Context.ts"

/** What `work` journals is repeated all or not at all, in the place of the request. */
export function journalTogether(ctx: Context, work: () => void): void {
  const { journal } = ctx.keyspace
  ctx.journaled = true
  // Inside a transaction all commands belong together anyway.
  const isUnit = journal.active && !ctx.inTransaction
  if (isUnit) journal.beginUnit()
  try {
    work()
  } finally {
    if (isUnit) journal.endUnit()
  }
}

/** The pending entry at the group's cursor is as it is now. `key`: which word is the stream's. */
export function journalClaim(ctx: Context, key: number, group: ConsumerGroup, id: StreamId): void {
  const { args, db, keyspace } = ctx
  if (!keyspace.journal.active) return
  const { owner, pending } = group
  keyspace.journal.command(db.index, [
    ...["XCLAIM", args.at(key), group.name, owner.name, 0, id.toString()],
    ...["TIME", pending.deliveryTime, "RETRYCOUNT", pending.deliveryCount],
    ...["FORCE", "JUSTID", "LASTID", group.lastId.toString()]
  ])
}

/** The group has been read up to where it is now. */
export function journalGroupId(ctx: Context, key: number, group: ConsumerGroup): void {
  const { args, db, keyspace } = ctx
  if (!keyspace.journal.active) return
  const words = ["XGROUP", "SETID", args.at(key), group.name, group.lastId.toString()]
  keyspace.journal.command(db.index, [...words, "ENTRIESREAD", group.entriesReadOption])
}

export function journalConsumer(ctx: Context, key: number, group: ConsumerGroup, consumer: Consumer): void {
  const { args, db, keyspace } = ctx
  keyspace.journal.command(db.index, ["XGROUP", "CREATECONSUMER", args.at(key), group.name, consumer.name])
}
