/**
 * Hashes: HSET HMSET HSETNX HGET HMGET HGETALL HKEYS HVALS HLEN HSTRLEN HEXISTS HDEL HSCAN
 * (https://redis.io/docs/latest/develop/data-types/hashes/).
 */
import { wrongArity } from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { HashView } from "../../keyspace/views/HashView.ts"
import { Entry } from "../../values/listpack/entries.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { scanCollection } from "../collectionScan.ts"
import { KEY, VALUE } from "../commonArguments.ts"
import { cursorArguments } from "../scanOptions.ts"

/** A field of a hash. */
const FIELD: Argument = { name: "field", type: "string" }
const FIELDS: Argument = { ...FIELD, multiple: true }
const PAIRS: Argument = { name: "field_value", type: "block", multiple: true, args: [FIELD, VALUE] }

const hash = new HashView()
const stored = new Entry()

// ---- setting ---------------------------------------------------------------------------------------------------------

/** Tells the hash under the key, made if there is none, which words from `from` to `to` are about to be set. */
function prepare({ args, db }: Context, found: boolean, from: number, to: number): void {
  if (!found) hash.create(db, args.at(1))
  let bytes = 0
  let longest = 0
  for (let i = from; i < to; i++) {
    const length = args.length(i)
    bytes += length
    if (length > longest) longest = length
  }
  hash.expect((to - from) >> 1, bytes, longest)
}

/** Sets the fields that the words name, and returns how many are new. */
function setFields(ctx: Context): number {
  const { args, db, keyspace } = ctx
  const { count } = args
  prepare(ctx, hash.write(db, args.at(1)), 2, count)
  let added = 0
  for (let i = 2; i < count; i += 2) if (hash.set(args.at(i), args.at(i + 1))) added++
  db.changed(EventClass.Hash, "hset", args.at(1))
  // One change for each pair.
  keyspace.dirty += (count - 2) / 2 - 1
  return added
}

const hset: CommandDefinition = {
  name: "hset",
  summary: "Set fields of a hash, and return how many are new",
  since: "2.0.0",
  group: "hash",
  complexity:
    "O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs.",
  arity: -4,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "update"])],
  args: [KEY, PAIRS],
  history: [["4.0.0", "Takes any number of fields with their values."]],
  run: (ctx) => {
    if (ctx.args.count % 2 === 1) throw wrongArity("hset")
    ctx.reply.int(setFields(ctx))
  }
}

const hmset: CommandDefinition = {
  name: "hmset",
  summary: "Set fields of a hash",
  since: "2.0.0",
  group: "hash",
  complexity: "O(N) where N is the number of fields being set.",
  arity: -4,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "update"])],
  args: [KEY, PAIRS],
  deprecated: { since: "4.0.0", replacedBy: "`HSET` with multiple field-value pairs" },
  run: (ctx) => {
    if (ctx.args.count % 2 === 1) throw wrongArity("hmset")
    setFields(ctx)
    ctx.reply.ok()
  }
}

const hsetnx: CommandDefinition = {
  name: "hsetnx",
  summary: "Set a field of a hash if it is not there",
  since: "2.0.0",
  group: "hash",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "insert"])],
  args: [KEY, FIELD, VALUE],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const found = hash.write(db, args.at(1))
    if (found && hash.has(args.at(2))) {
      reply.int(0)
      return
    }
    prepare(ctx, found, 2, 4)
    hash.set(args.at(2), args.at(3))
    db.changed(EventClass.Hash, "hset", args.at(1))
    reply.int(1)
  }
}

const hdel: CommandDefinition = {
  name: "hdel",
  summary: "Remove fields of a hash, and return how many there were",
  since: "2.0.0",
  group: "hash",
  complexity: "O(N) where N is the number of fields to be removed.",
  arity: -3,
  flags: ["write", "fast"],
  keys: [keys(["RW", "delete"])],
  args: [KEY, FIELDS],
  history: [["2.4.0", "Takes any number of fields."]],
  run: ({ args, db, keyspace, reply }) => {
    let removed = 0
    let emptied = false
    if (hash.write(db, args.at(1))) {
      for (let i = 2; i < args.count && !emptied; i++) {
        if (!hash.delete(args.at(i))) continue
        removed++
        emptied = hash.size === 0
      }
      if (emptied) hash.remove()
    }
    if (removed > 0) {
      const key = args.at(1)
      db.changed(EventClass.Hash, "hdel", key)
      if (emptied) db.announce(EventClass.Generic, "del", key)
      keyspace.dirty += removed - 1
    }
    reply.int(removed)
  }
}

// ---- one field and another -------------------------------------------------------------------------------------------

/** Answers with the value of the field that a word names, or null. */
function replyWithValue({ args, reply }: Context, found: boolean, index: number): void {
  const value = found ? hash.get(args.at(index), stored) : undefined
  if (value === undefined) reply.null()
  else reply.bulk(value)
}

const hget: CommandDefinition = {
  name: "hget",
  summary: "Return the value of a field",
  since: "2.0.0",
  group: "hash",
  complexity: "O(1)",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [KEY, FIELD],
  run: (ctx) => replyWithValue(ctx, hash.read(ctx.db, ctx.args.at(1)), 2)
}

const hmget: CommandDefinition = {
  name: "hmget",
  summary: "Return the values of several fields",
  since: "2.0.0",
  group: "hash",
  complexity: "O(N) where N is the number of fields being requested.",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [KEY, FIELDS],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const found = hash.read(db, args.at(1))
    reply.array(args.count - 2)
    for (let i = 2; i < args.count; i++) replyWithValue(ctx, found, i)
  }
}

const hexists: CommandDefinition = {
  name: "hexists",
  summary: "Tell whether a hash has a field",
  since: "2.0.0",
  group: "hash",
  complexity: "O(1)",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY, FIELD],
  run: ({ args, db, reply }) => reply.int(hash.read(db, args.at(1)) && hash.has(args.at(2)) ? 1 : 0)
}

const hstrlen: CommandDefinition = {
  name: "hstrlen",
  summary: "Return how long the value of a field is",
  since: "3.2.0",
  group: "hash",
  complexity: "O(1)",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY, FIELD],
  run: ({ args, db, reply }) => {
    const value = hash.read(db, args.at(1)) ? hash.get(args.at(2), stored) : undefined
    reply.int(value?.length ?? 0)
  }
}

// ---- all of them -----------------------------------------------------------------------------------------------------

const hlen: CommandDefinition = {
  name: "hlen",
  summary: "Return how many fields a hash has",
  since: "2.0.0",
  group: "hash",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY],
  run: ({ args, db, reply }) => reply.int(hash.read(db, args.at(1)) ? hash.size : 0)
}

/** What the commands that show a whole hash have in common. */
const WHOLE = {
  since: "2.0.0",
  group: "hash",
  complexity: "O(N) where N is the size of the hash.",
  arity: 2,
  flags: ["readonly"],
  tips: ["nondeterministic_output_order"],
  keys: [keys(["RO", "access"])],
  args: [KEY]
} as const

const hgetall: CommandDefinition = {
  ...WHOLE,
  name: "hgetall",
  summary: "Return all fields of a hash with their values",
  run: ({ args, db, reply }) => {
    const found = hash.read(db, args.at(1))
    reply.map(found ? hash.size : 0)
    if (!found) return
    hash.forEach((field, value) => {
      reply.bulk(field)
      reply.bulk(value)
    })
  }
}

const hkeys: CommandDefinition = {
  ...WHOLE,
  name: "hkeys",
  summary: "Return all fields of a hash",
  run: ({ args, db, reply }) => {
    const found = hash.read(db, args.at(1))
    reply.array(found ? hash.size : 0)
    if (!found) return
    hash.forEach((field) => {
      reply.bulk(field)
    })
  }
}

const hvals: CommandDefinition = {
  ...WHOLE,
  name: "hvals",
  summary: "Return all values of a hash",
  run: ({ args, db, reply }) => {
    const found = hash.read(db, args.at(1))
    reply.array(found ? hash.size : 0)
    if (!found) return
    hash.forEach((_, value) => {
      reply.bulk(value)
    })
  }
}

const hscan: CommandDefinition = {
  name: "hscan",
  summary: "Walk through the fields of a hash, some at a time",
  since: "2.8.0",
  group: "hash",
  complexity:
    "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.",
  arity: -3,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO", "access"])],
  args: [KEY, ...cursorArguments],
  run: (ctx) => scanCollection(ctx, () => (hash.read(ctx.db, ctx.args.at(1)) ? hash : undefined))
}

/** All that has to do with hashes but counting and drawing. */
export const hashCommands: ReadonlyArray<CommandDefinition> = [
  ...[hset, hmset, hsetnx, hdel, hget, hmget, hexists, hstrlen],
  ...[hlen, hgetall, hkeys, hvals, hscan]
]
