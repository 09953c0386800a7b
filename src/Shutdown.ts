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
import { Settings } from "./config/Settings.ts"
import type { ShutdownOption } from "./config/ShutdownOptions.ts"
import * as Errors from "./Errors.ts"
import { Persistence } from "./persistence/Persistence.ts"

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
      const settings = yield* Settings
      const requested = yield* Deferred.make<boolean>()
      const saving = new Set<Deferred.Deferred<never, Errors.ReplyError>>()

      /** The append-only file is what there is to save to. */
      const save = Effect.fnUntraced(function* (options: ShutdownOptions) {
        if (options.includes("nosave")) return
        if (persistence.info().enabled) {
          yield* Effect.mapError(persistence.flush, ({ message }) => new NotSaved({ reason: message }))
        } else if (options.includes("save")) {
          return yield* new NotSaved({ reason: "there is no append only file, and snapshots are not written yet" })
        } else if (settings.values.save.length > 0) {
          yield* Effect.logWarning("The save points are not obeyed: snapshots are not written yet. The data is lost")
        }
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
        for (const aborted of saving) Deferred.doneUnsafe(aborted, Effect.fail(Errors.shutdownFailed))
        return true
      }

      return Shutdown.of({ request, abort, requested: Deferred.await(requested) })
    })
  )
}
