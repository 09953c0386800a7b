/**
 * XGROUP: making, moving and removing consumer groups and their consumers (https://redis.io/docs/latest/commands/xgroup/).
 *
 * As in Redis, watchers learn of none of this: the stream's entries stay as they are.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { StreamView } from "../../keyspace/views/StreamView.ts"
import { type ConsumerGroup, UNKNOWN_READ } from "../../values/stream/ConsumerGroup.ts"
import { parseId } from "../../values/stream/parseStreamId.ts"
import { MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import type { Args } from "../Args.ts"
import { type Argument, type CommandDefinition, type KeyFlag, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { helpCommand } from "../help.ts"
import { readId } from "./streamIds.ts"

const view = new StreamView()
const id = new MutableStreamId()

// ---- reading the request -----------------------------------------------------------------------------------------------

const notUnderstood = (args: Args): Errors.ReplyError => Errors.unknownSubcommandOrArity("xgroup", args.text(1))

interface GroupOptions {
  readonly makesStream: boolean
  readonly entriesRead: bigint
}

/** The words behind the id. */
function readOptions(args: Args, mayMakeStream: boolean): GroupOptions {
  let makesStream = false
  let entriesRead = UNKNOWN_READ
  for (let i = 5; i < args.count; i++) {
    if (mayMakeStream && args.is(i, "mkstream")) makesStream = true
    else if (args.is(i, "entriesread") && i + 1 < args.count) {
      entriesRead = args.int64(++i)
      if (entriesRead < UNKNOWN_READ) throw Errors.entriesReadNegative
    } else throw notUnderstood(args)
  }
  return { makesStream, entriesRead }
}

/** `$`: the last id of the stream. */
const isLast = (args: Args): boolean => args.is(4, "$")

/** Turns to the stream, which has to be there. */
function openStream({ args, db }: Context): void {
  if (!view.write(db, args.at(2))) throw Errors.groupNeedsKey
}

/** Turns to the stream and gives its group; both have to be there. */
function openGroup(ctx: Context): ConsumerGroup {
  openStream(ctx)
  const { args } = ctx
  const group = view.changed.groups.get(args.at(3))
  if (group === undefined) throw Errors.noGroupOfKey(args.text(2), args.text(3))
  return group
}

function announce({ args, db, keyspace }: Context, event: string, key = 2): void {
  keyspace.dirty++
  db.announce(EventClass.Stream, event, args.at(key))
}

/** A consumer came to be. `key`: which word is the stream's. */
export const announceConsumer = (ctx: Context, key: number): void => announce(ctx, "xgroup-createconsumer", key)

// ---- the subcommands ---------------------------------------------------------------------------------------------------

function create(ctx: Context): void {
  const { args, db, keyspace, reply } = ctx
  const { entriesRead, makesStream } = readOptions(args, true)
  const isThere = view.write(db, args.at(2))
  if (!isThere && !makesStream) throw Errors.groupNeedsKey
  if (args.count > 8) throw notUnderstood(args)
  if (!isLast(args)) readId(args, 4, 0, id)
  else id.set(isThere ? view.stream.lastId : StreamId.MIN)
  if (!isThere) {
    view.create(db, args.at(2))
    keyspace.touched(db, args.at(2))
  }
  if (view.changed.groups.create(args.at(3), id, entriesRead) === undefined) throw Errors.groupExists
  announce(ctx, "xgroup-create")
  reply.ok()
}

function setId(ctx: Context): void {
  const { args, reply } = ctx
  const { entriesRead } = readOptions(args, false)
  const group = openGroup(ctx)
  if (args.count > 7) throw notUnderstood(args)
  if (isLast(args)) id.set(view.stream.lastId)
  else if (!parseId(args.at(4), 0, id)) throw Errors.invalidStreamId
  group.lastId.set(id)
  group.entriesRead = entriesRead
  announce(ctx, "xgroup-setid")
  reply.ok()
}

function destroy(ctx: Context): void {
  const { args, db, keyspace, reply } = ctx
  openStream(ctx)
  const isGone = view.changed.groups.delete(args.at(3))
  if (isGone) {
    announce(ctx, "xgroup-destroy")
    // Who waits for entries as one of its consumers has to learn of it.
    keyspace.ready(db, args.at(2))
  }
  reply.int(isGone ? 1 : 0)
}

function createConsumer(ctx: Context): void {
  const { args, now, reply } = ctx
  const group = openGroup(ctx)
  const isNew = group.consumer(args.at(4)) === undefined
  if (isNew) {
    group.createConsumer(args.at(4), now)
    announceConsumer(ctx, 2)
  }
  reply.int(isNew ? 1 : 0)
}

function deleteConsumer(ctx: Context): void {
  const { args, reply } = ctx
  const group = openGroup(ctx)
  const consumer = group.consumer(args.at(4))
  if (consumer !== undefined) {
    group.deleteConsumer(consumer)
    announce(ctx, "xgroup-delconsumer")
  }
  reply.int(consumer?.pending.size ?? 0)
}

// ---- the container -----------------------------------------------------------------------------------------------------

const GROUP_NAME: Argument = { name: "groupname", type: "string" }
const CONSUMER_NAME: Argument = { name: "consumername", type: "string" }
const ENTRIES_READ: Argument = { name: "entries_read", type: "integer", token: "ENTRIESREAD", optional: true }
const LAST_ID: Argument = {
  name: "id",
  type: "oneof",
  args: [
    { name: "id", type: "string" },
    { name: "new_id", type: "pure-token", token: "$" }
  ]
}

const streamKey = (use: KeyFlag) => [keys(["RW", use], 2)]

const subcommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "create",
    summary: "Make a consumer group that reads the entries after an id",
    since: "5.0.0",
    group: "stream",
    complexity: "O(1)",
    arity: -5,
    flags: ["write", "denyoom"],
    keys: streamKey("insert"),
    args: [
      KEY,
      GROUP_NAME,
      LAST_ID,
      { name: "mkstream", type: "pure-token", token: "MKSTREAM", optional: true },
      ENTRIES_READ
    ],
    history: [["7.0.0", "Takes ENTRIESREAD."]],
    run: create
  },
  {
    name: "createconsumer",
    summary: "Make a consumer in a group",
    since: "6.2.0",
    group: "stream",
    complexity: "O(1)",
    arity: 5,
    flags: ["write", "denyoom"],
    keys: streamKey("insert"),
    args: [KEY, GROUP_NAME, CONSUMER_NAME],
    run: createConsumer
  },
  {
    name: "delconsumer",
    summary: "Remove a consumer from its group, with all that it has pending",
    since: "5.0.0",
    group: "stream",
    complexity: "O(1)",
    arity: 5,
    flags: ["write"],
    keys: streamKey("delete"),
    args: [KEY, GROUP_NAME, CONSUMER_NAME],
    run: deleteConsumer
  },
  {
    name: "destroy",
    summary: "Remove a consumer group",
    since: "5.0.0",
    group: "stream",
    complexity: "O(N) where N is the number of entries in the group's pending entries list (PEL).",
    arity: 4,
    flags: ["write"],
    keys: streamKey("delete"),
    args: [KEY, GROUP_NAME],
    run: destroy
  },
  {
    name: "setid",
    summary: "Let a group go on reading after another id",
    since: "5.0.0",
    group: "stream",
    complexity: "O(1)",
    arity: -5,
    flags: ["write"],
    keys: streamKey("update"),
    args: [KEY, GROUP_NAME, LAST_ID, ENTRIES_READ],
    history: [["7.0.0", "Takes ENTRIESREAD."]],
    run: setId
  }
]

export const streamGroupCommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "xgroup",
    summary: "Consumer groups of streams",
    since: "5.0.0",
    group: "stream",
    complexity: "Depends on subcommand.",
    arity: -2,
    flags: [],
    subcommands: [...subcommands, helpCommand("xgroup", "stream", "5.0.0", subcommands)]
  }
]
