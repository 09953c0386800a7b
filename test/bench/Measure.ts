/** What is measured and how: CPU time of the server's process from /proc, throughput from redis-benchmark, memory, start-up. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { promisify } from "node:util"
import type { ChildServer } from "../support/ChildServer.ts"

const exec = promisify(execFile)

/** Ticks of /proc/<pid>/stat in a second on Linux. */
const TICKS_PER_SECOND = 100

/** The load of one measurement. */
export interface Load {
  readonly command: "get" | "set" | "incr"
  readonly pipeline: number
  /** Bytes of a value. */
  readonly valueSize: number
  readonly requests: number
}

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

/** Keys that a load draws from: fewer for large values, so that memory is not what is measured. */
const keyspace = (valueSize: number): number => (valueSize > 5000 ? 1000 : valueSize > 500 ? 10_000 : 100_000)

/** Puts a load on the server with redis-benchmark and gives what it cost. */
export async function measure(server: ChildServer, load: Load): Promise<Cost> {
  const before = cpuMicros(server.pid)
  const args = ["-p", server.port, "-n", load.requests, "-c", 50, "-P", load.pipeline, "-q", "--csv"]
  const { stdout } = await exec(
    "redis-benchmark",
    [...args, "-r", keyspace(load.valueSize), "-d", load.valueSize, "-t", load.command].map(String)
  )
  const used = cpuMicros(server.pid) - before
  const throughput = Number(/"(?:GET|SET|INCR)","([\d.]+)"/.exec(stdout)?.[1])
  if (Number.isNaN(throughput)) throw new Error(`redis-benchmark said: ${stdout}`)
  return { cpu: used / load.requests, throughput }
}

/** Gives nearly every key of a load a value, so that reads find one. */
export async function fill(server: ChildServer, load: Load): Promise<void> {
  await measure(server, { ...load, command: "set", pipeline: 16, requests: keyspace(load.valueSize) * 3 })
}

/** Milliseconds from the start of a process to its first PONG. */
export async function startUp(start: () => Promise<ChildServer>): Promise<number> {
  const began = performance.now()
  await using _ = await start()
  return performance.now() - began
}
