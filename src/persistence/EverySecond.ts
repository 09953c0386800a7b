/**
 * `appendfsync everysec`: brings the log to the disk at most once a second, beside the writing and never in its way.
 *
 * Invariant: once told that there are bytes to sync, it syncs them within a second of the Clock after the last sync began,
 * and goes on trying every second while that fails. What the failed fdatasync was to save Linux may have dropped for good;
 * as in Redis, `always` is the policy that does not take the next success for an answer.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/#how-durable-is-the-append-only-file
 */
import { Clock, Effect, Latch, type Scope } from "effect"
import { fromCause, type LogFileError } from "./LogFiles.ts"

/** Milliseconds between the beginnings of two syncs. */
const PERIOD = 1000

/** Milliseconds after which a sync counts as delayed (aof_delayed_fsync): Redis' limit, after which it makes clients wait. */
const LAG = 2000

/** What is synced, and who is told. */
export interface SyncTarget {
  /** Brings everything written so far to the disk. */
  readonly sync: Effect.Effect<void, LogFileError>
  readonly succeeded: Effect.Effect<void>
  readonly failed: (error: LogFileError) => Effect.Effect<void>
}

export class EverySecond {
  /** Syncs that took longer than two seconds; one that goes on is counted again every two seconds. */
  delayed = 0
  /** Whether a sync is running. */
  running = false
  private readonly due = Latch.makeUnsafe()
  /** When the next sync may begin, in ms of the Clock. */
  private next = 0

  /** There are bytes to sync. */
  request(): void {
    Latch.openUnsafe(this.due)
  }

  /** Starts the fiber that syncs; it ends with the scope. */
  run(target: SyncTarget): Effect.Effect<void, never, Scope.Scope> {
    return Effect.asVoid(Effect.forkScoped(Effect.forever(Effect.andThen(this.turn, this.syncNow(target)))))
  }

  /** Ends when there is something to sync and a second has passed since the last time. */
  private readonly turn: Effect.Effect<unknown> = Effect.suspend(() => this.due.await).pipe(
    Effect.andThen(Clock.currentTimeMillis),
    Effect.flatMap((now) => {
      const wait = Math.max(0, this.next - now)
      this.next = now + wait + PERIOD
      return Effect.sleep(wait)
    }),
    Effect.andThen(Effect.sync(() => Latch.closeUnsafe(this.due)))
  )

  private syncNow(target: SyncTarget): Effect.Effect<void> {
    const retry = (error: LogFileError) =>
      Effect.suspend(() => {
        this.request()
        return target.failed(error)
      })
    return Effect.suspend(() => {
      this.running = true
      return Effect.raceFirst(target.sync, this.watch)
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          this.running = false
        })
      ),
      Effect.matchCauseEffect({
        onSuccess: () => target.succeeded,
        onFailure: (cause) => retry(fromCause("fdatasync", cause))
      })
    )
  }

  /** Counts, and never ends by itself. */
  private readonly watch: Effect.Effect<never> = Effect.sleep(LAG).pipe(
    Effect.andThen(
      Effect.suspend(() => {
        this.delayed++
        return Effect.logWarning("Syncing the append only file takes longer than two seconds: is the disk busy?")
      })
    ),
    Effect.forever
  )
}
