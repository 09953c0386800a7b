/**
 * Parts of a string: APPEND STRLEN SETRANGE GETRANGE SUBSTR (https://redis.io/docs/latest/commands/setrange/). Bytes that
 * were never written read as zero; nothing grows past proto-max-bulk-len.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { emptyBytes, Slice } from "../../values/Slice.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY, VALUE } from "../commonArguments.ts"
import { range } from "../range.ts"

const RANGE: ReadonlyArray<Argument> = [
  { name: "start", type: "integer" },
  { name: "end", type: "integer" }
]

const stored = new Slice()

/** What a file holds was short enough when it was written. */
function checkLength({ config, keyspace }: Context, length: number): void {
  if (length > config.values.protoMaxBulkLen && !keyspace.loading) throw Errors.stringTooLong
}

const append: CommandDefinition = {
  name: "append",
  summary: "Add bytes to the end of the string at a key",
  since: "2.0.0",
  group: "string",
  complexity: "O(1) amortized, since the room of a growing string is doubled",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "insert"])],
  args: [KEY, VALUE],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const key = args.at(1)
    const value = args.at(2)
    const found = db.writeString(key)
    const before = found === 0 ? 0 : db.stringLength(found)
    if (found === 0) db.insertString(key, value)
    else {
      checkLength(ctx, before + value.length)
      const { buffer, start } = db.string(db.resizeString(found, before + value.length), stored)
      value.copyInto(buffer, start + before)
    }
    db.changed(EventClass.String, "append", key)
    reply.int(before + value.length)
  }
}

const strlen: CommandDefinition = {
  name: "strlen",
  summary: "Return the length of the string at a key, in bytes",
  since: "2.2.0",
  group: "string",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY],
  run: ({ args, db, reply }) => {
    const ref = db.readString(args.at(1))
    reply.int(ref === 0 ? 0 : db.stringLength(ref))
  }
}

const setrange: CommandDefinition = {
  name: "setrange",
  summary: "Overwrite the string at a key from an offset on",
  since: "2.2.0",
  group: "string",
  complexity: "O(1) for short values, O(M) where M is the length of the value",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [keys(["RW", "update"])],
  args: [KEY, { name: "offset", type: "integer" }, VALUE],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const offset = args.int(2)
    if (offset < 0) throw Errors.offsetOutOfRange
    const key = args.at(1)
    const value = args.at(3)
    const found = db.writeString(key)
    const before = found === 0 ? 0 : db.stringLength(found)
    if (value.length === 0) {
      reply.int(before)
      return
    }
    checkLength(ctx, offset + value.length)
    const length = Math.max(before, offset + value.length)
    const ref = found === 0 ? db.insertZeros(key, length) : db.resizeString(found, length)
    const { buffer, start } = db.string(ref, stored)
    value.copyInto(buffer, start + offset)
    db.changed(EventClass.String, "setrange", key)
    reply.int(length)
  }
}

function replyWithRange({ args, db, reply }: Context): void {
  range.read(args, 2)
  const ref = db.readString(args.at(1))
  if (ref === 0 || range.reversed) {
    reply.bulkBytes(emptyBytes)
    return
  }
  const { buffer, start, length } = db.string(ref, stored)
  range.clip(length)
  reply.bulkBytes(buffer, start + range.first, range.length)
}

const getrange: CommandDefinition = {
  name: "getrange",
  summary: "Return part of the string at a key",
  since: "2.4.0",
  group: "string",
  complexity: "O(N) where N is the length of the part; O(1) for short ones",
  arity: 4,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  args: [KEY, ...RANGE],
  run: replyWithRange
}

const substr: CommandDefinition = {
  ...getrange,
  name: "substr",
  since: "1.0.0",
  deprecated: { since: "2.0.0", replacedBy: "`GETRANGE`" }
}

/** APPEND STRLEN SETRANGE GETRANGE SUBSTR. */
export const substringCommands: ReadonlyArray<CommandDefinition> = [append, strlen, setrange, getrange, substr]
