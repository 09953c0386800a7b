/**
 * SIGINT and SIGTERM: the first one is handed to the server, which ends as shutdown-on-sigint and shutdown-on-sigterm say.
 *
 * Invariant: while one signal is being obeyed, another one ends the process at once.
 */
import { type Cause, Effect, Queue, type Scope } from "effect"

export type Signal = "SIGINT" | "SIGTERM"

const signals: ReadonlyArray<Signal> = ["SIGINT", "SIGTERM"]

/** The exit code of a process that was told twice to end. */
const INSISTED = 1

/**
 * Runs `obey` for each signal that comes from now on until the scope closes; when it returns, the signal has been refused and the
 * next one counts as a first.
 */
export const handleSignals = (obey: (signal: Signal) => Effect.Effect<void>): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const arrived = yield* Queue.unbounded<Signal, Cause.Done>()
    let obeying = false
    const listeners = signals.map((signal) => {
      const listener = () => {
        if (obeying) process.exit(INSISTED)
        obeying = true
        Queue.offerUnsafe(arrived, signal)
      }
      return { signal, listener }
    })
    yield* Effect.acquireRelease(
      Effect.sync(() => {
        for (const { listener, signal } of listeners) process.on(signal, listener)
      }),
      () =>
        Effect.sync(() => {
          for (const { listener, signal } of listeners) process.off(signal, listener)
        })
    )
    const turn = Effect.flatMap(Queue.take(arrived), (signal) =>
      Effect.andThen(
        obey(signal),
        Effect.sync(() => {
          obeying = false
        })
      )
    )
    yield* turn.pipe(Effect.forever, Effect.ignore, Effect.forkScoped)
  })
