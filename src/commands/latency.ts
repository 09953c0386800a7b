/**
 * LATENCY: spikes by event, and how the times of commands are distributed
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/).
 */
import * as Errors from "../Errors.ts"
import { latencyDoctor, latencyGraph } from "../LatencyReport.ts"
import type { Argument, CommandDefinition } from "./Command.ts"
import type { Context } from "./Context.ts"
import { helpCommand } from "./help.ts"
import type { RegisteredCommand } from "./Registry.ts"

const FACTS = {
  since: "2.8.13",
  group: "server",
  complexity: "O(1)",
  flags: ["admin", "noscript", "loading", "stale"],
  tips: ["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"]
} as const

const EVENT: Argument = { name: "event", type: "string" }

const doctor: CommandDefinition = {
  ...FACTS,
  name: "doctor",
  summary: "Return a report for people, with advice",
  arity: 2,
  run: ({ config, latency, reply }) => reply.verbatim("txt", latencyDoctor(latency.events, config.values))
}

const graph: CommandDefinition = {
  ...FACTS,
  name: "graph",
  summary: "Return an event's spikes as a graph in ASCII",
  arity: 3,
  args: [EVENT],
  run: ({ args, latency, now, reply }) => {
    const name = args.text(2)
    const event = latency.events.get(name)
    if (event === undefined) throw Errors.noLatencySamples(name)
    reply.verbatim("txt", latencyGraph(name, event, Math.floor(now / 1000)))
  }
}

const history: CommandDefinition = {
  ...FACTS,
  name: "history",
  summary: "Return an event's spikes: when, and how many milliseconds",
  arity: 3,
  args: [EVENT],
  run: ({ args, latency, reply }) => {
    const samples = latency.events.get(args.text(2))?.samples ?? []
    reply.array(samples.length)
    for (const sample of samples) {
      reply.array(2)
      reply.int(sample.time)
      reply.int(sample.latency)
    }
  }
}

const latest: CommandDefinition = {
  ...FACTS,
  name: "latest",
  summary: "Return each event's last spike and its worst ever",
  arity: 2,
  run: ({ latency, reply }) => {
    reply.array(latency.events.size)
    for (const [name, { max, samples }] of latency.events) {
      const last = samples.at(-1)!
      reply.array(4)
      reply.bulkText(name)
      reply.int(last.time)
      reply.int(last.latency)
      reply.int(max)
    }
  }
}

const reset: CommandDefinition = {
  ...FACTS,
  name: "reset",
  summary: "Forget the spikes of these events, or of all",
  arity: -2,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  args: [{ ...EVENT, optional: true, multiple: true }],
  run: ({ args, latency, reply }) => reply.int(args.count === 2 ? latency.reset() : latency.reset([...args.texts(2)]))
}

// ---- distributions -----------------------------------------------------------------------------------------------------

/** The command and its subcommands, as far as they have been called. */
const measured = (command: RegisteredCommand): ReadonlyArray<RegisteredCommand> =>
  [command, ...(command.subcommands?.values() ?? [])].filter(({ histogram }) => (histogram?.count ?? 0) > 0)

/** The commands that were named (unknown names count for nothing), or all of them. */
function wanted({ args, registry }: Context): ReadonlyArray<RegisteredCommand> {
  if (args.count === 2) return [...registry.commands].flatMap(measured)
  return [...args.texts(2)].flatMap((name) => {
    const command = registry.lookup(name)
    return command === undefined ? [] : measured(command)
  })
}

const histogram: CommandDefinition = {
  ...FACTS,
  name: "histogram",
  summary: "Return, for these commands or for all, how many calls took up to how many microseconds",
  since: "7.0.0",
  complexity: "O(N) where N is the number of commands with latency information being retrieved.",
  arity: -2,
  args: [{ name: "command", type: "string", optional: true, multiple: true }],
  run: (ctx) => {
    const { reply } = ctx
    const commands = wanted(ctx)
    reply.map(commands.length)
    for (const { fullName, histogram } of commands) {
      const bounds = [...(histogram?.cumulative() ?? [])]
      reply.bulkText(fullName)
      reply.map(2)
      reply.bulkText("calls")
      reply.int(histogram?.count ?? 0)
      reply.bulkText("histogram_usec")
      reply.map(bounds.length)
      for (const [microseconds, calls] of bounds) {
        reply.int(microseconds)
        reply.int(calls)
      }
    }
  }
}

const subcommands = [doctor, graph, histogram, history, latest, reset]

const latency: CommandDefinition = {
  name: "latency",
  summary: "Latency spikes and the times of commands",
  since: "2.8.13",
  group: "server",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: [],
  subcommands: [...subcommands, helpCommand("latency", "server", "2.8.13", subcommands)]
}

export const latencyCommands: ReadonlyArray<CommandDefinition> = [latency]
