/**
 * The server's counters, as INFO shows them. Plain numbers that are counted where the thing happens.
 *
 * Rates ("instantaneous") are the mean over the last samples; a sample is taken by whoever comes along at least
 * SAMPLE_MS after the last one, so that an idle server needs no timer.
 */
import { Context, Effect, Layer } from "effect"
import * as Clock from "effect/Clock"
import { MemoryGauge } from "./MemoryGauge.ts"

const SAMPLES = 16
const SAMPLE_MS = 100

/** A rate per second over the recent past of a counter that only grows. */
class Rate {
  private readonly perSecond: Array<number> = []
  private next = 0
  private lastValue = 0

  sample(value: number, elapsedMs: number): void {
    // Whatever was sampled before so long a silence is no longer the recent past.
    if (elapsedMs >= SAMPLES * SAMPLE_MS) this.forget()
    this.perSecond[this.next] = ((value - this.lastValue) * 1000) / elapsedMs
    this.next = (this.next + 1) % SAMPLES
    this.lastValue = value
  }

  /** The counter begins again at 0. */
  reset(): void {
    this.forget()
    this.lastValue = 0
  }

  private forget(): void {
    this.perSecond.length = 0
    this.next = 0
  }

  get value(): number {
    return this.perSecond.length === 0 ? 0 : this.perSecond.reduce((a, b) => a + b, 0) / this.perSecond.length
  }
}

export class ServerStats {
  connectionsReceived = 0
  connectionsRejected = 0
  commandsProcessed = 0
  /** Bytes. */
  netInput = 0
  netOutput = 0
  /** Replies that were errors, and commands refused before they ran. */
  errorReplies = 0
  outputLimitDisconnections = 0
  queryLimitDisconnections = 0
  readsProcessed = 0
  writesProcessed = 0
  /** Wrong passwords. */
  authFailures = 0
  readonly memory = new MemoryGauge()
  /** By the first word of the error. */
  readonly errors = new Map<string, number>()

  readonly commandRate = new Rate()
  readonly inputRate = new Rate()
  readonly outputRate = new Rate()
  private sampledAt: number

  constructor(
    /** Milliseconds since 1970. */
    readonly startedAt: number
  ) {
    this.sampledAt = startedAt
  }

  countError(code: string): void {
    this.errorReplies++
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1)
  }

  /** Brings the rates up to date; cheap when called too early. */
  sample(now: number): void {
    const elapsed = now - this.sampledAt
    if (elapsed < SAMPLE_MS) return
    this.sampledAt = now
    this.memory.read()
    this.commandRate.sample(this.commandsProcessed, elapsed)
    this.inputRate.sample(this.netInput, elapsed)
    this.outputRate.sample(this.netOutput, elapsed)
  }

  reset(): void {
    this.connectionsReceived = this.connectionsRejected = this.commandsProcessed = 0
    this.netInput = this.netOutput = this.errorReplies = 0
    this.outputLimitDisconnections = this.queryLimitDisconnections = 0
    this.readsProcessed = this.writesProcessed = this.authFailures = 0
    this.errors.clear()
    for (const rate of [this.commandRate, this.inputRate, this.outputRate]) rate.reset()
  }
}

export class Stats extends Context.Service<Stats, ServerStats>()("fibredis/Stats") {
  static readonly layer = Layer.effect(
    Stats,
    Effect.map(Clock.currentTimeMillis, (now) => new ServerStats(now))
  )
}
