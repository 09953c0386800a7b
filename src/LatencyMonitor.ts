/**
 * Latency spikes by event (LATENCY, https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/).
 *
 * Invariant: the samples of an event are in the order of their seconds, at most one for each second.
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
