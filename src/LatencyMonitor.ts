/**
 * Latency spikes by event (LATENCY, https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/)
 * and the distribution of each command's time (LATENCY HISTOGRAM, INFO latencystats).
 */

/** As many spikes of an event are remembered. */
const HISTORY = 160

export interface LatencySample {
  /** Seconds since 1970. */
  readonly time: number
  /** Milliseconds. */
  readonly latency: number
}

export interface LatencyEvent {
  readonly samples: ReadonlyArray<LatencySample>
  /** Milliseconds. */
  readonly max: number
}

export class LatencyMonitor {
  private readonly byName = new Map<string, { samples: Array<LatencySample>; max: number }>()

  get events(): ReadonlyMap<string, LatencyEvent> {
    return this.byName
  }

  /** A spike of `latency` ms at `now` ms; two in one second count as one, the worse. */
  add(event: string, latency: number, now: number): void {
    let known = this.byName.get(event)
    if (known === undefined) {
      known = { samples: [], max: 0 }
      this.byName.set(event, known)
    }
    const time = Math.floor(now / 1000)
    known.max = Math.max(known.max, latency)
    const last = known.samples.at(-1)
    if (last !== undefined && last.time === time) {
      known.samples[known.samples.length - 1] = { time, latency: Math.max(last.latency, latency) }
      return
    }
    known.samples.push({ time, latency })
    if (known.samples.length > HISTORY) known.samples.shift()
  }

  /** Forgets these events, or all; says how many there were. */
  reset(events: ReadonlyArray<string> = [...this.byName.keys()]): number {
    return events.filter((event) => this.byName.delete(event)).length
  }
}

/** How often a time fell into each power of two of microseconds. */
export class LatencyHistogram {
  private readonly buckets = new Uint32Array(40)
  count = 0

  record(microseconds: number, times: number): void {
    const bucket = microseconds < 1 ? 0 : Math.min(39, 32 - Math.clz32(Math.ceil(microseconds) - 1))
    this.buckets[bucket]! += times
    this.count += times
  }

  /** (upper bound in microseconds, calls up to it) of every bucket that adds something. */
  *cumulative(): Iterable<readonly [microseconds: number, calls: number]> {
    let calls = 0
    for (let i = 0; i < this.buckets.length; i++) {
      if (this.buckets[i] === 0) continue
      calls += this.buckets[i]!
      yield [2 ** i, calls]
    }
  }

  /** The bound in microseconds below which `percent` of the calls stayed. */
  percentile(percent: number): number {
    const wanted = Math.ceil((percent / 100) * this.count)
    for (const [microseconds, calls] of this.cumulative()) if (calls >= wanted) return microseconds
    return 0
  }

  reset(): void {
    this.buckets.fill(0)
    this.count = 0
  }
}
