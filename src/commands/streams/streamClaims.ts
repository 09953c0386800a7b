/**
 * XCLAIM and XAUTOCLAIM: pending entries change their owner, by their ids or as many as have been idle for long enough
 * (https://redis.io/docs/latest/commands/xclaim/). Entries that were deleted from the stream are pending no more.
 */
import * as Errors from "../../Errors.ts"
import { StreamView } from "../../keyspace/views/StreamView.ts"
import type { Consumer } from "../../values/stream/Consumer.ts"
import type { ConsumerGroup } from "../../values/stream/ConsumerGroup.ts"
import { parseStrictId } from "../../values/stream/parseStreamId.ts"
import { MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import type { Args } from "../Args.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { writeEntryOf, writeId } from "./streamEntries.ts"
import { announceConsumer } from "./streamGroups.ts"
import { journalClaim, journalGroupId, journalTogether } from "./streamGroupsJournal.ts"
import { readId, readRangeStart } from "./streamIds.ts"

/** Which word is the stream's key. */
const STREAM = 1
const COUNT_BY_DEFAULT = 100
/** The most that Redis can hold ids of. */
const GREATEST_COUNT = Math.floor(2 ** 63 / 16) - 1
/** XAUTOCLAIM looks at so many entries for each that it may give. */
const LOOKS = 10

const view = new StreamView()
const id = new MutableStreamId()

// ---- what both have in common ------------------------------------------------------------------------------------------

const noGroup = (args: Args) => Errors.noConsumerGroup(args.text(STREAM), args.text(2))

const minIdleOf = (args: Args, command: string): number =>
  Math.max(args.int(4, Errors.badClaimNumber(command, "min-idle-time")), 0)

/** The consumer who claims; it is there from its first try on. */
function claimant(ctx: Context, group: ConsumerGroup): Consumer {
  const { args, now } = ctx
  let consumer = group.consumer(args.at(3))
  if (consumer === undefined) {
    consumer = group.createConsumer(args.at(3), now)
    announceConsumer(ctx, STREAM)
  }
  consumer.seenTime = now
  return consumer
}

/** The pending entry at the cursor, of this id, which the stream does not have any more, goes. */
function forget(ctx: Context, group: ConsumerGroup): void {
  journalClaim(ctx, STREAM, group, id)
  ctx.keyspace.dirty++
  group.settle(id)
}

/** The pending entry at the cursor, of this id, is the consumer's now, and is told of. */
function give(ctx: Context, group: ConsumerGroup, consumer: Consumer, justId: boolean): void {
  const { keyspace, now, reply } = ctx
  group.reassign(id, consumer)
  if (justId) writeId(reply, id)
  else writeEntryOf(reply, view.stream, id)
  consumer.activeTime = now
  journalClaim(ctx, STREAM, group, id)
  keyspace.dirty++
}

// ---- XCLAIM ------------------------------------------------------------------------------------------------------------

interface ClaimOptions {
  /** The word behind the last id. */
  readonly idsEnd: number
  /** Milliseconds since the last delivery, at least. */
  readonly minIdle: number
  readonly force: boolean
  readonly justId: boolean
  /** When the entries are to count as delivered, in milliseconds since 1970. */
  readonly time: number
  /** How often they are to count as delivered; undefined: not given. */
  readonly count: bigint | undefined
  /** The group has come that far, at least. */
  readonly lastId: StreamId
}

function readClaim({ args, now }: Context): ClaimOptions {
  const number = (index: number, what: string) => args.int(index, Errors.badClaimNumber("XCLAIM", `${what} option`))
  const minIdle = minIdleOf(args, "XCLAIM")
  let i = 5
  while (i < args.count && parseStrictId(args.at(i), 0, id)) i++
  const idsEnd = i
  const lastId = new MutableStreamId()
  let force = false
  let justId = false
  let time = now
  let count: bigint | undefined
  for (; i < args.count; i++) {
    const hasValue = i + 1 < args.count
    if (args.is(i, "force")) force = true
    else if (args.is(i, "justid")) justId = true
    else if (args.is(i, "idle") && hasValue) time = now - number(++i, "IDLE")
    else if (args.is(i, "time") && hasValue) time = number(++i, "TIME")
    else if (args.is(i, "retrycount") && hasValue) {
      count = args.int64(++i, Errors.badClaimNumber("XCLAIM", "RETRYCOUNT option"))
    } else if (args.is(i, "lastid") && hasValue) readId(args, ++i, 0, lastId)
    else throw Errors.unknownClaimOption(args.text(i))
  }
  // A time that cannot be is a clock that goes wrong, which is no reason to refuse.
  if (time < 0 || time > now) time = now
  return { idsEnd, minIdle, force, justId, time, count: count !== undefined && count < 0n ? undefined : count, lastId }
}

function claim(ctx: Context): void {
  const { args, db, keyspace, reply } = ctx
  if (!view.read(db, args.at(STREAM))) throw noGroup(args)
  const group = view.changed.groups.get(args.at(2))
  if (group === undefined) throw noGroup(args)
  const options = readClaim(ctx)
  const { idsEnd, lastId } = options
  const mark = reply.length
  journalTogether(ctx, () => {
    const advances = lastId.compare(group.lastId) > 0
    if (advances) group.lastId.set(lastId)
    const consumer = claimant(ctx, group)
    const { dirty } = keyspace
    let claimed = 0
    for (let i = 5; i < idsEnd; i++) {
      readId(args, i, 0, id)
      if (claimOne(ctx, group, consumer, options)) claimed++
    }
    // XCLAIM carries how far the group is.
    if (advances && keyspace.dirty === dirty) {
      journalGroupId(ctx, STREAM, group)
      keyspace.dirty++
    }
    reply.arrayAt(mark, claimed)
  })
}

/** Claims the entry of this id; false if it stays as it is, or does not exist. */
function claimOne(ctx: Context, group: ConsumerGroup, consumer: Consumer, options: ClaimOptions): boolean {
  const { count, force, justId, minIdle, time } = options
  const { pending } = group
  const isPending = pending.seek(id)
  if (!view.stream.has(id)) {
    if (isPending) forget(ctx, group)
    return false
  }
  if (!isPending) {
    if (!force) return false
    group.deliver(id, consumer, time)
  } else if (minIdle !== 0 && ctx.now - pending.deliveryTime < minIdle) return false
  pending.deliveryTime = time
  if (count !== undefined) pending.deliveryCount = count
  else if (!justId) pending.countDelivery()
  give(ctx, group, consumer, justId)
  return true
}

// ---- XAUTOCLAIM --------------------------------------------------------------------------------------------------------

interface AutoClaimOptions {
  readonly minIdle: number
  readonly start: MutableStreamId
  readonly count: number
  readonly justId: boolean
}

function readAutoClaim(args: Args): AutoClaimOptions {
  const minIdle = minIdleOf(args, "XAUTOCLAIM")
  const start = readRangeStart(args, 5, new MutableStreamId())
  let count = COUNT_BY_DEFAULT
  let justId = false
  for (let i = 6; i < args.count; i++) {
    if (args.is(i, "count") && i + 1 < args.count) count = args.intBetween(++i, 1, GREATEST_COUNT, Errors.claimCount)
    else if (args.is(i, "justid")) justId = true
    else throw Errors.syntax
  }
  return { minIdle, start, count, justId }
}

function autoClaim(ctx: Context): void {
  const { args, db } = ctx
  const ref = db.read(args.at(STREAM))
  const options = readAutoClaim(args)
  const group = ref !== 0 && view.write(db, args.at(STREAM)) ? view.changed.groups.get(args.at(2)) : undefined
  if (group === undefined) throw noGroup(args)
  journalTogether(ctx, () => claimIdle(ctx, group, options))
}

/** Answers where to go on, `0-0` at the end, what was claimed, and which entries turned out not to exist. */
function claimIdle(ctx: Context, group: ConsumerGroup, options: AutoClaimOptions): void {
  const { now, reply } = ctx
  const { justId, minIdle, start } = options
  const { pending } = group
  const consumer = claimant(ctx, group)
  const gone: Array<StreamId> = []
  const beginning = reply.length
  let claimed = 0
  let left = options.count
  let looks = options.count * LOOKS
  for (pending.seek(start); left > 0 && looks > 0 && !pending.atEnd; looks--) {
    pending.readId(id)
    if (!view.stream.has(id)) {
      forget(ctx, group)
      gone.push(id.copy())
      left--
      continue
    }
    if (minIdle === 0 || now - pending.deliveryTime >= minIdle) {
      pending.deliveryTime = now
      if (!justId) pending.countDelivery()
      give(ctx, group, consumer, justId)
      claimed++
      left--
    }
    pending.next()
  }
  const entries = reply.take(beginning)
  reply.array(3)
  writeId(reply, pending.atEnd ? StreamId.MIN : pending.readId(id))
  reply.array(claimed)
  reply.raw(entries)
  reply.array(gone.length)
  for (const one of gone) writeId(reply, one)
}

// ---- the commands ------------------------------------------------------------------------------------------------------

const CLAIMANT: ReadonlyArray<Argument> = [
  KEY,
  { name: "group", type: "string" },
  { name: "consumer", type: "string" },
  { name: "min-idle-time", type: "string" }
]
const JUST_ID: Argument = { name: "justid", type: "pure-token", token: "JUSTID", optional: true }

export const streamClaimCommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "xclaim",
    summary: "Make pending entries those of another consumer, as if they had been delivered to it",
    since: "5.0.0",
    group: "stream",
    complexity: "O(log N) with N being the number of messages in the PEL of the consumer group.",
    arity: -6,
    flags: ["write", "fast"],
    tips: ["nondeterministic_output"],
    keys: [keys(["RW", "update"])],
    args: [
      ...CLAIMANT,
      { name: "id", type: "string", multiple: true },
      { name: "ms", type: "integer", token: "IDLE", optional: true },
      { name: "unix-time-milliseconds", type: "unix-time", token: "TIME", optional: true },
      { name: "count", type: "integer", token: "RETRYCOUNT", optional: true },
      { name: "force", type: "pure-token", token: "FORCE", optional: true },
      JUST_ID,
      { name: "id", type: "string", token: "LASTID", optional: true }
    ],
    run: claim
  },
  {
    name: "xautoclaim",
    summary: "Make pending entries that have been idle for long those of another consumer",
    since: "6.2.0",
    group: "stream",
    complexity: "O(1) if COUNT is small.",
    arity: -6,
    flags: ["write", "fast"],
    tips: ["nondeterministic_output"],
    keys: [keys(["RW", "delete"])],
    args: [
      ...CLAIMANT,
      { name: "start", type: "string" },
      { name: "count", type: "integer", token: "COUNT", optional: true },
      JUST_ID
    ],
    history: [["7.0.0", "Answers, too, which entries turned out to be deleted."]],
    run: autoClaim
  }
]
