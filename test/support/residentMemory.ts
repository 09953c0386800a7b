/** What a process costs. */
import { readFileSync } from "node:fs"

/** The memory of a process that is in RAM, in MB, as Linux tells it. */
export const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) / 1024
