/**
 * `npm run bench`: fibredis (built), redis-server and a bare Node loop under the same loads in turn, as a Markdown table.
 * Rounds are interleaved and medians taken, because the machine is never quiet; ratios are to redis-server.
 *
 *   --quick          fewer rounds and requests
 *   --only get,P16   only the measurements whose name has all of these words
 */
import { mkdtempSync, rmSync } from "node:fs"
import { cpus, tmpdir, totalmem } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { ChildServer } from "../support/ChildServer.ts"
import { startFibredis } from "../support/Fibredis.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { collectionLoads, fileLoads, type Load, stringLoads } from "./Loads.ts"
import { type Cost, measure, median, startUp } from "./Measure.ts"
import { holdings, memoryPerElement } from "./Memory.ts"

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string", default: "" } }
})

const rounds = options.quick ? 2 : 5
const scale = options.quick ? 0.2 : 1
const wanted = options.only.split(",").filter((word) => word !== "")
const isWanted = (name: string): boolean => wanted.every((word) => name.split(" ").includes(word))

const scratch = mkdtempSync(join(tmpdir(), "fibredis-bench-"))
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }))

type Name = "redis-server" | "fibredis" | "bare Node"

const startBare = (): Promise<ChildServer> =>
  ChildServer.start({
    name: "bare Node",
    command: process.execPath,
    args: (port) => [fileURLToPath(new URL("bare.mjs", import.meta.url)), "--port", String(port)]
  })

const everysec = (name: string): ReadonlyArray<string> => [
  ...["--appendonly", "yes", "--appendfsync", "everysec"],
  ...["--dir", mkdtempSync(join(scratch, name))]
]

/** The contestants without a file, and those that can keep one. */
const inMemory: Readonly<Record<Name, () => Promise<ChildServer>>> = {
  "redis-server": () => RedisServer.start(),
  fibredis: () => startFibredis([], true),
  "bare Node": startBare
}

/** The bare loop answers GET, SET and INCR only. */
const servers = { "redis-server": inMemory["redis-server"], fibredis: inMemory.fibredis }

const withFile: Readonly<Partial<Record<Name, () => Promise<ChildServer>>>> = {
  "redis-server": () => RedisServer.start(["--auto-aof-rewrite-percentage", "0", ...everysec("redis")]),
  fibredis: () => startFibredis(everysec("fibredis"), true)
}

const scaled = (load: Load): Load => ({ ...load, requests: Math.round(load.requests * scale) })

function row(name: string, costs: ReadonlyMap<string, ReadonlyArray<Cost>>): string {
  const middle = (contestant: string, pick: (cost: Cost) => number) => median((costs.get(contestant) ?? []).map(pick))
  const redis = {
    cpu: middle("redis-server", (cost) => cost.cpu),
    throughput: middle("redis-server", (cost) => cost.throughput)
  }
  const cells = [...costs.keys()].flatMap((contestant) => {
    const cpu = middle(contestant, (cost) => cost.cpu)
    const throughput = middle(contestant, (cost) => cost.throughput)
    return contestant === "redis-server"
      ? [cpu.toFixed(2), Math.round(throughput / 1000).toString()]
      : [
          `${cpu.toFixed(2)} (${(cpu / redis.cpu).toFixed(2)}x)`,
          `${Math.round(throughput / 1000)} (${(throughput / redis.throughput).toFixed(2)}x)`
        ]
  })
  return `| ${[name, ...cells].join(" | ")} |`
}

async function compare(
  starters: Readonly<Partial<Record<Name, () => Promise<ChildServer>>>>,
  loads: ReadonlyArray<Load>
): Promise<void> {
  const chosen = loads.filter(({ name }) => isWanted(name)).map(scaled)
  if (chosen.length === 0) return
  const running: Array<ChildServer> = []
  try {
    for (const start of Object.values(starters)) running.push(await start())
    const names = Object.keys(starters)
    console.log(`\n| load | ${names.map((name) => `${name} us/command | k/s`).join(" | ")} |`)
    console.log(`|---|${"---:|".repeat(names.length * 2)}`)
    for (const load of chosen) {
      const costs = new Map<string, Array<Cost>>(names.map((contestant) => [contestant, []]))
      for (let round = -1; round < rounds; round++) {
        for (const [index, server] of running.entries()) {
          const cost = await measure(server, round < 0 ? { ...load, requests: Math.ceil(load.requests / 4) } : load)
          if (round >= 0) costs.get(names[index]!)!.push(cost)
        }
      }
      console.log(row(load.name, costs))
    }
  } finally {
    for (const server of running) await server[Symbol.asyncDispose]()
  }
}

const ELEMENTS = options.quick ? 200_000 : 1_000_000

async function memory(): Promise<void> {
  const chosen = holdings.filter(({ name }) => isWanted(`memory ${name}`))
  if (chosen.length === 0) return
  console.log(`\n| memory of ${ELEMENTS} | redis-server bytes each | fibredis bytes each |\n|---|---:|---:|`)
  for (const holding of chosen) {
    const redis = await memoryPerElement(inMemory["redis-server"], holding, ELEMENTS)
    const fibredis = await memoryPerElement(inMemory.fibredis, holding, ELEMENTS)
    console.log(
      `| ${holding.name} | ${redis.toFixed(0)} | ${fibredis.toFixed(0)} (${(fibredis / redis).toFixed(2)}x) |`
    )
  }
}

async function startUps(): Promise<void> {
  if (!isWanted("start-up")) return
  console.log("\n| start-up | ms from spawn to the first PONG |\n|---|---:|")
  for (const name of ["redis-server", "fibredis", "bare Node"] as const) {
    const times: Array<number> = []
    for (let round = 0; round < rounds * 2; round++) times.push(await startUp(inMemory[name]))
    console.log(`| ${name} | ${median(times).toFixed(0)} |`)
  }
}

if (!RedisServer.available || !RedisServer.toolsAvailable) {
  console.error("redis-server and redis-benchmark must be installed: ratios are to them")
  process.exitCode = 1
} else {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? "CPU"}, ${(totalmem() / 2 ** 30).toFixed(0)} GB`
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, redis-server ${RedisServer.version}, ${machine}`
  )
  console.log("CPU time of the server for each command and throughput; in brackets the ratio to redis-server.")
  await compare(inMemory, stringLoads)
  await compare(servers, collectionLoads)
  await compare(withFile, fileLoads)
  await memory()
  await startUps()
}
