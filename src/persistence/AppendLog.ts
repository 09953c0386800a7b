/**
 * The actor that owns the log. Transactions leave their bytes in its front buffer; it takes everything that is there, writes
 * it, syncs as `appendfsync` says, lets go whoever waits for it, and takes what has come meanwhile: group commit.
 *
 * Everything that touches the file while the server runs is a job in one mailbox, so nothing is ever done to it at the same
 * time, but for the fdatasync of `everysec`.
 *
 * Invariant: the file and then `back` and then the front buffer are the log, without a gap and in order, whatever has failed.
 * Bytes leave `back` only when they are in the file; a failure of any kind leaves them there to be written again.
 */
import { type Cause, Deferred, Effect, Fiber, Pull, Queue, Scope } from "effect"
import { AppendBuffer, type Settled } from "./AppendBuffer.ts"
import { CommandStream } from "./CommandStream.ts"
import { EverySecond } from "./EverySecond.ts"
import { fromCause, type LogFileError } from "./LogFiles.ts"
import type { LogTail } from "./LogTail.ts"
import { WriteHealth } from "./WriteHealth.ts"

/** When the log is forced to disk: the values of the directive `appendfsync`. */
export type AppendFsync = "always" | "everysec" | "no"

/** Unwritten bytes from which on clients wait for a disk that is slower than they are, as Redis' own write(2) makes them. */
const BACKLOG_LIMIT = 32 * 1024 * 1024

/** How long until a failed write is tried again. */
const RETRY_AFTER = "1 second"

type Job = Effect.Effect<void>

/** Gets a new log onto the disk, with `base` as its contents, in the place of the old one. */
export type Creation = (base: AppendBuffer) => Effect.Effect<LogTail, LogFileError>

/** What INFO persistence tells of an open log; sizes in bytes. */
export interface LogStatus {
  readonly enabled: boolean
  readonly rewriteInProgress: boolean
  readonly lastWriteOk: boolean
  readonly currentSize: number
  /** Size when the log was loaded or begun. */
  readonly baseSize: number
  /** Bytes that are not in the file yet. */
  readonly bufferLength: number
  /** Whether an fdatasync of `everysec` is running. */
  readonly pendingFsync: boolean
  /** How often one of those took longer than two seconds. */
  readonly delayedFsync: number
}

export class AppendLog {
  /** Whether writes have to be refused. */
  readonly health = new WriteHealth()
  private readonly everySecond = new EverySecond()
  private baseSize = 0

  /** `starting`: what is appended is kept for a log that is not in its place yet, and nobody waits for it. */
  private mode: "off" | "starting" | "on" = "off"
  private readonly stream = new CommandStream()
  /** What is being written; empty between two writes unless one failed. */
  private back = new AppendBuffer()
  private tail: LogTail | undefined
  /** Whether a job that will look at the front buffer is on its way. */
  private awake = false
  private retrying = false

  private constructor(
    private readonly mailbox: Queue.Queue<Job, Cause.Done>,
    private readonly scope: Scope.Scope,
    private readonly policy: () => AppendFsync
  ) {}

  /** Starts the actor; `policy` is asked after every write. When the scope closes, everything is written, synced and closed. */
  static readonly make = Effect.fnUntraced(function* (policy: () => AppendFsync) {
    const mailbox = yield* Queue.unbounded<Job, Cause.Done>()
    const log = new AppendLog(mailbox, yield* Scope.Scope, policy)
    yield* log.everySecond.run({
      sync: Effect.suspend(() => log.tail?.sync ?? Effect.void),
      succeeded: Effect.suspend(() => log.recovered("fsync")),
      failed: (error) => log.unhealthy("fsync", error)
    })
    const fiber = yield* Effect.forkScoped(
      Queue.take(mailbox).pipe(
        Effect.flatMap((job) => Effect.catchCause(job, (cause) => Effect.logError("Append only file", cause))),
        Effect.forever,
        Pull.catchDone(() => Effect.void)
      )
    )
    yield* Effect.addFinalizer(() =>
      log.stop.pipe(Effect.ignore, Effect.andThen(Queue.end(mailbox)), Effect.andThen(Fiber.await(fiber)))
    )
    return log
  })

  // ---- for the transactions: synchronous ------------------------------------------------------------------------------

  /** Adds the bytes of whole commands that ran against database `db`. All calls of one synchronous step are one unit. */
  append(db: number, bytes: Uint8Array, start: number, length: number): void {
    if (this.mode === "off") return
    this.stream.append(db, bytes, start, length)
    if (this.awake) return
    this.awake = true
    Queue.offerUnsafe(this.mailbox, this.work)
  }

  /**
   * What the replies to everything that has run so far have to wait for. Replies of reads wait too: what they show must not
   * be lost either. While writes are refused there is nothing to wait for, because nothing new can be acknowledged.
   */
  barrier(): Settled | undefined {
    if (this.mode !== "on" || this.health.refusal !== undefined) return undefined
    const { front } = this.stream
    if (this.policy() !== "always") return front.length > BACKLOG_LIMIT ? front.settled() : undefined
    if (front.length > 0) return front.settled()
    return this.back.length > 0 ? this.back.settled() : undefined
  }

  status(): LogStatus {
    return {
      enabled: this.mode === "on",
      rewriteInProgress: this.mode === "starting",
      lastWriteOk: this.health.refusal === undefined,
      currentSize: this.tail?.size ?? 0,
      baseSize: this.baseSize,
      bufferLength: this.pending,
      pendingFsync: this.everySecond.running,
      delayedFsync: this.everySecond.delayed
    }
  }

  resetStats(): void {
    this.everySecond.delayed = 0
  }

  // ---- for the operator -----------------------------------------------------------------------------------------------

  /** Goes on with a log that was loaded. */
  resume(tail: LogTail): void {
    this.tail = tail
    this.baseSize = tail.size
    this.mode = "on"
  }

  /**
   * Begins a new log, whose first contents `dump` writes in one synchronous step; what is appended from then on follows them.
   * When it fails there is no log, as before. Does nothing when there is one already.
   */
  start(dump: (append: CommandStream["append"]) => void, create: Creation): Effect.Effect<void, LogFileError> {
    return this.ask(
      Effect.suspend(() => {
        if (this.mode !== "off") return Effect.void
        const base = new CommandStream()
        dump((db, bytes, from, length) => base.append(db, bytes, from, length))
        this.mode = "starting"
        return create(base.front).pipe(
          Effect.map((tail) => this.resume(tail)),
          Effect.onError(() => Effect.sync(() => this.forget()))
        )
      })
    )
  }

  /** Ends when everything appended so far is on disk. */
  readonly flush: Effect.Effect<void, LogFileError> = Effect.suspend(() =>
    this.ask(Effect.andThen(this.writeAll, this.syncTail))
  )

  /** Writes and syncs what there is, closes the log and leaves it; fails if not everything could be saved, but is off then too. */
  readonly stop: Effect.Effect<void, LogFileError> = Effect.suspend(() => this.ask(this.finish))

  // ---- jobs: only the actor's fiber runs these ------------------------------------------------------------------------

  /** Has the actor do `job` after what it was told before. */
  private ask(job: Effect.Effect<void, LogFileError>): Effect.Effect<void, LogFileError> {
    return Effect.suspend(() => {
      const reply = Deferred.makeUnsafe<void, LogFileError>()
      return Queue.offerUnsafe(this.mailbox, Effect.asVoid(Deferred.into(job, reply)))
        ? Deferred.await(reply)
        : Effect.die(new Error("The append only file was used after the shutdown"))
    })
  }

  /** One write, if there is anything to write. A failure is reported, and tried again later. */
  private readonly writeNext: Effect.Effect<void, LogFileError> = Effect.suspend(() => {
    const { tail } = this
    if (tail === undefined || this.pending === 0) return Effect.void
    if (this.back.length === 0) this.back = this.stream.take(this.back)
    return tail.append(this.back.bytes, this.back.length, this.durably).pipe(
      Effect.matchCauseEffect({
        onFailure: (cause) => this.notWritten(fromCause("write", cause)),
        onSuccess: () => this.written(tail)
      })
    )
  })

  /** Everything appended so far: what a failed write left, and then the front buffer. */
  private readonly writeAll: Effect.Effect<void, LogFileError> = Effect.andThen(this.writeNext, this.writeNext)

  /** Writes as long as there is something, a job for each write, so that other jobs have their turn. */
  private readonly work: Job = Effect.suspend(() =>
    Effect.match(this.writeNext, {
      onFailure: () => {},
      onSuccess: () => {
        this.awake = this.pending > 0
        if (this.awake) Queue.offerUnsafe(this.mailbox, this.work)
      }
    })
  )

  /** Bytes that are not in the file yet. */
  private get pending(): number {
    return this.stream.front.length + this.back.length
  }

  private readonly durably = () => this.policy() === "always"

  private written(tail: LogTail): Effect.Effect<void> {
    const { back } = this
    back.clear()
    if (tail.dirty && this.policy() === "everysec") this.everySecond.request()
    const recovered = this.health.refusal === undefined ? Effect.void : this.recovered("write")
    back.settle(Effect.void)
    return recovered
  }

  private notWritten(error: LogFileError): Effect.Effect<never, LogFileError> {
    // From here on nothing waits any more. Under `always` what was executed must not be acknowledged: its clients are told
    // that it failed, though it stays in memory and will be in the log once that can be written.
    return this.unhealthy("write", error).pipe(
      Effect.andThen(Effect.sync(() => this.release(this.policy() === "always" ? Effect.fail(error) : Effect.void))),
      Effect.andThen(this.retry),
      Effect.andThen(Effect.fail(error))
    )
  }

  private readonly retry: Job = Effect.suspend(() => {
    if (this.retrying) return Effect.void
    this.retrying = true
    const again = Effect.sync(() => {
      this.retrying = false
      Queue.offerUnsafe(this.mailbox, this.work)
    })
    return Effect.asVoid(Effect.forkIn(Effect.delay(again, RETRY_AFTER), this.scope))
  })

  private readonly syncTail: Effect.Effect<void, LogFileError> = Effect.suspend(() => this.tail?.sync ?? Effect.void)

  private readonly finish: Effect.Effect<void, LogFileError> = Effect.suspend(() => {
    const { tail } = this
    this.mode = "off"
    if (tail === undefined) return Effect.void
    return this.writeAll.pipe(
      Effect.andThen(tail.sync),
      Effect.tapError((error) =>
        Effect.logError(`The append only file lacks the last ${this.pending} bytes or more: ${error.message}`)
      ),
      Effect.ensuring(
        Effect.andThen(
          Effect.ignore(tail.close),
          Effect.sync(() => this.forget())
        )
      )
    )
  })

  private forget(): void {
    this.mode = "off"
    this.tail = undefined
    this.awake = false
    this.stream.restart()
    this.back.clear()
    this.health.reset()
    this.release(Effect.void)
  }

  private release(outcome: Settled): void {
    this.back.settle(outcome)
    this.stream.front.settle(outcome)
  }

  private unhealthy(step: "write" | "fsync", error: LogFileError): Effect.Effect<void> {
    return this.health.fail(step, error)
      ? Effect.logError(
          `The append only file cannot be written, writes are refused (${error.operation}): ${error.message}`
        )
      : Effect.void
  }

  private recovered(step: "write" | "fsync"): Effect.Effect<void> {
    return this.health.succeed(step)
      ? Effect.logWarning("The append only file can be written again, writes are accepted")
      : Effect.void
  }
}
