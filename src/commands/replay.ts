/**
 * Running the commands of an append-only file: like a client's, but nobody reads the replies, nothing expires by itself, and
 * an error means that the file is not one of this server's.
 */

import type { Context as EffectContext } from "effect"
import { Effect } from "effect"
import type { Keyspace } from "../keyspace/Keyspace.ts"
import { Session, type Transport } from "../net/Session.ts"
import { type Reply, ReplyDecoder } from "../protocol/ReplyDecoder.ts"
import type { RequestDecoder } from "../protocol/RequestDecoder.ts"
import type { Dispatcher } from "./Dispatch.ts"

const nowhere: Transport = {
  address: "",
  localAddress: "",
  isUnixSocket: true,
  isLoopback: true,
  descriptor: -1,
  pendingInput: () => 0,
  pendingOutput: () => 0,
  isReading: () => true,
  admits: () => true,
  kill: () => {},
  wake: () => {}
}

/** The text of the first error in a reply, be it in the middle of EXEC's. */
function errorIn(reply: Reply): string | undefined {
  if (reply._tag === "Error") return reply.text
  return reply._tag === "Array" ? reply.items.map(errorIn).find((text) => text !== undefined) : undefined
}

function firstError(replies: Uint8Array): string | undefined {
  const decoder = new ReplyDecoder()
  decoder.push(replies)
  let error: string | undefined
  for (let next = decoder.next(); next !== undefined && error === undefined; next = decoder.next())
    error = errorIn(next)
  return error
}

/** Loads the append-only file, if there is one, through the dispatcher. Clients must not be let in before. */
export const loadAppendOnlyFile = (keyspace: EffectContext.Service.Shape<typeof Keyspace>, dispatcher: Dispatcher) => {
  const { latency, persistence, registry, reply, slowLog, stats } = dispatcher.parts
  const session = new Session(0, nowhere, 0)
  /** The reason why a command of the file could not run. */
  const apply = (requests: RequestDecoder): string | undefined => {
    const errors = stats.errorReplies
    let refusal: string | undefined
    // The dispatcher stops where it would send a client its replies.
    for (let at = 0; at < requests.used && refusal === undefined; at = dispatcher.stoppedAt) {
      const suspend = dispatcher.runBatch(session, requests, at)
      if (suspend !== undefined) refusal = `'${session.lastCommand?.fullName}' is not for a log, yet it stands there`
      else if (stats.errorReplies !== errors) refusal = firstError(reply.bytes())
      reply.reset()
    }
    return refusal
  }
  return Effect.acquireUseRelease(
    keyspace.transact((state) => state.beginLoading()),
    () => persistence.load(apply),
    () =>
      keyspace.transact((state) => {
        state.endLoading()
        // As in Redis, statistics tell of clients only.
        state.stats.reset()
        stats.reset()
        registry.resetStats()
        slowLog.reset()
        latency.reset()
      })
  )
}
