/**
 * MEMORY: what keys and the server itself take (https://redis.io/docs/latest/commands/memory/).
 */
import * as V8 from "node:v8"
import * as Errors from "../Errors.ts"
import { memoryOf, type Overhead } from "../keyspace/memoryUsage.ts"
import { datasetPercent, memoryDoctor, memoryReport, percentOf } from "../MemoryReport.ts"
import { type CommandDefinition, keys } from "./Command.ts"
import type { Context } from "./Context.ts"
import { helpCommand } from "./help.ts"

const FACTS = {
  since: "4.0.0",
  group: "server",
  complexity: "O(1)",
  flags: [],
  tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"]
} as const

const doctor: CommandDefinition = {
  ...FACTS,
  name: "doctor",
  summary: "Return a report for people, with advice",
  arity: 2,
  run: (ctx) => ctx.reply.verbatim("txt", memoryDoctor(memoryReport(ctx)))
}

const mallocStats: CommandDefinition = {
  ...FACTS,
  name: "malloc-stats",
  summary: "Return what the engine tells of its heap",
  complexity: "Depends on how much memory is allocated, could be slow",
  arity: 2,
  run: ({ reply }) => {
    const heap = Object.entries(V8.getHeapStatistics()).map(([name, value]) => `${name}:${value}`)
    const spaces = V8.getHeapSpaceStatistics().map(
      (space) => `${space.space_name}: size=${space.space_size} used=${space.space_used_size}`
    )
    reply.verbatim("txt", `${[...heap, ...spaces].join("\n")}\n`)
  }
}

const purge: CommandDefinition = {
  ...FACTS,
  name: "purge",
  summary: "Close the holes that removed keys have left in the tables, and give the memory back",
  complexity: "Depends on how much memory is allocated, could be slow",
  arity: 2,
  tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
  run: ({ keyspace, reply }) => {
    for (const { dict } of keyspace.databases) {
      dict.rehashStep(Number.MAX_SAFE_INTEGER)
      dict.compact(Number.MAX_SAFE_INTEGER)
    }
    reply.ok()
  }
}

function writeOverhead({ reply }: Context, { deadlines, keys }: Overhead): void {
  reply.map(3)
  reply.bulkText("overhead.hashtable.main")
  reply.int(keys)
  reply.bulkText("overhead.hashtable.expires")
  reply.int(deadlines)
  reply.bulkText("overhead.hashtable.slot-to-keys")
  reply.int(0)
}

/** Names with what writes their values. What this server has none of (replicas, scripts) takes 0 bytes. */
function figures(ctx: Context): ReadonlyArray<readonly [name: string, write: () => void]> {
  const { reply } = ctx
  const report = memoryReport(ctx)
  const { clients, databases, dataset, keys, log, overhead, peak, resident, startup, used } = report
  const size = (bytes: number) => () => reply.int(bytes)
  const ratio = (value: number) => () => reply.double(value)
  return [
    ["peak.allocated", size(peak)],
    ["total.allocated", size(used)],
    ["startup.allocated", size(startup)],
    ["replication.backlog", size(0)],
    ["clients.slaves", size(0)],
    ["clients.normal", size(clients)],
    ["cluster.links", size(0)],
    ["aof.buffer", size(log)],
    ["lua.caches", size(0)],
    ["functions.caches", size(0)],
    ...Array.from(databases, ([index, own]) => [`db.${index}`, () => writeOverhead(ctx, own)] as const),
    ["overhead.total", size(overhead)],
    ["keys.count", size(keys)],
    ["keys.bytes-per-key", size(keys === 0 ? 0 : Math.floor(Math.max(0, used - startup) / keys))],
    ["dataset.bytes", size(dataset)],
    ["dataset.percentage", ratio(datasetPercent(report))],
    ["peak.percentage", ratio(percentOf(used, peak))],
    ["fragmentation", ratio(resident / used)],
    ["fragmentation.bytes", size(resident - used)]
  ]
}

const stats: CommandDefinition = {
  ...FACTS,
  name: "stats",
  summary: "Return what the memory is used for",
  arity: 2,
  run: (ctx) => {
    const all = figures(ctx)
    ctx.reply.map(all.length)
    for (const [name, write] of all) {
      ctx.reply.bulkText(name)
      write()
    }
  }
}

/** SAMPLES says how many elements to look at; values are measured whole, however many they have. */
function checkSamples({ args }: Context): void {
  for (let i = 3; i < args.count; i += 2) {
    if (!args.is(i, "samples") || i + 1 >= args.count) throw Errors.syntax
    if (args.int(i + 1) < 0) throw Errors.syntax
  }
}

const usage: CommandDefinition = {
  ...FACTS,
  name: "usage",
  summary: "Return how many bytes a key takes, with its value",
  complexity: "O(N) where N is the number of samples.",
  arity: -3,
  flags: ["readonly"],
  tips: [],
  keys: [keys(["RO"], 2)],
  args: [
    { name: "key", type: "key", keySpec: 0 },
    { name: "count", type: "integer", token: "SAMPLES", optional: true }
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    checkSamples(ctx)
    const ref = db.peek(args.at(2))
    if (ref === 0) reply.null()
    else reply.int(memoryOf(db, ref))
  }
}

const subcommands = [doctor, mallocStats, purge, stats, usage]

const memory: CommandDefinition = {
  name: "memory",
  summary: "What keys and the server take in memory",
  since: "4.0.0",
  group: "server",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: [],
  subcommands: [...subcommands, helpCommand("memory", "server", "4.0.0", subcommands)]
}

export const memoryCommands: ReadonlyArray<CommandDefinition> = [memory]
