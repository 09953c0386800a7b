/**
 * Pending entries of consumer groups: XACK settles them, XPENDING tells of them
 * (https://redis.io/docs/latest/commands/xpending/).
 */
import * as Errors from "../../Errors.ts"
import { StreamView } from "../../keyspace/views/StreamView.ts"
import type { ReplyWriter } from "../../protocol/ReplyWriter.ts"
import type { ConsumerGroup } from "../../values/stream/ConsumerGroup.ts"
import { MutableStreamId } from "../../values/stream/StreamId.ts"
import type { Args } from "../Args.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { writeId } from "./streamEntries.ts"
import { readId, readRangeEnd, readRangeStart } from "./streamIds.ts"

const view = new StreamView()
const id = new MutableStreamId()

// ---- XACK --------------------------------------------------------------------------------------------------------------

function acknowledge({ args, db, keyspace, reply }: Context): void {
  if (!view.read(db, args.at(1)) || view.stream.groups.get(args.at(2)) === undefined) {
    reply.int(0)
    return
  }
  // All ids or none: whoever acknowledged some must not be told of an error.
  for (let i = 3; i < args.count; i++) readId(args, i, 0, id)
  const group = view.changed.groups.get(args.at(2))!
  let count = 0
  for (let i = 3; i < args.count; i++) {
    if (!group.pending.seek(readId(args, i, 0, id))) continue
    group.settle(id)
    count++
  }
  keyspace.dirty += count
  reply.int(count)
}

// ---- XPENDING ----------------------------------------------------------------------------------------------------------

/** Which pending entries are asked for, one by one. */
interface PendingRange {
  readonly start: MutableStreamId
  readonly end: MutableStreamId
  readonly count: number
  /** Milliseconds since the last delivery, at least. */
  readonly minIdle: number
  /** Which word is the consumer's name; 0 for all. */
  readonly consumer: number
}

function readRange(args: Args): PendingRange | undefined {
  if (args.count === 3) return undefined
  if (args.count < 6 || args.count > 9) throw Errors.syntax
  const hasIdle = args.is(3, "idle")
  const minIdle = hasIdle ? args.int(4) : 0
  if (hasIdle && args.count < 8) throw Errors.syntax
  const first = hasIdle ? 5 : 3
  const count = Math.max(args.int(first + 2), 0)
  const start = readRangeStart(args, first, new MutableStreamId())
  const end = readRangeEnd(args, first + 1, new MutableStreamId())
  return { start, end, count, minIdle, consumer: first + 3 < args.count ? first + 3 : 0 }
}

function pending(ctx: Context): void {
  const { args, db, reply } = ctx
  const range = readRange(args)
  const group = view.read(db, args.at(1)) ? view.stream.groups.get(args.at(2)) : undefined
  if (group === undefined) throw Errors.noConsumerGroup(args.text(1), args.text(2))
  if (range === undefined) writeSummary(reply, group)
  else writeRange(ctx, group, range)
}

/** How many there are, from which to which, and how many each consumer has. */
function writeSummary(reply: ReplyWriter, group: ConsumerGroup): void {
  const { pending } = group
  reply.array(4)
  reply.int(pending.size)
  if (pending.size === 0) {
    reply.null()
    reply.null()
    reply.nullArray()
    return
  }
  pending.seekFirst()
  writeId(reply, pending.readId(id))
  pending.seekLast()
  writeId(reply, pending.readId(id))
  const consumers = group.consumersByName().filter((consumer) => consumer.pending.size > 0)
  reply.array(consumers.length)
  for (const consumer of consumers) {
    reply.array(2)
    reply.bulk(consumer.name)
    reply.bulkText(String(consumer.pending.size))
  }
}

function writeRange({ args, now, reply }: Context, group: ConsumerGroup, range: PendingRange): void {
  const { consumer: name, count, end, minIdle, start } = range
  const consumer = name === 0 ? undefined : group.consumer(args.at(name))
  const mark = reply.length
  let written = 0
  if (name === 0 || consumer !== undefined) {
    const { pending } = group
    const walked = consumer?.pending ?? pending
    for (walked.seek(start); written < count && !walked.atEnd; walked.next()) {
      if (walked.readId(id).compare(end) > 0) break
      if (walked !== pending) pending.seek(id)
      const idle = now - pending.deliveryTime
      if (minIdle !== 0 && idle < minIdle) continue
      reply.array(4)
      writeId(reply, id)
      reply.bulk(group.owner.name)
      reply.int(Math.max(idle, 0))
      reply.bigint(pending.deliveryCount)
      written++
    }
  }
  reply.arrayAt(mark, written)
}

export const streamPendingCommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "xack",
    summary: "Settle pending entries of a group",
    since: "5.0.0",
    group: "stream",
    complexity: "O(1) for each message ID processed.",
    arity: -4,
    flags: ["write", "fast"],
    keys: [keys(["RW", "update"])],
    args: [KEY, { name: "group", type: "string" }, { name: "id", type: "string", multiple: true }],
    run: acknowledge
  },
  {
    name: "xpending",
    summary: "Tell which entries of a group are pending",
    since: "5.0.0",
    group: "stream",
    complexity:
      "O(N) with N being the number of elements returned, so asking for a small fixed number of entries per call is O(1). " +
      "O(M), where M is the total number of entries scanned when used with the IDLE filter. When the command returns just " +
      "the summary and the list of consumers is small, it runs in O(1) time; otherwise, an additional O(N) time for " +
      "iterating every consumer.",
    arity: -3,
    flags: ["readonly"],
    tips: ["nondeterministic_output"],
    keys: [keys(["RO", "access"])],
    args: [
      KEY,
      { name: "group", type: "string" },
      {
        name: "filters",
        type: "block",
        optional: true,
        args: [
          { name: "min-idle-time", type: "integer", token: "IDLE", since: "6.2.0", optional: true },
          { name: "start", type: "string" },
          { name: "end", type: "string" },
          { name: "count", type: "integer" },
          { name: "consumer", type: "string", optional: true }
        ]
      }
    ],
    history: [["6.2.0", "Takes IDLE, and ranges without their ends."]],
    run: pending
  }
]
