/**
 * CONFIG: the server's settings while it runs (https://redis.io/docs/latest/commands/config-set/).
 */
import { Effect, Result } from "effect"
import { findDirective } from "../config/Directives.ts"
import type { Pair } from "../config/LiveConfig.ts"
import * as Errors from "../Errors.ts"
import type { CommandDefinition } from "./Command.ts"
import type { Context } from "./Context.ts"
import { helpCommand } from "./help.ts"
import { awaitThen, type Resume, type Suspend } from "./Suspend.ts"

const FACTS = {
  since: "2.0.0",
  group: "server",
  flags: ["admin", "noscript", "loading", "stale"]
} as const

/** Answers when it is done: OK, or why it could not be done. */
function answerAfter(ctx: Context, work: Effect.Effect<void, Errors.ReplyError>): Suspend {
  if (ctx.inTransaction) throw Errors.denyBlocking(`CONFIG ${ctx.args.text(1).toUpperCase()}`)
  return awaitThen(
    Effect.match(work, {
      onSuccess:
        (): Resume =>
        ({ reply }) =>
          reply.ok(),
      onFailure:
        (refusal): Resume =>
        () => {
          throw refusal
        }
    })
  )
}

const get: CommandDefinition = {
  ...FACTS,
  name: "get",
  summary: "Return the settings of these names or glob patterns",
  complexity: "O(N) when N is the number of configuration parameters provided",
  arity: -3,
  args: [{ name: "parameter", type: "block", multiple: true, args: [{ name: "parameter", type: "string" }] }],
  history: [["7.0.0", "Takes several patterns."]],
  run: ({ args, config, reply }) => {
    const found = config.get([...args.texts(2)])
    reply.map(found.length)
    for (const [name, value] of found) {
      reply.bulkText(name)
      reply.bulkText(value)
    }
  }
}

const set: CommandDefinition = {
  ...FACTS,
  name: "set",
  summary: "Change settings, all of these or none",
  complexity: "O(N) when N is the number of configuration parameters provided",
  arity: -4,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  args: [
    {
      name: "parameter_value",
      type: "block",
      multiple: true,
      args: [
        { name: "parameter", type: "string" },
        { name: "value", type: "string" }
      ]
    }
  ],
  history: [["7.0.0", "Takes several settings."]],
  secrets: (args) =>
    Array.from({ length: args.count }, (_, i) => i).filter(
      (i) => i > 2 && i % 2 === 1 && findDirective(args.text(i - 1))?.secret === true
    ),
  run: (ctx) => {
    const words = [...ctx.args.texts(2)]
    if (words.length % 2 !== 0) throw Errors.syntax
    const pairs = words.flatMap((name, i): ReadonlyArray<Pair> => (i % 2 === 0 ? [[name, words[i + 1]!]] : []))
    const completion = Result.getOrThrowWith(ctx.config.set(pairs, !ctx.inTransaction), (refusal) => refusal)
    if (completion !== undefined) return answerAfter(ctx, completion)
    ctx.reply.ok()
  }
}

const rewrite: CommandDefinition = {
  ...FACTS,
  name: "rewrite",
  summary: "Bring the configuration file up to the settings in force",
  since: "2.8.0",
  complexity: "O(1)",
  arity: 2,
  run: (ctx) => answerAfter(ctx, ctx.rewriteConfig)
}

const resetstat: CommandDefinition = {
  ...FACTS,
  name: "resetstat",
  summary: "Begin to count anew what INFO shows",
  complexity: "O(1)",
  arity: 2,
  run: ({ keyspace, persistence, registry, reply, snapshots, stats }) => {
    stats.reset()
    keyspace.stats.reset()
    registry.resetStats()
    persistence.resetStats()
    snapshots.history.resetStats()
    reply.ok()
  }
}

const subcommands = [get, resetstat, rewrite, set]

const config: CommandDefinition = {
  name: "config",
  summary: "The server's settings and counters",
  since: "2.0.0",
  group: "server",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: [],
  subcommands: [...subcommands, helpCommand("config", "server", "5.0.0", subcommands)]
}

export const configCommands: ReadonlyArray<CommandDefinition> = [config]
