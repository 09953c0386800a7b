/**
 * The directive `timeout`: closes clients that have sent and been sent nothing for so many seconds
 * (https://redis.io/docs/latest/develop/reference/clients/#client-timeouts). Who waits for something that others do is not
 * idle: subscribers, monitors, and clients one of whose commands blocks.
 *
 * Invariant: nothing runs while `timeout` is 0; otherwise one fiber sleeps until the first client can be due.
 */
import { Clock, Effect, FiberHandle, Layer } from "effect"
import { Settings } from "../config/Settings.ts"
import { type ClientRegistry, Clients } from "./Clients.ts"
import { Gate, type Session } from "./Session.ts"

const isExempt = (clients: ClientRegistry, client: Session): boolean =>
  client.blocked || client.has(Gate.Subscribed) || clients.monitors.has(client)

/** Closes who has been idle for more than `timeout` ms at `now`; returns when the next can be, both in ms since 1970. */
function closeIdle(clients: ClientRegistry, timeout: number, now: number): number {
  let next = now + timeout
  for (const client of [...clients]) {
    if (isExempt(clients, client)) continue
    const due = client.lastInteraction + timeout
    if (due < now) client.transport.kill()
    else next = Math.min(next, due)
  }
  return next
}

/** Closes idle clients for ever. `timeout` in ms. */
const watch = (clients: ClientRegistry, timeout: number): Effect.Effect<never> =>
  Effect.forever(
    Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sleep(closeIdle(clients, timeout, now) - now + 1))
  )

/** Closes idle clients as long as the configuration wants it. */
export const IdleClients = Layer.effectDiscard(
  Effect.gen(function* () {
    const clients = yield* Clients
    const config = yield* Settings
    const watcher = yield* FiberHandle.make()
    const run = yield* FiberHandle.runtime(watcher)()
    const follow = (seconds: number) => {
      run(seconds === 0 ? Effect.void : watch(clients, seconds * 1000))
      return undefined
    }
    yield* Effect.acquireRelease(
      Effect.sync(() => config.onChange("timeout", follow)),
      (forget) => Effect.sync(forget)
    )
    follow(config.values.timeout)
  })
)
