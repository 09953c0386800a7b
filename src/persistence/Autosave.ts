/**
 * The save points: takes a snapshot once so many changes have happened and so many seconds have passed since the last one
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/#snapshotting).
 *
 * Invariant: no timer while there is nothing to save. It sleeps until a transaction brings the number of changes to that of
 * a save point, and then until the save point's time has come.
 */
import { Clock, Effect, Latch, Layer } from "effect"
import { Settings } from "../config/Settings.ts"
import { Keyspace, type KeyspaceState } from "../keyspace/Keyspace.ts"
import { Snapshot, type Snapshots } from "./Snapshot.ts"

const NEVER = Number.POSITIVE_INFINITY
/** After a turn that failed: what made it fail may still be there. */
const REST_AFTER_FAILURE = "1 second"

/** Begins a snapshot if one is due; gives back when to come again in ms since 1970, NEVER if nothing is going to be due. */
function saveIfDue(state: KeyspaceState, snapshots: Snapshots): number {
  const { at, changes } = snapshots.nextDue(state)
  state.dirtyLimit = changes
  if (at > state.now) return at
  snapshots.begin("background")
  return NEVER
}

export const Autosave = Layer.effectDiscard(
  Effect.gen(function* () {
    const keyspace = yield* Keyspace
    const snapshots = yield* Snapshot
    const config = yield* Settings
    const news = yield* Latch.make()
    const wake = () => void Latch.openUnsafe(news)
    keyspace.state.onDirty = () => {
      keyspace.state.dirtyLimit = NEVER
      wake()
    }
    snapshots.onEnd = wake
    config.onChange("save", wake)
    const turn = Effect.gen(function* () {
      yield* Latch.close(news)
      const next = yield* keyspace.transact((state) => saveIfDue(state, snapshots))
      const wait = next - (yield* Clock.currentTimeMillis)
      if (wait > 0) yield* next === NEVER ? news.await : Effect.raceFirst(news.await, Effect.sleep(wait))
      // A latch that is opened inside a transaction lets this fiber run there and then: let the transaction end first.
      yield* Effect.yieldNow
    })
    yield* turn.pipe(
      Effect.catchCause((cause) =>
        Effect.andThen(Effect.logError("The save points failed", cause), Effect.sleep(REST_AFTER_FAILURE))
      ),
      Effect.forever,
      Effect.forkScoped
    )
  })
)
