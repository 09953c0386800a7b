/**
 * XREAD: the entries that came to streams since the client last looked, waiting for some if there are none
 * (https://redis.io/docs/latest/commands/xread/).
 */
import * as Errors from "../../Errors.ts"
import { ValueType } from "../../keyspace/Value.ts"
import { StreamView } from "../../keyspace/views/StreamView.ts"
import type { Lane } from "../../keyspace/Waiters.ts"
import { StreamCursor } from "../../values/stream/StreamCursor.ts"
import { MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import { blockOn } from "../blocking.ts"
import type { CommandDefinition } from "../Command.ts"
import type { Context } from "../Context.ts"
import type { Block } from "../Suspend.ts"
import { writeEntries } from "./streamEntries.ts"
import { readId } from "./streamIds.ts"
import { readStreamOptions, type StreamReadOptions } from "./streamReadOptions.ts"

/** All who want new entries of the stream, whoever else reads them. */
const streamLane: Lane = { name: "stream", type: ValueType.Stream, shares: true, minds: false }

const view = new StreamView()
const cursor = new StreamCursor()

/** The id behind which the client wants to read the stream under the key. */
function readIdOf({ args, db }: Context, keyAt: number, idAt: number): StreamId {
  const isThere = view.read(db, args.at(keyAt))
  if (args.is(idAt, "$")) return isThere ? view.stream.lastId.copy() : StreamId.MIN
  if (args.is(idAt, ">")) throw Errors.newEntriesOfNoGroup
  return readId(args, idAt, 0, new MutableStreamId())
}

/** Answers with what is there; false, and nothing was written, if that is nothing. */
function replyWithEntries(ctx: Context, options: StreamReadOptions, ids: ReadonlyArray<StreamId>): boolean {
  const { args, db, reply } = ctx
  const mark = reply.length
  let served = 0
  for (const [index, id] of ids.entries()) {
    const key = args.at(options.keys + index)
    if (!view.read(db, key) || !view.stream.hasAfter(id)) continue
    served++
    if (reply.protocol === 2) reply.array(2)
    reply.bulk(key)
    writeEntries(reply, cursor.forward(view.stream, id.next()!, StreamId.MAX), options.count)
  }
  if (served === 0) return false
  if (reply.protocol === 2) reply.arrayAt(mark, served)
  else reply.mapAt(mark, served)
  return true
}

function wait(
  ctx: Context,
  options: StreamReadOptions,
  timeout: number,
  ids: ReadonlyArray<StreamId>
): Block | undefined {
  const { keys, streams } = options
  const words = new Map<number, string>()
  for (const [index, id] of ids.entries()) {
    const idAt = keys + streams + index
    // What the last id is may not change any more: entries that come now are new ones.
    if (ctx.args.is(idAt, "$")) words.set(idAt, id.toString())
  }
  return blockOn(ctx, {
    keys: ids.map((_, index) => keys + index),
    lane: streamLane,
    timeout,
    timedOut: ({ reply }) => reply.nullArray(),
    words
  })
}

const xread: CommandDefinition = {
  name: "xread",
  summary: "Return the entries of streams behind the ids given, waiting for some if wanted",
  since: "5.0.0",
  group: "stream",
  complexity:
    "For each stream O(N) with N being the number of entries returned, and so O(1) for a given COUNT. " +
    "XADD takes O(M) time to serve M clients that wait for the stream.",
  arity: -4,
  flags: ["readonly", "blocking"],
  keys: [
    {
      flags: ["RO", "access"],
      begin: { keyword: "STREAMS", from: 1 },
      find: { lastKey: -1, step: 1, limit: 2 }
    }
  ],
  args: [
    { name: "count", type: "integer", token: "COUNT", optional: true },
    { name: "milliseconds", type: "integer", token: "BLOCK", optional: true },
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
  run: (ctx) => {
    const options = readStreamOptions(ctx.args, "xread")
    const { keys, streams, timeout } = options
    const ids = Array.from({ length: streams }, (_, index) => readIdOf(ctx, keys + index, keys + streams + index))
    if (replyWithEntries(ctx, options, ids)) return undefined
    if (timeout !== undefined) return wait(ctx, options, timeout, ids)
    return ctx.reply.nullArray()
  }
}

/** XREAD. */
export const streamReadCommands: ReadonlyArray<CommandDefinition> = [xread]
