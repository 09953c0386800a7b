/**
 * Snapshots of a server (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/): the file that is loaded
 * at the start, and that SAVE, BGSAVE, the save points, FLUSHALL and the shutdown replace. Redis forks to write it; here it is
 * written in slices between the clients' commands, with records saved before they change.
 *
 * Invariant: at most one snapshot is being taken, and at most one file is being written, at any time.
 */
import { Context, Deferred, Effect, Fiber, FiberSet, Layer, Semaphore } from "effect"
import type { LiveConfig } from "../config/LiveConfig.ts"
import { Settings } from "../config/Settings.ts"
import { rdbNotWritable } from "../Errors.ts"
import { Keyspace, type KeyspaceState } from "../keyspace/Keyspace.ts"
import { loadRdb, nothing, type RdbSummary } from "./loadRdb.ts"
import type { RdbLoadError } from "./RdbLoadError.ts"
import { SnapshotHistory, type SnapshotKind } from "./SnapshotHistory.ts"
import { type SnapshotOutcome, SnapshotRun } from "./SnapshotRun.ts"

/** Milliseconds after a failure in which the save points do not try again, as in Redis. */
const RETRY_AFTER = 5000

interface Running {
  readonly kind: SnapshotKind
  readonly run: SnapshotRun
  readonly done: Deferred.Deferred<SnapshotOutcome>
  readonly fiber: Fiber.Fiber<void>
}

export class Snapshots {
  readonly history: SnapshotHistory
  /** What was loaded at the start. */
  loaded: RdbSummary = nothing
  /** Called inside a transaction when a snapshot has ended, one way or the other. */
  onEnd: () => void = () => {}
  private running: Running | undefined
  private scheduled = false
  private readonly writing = Semaphore.makeUnsafe(1)

  private constructor(
    private readonly keyspace: Context.Service.Shape<typeof Keyspace>,
    private readonly config: LiveConfig,
    private readonly fork: (effect: Effect.Effect<void>) => Fiber.Fiber<void>,
    now: number
  ) {
    this.history = new SnapshotHistory(now)
  }

  /** What is running is broken off when the scope closes. */
  static readonly make = Effect.gen(function* () {
    const keyspace = yield* Keyspace
    const fork = yield* FiberSet.makeRuntime<never, void, never>()
    const now = yield* keyspace.transact((state) => state.now)
    return new Snapshots(keyspace, yield* Settings, fork, now)
  })

  // ---- for commands: inside a transaction ------------------------------------------------------------------------------

  /** What is being taken now, and for whom. */
  get current(): { readonly kind: SnapshotKind; readonly run: SnapshotRun } | undefined {
    return this.running
  }

  /** Ends when the running one has; at once when there is none. */
  readonly settled: Effect.Effect<void> = Effect.suspend(() =>
    this.running === undefined ? Effect.void : Effect.asVoid(Deferred.await(this.running.done))
  )

  /**
   * Takes a snapshot of this moment. Not to be called while one is running. What it gives back tells how it ended, and need
   * not be waited for.
   */
  begin(kind: SnapshotKind): Effect.Effect<SnapshotOutcome> {
    const run = new SnapshotRun(this.keyspace.state)
    const done = Deferred.makeUnsafe<SnapshotOutcome>()
    this.history.begun(run, kind)
    this.running = { kind, run, done, fiber: this.fork(this.write(run, kind, done)) }
    return Deferred.await(done)
  }

  /** Takes one in the background when the transaction in hand, and a snapshot that is running, have ended. */
  schedule(): void {
    this.scheduled = true
    if (this.running !== undefined) return
    const begin = this.keyspace.transact(() => this.beginScheduled())
    this.fork(Effect.andThen(Effect.yieldNow, begin))
  }

  /** FLUSHALL emptied the keyspace: the running one is not wanted any more, and with save points the file has to follow. */
  flushed(): void {
    const { state } = this.keyspace
    if (state.loading) return
    this.running?.run.forget(state)
    this.running = undefined
    if (this.config.values.save.length > 0) this.begin("foreground")
  }

  /** Why writes are refused at present, as an error reply without its dash; undefined when they are not. */
  refusal(): string | undefined {
    if (this.history.ok) return undefined
    const { save, stopWritesOnBgsaveError } = this.config.values
    return stopWritesOnBgsaveError && save.length > 0 ? rdbNotWritable.text : undefined
  }

  /**
   * When a save point wants the next snapshot, in ms since 1970: Infinity if none does as things are. `changes` is how many
   * changes since the last save may make another answer of it; the end of a snapshot does so, too.
   */
  nextDue({ dirty }: KeyspaceState): { readonly at: number; readonly changes: number } {
    const points = this.running === undefined ? this.config.values.save : []
    const reached = points.filter(({ changes }) => dirty >= changes)
    const ahead = points.filter(({ changes }) => dirty < changes)
    const { lastSave, lastTry, ok } = this.history
    const at = Math.min(...reached.map(({ seconds }) => lastSave + seconds * 1000))
    return {
      at: ok ? at : Math.max(at, lastTry + RETRY_AFTER),
      changes: Math.min(...ahead.map(({ changes }) => changes))
    }
  }

  // ---- for the server --------------------------------------------------------------------------------------------------

  /** At start: loads the file, if there is one, into the empty keyspace. */
  readonly load: Effect.Effect<void, RdbLoadError> = Effect.suspend(() =>
    Effect.map(this.loadFile(false), (loaded) => {
      this.loaded = loaded ?? nothing
    })
  )

  /**
   * DEBUG RELOAD: loads the file again. `flush`: what is in the keyspace goes before. `merge`: keys of the file may be there
   * already, and are replaced. False: it could not be loaded, or not wholly. No command may run meanwhile.
   */
  reload({ flush, merge }: { readonly flush: boolean; readonly merge: boolean }): Effect.Effect<boolean> {
    const flushed = this.keyspace.transact((state) => {
      if (flush) state.flush(state.databases)
    })
    return Effect.andThen(flushed, this.loadFile(merge)).pipe(
      Effect.map((loaded) => loaded !== undefined),
      Effect.catch((error) => Effect.as(Effect.logError(error.message), false))
    )
  }

  private loadFile(merge: boolean): Effect.Effect<RdbSummary | undefined, RdbLoadError> {
    return Effect.acquireUseRelease(
      this.keyspace.transact((state) => state.beginLoading()),
      () => loadRdb(this.keyspace, this.config.values, merge),
      () => this.keyspace.transact((state) => state.endLoading())
    )
  }

  /**
   * The snapshot that a shutdown leaves behind; one that is running is broken off for it. What changes while it is being
   * written would be lost, so no command may run until the server has stopped, unless this fails.
   */
  readonly saveLast: Effect.Effect<SnapshotOutcome> = Effect.suspend(() =>
    Effect.andThen(this.breakOff, Effect.flatten(this.keyspace.transact(() => this.begin("foreground"))))
  )

  /** Breaks off what is running, and leaves no trace of it. */
  readonly breakOff: Effect.Effect<void> = Effect.suspend(() => {
    this.scheduled = false
    return this.running === undefined ? Effect.void : Fiber.interrupt(this.running.fiber)
  })

  // ---- writing ---------------------------------------------------------------------------------------------------------

  /** Begins to write when the transaction in hand has ended. */
  private write(run: SnapshotRun, kind: SnapshotKind, done: Deferred.Deferred<SnapshotOutcome>): Effect.Effect<void> {
    const file = this.writing.withPermit(Effect.suspend(() => run.write(this.keyspace, this.config.values)))
    return Effect.uninterruptibleMask((restore) =>
      Effect.exit(restore(Effect.andThen(Effect.yieldNow, file))).pipe(
        Effect.map((exit) => run.outcome(exit)),
        Effect.tap(() => run.finish(this.keyspace)),
        Effect.tap((outcome) => this.keyspace.transact((state) => this.end(state, run, kind, outcome))),
        Effect.tap((outcome) => report(run, outcome)),
        Effect.flatMap((outcome) => Deferred.succeed(done, outcome)),
        Effect.asVoid
      )
    )
  }

  private end(state: KeyspaceState, run: SnapshotRun, kind: SnapshotKind, outcome: SnapshotOutcome): void {
    if (this.running?.run === run) this.running = undefined
    if (outcome === "saved") state.dirty -= run.dirty
    this.history.ended(run, kind, outcome, state.now)
    this.beginScheduled()
    this.onEnd()
  }

  private beginScheduled(): void {
    if (!this.scheduled || this.running !== undefined) return
    this.scheduled = false
    this.begin("background")
  }
}

const report = (run: SnapshotRun, outcome: SnapshotOutcome): Effect.Effect<void> => {
  if (outcome === "saved") return Effect.logInfo(`Snapshot saved on disk: ${run.records.total} keys`)
  if (outcome === "brokenOff") return Effect.logInfo("Snapshot broken off")
  return Effect.logError(`Snapshot failed, the last one stays in place (${outcome.operation}): ${outcome.message}`)
}

export class Snapshot extends Context.Service<Snapshot, Snapshots>()("fibredis/persistence/Snapshot") {
  static readonly layer = Layer.effect(Snapshot, Snapshots.make)
}
