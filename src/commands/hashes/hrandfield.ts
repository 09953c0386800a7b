/**
 * HRANDFIELD: fields drawn at random, different ones for a positive count, each from all of them for a negative one
 * (https://redis.io/docs/latest/commands/hrandfield/).
 */
import { not64Bits, outOfRange, syntax } from "../../Errors.ts"
import { HashView } from "../../keyspace/views/HashView.ts"
import type { ReplyWriter } from "../../protocol/ReplyWriter.ts"
import type { VisitField } from "../../values/hash/HashTable.ts"
import type { Args } from "../Args.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { needRoom } from "../drawnReply.ts"

const INT64_MAX = 2n ** 63n - 1n

const hash = new HashView()

interface Request {
  readonly count: number
  readonly withValues: boolean
}

/** Count and option; throws what Redis says of others. */
function readRequest(args: Args): Request {
  const count = args.int64(2)
  if (count < -INT64_MAX) throw not64Bits
  if (args.count > 4 || (args.count === 4 && !args.is(3, "withvalues"))) throw syntax
  const withValues = args.count === 4
  const magnitude = count < 0n ? -count : count
  // A reply has two elements for each, and has to be able to count them.
  if (withValues && magnitude > INT64_MAX / 2n) throw outOfRange
  return { count: Number(count), withValues }
}

/** Writes how many fields will come, and returns what writes each: with its value they are a pair in RESP3, one after the other in RESP2. */
function begin(reply: ReplyWriter, count: number, withValues: boolean): VisitField {
  const nested = reply.protocol === 3
  reply.array(withValues && !nested ? 2 * count : count)
  if (!withValues) return (field) => reply.bulk(field)
  return (field, value) => {
    if (nested) reply.array(2)
    reply.bulk(field)
    reply.bulk(value)
  }
}

function drawRepeatedly(reply: ReplyWriter, count: number, withValues: boolean): void {
  needRoom(reply, count)
  const write = begin(reply, count, withValues)
  let left = count
  hash.draw(count, (field, value) => {
    needRoom(reply, left--)
    write(field, value)
  })
}

function drawMany({ args, db, reply }: Context): void {
  const { count, withValues } = readRequest(args)
  if (!hash.read(db, args.at(1)) || count === 0) {
    reply.array(0)
    return
  }
  const { size } = hash
  if (count < 0) drawRepeatedly(reply, -count, withValues)
  else if (count >= size) hash.forEach(begin(reply, size, withValues))
  else hash.drawDistinct(count, begin(reply, count, withValues))
}

const hrandfield: CommandDefinition = {
  name: "hrandfield",
  summary: "Return one or more fields of a hash, drawn at random",
  since: "6.2.0",
  group: "hash",
  complexity: "O(N) where N is the number of fields returned",
  arity: -2,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO", "access"])],
  args: [
    KEY,
    {
      name: "options",
      type: "block",
      optional: true,
      args: [
        { name: "count", type: "integer" },
        { name: "withvalues", type: "pure-token", token: "WITHVALUES", optional: true }
      ]
    }
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    if (args.count > 2) drawMany(ctx)
    else if (hash.read(db, args.at(1))) hash.draw(1, (field) => reply.bulk(field))
    else reply.null()
  }
}

export const hashDrawCommands: ReadonlyArray<CommandDefinition> = [hrandfield]
