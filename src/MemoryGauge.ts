/**
 * How much memory the process takes, in bytes, in the terms of INFO memory.
 *
 * Node has no allocator that counts for one part of a program, so these are figures of the whole process, an embedding
 * program's own objects and the garbage not yet collected among them: `used` is what is allocated in V8's heap plus what lies
 * outside of it in buffers (all keys and values do), `resident` what the system has given the process.
 */
import { totalmem } from "node:os"

export interface MemoryReading {
  /** V8's heap in use, plus buffers. INFO's used_memory. */
  readonly used: number
  /** Physical memory. INFO's used_memory_rss. */
  readonly resident: number
}

export class MemoryGauge {
  /** `used` before there was any data. */
  readonly startup: number
  private highest = 0

  constructor() {
    this.startup = this.read().used
  }

  /** The most that was ever read. */
  get peak(): number {
    return this.highest
  }

  /** Physical memory of the machine. */
  get system(): number {
    return totalmem()
  }

  /** Reads the figures; the peak follows. Some ten microseconds. */
  read(): MemoryReading {
    const { external, heapUsed, rss } = process.memoryUsage()
    const used = heapUsed + external
    this.highest = Math.max(this.highest, used)
    return { used, resident: rss }
  }
}
