/** XINFO: what there is to know of a stream, its groups and their consumers (https://redis.io/docs/latest/commands/xinfo/). */
import * as Errors from "../../Errors.ts"
import { StreamView } from "../../keyspace/views/StreamView.ts"
import type { ReplyWriter } from "../../protocol/ReplyWriter.ts"
import type { Consumer } from "../../values/stream/Consumer.ts"
import { type ConsumerGroup, UNKNOWN_READ } from "../../values/stream/ConsumerGroup.ts"
import { lagOf } from "../../values/stream/groupProgress.ts"
import type { IdRecords } from "../../values/stream/IdRecords.ts"
import { radixNodes } from "../../values/stream/radixNodes.ts"
import type { Stream } from "../../values/stream/Stream.ts"
import { StreamCursor } from "../../values/stream/StreamCursor.ts"
import { MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import type { Args } from "../Args.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { helpCommand } from "../help.ts"
import { writeEntries, writeEntry, writeId } from "./streamEntries.ts"

/** How many entries XINFO STREAM FULL shows of each kind. */
const COUNT_BY_DEFAULT = 10

const view = new StreamView()
const cursor = new StreamCursor()
const id = new MutableStreamId()

function readStream({ args, db }: Context): Stream {
  if (!view.read(db, args.at(2))) throw Errors.noSuchKey
  return view.stream
}

// ---- fields ------------------------------------------------------------------------------------------------------------

function writeNumber(reply: ReplyWriter, field: string, value: number | bigint | undefined): void {
  reply.bulkText(field)
  if (value === undefined) reply.null()
  else if (typeof value === "bigint") reply.bigint(value)
  else reply.int(value)
}

function writeIdField(reply: ReplyWriter, field: string, value: StreamId): void {
  reply.bulkText(field)
  writeId(reply, value)
}

function writeName(reply: ReplyWriter, { name }: ConsumerGroup | Consumer): void {
  reply.bulkText("name")
  reply.bulk(name)
}

/** How far the group is. */
function writeProgress(reply: ReplyWriter, stream: Stream, group: ConsumerGroup): void {
  const { entriesRead } = group
  writeIdField(reply, "last-delivered-id", group.lastId)
  writeNumber(reply, "entries-read", entriesRead === UNKNOWN_READ ? undefined : entriesRead)
  writeNumber(reply, "lag", lagOf(group, stream))
}

// ---- XINFO STREAM ------------------------------------------------------------------------------------------------------

/** How many entries FULL shows of each kind, 0 for all; undefined without FULL. */
function readFull(args: Args): number | undefined {
  if (args.count === 3) return undefined
  const isFull = (args.count === 4 || args.count === 6) && args.is(3, "full")
  if (!isFull || (args.count === 6 && !args.is(4, "count"))) {
    throw Errors.unknownSubcommandOrArity("xinfo", args.text(1))
  }
  const count = args.count === 6 ? args.int(5) : COUNT_BY_DEFAULT
  return count < 0 ? COUNT_BY_DEFAULT : count
}

function streamInfo(ctx: Context): void {
  const { args, reply } = ctx
  const stream = readStream(ctx)
  const shown = readFull(args)
  reply.map(shown === undefined ? 10 : 9)
  writeNumber(reply, "length", stream.length)
  writeNumber(reply, "radix-tree-keys", stream.nodes.length)
  writeNumber(reply, "radix-tree-nodes", radixNodes(stream))
  writeIdField(reply, "last-generated-id", stream.lastId)
  writeIdField(reply, "max-deleted-entry-id", stream.maxDeletedId)
  writeNumber(reply, "entries-added", stream.entriesAdded)
  writeIdField(reply, "recorded-first-entry-id", stream.firstId)
  if (shown === undefined) writeSummary(reply, stream)
  else writeFull(reply, stream, shown)
}

function writeSummary(reply: ReplyWriter, stream: Stream): void {
  writeNumber(reply, "groups", stream.groups.size)
  reply.bulkText("first-entry")
  writeNextEntry(reply, cursor.forward(stream, StreamId.MIN, StreamId.MAX))
  reply.bulkText("last-entry")
  writeNextEntry(reply, cursor.backward(stream, StreamId.MIN, StreamId.MAX))
}

function writeNextEntry(reply: ReplyWriter, cursor: StreamCursor): void {
  if (cursor.next()) writeEntry(reply, cursor)
  else reply.null()
}

function writeFull(reply: ReplyWriter, stream: Stream, shown: number): void {
  reply.bulkText("entries")
  writeEntries(reply, cursor.forward(stream, StreamId.MIN, StreamId.MAX), shown)
  const groups = stream.groups.byName()
  reply.bulkText("groups")
  reply.array(groups.length)
  for (const group of groups) writeFullGroup(reply, stream, group, shown)
}

function writeFullGroup(reply: ReplyWriter, stream: Stream, group: ConsumerGroup, shown: number): void {
  const { pending } = group
  reply.map(7)
  writeName(reply, group)
  writeProgress(reply, stream, group)
  writePending(reply, pending, shown, () => {
    reply.array(4)
    writeId(reply, id)
    reply.bulk(group.owner.name)
    reply.int(pending.deliveryTime)
    reply.bigint(pending.deliveryCount)
  })
  const consumers = group.consumersByName()
  reply.bulkText("consumers")
  reply.array(consumers.length)
  for (const consumer of consumers) writeFullConsumer(reply, group, consumer, shown)
}

function writeFullConsumer(reply: ReplyWriter, { pending }: ConsumerGroup, consumer: Consumer, shown: number): void {
  reply.map(5)
  writeName(reply, consumer)
  writeNumber(reply, "seen-time", consumer.seenTime)
  writeNumber(reply, "active-time", consumer.activeTime)
  writePending(reply, consumer.pending, shown, () => {
    pending.seek(id)
    reply.array(3)
    writeId(reply, id)
    reply.int(pending.deliveryTime)
    reply.bigint(pending.deliveryCount)
  })
}

/** `write` is called for each entry that is shown, with its id in `id`. */
function writePending(reply: ReplyWriter, records: IdRecords, shown: number, write: () => void): void {
  writeNumber(reply, "pel-count", records.size)
  let left = shown === 0 ? records.size : Math.min(shown, records.size)
  reply.bulkText("pending")
  reply.array(left)
  for (records.seekFirst(); left > 0; left--, records.next()) {
    records.readId(id)
    write()
  }
}

// ---- XINFO GROUPS, XINFO CONSUMERS -------------------------------------------------------------------------------------

function groupsInfo(ctx: Context): void {
  const { reply } = ctx
  const stream = readStream(ctx)
  const groups = stream.groups.byName()
  reply.array(groups.length)
  for (const group of groups) {
    reply.map(6)
    writeName(reply, group)
    writeNumber(reply, "consumers", group.consumerCount)
    writeNumber(reply, "pending", group.pending.size)
    writeProgress(reply, stream, group)
  }
}

function consumersInfo(ctx: Context): void {
  const { args, now, reply } = ctx
  const group = readStream(ctx).groups.get(args.at(3))
  if (group === undefined) throw Errors.noGroupOfKey(args.text(2), args.text(3))
  const consumers = group.consumersByName()
  reply.array(consumers.length)
  for (const consumer of consumers) {
    const { activeTime, pending, seenTime } = consumer
    reply.map(4)
    writeName(reply, consumer)
    writeNumber(reply, "pending", pending.size)
    writeNumber(reply, "idle", Math.max(now - seenTime, 0))
    writeNumber(reply, "inactive", activeTime === -1 ? -1 : now - activeTime)
  }
}

// ---- the container -----------------------------------------------------------------------------------------------------

const READS = [keys(["RO", "access"], 2)]

const subcommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "consumers",
    summary: "Tell of the consumers of a group",
    since: "5.0.0",
    group: "stream",
    complexity: "O(1)",
    arity: 4,
    flags: ["readonly"],
    tips: ["nondeterministic_output"],
    keys: READS,
    args: [KEY, { name: "groupname", type: "string" }],
    history: [["7.2.0", "Tells of `inactive`, the time since the consumer last did what succeeded."]],
    run: consumersInfo
  },
  {
    name: "groups",
    summary: "Tell of the consumer groups of a stream",
    since: "5.0.0",
    group: "stream",
    complexity: "O(1)",
    arity: 3,
    flags: ["readonly"],
    keys: READS,
    args: [KEY],
    history: [["7.0.0", "Tells of `entries-read` and `lag`."]],
    run: groupsInfo
  },
  {
    name: "stream",
    summary: "Tell of a stream",
    since: "5.0.0",
    group: "stream",
    complexity: "O(1)",
    arity: -3,
    flags: ["readonly"],
    keys: READS,
    args: [
      KEY,
      {
        name: "full-block",
        type: "block",
        optional: true,
        args: [
          { name: "full", type: "pure-token", token: "FULL" },
          { name: "count", type: "integer", token: "COUNT", optional: true }
        ]
      }
    ],
    history: [
      ["6.0.0", "Takes FULL."],
      ["7.0.0", "Tells of what was deleted and added, and how far groups have read."],
      ["7.2.0", "FULL tells of `active-time`."]
    ],
    run: streamInfo
  }
]

export const streamInfoCommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "xinfo",
    summary: "What there is to know of streams",
    since: "5.0.0",
    group: "stream",
    complexity: "Depends on subcommand.",
    arity: -2,
    flags: [],
    subcommands: [...subcommands, helpCommand("xinfo", "stream", "5.0.0", subcommands)]
  }
]
