/**
 * Running the commands of an append-only file: like a client's, but nobody reads the replies, nothing expires by itself, and
 * an error means that the file is not one of this server's.
 */

import type { Context as EffectContext } from "effect"
import { Effect } from "effect"
import type { Keyspace } from "../keyspace/Keyspace.ts"
import { Session, type Transport } from "../net/Session.ts"
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

const ERROR = 45

/** Loads the append-only file, if there is one, through the dispatcher. Clients must not be let in before. */
export const loadAppendOnlyFile = (keyspace: EffectContext.Service.Shape<typeof Keyspace>, dispatcher: Dispatcher) => {
  const { persistence, reply } = dispatcher.parts
  const session = new Session(0, nowhere, 0)
  /** The reason why a command of the file could not run. */
  const apply = (requests: RequestDecoder): string | undefined => {
    dispatcher.runBatch(session, requests, 0)
    const replies = reply.bytes()
    const refusal = replies[0] === ERROR ? Buffer.from(replies.subarray(1)).toString("latin1") : undefined
    reply.reset()
    return refusal?.split("\r\n")[0]
  }
  return Effect.acquireUseRelease(
    keyspace.transact((state) => state.beginLoading()),
    () => persistence.load(apply),
    () => keyspace.transact((state) => state.endLoading())
  )
}
