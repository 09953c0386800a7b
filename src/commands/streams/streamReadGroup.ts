/**
 * XREADGROUP: reading a stream as one of the consumers of a group (https://redis.io/docs/latest/commands/xreadgroup/).
 *
 * `>` asks for entries that nobody in the group was handed yet, and can wait for some; any other id asks for the consumer's own
 * pending entries after it.
 */
import * as Errors from "../../Errors.ts"
import { ValueType } from "../../keyspace/Value.ts"
import { StreamView } from "../../keyspace/views/StreamView.ts"
import type { Lane } from "../../keyspace/Waiters.ts"
import type { Consumer } from "../../values/stream/Consumer.ts"
import type { ConsumerGroup } from "../../values/stream/ConsumerGroup.ts"
import { advance } from "../../values/stream/groupProgress.ts"
import type { Stream } from "../../values/stream/Stream.ts"
import { StreamCursor } from "../../values/stream/StreamCursor.ts"
import { MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import type { Args } from "../Args.ts"
import { blockOn } from "../blocking.ts"
import type { CommandDefinition } from "../Command.ts"
import type { Context } from "../Context.ts"
import type { Block } from "../Suspend.ts"
import { writeEntry, writeEntryOf, writeId } from "./streamEntries.ts"
import { announceConsumer } from "./streamGroups.ts"
import { journalClaim, journalConsumer, journalGroupId, journalTogether } from "./streamGroupsJournal.ts"
import { readId } from "./streamIds.ts"
import { readStreamOptions, type StreamReadOptions } from "./streamReadOptions.ts"

const view = new StreamView()
const cursor = new StreamCursor()
const after = new MutableStreamId()

/** Those who wait for entries for the same group: what one of them gets the others do not. */
const groupLane = (group: string): Lane => ({
  name: `group:${group}`,
  type: ValueType.Stream,
  shares: false,
  minds: true
})

// ---- reading the request -----------------------------------------------------------------------------------------------

/** Gives an id of the request; the greatest there can be stands for `>`. */
function readAfter(args: Args, index: number): StreamId {
  if (args.is(index, ">")) return after.set(StreamId.MAX)
  if (args.is(index, "$")) throw Errors.lastIdForGroup
  return readId(args, index, 0, after)
}

/** All streams have to have the group, and all ids have to be some, before any entry is handed out. */
function check({ args, db }: Context, { group, keys, streams }: StreamReadOptions): void {
  for (let i = keys; i < keys + streams; i++) {
    const isThere = view.read(db, args.at(i)) && view.stream.groups.get(args.at(group)) !== undefined
    if (!isThere) throw Errors.noGroupToRead(args.text(i), args.text(group))
    readAfter(args, i + streams)
  }
}

// ---- one stream --------------------------------------------------------------------------------------------------------

/** What is read of one stream, for whom. */
interface Reading {
  /** Which word is the stream's key. */
  readonly key: number
  readonly stream: Stream
  readonly group: ConsumerGroup
  readonly consumer: Consumer
  readonly options: StreamReadOptions
}

/** Turns to the stream whose key is that word. The consumer is there from its first try on. */
function open(ctx: Context, options: StreamReadOptions, key: number): Reading {
  const { args, db, now } = ctx
  view.read(db, args.at(key))
  const stream = view.changed
  const group = stream.groups.get(args.at(options.group))!
  let consumer = group.consumer(args.at(options.group + 1))
  if (consumer === undefined) {
    consumer = group.createConsumer(args.at(options.group + 1), now)
    announceConsumer(ctx, key)
    // Without pending entries nothing else tells of it.
    if (options.noAck) journalConsumer(ctx, key, group, consumer)
  }
  consumer.seenTime = now
  return { key, stream, group, consumer, options }
}

/** Hands out entries that the group has not read yet; gives how many. */
function writeNew(ctx: Context, { consumer, group, key, options, stream }: Reading): number {
  const { now, reply } = ctx
  let count = 0
  let advanced = false
  after.set(group.lastId).increment()
  for (cursor.forward(stream, after, StreamId.MAX); cursor.next(); ) {
    advanced = advance(group, stream, cursor.id) || advanced
    writeEntry(reply, cursor)
    if (!options.noAck) {
      group.deliver(cursor.id, consumer, now)
      consumer.activeTime = now
      journalClaim(ctx, key, group, cursor.id)
    }
    if (++count === options.count) break
  }
  // What XCLAIM carries is where the group is, not how much it has read.
  if (advanced) journalGroupId(ctx, key, group)
  return count
}

/** Hands out the consumer's pending entries after an id once more; gives how many. Of one that was deleted only the id is left. */
function writePending({ now, reply }: Context, { consumer, group, options, stream }: Reading): number {
  const { pending } = group
  const id = new MutableStreamId()
  let count = 0
  for (consumer.pending.seek(after); !consumer.pending.atEnd; consumer.pending.next()) {
    consumer.pending.readId(id)
    if (writeEntryOf(reply, stream, id)) {
      pending.seek(id)
      pending.deliveryTime = now
      pending.countDelivery()
    } else {
      reply.array(2)
      writeId(reply, id)
      reply.nullArray()
    }
    if (++count === options.count) break
  }
  return count
}

/** Writes what there is of the stream whose key is that word; false: there is nothing new. */
function serve(ctx: Context, options: StreamReadOptions, key: number): boolean {
  const { args, keyspace, reply } = ctx
  const reading = open(ctx, options, key)
  const isNew = readAfter(args, key + options.streams).equals(StreamId.MAX)
  if (isNew && !reading.stream.hasAfter(reading.group.lastId)) return false
  if (reply.protocol === 2) reply.array(2)
  reply.bulk(args.at(key))
  const mark = reply.length
  if (!isNew) after.increment()
  reply.arrayAt(mark, isNew ? writeNew(ctx, reading) : writePending(ctx, reading))
  keyspace.dirty++
  return true
}

// ---- the command -------------------------------------------------------------------------------------------------------

function readGroup(ctx: Context): Block | undefined {
  const { args, reply } = ctx
  const options = readStreamOptions(args, "xreadgroup")
  const { keys, streams, timeout } = options
  check(ctx, options)
  const mark = reply.length
  let served = 0
  journalTogether(ctx, () => {
    for (let i = keys; i < keys + streams; i++) if (serve(ctx, options, i)) served++
  })
  if (served > 0) {
    if (reply.protocol === 2) reply.arrayAt(mark, served)
    else reply.mapAt(mark, served)
    return undefined
  }
  if (timeout !== undefined) {
    return blockOn(ctx, {
      keys: Array.from({ length: streams }, (_, i) => keys + i),
      lane: groupLane(args.text(options.group)),
      timeout,
      timedOut: (late) => late.reply.nullArray()
    })
  }
  reply.nullArray()
  return undefined
}

export const streamReadGroupCommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "xreadgroup",
    summary:
      "Read entries as a consumer of a group, new ones or those still pending, and wait for some if there are none",
    since: "5.0.0",
    group: "stream",
    complexity:
      "For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking " +
      "for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD " +
      "will pay the O(N) time in order to serve the N clients blocked on the stream getting new data.",
    arity: -7,
    flags: ["write", "blocking"],
    keys: [
      {
        flags: ["RO", "access"],
        begin: { keyword: "STREAMS", from: 4 },
        find: { lastKey: -1, step: 1, limit: 2 }
      }
    ],
    args: [
      {
        name: "group_consumer",
        type: "block",
        token: "GROUP",
        args: [
          { name: "group", type: "string" },
          { name: "consumer", type: "string" }
        ]
      },
      { name: "count", type: "integer", token: "COUNT", optional: true },
      { name: "milliseconds", type: "integer", token: "BLOCK", optional: true },
      { name: "noack", type: "pure-token", token: "NOACK", optional: true },
      {
        name: "streams",
        type: "block",
        token: "STREAMS",
        args: [
          { name: "key", type: "key", keySpec: 0, multiple: true },
          { name: "id", type: "string", multiple: true }
        ]
      }
    ],
    run: readGroup
  }
]
