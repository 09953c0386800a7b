/**
 * How long commands take: per-command statistics, the slow log and the latency monitor.
 *
 * Reading the clock costs about as much as a GET, so a run of the same quick command in one batch is timed as a whole and its
 * time shared evenly. Every other command is timed by itself, and so are all as soon as somebody wants to see
 * times below EXACT_BELOW_US.
 */

import { LatencyHistogram } from "../LatencyHistogram.ts"
import type { Session } from "../net/Session.ts"
import { slowLogWords } from "../SlowLog.ts"
import type { Args } from "./Args.ts"
import type { ServerParts } from "./Context.ts"
import type { RegisteredCommand } from "./Registry.ts"

/** What one command with more words costs says little about the next. */
const FEW_WORDS = 16
/** With slowlog-log-slower-than below this many microseconds each command is timed by itself. */
const EXACT_BELOW_US = 1000

export class CommandTimer {
  readonly parts: ServerParts
  /** The run that is being timed: one command, `calls` times, since `since` microseconds. */
  private running: RegisteredCommand | undefined
  private calls = 0
  private since = 0
  /** Every command is timed by itself; looked up with the clock, for it changes as rarely as a command takes long. */
  private exact = false

  constructor(parts: ServerParts) {
    this.parts = parts
  }

  begin(): void {
    this.restart(this.parts.keyspace.microseconds())
  }

  before(command: RegisteredCommand, args: Args): void {
    if (this.running !== undefined && (this.running !== command || args.count > FEW_WORDS)) this.settle()
    this.running = command
    this.calls++
  }

  after(command: RegisteredCommand, args: Args, session: Session): void {
    if (command.isQuick && args.count <= FEW_WORDS && !this.exact) return
    this.log(command, args, session, this.settle())
  }

  end(args: Args, session: Session): void {
    const command = this.running
    if (command !== undefined) this.log(command, args, session, this.settle())
  }

  /** Ends the run: its time goes to its command. Gives back the microseconds of one call. */
  private settle(): number {
    const now = this.parts.keyspace.microseconds()
    const each = (now - this.since) / Math.max(1, this.calls)
    const command = this.running
    if (command !== undefined) {
      command.calls += this.calls
      command.microseconds += now - this.since
      if (this.parts.config.values.latencyTracking) {
        command.histogram ??= new LatencyHistogram()
        command.histogram.record(each, this.calls)
      }
    }
    this.running = undefined
    this.calls = 0
    this.restart(now)
    return each
  }

  private restart(now: number): void {
    const threshold = this.parts.config.values.slowlogLogSlowerThan
    this.since = now
    this.exact = threshold >= 0 && threshold < EXACT_BELOW_US
  }

  private log(command: RegisteredCommand, args: Args, session: Session, microseconds: number): void {
    const { latencyMonitorThreshold, slowlogLogSlowerThan } = this.parts.config.values
    const isSlow = slowlogLogSlowerThan >= 0 && microseconds >= slowlogLogSlowerThan
    const isSpike = latencyMonitorThreshold > 0 && microseconds >= latencyMonitorThreshold * 1000
    if (isSlow || isSpike) noteSlowness(this.parts, command, slowLogWords(command, args), session, microseconds)
  }
}

/** A command took long: it goes into the slow log and the latency monitor, as far as their thresholds say. */
export function noteSlowness(
  { config, keyspace, latency, slowLog }: ServerParts,
  command: RegisteredCommand,
  words: ReadonlyArray<string>,
  session: Session,
  microseconds: number
): void {
  const { latencyMonitorThreshold, slowlogLogSlowerThan, slowlogMaxLen } = config.values
  if (slowlogLogSlowerThan >= 0 && microseconds >= slowlogLogSlowerThan && !command.flags.has("skip_slowlog")) {
    const client = { address: session.transport.address, name: session.name }
    slowLog.add(words, microseconds, keyspace.now, client, slowlogMaxLen)
  }
  const milliseconds = Math.floor(microseconds / 1000)
  if (latencyMonitorThreshold > 0 && milliseconds >= latencyMonitorThreshold) {
    latency.add(command.flags.has("fast") ? "fast-command" : "command", milliseconds, keyspace.now)
  }
}
