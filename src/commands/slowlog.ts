/**
 * SLOWLOG: the commands that took longer than slowlog-log-slower-than (https://redis.io/docs/latest/commands/slowlog/).
 */
import * as Errors from "../Errors.ts"
import type { SlowLogEntry } from "../SlowLog.ts"
import type { CommandDefinition } from "./Command.ts"
import type { Context } from "./Context.ts"
import { helpCommand } from "./help.ts"

/** As many entries SLOWLOG GET gives unless told otherwise. */
const DEFAULT_COUNT = 10
/** The count that stands for all entries. */
const ALL = -1

const FACTS = { group: "server", flags: ["admin", "loading", "stale"], since: "2.2.12" } as const

/** How many entries are wanted: of a log that holds `length`. */
function wantedCount({ args }: Context, length: number): number {
  if (args.count === 2) return Math.min(DEFAULT_COUNT, length)
  const count = args.intBetween(2, ALL, Number.POSITIVE_INFINITY, Errors.slowLogCount)
  return count === ALL ? length : Math.min(count, length)
}

function writeEntry({ reply }: Context, entry: SlowLogEntry): void {
  reply.array(6)
  reply.int(entry.id)
  reply.int(entry.time)
  reply.int(entry.microseconds)
  reply.array(entry.words.length)
  for (const word of entry.words) reply.bulkText(word)
  reply.bulkText(entry.clientAddress)
  reply.bulkText(entry.clientName)
}

const get: CommandDefinition = {
  ...FACTS,
  name: "get",
  summary: "Return the newest entries, 10 of them unless told otherwise, -1 for all",
  complexity: "O(N) where N is the number of entries returned",
  arity: -2,
  tips: ["request_policy:all_nodes", "nondeterministic_output"],
  args: [{ name: "count", type: "integer", optional: true }],
  history: [["4.0.0", "Entries tell the client's address and name."]],
  run: (ctx) => {
    if (ctx.args.count > 3) throw Errors.unknownSubcommandOrArity("slowlog", ctx.args.text(1))
    const { entries } = ctx.slowLog
    const count = wantedCount(ctx, entries.length)
    ctx.reply.array(count)
    for (let i = 0; i < count; i++) writeEntry(ctx, entries[i]!)
  }
}

const len: CommandDefinition = {
  ...FACTS,
  name: "len",
  summary: "Return the number of entries",
  complexity: "O(1)",
  arity: 2,
  tips: ["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"],
  run: ({ reply, slowLog }) => reply.int(slowLog.entries.length)
}

const reset: CommandDefinition = {
  ...FACTS,
  name: "reset",
  summary: "Remove all entries",
  complexity: "O(N) where N is the number of entries in the slowlog",
  arity: 2,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  run: ({ reply, slowLog }) => {
    slowLog.reset()
    reply.ok()
  }
}

const subcommands = [get, len, reset]

const slowlog: CommandDefinition = {
  name: "slowlog",
  summary: "The commands that took long",
  since: "2.2.12",
  group: "server",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: [],
  subcommands: [...subcommands, helpCommand("slowlog", "server", "6.2.0", subcommands)]
}

export const slowlogCommands: ReadonlyArray<CommandDefinition> = [slowlog]
