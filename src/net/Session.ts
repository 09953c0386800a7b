/**
 * What the server knows of one client: its identity, its protocol and the modes it is in.
 *
 * Invariant: `gates` is 0 exactly when a command of this client may run without further questions; every mode that makes
 * the dispatcher look twice has its bit there, so that the usual command pays one comparison for all of them.
 */

import type { RegisteredCommand } from "../commands/Registry.ts"
import type { Transaction } from "../commands/Transaction.ts"
import type { WatchedKey, Watcher } from "../keyspace/Watches.ts"
import { Inbox } from "../pubsub/Inbox.ts"
import type { Tracking, TrackingClient } from "./Tracking.ts"

/** The modes that the dispatcher has to look at before or after a command. */
export const Gate = {
  /** A password is set and this client has not given it. */
  Unauthenticated: 1,
  /** MULTI was sent: commands are queued. */
  Multi: 2,
  /** Has subscriptions; on RESP2 only a few commands are allowed. */
  Subscribed: 4,
  /** CLIENT REPLY OFF or SKIP. */
  Silent: 8,
  /** CLIENT NO-TOUCH. */
  NoTouch: 16,
  /** To be closed as soon as the replies so far have left. */
  Closing: 32
} as const

/** CLIENT REPLY: `skipNext` becomes `skip` when the CLIENT command itself is over. */
export type ReplyMode = "on" | "off" | "skip" | "skipNext"

/** What a session may ask of the connection below it. */
export interface Transport {
  /** `ip:port`, `[ip]:port` or the path of a Unix socket. */
  readonly address: string
  readonly localAddress: string
  readonly isUnixSocket: boolean
  readonly isLoopback: boolean
  /** The socket's number; -1 when the platform does not tell. */
  readonly descriptor: number
  /** Bytes received but not yet executed. */
  readonly pendingInput: () => number
  /** Bytes written but not yet taken by the client. */
  readonly pendingOutput: () => number
  /** Whether the client's requests are being read. */
  readonly isReading: () => boolean
  /** Drops the connection now, without sending what is pending; nothing that the client has sent is run any more. */
  readonly kill: () => void
  /** There is something in the inbox: send it when no reply is being held back. */
  readonly wake: () => void
  /** Whether so many bytes may wait in the inbox beside what is sent already; if not, the connection has been dropped. */
  readonly admits: (waiting: number) => boolean
}

/** Which limits of client-output-buffer-limit apply. */
export type ClientClass = "normal" | "replica" | "pubsub"

export class Session implements Watcher, TrackingClient {
  gates = 0
  protocol: 2 | 3 = 2
  /** The database that SELECT chose. */
  db = 0
  name = ""
  libraryName = ""
  libraryVersion = ""
  user = "default"
  /** Milliseconds since 1970. */
  lastInteraction: number
  lastCommand: RegisteredCommand | undefined
  replyMode: ReplyMode = "on"
  noEvict = false
  /** A command of this client waits. */
  blocked = false
  /** Ends the wait of a blocking command (CLIENT UNBLOCK): with an error, or as if it had timed out. */
  unblock: ((withError: boolean) => void) | undefined
  /** Takes the client out of the queues of the keys that a command of it waits for. */
  stopWaiting: (() => void) | undefined
  transaction: Transaction | undefined
  readonly watched: Array<WatchedKey> = []
  dirty = false
  /** Made when the first thing arrives that is not a reply; see `openInbox`. */
  inbox: Inbox | undefined
  /** Set while CLIENT TRACKING is on. */
  tracking: Tracking | undefined
  /** Bytes received and sent, for CLIENT LIST and INFO. */
  bytesIn = 0
  bytesOut = 0

  constructor(
    readonly id: number,
    readonly transport: Transport,
    /** Milliseconds since 1970. */
    readonly createdAt: number
  ) {
    this.lastInteraction = createdAt
  }

  has(gate: number): boolean {
    return (this.gates & gate) !== 0
  }

  set(gate: number, on: boolean): void {
    this.gates = on ? this.gates | gate : this.gates & ~gate
  }

  openInbox(): Inbox {
    this.inbox ??= new Inbox(this.transport)
    return this.inbox
  }

  get clientClass(): ClientClass {
    return this.has(Gate.Subscribed) ? "pubsub" : "normal"
  }
}
