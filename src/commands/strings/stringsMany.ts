/**
 * Strings under several keys at once: MGET MSET MSETNX. All of a command's keys are read or written before anyone else's turn.
 */
import { wrongArity } from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { ValueType } from "../../keyspace/Value.ts"
import { Slice } from "../../values/Slice.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY, VALUE } from "../commonArguments.ts"

const PAIRS: Argument = {
  name: "key_value",
  type: "block",
  multiple: true,
  args: [KEY, VALUE]
}

const stored = new Slice()

const mget: CommandDefinition = {
  name: "mget",
  summary: "Return the strings at several keys",
  since: "1.0.0",
  group: "string",
  complexity: "O(N) where N is the number of keys",
  arity: -2,
  flags: ["readonly", "fast"],
  tips: ["request_policy:multi_shard"],
  keys: [keys(["RO", "access"], 1, -1)],
  args: [{ ...KEY, multiple: true }],
  run: ({ args, db, reply }) => {
    reply.array(args.count - 1)
    for (let i = 1; i < args.count; i++) {
      const ref = db.read(args.at(i))
      if (ref === 0 || db.dict.type(ref) !== ValueType.String) reply.null()
      else reply.bulk(db.string(ref, stored))
    }
  }
}

/** The words come in pairs of key and value. */
function checkPairs({ args }: Context, command: string): void {
  if (args.count % 2 === 0) throw wrongArity(command)
}

function storePairs({ args, db }: Context): void {
  for (let i = 1; i < args.count; i += 2) {
    const key = args.at(i)
    db.setString(key, args.at(i + 1))
    db.changed(EventClass.String, "set", key)
  }
}

const mset: CommandDefinition = {
  name: "mset",
  summary: "Store strings under several keys",
  since: "1.0.1",
  group: "string",
  complexity: "O(N) where N is the number of keys",
  arity: -3,
  flags: ["write", "denyoom"],
  tips: ["request_policy:multi_shard", "response_policy:all_succeeded"],
  keys: [keys(["OW", "update"], 1, -1, 2)],
  args: [PAIRS],
  run: (ctx) => {
    checkPairs(ctx, "mset")
    storePairs(ctx)
    ctx.reply.ok()
  }
}

const msetnx: CommandDefinition = {
  name: "msetnx",
  summary: "Store strings under several keys if none of them is there",
  since: "1.0.1",
  group: "string",
  complexity: "O(N) where N is the number of keys",
  arity: -3,
  flags: ["write", "denyoom"],
  tips: ["request_policy:multi_shard", "response_policy:agg_min"],
  keys: [keys(["OW", "insert"], 1, -1, 2)],
  args: [PAIRS],
  run: (ctx) => {
    const { args, db, reply } = ctx
    checkPairs(ctx, "msetnx")
    for (let i = 1; i < args.count; i += 2) {
      if (db.write(args.at(i)) !== 0) {
        reply.int(0)
        return
      }
    }
    storePairs(ctx)
    reply.int(1)
  }
}

/** MGET MSET MSETNX. */
export const multiStringCommands: ReadonlyArray<CommandDefinition> = [mget, mset, msetnx]
