/**
 * Keeps the tables in shape behind the clients' backs: goes on with resizes that have begun, and closes holes in the memory,
 * so that a table that nobody uses any more also becomes as small as its content.
 *
 * Invariant: no timer. It sleeps until a table announces work, does a bounded piece of it at a time, and lets the clients in
 * between two pieces.
 */
import { Effect, Latch, Layer } from "effect"
import { Keyspace, type KeyspaceState } from "./Keyspace.ts"

/** Buckets moved, for each database, before clients get their turn: some tens of microseconds. */
const BUCKETS_PER_TURN = 512
/** Bytes compacted likewise. */
const BYTES_PER_TURN = 64 << 10

/** A piece of work on every table that wants it; says whether there is more to do. */
function tidy(state: KeyspaceState): boolean {
  let more = false
  for (const { dict } of state.databases) {
    if (dict.rehashStep(BUCKETS_PER_TURN)) more = true
    if (dict.compact(BYTES_PER_TURN)) more = true
  }
  return more
}

export const Housekeeper = Layer.effectDiscard(
  Effect.gen(function* () {
    const keyspace = yield* Keyspace
    // Open: what was loaded at the start may want something.
    const work = yield* Latch.make(true)
    keyspace.state.onWork = () => Latch.openUnsafe(work)
    const turn = Effect.gen(function* () {
      yield* work.await
      // A latch that is opened inside a transaction lets this fiber run there and then: let the transaction end first.
      yield* Effect.yieldNow
      yield* Latch.close(work)
      if (yield* keyspace.transact(tidy)) yield* Latch.open(work)
    })
    yield* turn.pipe(
      Effect.catchCause((cause) => Effect.logError("A turn of the housekeeper failed", cause)),
      Effect.forever,
      Effect.forkScoped
    )
  })
)
