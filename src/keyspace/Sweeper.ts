/**
 * The active side of expiry: sleeps until the next deadline and removes what is due, so that a key that nobody asks for goes
 * in time, is announced as expired, and gives its memory back.
 *
 * One wake-up does a bounded amount of work and then lets the clients in, so a million keys that are due at once stall nobody.
 */
import { Clock, Effect, Latch, Layer } from "effect"
import { Keyspace, type KeyspaceState } from "./Keyspace.ts"

/** Keys removed before clients get their turn. */
const KEYS_PER_TURN = 512
const NEVER = Number.POSITIVE_INFINITY
/** After a turn that failed: what made it fail may still be there. */
const REST_AFTER_FAILURE = "1 second"

/** Removes up to KEYS_PER_TURN due keys; gives back when to come again in ms since 1970, NEVER if nothing is going to be due. */
function sweep(state: KeyspaceState): number {
  // While a file is loaded nothing expires; the end of loading calls again.
  if (!state.activeExpiry || state.loading) return NEVER
  if (!state.removing) return state.frozenUntil
  let budget = KEYS_PER_TURN
  let next = NEVER
  for (const db of state.databases) {
    budget -= db.expireDue(budget)
    const id = db.expires.peek()
    if (id !== 0) next = Math.min(next, db.expires.deadline(id))
  }
  state.journal.flush()
  state.observer?.endBatch()
  return next
}

export const Sweeper = Layer.effectDiscard(
  Effect.gen(function* () {
    const keyspace = yield* Keyspace
    const earlier = yield* Latch.make()
    let next = NEVER
    keyspace.state.onDeadline = (deadline) => {
      if (deadline >= next || !keyspace.state.activeExpiry) return
      next = Number(deadline)
      Latch.openUnsafe(earlier)
    }
    const turn = Effect.gen(function* () {
      yield* Latch.close(earlier)
      next = yield* keyspace.transact(sweep)
      const wait = next - (yield* Clock.currentTimeMillis)
      if (wait > 0) yield* Effect.raceFirst(earlier.await, Effect.sleep(wait))
      // A latch that is opened inside a transaction lets this fiber run there and then: let the transaction end first.
      yield* Effect.yieldNow
    })
    yield* turn.pipe(
      Effect.catchCause((cause) =>
        Effect.andThen(Effect.logError("A turn of the expiry sweeper failed", cause), Effect.sleep(REST_AFTER_FAILURE))
      ),
      Effect.forever,
      Effect.forkScoped
    )
  })
)
