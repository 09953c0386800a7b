/**
 * LOLWUT: a small piece of generative art, and the version (https://redis.io/docs/latest/commands/lolwut/).
 *
 * The piece is a cloth: threads that cross each other at random, each row woven over the one before. No two are the same.
 */
import { REDIS_VERSION } from "../ServerIdentity.ts"
import type { Args } from "./Args.ts"
import type { CommandDefinition } from "./Command.ts"

/** The versions of Redis whose pieces take measures. */
const MEASURED: ReadonlySet<number> = new Set([5, 6])

interface Cloth {
  /** Threads side by side. */
  readonly threads: number
  readonly rows: number
}

const USUAL: Cloth = { threads: 20, rows: 12 }
const LARGEST: Cloth = { threads: 60, rows: 100 }

/** How often two neighbours cross, and how often a crossing makes the left thread the upper one. */
const CROSSING = 0.45
const LEFT_ABOVE = 0.5

/** One row of crossings between threads `first` and `first + 1`, `first + 2` and `first + 3` and so on. */
function row(threads: number, first: number, random: () => number): string {
  let line = first === 0 ? "" : "| "
  for (let left = first; left < threads; left += 2) {
    if (left + 1 === threads) line += "|"
    else if (random() >= CROSSING) line += "| | "
    else line += random() < LEFT_ABOVE ? " \\  " : " /  "
  }
  return line.trimEnd()
}

function weave({ rows, threads }: Cloth, random: () => number): string {
  const lines = Array.from({ length: rows }, (_, i) => row(threads, i % 2, random))
  return `${lines.join("\n")}\n\n`
}

/** The number at `index`, within bounds; whatever is usual when there is none. */
const sizeAt = (args: Args, index: number, usual: number, largest: number): number =>
  index < args.count ? Math.min(largest, Math.max(1, args.int(index))) : usual

const CURRENT = Number.parseInt(REDIS_VERSION, 10)

/** The art of a version, with its optional measures at `from`; only the version's line stays for one that has none. */
function art(args: Args, version: number, from: number, random: () => number): string {
  if (version === CURRENT) return weave(USUAL, random)
  if (!MEASURED.has(version)) return ""
  const threads = sizeAt(args, from, USUAL.threads, LARGEST.threads)
  const rows = sizeAt(args, from + 1, USUAL.rows, LARGEST.rows)
  return weave({ threads, rows }, random)
}

const lolwut: CommandDefinition = {
  name: "lolwut",
  summary: "Return a piece of computer art, and the version of Redis that this server is like",
  since: "5.0.0",
  group: "server",
  complexity: "",
  arity: -1,
  flags: ["readonly", "fast"],
  args: [{ name: "version", type: "integer", token: "VERSION", optional: true }],
  run: ({ args, keyspace, reply }) => {
    // Words without a version before them mean nothing, as in Redis 7.
    const version = args.count >= 3 && args.is(1, "version") ? args.int(2) : CURRENT
    const picture = art(args, version, 3, keyspace.random)
    reply.verbatim("txt", `${picture}Redis ver. ${REDIS_VERSION}\n`)
  }
}

export const lolwutCommands: ReadonlyArray<CommandDefinition> = [lolwut]
