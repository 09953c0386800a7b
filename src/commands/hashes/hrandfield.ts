/**
 * HRANDFIELD: fields drawn at random, different ones for a positive count, each from all of them for a negative one
 * (https://redis.io/docs/latest/commands/hrandfield/).
 */
import { HashView } from "../../keyspace/views/HashView.ts"
import type { ReplyWriter } from "../../protocol/ReplyWriter.ts"
import type { VisitField } from "../../values/hash/HashTable.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { needRoom, readDraw } from "../drawing.ts"

const hash = new HashView()

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
  const { count, withValues } = readDraw(args, "withvalues")
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
