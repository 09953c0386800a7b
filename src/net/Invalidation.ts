/**
 * What CLIENT TRACKING sends (https://redis.io/docs/latest/develop/reference/client-side-caching/): a push on RESP3, a
 * message of the channel `__redis__:invalidate` on RESP2.
 */
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"
import type { Delivery } from "../pubsub/Inbox.ts"

/** About what RESP adds to the words of an invalidation, and to each of its keys. */
const FRAMING_BYTES = 64
const KEY_FRAMING_BYTES = 8

/**
 * These keys have changed; without keys: everything may have. The null for that is the receiver's, where redis-server writes
 * that of the client which tracks: a RESP2 connection could not read RESP3's.
 */
export class Invalidation implements Delivery {
  constructor(private readonly keys: ReadonlyArray<string> | undefined) {}

  /** Its size on the wire, nearly. */
  get bytes(): number {
    let bytes = FRAMING_BYTES
    for (const key of this.keys ?? []) bytes += key.length + KEY_FRAMING_BYTES
    return bytes
  }

  write(reply: ReplyWriter): void {
    if (reply.protocol === 3) {
      reply.push(2)
      reply.bulkText("invalidate")
    } else {
      reply.array(3)
      reply.bulkText("message")
      reply.bulkText("__redis__:invalidate")
    }
    if (this.keys === undefined) reply.null()
    else {
      reply.array(this.keys.length)
      for (const key of this.keys) reply.bulkText(key)
    }
  }
}

/** The client that invalidations were redirected to is gone. */
export class BrokenRedirection implements Delivery {
  readonly bytes = FRAMING_BYTES

  constructor(private readonly target: number) {}

  write(reply: ReplyWriter): void {
    reply.push(2)
    reply.bulkText("tracking-redir-broken")
    reply.int(this.target)
  }
}
