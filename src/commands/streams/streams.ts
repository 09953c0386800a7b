/**
 * Streams without their consumer groups: XADD XLEN XRANGE XREVRANGE XDEL XTRIM XSETID
 * (https://redis.io/docs/latest/develop/data-types/streams/).
 *
 * What the server chooses is journaled as it was chosen: the id of a new entry, and how much approximate trimming left.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { StreamView } from "../../keyspace/views/StreamView.ts"
import { Slice } from "../../values/Slice.ts"
import type { Stream } from "../../values/stream/Stream.ts"
import { StreamCursor } from "../../values/stream/StreamCursor.ts"
import { MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { StreamAddOptions } from "./streamAddOptions.ts"
import { writeEntries, writeId } from "./streamEntries.ts"
import { readId, readRangeEnd, readRangeStart } from "./streamIds.ts"

const view = new StreamView()
const options = new StreamAddOptions()
const cursor = new StreamCursor()
const from = new MutableStreamId()
const to = new MutableStreamId()
const id = new MutableStreamId()
const greatest = new MutableStreamId()

const TRIM: Argument = {
  name: "trim",
  type: "block",
  args: [
    {
      name: "strategy",
      type: "oneof",
      args: [
        { name: "maxlen", type: "pure-token", token: "MAXLEN" },
        { name: "minid", type: "pure-token", token: "MINID", since: "6.2.0" }
      ]
    },
    {
      name: "operator",
      type: "oneof",
      optional: true,
      args: [
        { name: "equal", type: "pure-token", token: "=" },
        { name: "approximately", type: "pure-token", token: "~" }
      ]
    },
    { name: "threshold", type: "string" },
    { name: "count", type: "integer", token: "LIMIT", since: "6.2.0", optional: true }
  ]
}

const TRIMMING_COSTS =
  "O(N), with N being the number of entries that go; little for each, because most go together with their whole node"

// ---- adding and trimming -----------------------------------------------------------------------------------------------

/** Journals the request with what was chosen in the place of what was asked for. */
function journalChoices(ctx: Context, stream: Stream): void {
  const { args, keyspace } = ctx
  if (!keyspace.journal.active) return
  const words: Array<Slice | string> = Array.from(
    { length: args.count },
    (_, index) => new Slice(args.buffer, args.start(index), args.length(index))
  )
  if (options.choosesId && options.idAt < args.count) words[options.idAt] = options.id.toString()
  if (options.isApproximate) {
    words[options.keepAt - 1] = "="
    words[options.keepAt] = options.keptBy(stream)
  }
  ctx.journalAs(words)
}

const addArity = Errors.wrongArity("xadd")

const xadd: CommandDefinition = {
  name: "xadd",
  summary: "Add an entry to a stream, which is made if need be",
  since: "5.0.0",
  group: "stream",
  complexity: "O(1) for adding, O(N) for trimming where N is the number of entries that go",
  arity: -5,
  flags: ["write", "denyoom", "fast"],
  tips: ["nondeterministic_output"],
  keys: [{ ...keys(["RW", "update"]), notes: "an update, not an insert, because it may trim" }],
  history: [
    ["6.2.0", "Takes NOMKSTREAM, MINID and LIMIT."],
    ["7.0.0", "Takes ids of the form `<ms>-*`."]
  ],
  args: [
    KEY,
    { name: "nomkstream", type: "pure-token", token: "NOMKSTREAM", since: "6.2.0", optional: true },
    { ...TRIM, optional: true },
    {
      name: "id-selector",
      type: "oneof",
      args: [
        { name: "auto-id", type: "pure-token", token: "*" },
        { name: "id", type: "string" }
      ]
    },
    {
      name: "data",
      type: "block",
      multiple: true,
      args: [
        { name: "field", type: "string" },
        { name: "value", type: "string" }
      ]
    }
  ],
  run: (ctx) => {
    const { args, db, keyspace, now, reply } = ctx
    options.readAdd(args, keyspace.loading)
    const first = options.idAt + 1
    const words = args.count - first
    if (words < 2 || words % 2 !== 0) throw addArity
    if (options.isZero) throw Errors.newIdZero
    if (!view.write(db, args.at(1))) {
      if (!options.creates) return reply.null()
      view.create(db, args.at(1))
    }
    const stream = view.changed
    if (stream.lastId.equals(StreamId.MAX)) throw Errors.idsExhausted
    if (!options.completeId(stream.lastId, now)) throw Errors.newIdTooSmall
    if (!stream.append(options.id, args, first, words / 2, keyspace.limits)) throw Errors.entryTooLarge
    writeId(reply, options.id)
    const key = args.at(1)
    db.changed(EventClass.Stream, "xadd", key)
    if (options.keepAt !== 0 && options.trim(stream, keyspace.limits.streamNodeMaxEntries) > 0) {
      db.announce(EventClass.Stream, "xtrim", key)
    }
    if (options.choosesId || options.isApproximate) journalChoices(ctx, stream)
    keyspace.ready(db, key)
  }
}

const xtrim: CommandDefinition = {
  name: "xtrim",
  summary: "Delete entries from the front of a stream until few enough are left, or with ~ about as many",
  since: "5.0.0",
  group: "stream",
  complexity: TRIMMING_COSTS,
  arity: -4,
  flags: ["write"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RW", "delete"])],
  history: [["6.2.0", "Takes MINID and LIMIT."]],
  args: [KEY, TRIM],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    options.readTrimOnly(args, keyspace.loading)
    const key = args.at(1)
    if (!view.write(db, key)) return reply.int(0)
    const stream = view.changed
    const deleted = options.trim(stream, keyspace.limits.streamNodeMaxEntries)
    reply.int(deleted)
    if (deleted === 0) return
    db.changed(EventClass.Stream, "xtrim", key)
    keyspace.dirty += deleted - 1
    if (options.isApproximate) journalChoices(ctx, stream)
  }
}

const xdel: CommandDefinition = {
  name: "xdel",
  summary: "Delete entries of a stream by their ids, and say how many there were",
  since: "5.0.0",
  group: "stream",
  complexity: "O(1) for each entry to delete, however long the stream is",
  arity: -3,
  flags: ["write", "fast"],
  keys: [keys(["RW", "delete"])],
  args: [KEY, { name: "id", type: "string", multiple: true }],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    if (!view.write(db, args.at(1))) return reply.int(0)
    for (let i = 2; i < args.count; i++) readId(args, i, 0, id)
    const stream = view.changed
    let deleted = 0
    for (let i = 2; i < args.count; i++) if (stream.delete(readId(args, i, 0, id))) deleted++
    reply.int(deleted)
    if (deleted === 0) return
    db.changed(EventClass.Stream, "xdel", args.at(1))
    keyspace.dirty += deleted - 1
  }
}

// ---- reading -----------------------------------------------------------------------------------------------------------

const xlen: CommandDefinition = {
  name: "xlen",
  summary: "Count the entries of a stream",
  since: "5.0.0",
  group: "stream",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY],
  run: ({ args, db, reply }) => {
    reply.int(view.read(db, args.at(1)) ? view.stream.length : 0)
  }
}

/** How many entries of a range are wanted at most; undefined for all. */
function readCount({ args }: Context): number | undefined {
  let count: number | undefined
  for (let i = 4; i < args.count; i += 2) {
    if (!args.is(i, "count") || i + 1 === args.count) throw Errors.syntax
    count = Math.max(args.int(i + 1), 0)
  }
  return count
}

/** The ends of the range are the words at these places. */
function replyWithRange(ctx: Context, startAt: number, endAt: number): void {
  const { args, db, reply } = ctx
  readRangeStart(args, startAt, from)
  readRangeEnd(args, endAt, to)
  const count = readCount(ctx)
  if (!view.read(db, args.at(1))) reply.array(0)
  else if (count === 0) reply.nullArray()
  else {
    const { stream } = view
    const isForward = startAt < endAt
    writeEntries(reply, isForward ? cursor.forward(stream, from, to) : cursor.backward(stream, from, to), count ?? 0)
  }
}

const COUNT: Argument = { name: "count", type: "integer", token: "COUNT", optional: true }

const range = (
  name: string,
  summary: string,
  ends: ReadonlyArray<"start" | "end">,
  run: (ctx: Context) => void
): CommandDefinition => ({
  name,
  summary,
  since: "5.0.0",
  group: "stream",
  complexity: "O(N) with N being the number of entries returned, and so O(1) for a given COUNT",
  arity: -4,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  history: [["6.2.0", "Takes ends that are not part of the range."]],
  args: [KEY, ...ends.map((end): Argument => ({ name: end, type: "string" })), COUNT],
  run
})

const xrange = range("xrange", "Return the entries of a stream between two ids", ["start", "end"], (ctx) =>
  replyWithRange(ctx, 2, 3)
)

const xrevrange = range(
  "xrevrange",
  "Return the entries of a stream between two ids, the last ones first",
  ["end", "start"],
  (ctx) => replyWithRange(ctx, 3, 2)
)

// ---- for replicas and logs ---------------------------------------------------------------------------------------------

/** The options behind the id `from`: how many entries were added, and the greatest id that was deleted, into `to`. */
function readIdOptions({ args }: Context): bigint | undefined {
  let entriesAdded: bigint | undefined
  to.set(StreamId.MIN)
  for (let i = 3; i < args.count; i += 2) {
    const hasValue = i + 1 < args.count
    if (hasValue && args.is(i, "entriesadded")) {
      entriesAdded = args.int64(i + 1)
      if (entriesAdded < 0n) throw Errors.entriesAddedNegative
    } else if (hasValue && args.is(i, "maxdeletedid")) {
      if (from.compare(readId(args, i + 1, 0, to)) < 0) throw Errors.idBelowGivenMaxDeleted
    } else throw Errors.syntax
  }
  return entriesAdded
}

/** The stream could have had these for its last id and for how many entries were added to it. */
function checkIds(stream: Stream, entriesAdded: bigint | undefined): void {
  if (from.compare(stream.maxDeletedId) < 0) throw Errors.idBelowMaxDeleted
  if (stream.length === 0) return
  if (from.compare(stream.readGreatestId(greatest)) < 0) throw Errors.idBelowTop
  if (entriesAdded !== undefined && BigInt(stream.length) > entriesAdded) throw Errors.entriesAddedBelowLength
}

const xsetid: CommandDefinition = {
  name: "xsetid",
  summary: "Set what a stream knows of its past, to make it the same as another",
  since: "5.0.0",
  group: "stream",
  complexity: "O(1)",
  arity: -3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "update"])],
  history: [["7.0.0", "Takes ENTRIESADDED and MAXDELETEDID."]],
  args: [
    KEY,
    { name: "last-id", type: "string" },
    { name: "entries-added", type: "integer", token: "ENTRIESADDED", since: "7.0.0", optional: true },
    { name: "max-deleted-id", type: "string", token: "MAXDELETEDID", since: "7.0.0", optional: true }
  ],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    readId(args, 2, 0, from)
    const entriesAdded = readIdOptions(ctx)
    const key = args.at(1)
    if (!view.write(db, key)) throw Errors.noSuchKey
    checkIds(view.stream, entriesAdded)
    const stream = view.changed
    stream.lastId.set(from)
    if (entriesAdded !== undefined) stream.entriesAdded = entriesAdded
    if (!to.isMin) stream.maxDeletedId.set(to)
    reply.ok()
    // As in Redis, watchers learn nothing: the entries stay as they are.
    keyspace.dirty++
    db.announce(EventClass.Stream, "xsetid", key)
  }
}

/** XADD XTRIM XDEL XLEN XRANGE XREVRANGE XSETID. */
export const streamCommands: ReadonlyArray<CommandDefinition> = [xadd, xtrim, xdel, xlen, xrange, xrevrange, xsetid]
