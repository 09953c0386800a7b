/**
 * Whole databases: SELECT, DBSIZE, SWAPDB, FLUSHDB, FLUSHALL.
 */
import * as Errors from "../Errors.ts"
import type { Database } from "../keyspace/Database.ts"
import type { Argument, CommandDefinition } from "./Command.ts"
import type { Context } from "./Context.ts"
import { databaseIndex, databaseNumber, existingDatabase } from "./databaseIndex.ts"

const select: CommandDefinition = {
  name: "select",
  summary: "Change the database that this connection works with",
  since: "1.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: 2,
  flags: ["loading", "stale", "fast"],
  args: [{ name: "index", type: "integer" }],
  run: (ctx) => {
    ctx.select(databaseIndex(ctx, 1))
    ctx.reply.ok()
  }
}

const dbsize: CommandDefinition = {
  name: "dbsize",
  summary: "Return the number of keys in the database, those that are due but not yet removed among them",
  since: "1.0.0",
  group: "server",
  complexity: "O(1)",
  arity: 1,
  flags: ["readonly", "fast"],
  categories: ["keyspace"],
  tips: ["request_policy:all_shards", "response_policy:agg_sum"],
  run: ({ db, reply }) => reply.int(db.size)
}

const swapdb: CommandDefinition = {
  name: "swapdb",
  summary: "Let two databases change places",
  since: "4.0.0",
  group: "server",
  complexity: "O(N) where N is the count of clients watching or blocking on keys from both databases.",
  arity: 3,
  flags: ["write", "fast"],
  categories: ["keyspace", "dangerous"],
  args: [
    { name: "index1", type: "integer" },
    { name: "index2", type: "integer" }
  ],
  run: (ctx) => {
    const { args, keyspace, reply, session } = ctx
    const first = databaseNumber(args, 1, Errors.invalidFirstDb)
    const second = databaseNumber(args, 2, Errors.invalidSecondDb)
    existingDatabase(ctx, first)
    existingDatabase(ctx, second)
    if (first !== second) keyspace.swap(first, second)
    ctx.select(session.db)
    keyspace.dirty++
    reply.ok()
  }
}

// ---- emptying ----------------------------------------------------------------------------------------------------------

/**
 * ASYNC and SYNC come to the same: a database gives up its pages as a whole, and what they held is left to the garbage
 * collector, which does not wait for either.
 */
function flush(ctx: Context, databases: ReadonlyArray<Database>): void {
  const { args, keyspace, reply } = ctx
  if (args.count > 2 || (args.count === 2 && !args.is(1, "async") && !args.is(1, "sync"))) throw Errors.syntax
  keyspace.dirty += keyspace.flush(databases)
  // Repeated even if there was nothing to remove.
  ctx.journalAs([args.text(0)])
  reply.ok()
}

const FLUSH_MODE: Argument = {
  name: "async",
  type: "oneof",
  optional: true,
  args: [
    { name: "async", type: "pure-token", token: "ASYNC", since: "4.0.0" },
    { name: "sync", type: "pure-token", token: "SYNC", since: "6.2.0" }
  ]
}

const FLUSH_FACTS = {
  since: "1.0.0",
  group: "server",
  arity: -1,
  flags: ["write"],
  categories: ["keyspace", "dangerous"],
  tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
  args: [FLUSH_MODE],
  history: [
    ["4.0.0", "Takes `ASYNC`."],
    ["6.2.0", "Takes `SYNC`."]
  ]
} as const

const flushdb: CommandDefinition = {
  ...FLUSH_FACTS,
  name: "flushdb",
  summary: "Remove all keys of the database",
  complexity: "O(N) where N is the number of keys in the selected database",
  run: (ctx) => flush(ctx, [ctx.db])
}

const flushall: CommandDefinition = {
  ...FLUSH_FACTS,
  name: "flushall",
  summary: "Remove all keys of all databases",
  complexity: "O(N) where N is the total number of keys in all databases",
  run: (ctx) => {
    flush(ctx, ctx.keyspace.databases)
    ctx.snapshots.flushed()
  }
}

export const databaseCommands: ReadonlyArray<CommandDefinition> = [select, dbsize, swapdb, flushdb, flushall]
