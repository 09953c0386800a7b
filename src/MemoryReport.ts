/**
 * The server's memory by what it is for: INFO memory, MEMORY STATS and MEMORY DOCTOR read it from here.
 */
import type { ServerParts } from "./commands/Context.ts"
import { type Overhead, overheadOf } from "./keyspace/memoryUsage.ts"
import type { MemoryReading } from "./MemoryGauge.ts"

/** All sizes in bytes. */
export interface MemoryReport extends MemoryReading {
  readonly peak: number
  readonly startup: number
  readonly system: number
  /** Requests and replies of all clients, on their way. */
  readonly clients: number
  /** Commands on their way to the append-only file. */
  readonly log: number
  /** By number of the database, those that are not empty. */
  readonly databases: ReadonlyMap<number, Overhead>
  /** What is not data: what was used at the start, and all of the above. */
  readonly overhead: number
  readonly dataset: number
  readonly keys: number
}

export function memoryReport({ clients, keyspace, persistence, stats }: ServerParts): MemoryReport {
  const { peak, startup, system } = stats.memory
  const reading = stats.memory.read()
  const inUse = keyspace.databases.filter((db) => db.size > 0)
  const databases = new Map(inUse.map((db) => [db.index, overheadOf(db)] as const))
  let buffers = 0
  for (const { inbox, transport } of clients) {
    buffers += transport.pendingInput() + transport.pendingOutput() + (inbox?.pendingBytes ?? 0)
  }
  const log = persistence.info().bufferLength
  const tables = [...databases.values()].reduce((sum, { deadlines, keys }) => sum + keys + deadlines, 0)
  const overhead = startup + tables + buffers + log
  return {
    ...reading,
    peak: Math.max(peak, reading.used),
    startup,
    system,
    clients: buffers,
    log,
    databases,
    overhead,
    dataset: Math.max(0, reading.used - overhead),
    keys: inUse.reduce((sum, db) => sum + db.size, 0)
  }
}

/** `part` of `whole` in percent. */
export const percentOf = (part: number, whole: number): number => (whole === 0 ? 0 : (part * 100) / whole)

/** The share of what was allocated since the start that is data, in percent. */
export const datasetPercent = ({ dataset, startup, used }: MemoryReport): number =>
  percentOf(dataset, Math.max(0, used - startup))

const MEGABYTE = 1024 ** 2

/** Reports on less than this say nothing about how the data lies. */
const LITTLE = 5 * MEGABYTE

/** What MEMORY DOCTOR looks for, with its advice. */
const complaints: ReadonlyArray<{ readonly of: (report: MemoryReport) => boolean; readonly advice: string }> = [
  {
    of: ({ peak, used }) => peak > used * 1.5,
    advice:
      "Peak memory: at some time the server used half as much again as now. Node gives memory back to the system late, so the " +
      "process may still be as large as it was then. MEMORY PURGE closes the holes that removed keys have left."
  },
  {
    of: ({ resident, used }) => resident > used * 1.4 && resident - used > 10 * MEGABYTE,
    advice:
      "Resident memory: the process holds much more than is in use. Some of it is Node itself, some is heap that the garbage " +
      "collector keeps for later."
  },
  {
    of: ({ clients }) => clients > 32 * MEGABYTE,
    advice:
      "Client buffers: requests or replies pile up. CLIENT LIST shows where (qbuf, omem); client-output-buffer-limit cuts those that " +
      "do not read."
  }
]

/** MEMORY DOCTOR's answer. */
export function memoryDoctor(report: MemoryReport): string {
  if (report.used - report.startup < LITTLE) {
    return "There is hardly any data yet, so the figures say nothing about how it lies in memory. Ask again when there is more.\n"
  }
  const found = complaints.filter(({ of }) => of(report)).map(({ advice }) => ` * ${advice}\n`)
  return found.length === 0
    ? "Nothing about the memory looks wrong.\n"
    : `Some things could be better:\n\n${found.join("\n")}`
}
