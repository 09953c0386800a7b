/**
 * Keys whatever they hold: DEL UNLINK EXISTS TOUCH TYPE RENAME RENAMENX COPY MOVE.
 */
import * as Errors from "../Errors.ts"
import type { Database } from "../keyspace/Database.ts"
import { EventClass } from "../keyspace/Notifications.ts"
import { copyRecord, moveRecord } from "../keyspace/relocate.ts"
import { typeNames } from "../keyspace/Value.ts"
import type { Slice } from "../values/Slice.ts"
import { type Argument, type CommandDefinition, keys } from "./Command.ts"
import type { Context } from "./Context.ts"
import { databaseIndex } from "./databaseIndex.ts"

const KEY: Argument = { name: "key", type: "key", keySpec: 0 }
const KEYS: Argument = { ...KEY, multiple: true }

/** Commands on any number of keys that answer with a sum. */
const SUM_TIPS = ["request_policy:multi_shard", "response_policy:agg_sum"]

// ---- are they there? ---------------------------------------------------------------------------------------------------

const exists: CommandDefinition = {
  name: "exists",
  summary: "Return how many of the keys exist; one that is named twice counts twice",
  since: "1.0.0",
  group: "generic",
  complexity: "O(N) where N is the number of keys to check.",
  arity: -2,
  flags: ["readonly", "fast"],
  tips: SUM_TIPS,
  keys: [keys(["RO"], 1, -1)],
  args: [KEYS],
  history: [["3.0.3", "Takes any number of keys."]],
  run: ({ args, db, reply }) => {
    let count = 0
    for (let i = 1; i < args.count; i++) if (db.inspect(args.at(i)) !== 0) count++
    reply.int(count)
  }
}

const touch: CommandDefinition = {
  name: "touch",
  summary: "Let keys count as used now, and return how many there are",
  since: "3.2.1",
  group: "generic",
  complexity: "O(N) where N is the number of keys that will be touched.",
  arity: -2,
  flags: ["readonly", "fast"],
  tips: SUM_TIPS,
  keys: [keys(["RO"], 1, -1)],
  args: [KEYS],
  run: ({ args, db, keyspace, reply }) => {
    let count = 0
    for (let i = 1; i < args.count; i++) {
      const ref = db.read(args.at(i))
      if (ref === 0) continue
      // Even for a client that set CLIENT NO-TOUCH on: it asks for it.
      db.dict.setClock(ref, keyspace.clock)
      count++
    }
    reply.int(count)
  }
}

const type: CommandDefinition = {
  name: "type",
  summary: "Return what kind of value a key holds",
  since: "1.0.0",
  group: "generic",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY],
  run: ({ args, db, reply }) => {
    const ref = db.inspect(args.at(1))
    reply.simple(ref === 0 ? "none" : typeNames[db.dict.type(ref)]!)
  }
}

// ---- removing ----------------------------------------------------------------------------------------------------------

function removeKeys({ args, db, reply }: Context): void {
  let removed = 0
  for (let i = 1; i < args.count; i++) {
    const key = args.at(i)
    if (!db.delete(key)) continue
    db.changed(EventClass.Generic, "del", key)
    removed++
  }
  reply.int(removed)
}

const REMOVING = {
  group: "generic",
  arity: -2,
  tips: SUM_TIPS,
  keys: [keys(["RM", "delete"], 1, -1)],
  args: [KEYS],
  run: removeKeys
} as const

const del: CommandDefinition = {
  ...REMOVING,
  name: "del",
  summary: "Remove keys, and return how many there were",
  since: "1.0.0",
  complexity:
    "O(N) where N is the number of keys that will be removed. When a key to remove holds a value other than a string, the individual complexity for this key is O(M) where M is the number of elements in the list, set, sorted set or hash. Removing a single key that holds a string value is O(1).",
  flags: ["write"]
}

/** As DEL: a value is left to the garbage collector either way. */
const unlink: CommandDefinition = {
  ...REMOVING,
  name: "unlink",
  summary: "Remove keys without waiting for their memory, and return how many there were",
  since: "4.0.0",
  complexity:
    "O(1) for each key removed regardless of its size. Then the command does O(N) work in a different thread in order to reclaim memory, where N is the number of allocations the deleted objects where composed of.",
  flags: ["write", "fast"]
}

// ---- another name, another database ------------------------------------------------------------------------------------

/** A key went from one place to another: one write, of which both places tell. */
function relocated(from: Database, key: Slice, fromEvent: string, to: Database, newKey: Slice, toEvent: string): void {
  const { keyspace } = from
  keyspace.touched(from, key)
  keyspace.touched(to, newKey)
  keyspace.events.notify(from.index, EventClass.Generic, fromEvent, key)
  keyspace.events.notify(to.index, EventClass.Generic, toEvent, newKey)
  keyspace.dirty++
}

/** Renames; false when the new name is taken and may not be replaced, or is the old one. */
function renameKey({ args, db }: Context, replace: boolean): boolean {
  const key = args.at(1)
  const newKey = args.at(2)
  const ref = db.write(key)
  if (ref === 0) throw Errors.noSuchKey
  if (key.equals(newKey)) return false
  const taken = db.write(newKey)
  if (taken !== 0) {
    if (!replace) return false
    db.remove(taken)
  }
  moveRecord(db, ref, db, newKey)
  relocated(db, key, "rename_from", db, newKey, "rename_to")
  return true
}

const RENAME_ARGS: ReadonlyArray<Argument> = [KEY, { name: "newkey", type: "key", keySpec: 1 }]

const rename: CommandDefinition = {
  name: "rename",
  summary: "Give a key another name, replacing what has that name",
  since: "1.0.0",
  group: "generic",
  complexity: "O(1)",
  arity: 3,
  flags: ["write"],
  keys: [keys(["RW", "access", "delete"]), keys(["OW", "update"], 2)],
  args: RENAME_ARGS,
  run: (ctx) => {
    renameKey(ctx, true)
    ctx.reply.ok()
  }
}

const renamenx: CommandDefinition = {
  name: "renamenx",
  summary: "Give a key another name that no key has",
  since: "1.0.0",
  group: "generic",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "fast"],
  keys: [keys(["RW", "access", "delete"]), keys(["OW", "insert"], 2)],
  args: RENAME_ARGS,
  history: [["3.2.0", "Old and new name may be the same."]],
  run: (ctx) => ctx.reply.int(renameKey(ctx, false) ? 1 : 0)
}

const move: CommandDefinition = {
  name: "move",
  summary: "Move a key to another database where there is no such key",
  since: "1.0.0",
  group: "generic",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, { name: "db", type: "integer" }],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    const target = keyspace.databases[databaseIndex(ctx, 2)]!
    if (target === db) throw Errors.sameObject
    const key = args.at(1)
    const ref = db.write(key)
    if (ref === 0 || target.write(key) !== 0) {
      reply.int(0)
      return
    }
    moveRecord(db, ref, target, key)
    relocated(db, key, "move_from", target, key, "move_to")
    reply.int(1)
  }
}

interface CopyOptions {
  readonly target: Database
  readonly replace: boolean
}

function copyOptions(ctx: Context): CopyOptions {
  const { args, keyspace } = ctx
  let target = ctx.db
  let replace = false
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, "replace")) replace = true
    else if (args.is(i, "db") && i + 1 < args.count) target = keyspace.databases[databaseIndex(ctx, ++i)]!
    else throw Errors.syntax
  }
  return { target, replace }
}

const copy: CommandDefinition = {
  name: "copy",
  summary: "Copy the value of a key, and its deadline, to another key",
  since: "6.2.0",
  group: "generic",
  complexity: "O(N) worst case for collections, where N is the number of nested items. O(1) for string values.",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [keys(["RO", "access"]), keys(["OW", "update"], 2)],
  args: [
    { name: "source", type: "key", keySpec: 0 },
    { name: "destination", type: "key", keySpec: 1 },
    { name: "destination-db", type: "integer", token: "DB", optional: true },
    { name: "replace", type: "pure-token", token: "REPLACE", optional: true }
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const { target, replace } = copyOptions(ctx)
    const key = args.at(1)
    const newKey = args.at(2)
    if (target === db && key.equals(newKey)) throw Errors.sameObject
    const ref = db.read(key)
    if (ref === 0) {
      reply.int(0)
      return
    }
    const taken = target.write(newKey)
    if (taken !== 0) {
      if (!replace) {
        reply.int(0)
        return
      }
      target.remove(taken)
    }
    copyRecord(db, ref, target, newKey)
    target.changed(EventClass.Generic, "copy_to", newKey)
    reply.int(1)
  }
}

export const keyCommands: ReadonlyArray<CommandDefinition> = [
  ...[copy, del, exists, move, rename, renamenx, touch, type, unlink]
]
