/**
 * The graceful shutdown: who may ask for it, and what the rest of the server waits for.
 *
 * SHUTDOWN and signals ask here; the composition in Server.ts is what ends, in reverse order of its start: the listener stops
 * accepting, connections finish the batch in hand and send their replies, the append-only file is flushed and closed.
 */
import { Context, Deferred, Effect, Layer } from "effect"
import type { ReplyError } from "./Errors.ts"

/** SHUTDOWN's options. */
export interface ShutdownRequest {
  /** Undefined: save if save points are configured. */
  readonly save: boolean | undefined
  /** Do not wait for replicas. */
  readonly now: boolean
  /** Go even if saving fails. */
  readonly force: boolean
}

export interface ShutdownService {
  /** Never succeeds: the client that asked is closed with all others. Fails when saving failed and `force` was not given. */
  readonly request: (request: ShutdownRequest) => Effect.Effect<never, ReplyError>
  /** Ends when a shutdown has been asked for and nothing speaks against it. */
  readonly requested: Effect.Effect<void>
}

export class Shutdown extends Context.Service<Shutdown, ShutdownService>()("fibredis/Shutdown") {
  static readonly layer = Layer.effect(
    Shutdown,
    Effect.gen(function* () {
      const requested = yield* Deferred.make<void>()
      return Shutdown.of({
        request: () => Effect.andThen(Deferred.succeed(requested, undefined), Effect.never),
        requested: Deferred.await(requested)
      })
    })
  )
}
