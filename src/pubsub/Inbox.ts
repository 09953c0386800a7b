/**
 * What one connection is subscribed to, and what waits to be sent to it beside its replies: messages, invalidations of
 * cached keys, lines of MONITOR.
 *
 * Invariant: everything leaves in the order in which it came, across all channels and patterns. What may wait is bounded:
 * past its owner's limit an inbox closes itself, so that a slow reader costs nobody else memory or time.
 */
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"

/** Something that waits in an inbox. One object may wait in many of them. */
export interface Delivery {
  /** Writes it as a RESP3 push, or as the array that RESP2 has in its place. */
  readonly write: (reply: ReplyWriter) => void
}

/** One entry in a channel's or pattern's list of subscribers, as the subscriber sees it. */
export interface Membership {
  /** Receives nothing more; what has already arrived is still delivered. */
  readonly leave: () => void
}

/** What an inbox needs of its connection. */
export interface InboxOwner {
  /** Whether so many bytes may wait, by `client-output-buffer-limit`; if not, it has dropped the connection. */
  readonly admits: (waiting: number) => boolean
  /** Something waits where nothing did: drain soon. */
  readonly wake: () => void
}

export class Inbox {
  /** By name; the bytes of a name are its latin1 characters. */
  readonly channels = new Map<string, Membership>()
  readonly patterns = new Map<string, Membership>()
  readonly shardChannels = new Map<string, Membership>()
  private waiting: Array<Delivery> = []
  private waitingBytes = 0
  private closed = false

  constructor(private readonly owner: InboxOwner) {}

  /** Channels and patterns: the number in the replies of SUBSCRIBE and PSUBSCRIBE, which leaves shard channels out. */
  get subscriptions(): number {
    return this.channels.size + this.patterns.size
  }

  /** Whether the connection is subscribed to anything at all. */
  get isSubscribed(): boolean {
    return this.subscriptions + this.shardChannels.size > 0
  }

  /** Whether there is something to drain. */
  get hasPending(): boolean {
    return this.waiting.length > 0
  }

  /** How many deliveries wait. */
  get pendingCount(): number {
    return this.waiting.length
  }

  /** What waits, in bytes on the wire (RESP framing estimated). */
  get pendingBytes(): number {
    return this.waitingBytes
  }

  /** Lets a delivery of about `bytes` bytes wait behind all others. */
  offer(delivery: Delivery, bytes: number): void {
    if (this.closed) return
    this.waiting.push(delivery)
    this.waitingBytes += bytes
    if (!this.owner.admits(this.waitingBytes)) this.close()
    else if (this.waiting.length === 1) this.owner.wake()
  }

  /** Writes everything that waits. */
  drain(reply: ReplyWriter): void {
    for (const delivery of this.waiting) delivery.write(reply)
    this.waiting.length = 0
    this.waitingBytes = 0
  }

  /** Ends every subscription, and tells nobody; what has already arrived stays. */
  unsubscribeAll(): void {
    for (const memberships of [this.channels, this.patterns, this.shardChannels]) {
      for (const membership of memberships.values()) membership.leave()
      memberships.clear()
    }
  }

  /** The connection is over: ends every subscription and forgets what waits. */
  close(): void {
    this.closed = true
    this.unsubscribeAll()
    this.waiting.length = 0
    this.waitingBytes = 0
  }
}
