/** What is measured and how: CPU time of the server's process from /proc, throughput from redis-benchmark, memory, start-up. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { promisify } from "node:util"
import type { ChildServer } from "../support/ChildServer.ts"
import { RespClient } from "../support/RespClient.ts"
import type { Load } from "./Loads.ts"

const exec = promisify(execFile)

/** Ticks of /proc/<pid>/stat in a second on Linux. */
const TICKS_PER_SECOND = 100

/** What a load cost. */
export interface Cost {
  /** CPU time of the server, in microseconds for each command. */
  readonly cpu: number
  /** Commands a second. */
  readonly throughput: number
}

/** CPU time that a process has used, user and system, all its threads, in microseconds. */
export function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]!.split(" ")
  return (Number(fields[11]) + Number(fields[12])) * (1_000_000 / TICKS_PER_SECOND)
}

/** Resident memory of a process in bytes. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))![1]) * 1024
}

/** The middle one; of an even number the mean of the two. */
export function median(values: ReadonlyArray<number>): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Puts a load on the server with redis-benchmark and gives what it cost; its preparation is not counted. */
export async function measure(server: ChildServer, load: Load): Promise<Cost> {
  const { keyspace, pipeline, requests, sends, valueSize } = load
  if (load.prepare !== undefined) {
    await using client = await RespClient.connect(server)
    await load.prepare(client, requests)
  }
  const before = cpuMicros(server.pid)
  const args = ["-p", server.port, "-n", requests, "-c", 50, "-P", pipeline, "-q", "--csv"]
  const { stdout } = await exec("redis-benchmark", [...args, "-r", keyspace, "-d", valueSize, ...sends].map(String))
  const used = cpuMicros(server.pid) - before
  const throughput = Number(/^"(?!test)[^"]*","([\d.]+)"/m.exec(stdout)?.[1])
  if (Number.isNaN(throughput)) throw new Error(`redis-benchmark said: ${stdout}`)
  return { cpu: used / requests, throughput }
}

/** Milliseconds from the start of a process to its first PONG. */
export async function startUp(start: () => Promise<ChildServer>): Promise<number> {
  const began = performance.now()
  await using _ = await start()
  return performance.now() - began
}
