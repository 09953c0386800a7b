/**
 * The graceful shutdown: who may ask for it, what has to be safe before it begins, and what the rest of the server waits for.
 *
 * SHUTDOWN and signals ask here; the composition in Server.ts is what ends, in reverse order of its start: the listener stops
 * accepting, connections finish the batch in hand and send their replies, the append-only file is flushed and closed.
 * https://redis.io/docs/latest/commands/shutdown/
 *
 * Invariant: nothing has been ended as long as a request can still be refused or aborted.
 */
import { Context, Data, Deferred, Effect, Layer } from "effect"
import { ClientPause } from "./commands/Pause.ts"
import { Settings } from "./config/Settings.ts"
import type { ShutdownOption } from "./config/ShutdownOptions.ts"
import * as Errors from "./Errors.ts"
import { Keyspace } from "./keyspace/Keyspace.ts"
import { Persistence } from "./persistence/Persistence.ts"
import { Snapshot } from "./persistence/Snapshot.ts"

/** SHUTDOWN's options; `now` (do not wait for replicas) is one that asks for nothing as long as there are none. */
export type ShutdownOptions = ReadonlyArray<ShutdownOption>

/** The data is not on the disk. */
class NotSaved extends Data.TaggedError("NotSaved")<{ readonly reason: string }> {}

export interface ShutdownService {
  /**
   * Saves what the options want saved, and then lets the server end. Never succeeds: the client that asked is closed with all
   * others. Fails with the reply for it when saving failed (without `force`) or when the request was aborted.
   */
  readonly request: (options: ShutdownOptions) => Effect.Effect<never, Errors.ReplyError>
  /** SHUTDOWN ABORT: takes all requests back that are still saving; false when there are none. */
  readonly abort: () => boolean
  /** Ends when a shutdown has been asked for and nothing speaks against it; says whether all was saved that had to be. */
  readonly requested: Effect.Effect<boolean>
}

export class Shutdown extends Context.Service<Shutdown, ShutdownService>()("fibredis/Shutdown") {
  static readonly layer = Layer.effect(
    Shutdown,
    Effect.gen(function* () {
      const persistence = yield* Persistence
      const snapshots = yield* Snapshot
      const pause = yield* ClientPause
      const settings = yield* Settings
      const keyspace = yield* Keyspace
      const requested = yield* Deferred.make<boolean>()
      const saving = new Set<Deferred.Deferred<never, Errors.ReplyError>>()

      /** From here on no command runs, so that the snapshot is the end of the story; unless it fails. */
      const snapshot = Effect.suspend(() => {
        pause.hold()
        return snapshots.saveLast.pipe(
          Effect.flatMap((outcome) => {
            if (outcome === "saved") return Effect.void
            const reason = outcome === "brokenOff" ? "another snapshot took its place" : outcome.message
            return Effect.fail(new NotSaved({ reason }))
          }),
          Effect.onInterrupt(() => snapshots.breakOff),
          Effect.onError(() => Effect.sync(() => pause.release()))
        )
      })

      const save = Effect.fnUntraced(function* (options: ShutdownOptions) {
        if (options.includes("nosave")) return
        if (persistence.info().enabled) {
          yield* Effect.mapError(persistence.flush, ({ message }) => new NotSaved({ reason: message }))
        }
        if (options.includes("save") || settings.values.save.length > 0) yield* snapshot
      })

      /** Whether it was saved; a failure that is not to be overridden calls the shutdown off. */
      const trySave = (options: ShutdownOptions): Effect.Effect<boolean, Errors.ReplyError> =>
        save(options).pipe(
          Effect.as(true),
          Effect.catchTag("NotSaved", ({ reason }) =>
            Effect.andThen(
              Effect.logError(`The data was not saved: ${reason}`),
              options.includes("force") ? Effect.succeed(false) : Effect.fail(Errors.shutdownFailed)
            )
          )
        )

      const request = Effect.fnUntraced(function* (options: ShutdownOptions) {
        yield* Effect.logWarning("Shutting down")
        const aborted = Deferred.makeUnsafe<never, Errors.ReplyError>()
        saving.add(aborted)
        const saved = yield* Effect.raceFirst(trySave(options), Deferred.await(aborted)).pipe(
          Effect.tapError(() => Effect.logWarning("The shutdown is called off")),
          Effect.ensuring(Effect.sync(() => saving.delete(aborted)))
        )
        yield* Deferred.succeed(requested, saved)
        return yield* Effect.never
      })

      const abort = () => {
        if (saving.size === 0) return false
        // Who waits runs there and then: the yield lets the transaction of SHUTDOWN ABORT end first.
        const refusal = Effect.andThen(Effect.yieldNow, Effect.fail(Errors.shutdownFailed))
        for (const aborted of saving) Deferred.doneUnsafe(aborted, refusal)
        return true
      }

      // A program that closes its server's scope asks nobody; the save points hold for it, too. By now there are no clients.
      yield* Effect.addFinalizer(() => {
        const unsaved = keyspace.state.dirty > 0 && settings.values.save.length > 0
        return unsaved && !Deferred.isDoneUnsafe(requested) ? Effect.asVoid(snapshots.saveLast) : Effect.void
      })

      return Shutdown.of({ request, abort, requested: Deferred.await(requested) })
    })
  )
}
