/**
 * What goes out to one client: its replies, and between them what it did not ask for (messages, invalidations, MONITOR).
 *
 * Invariant: everything leaves in the order in which it was caused; while replies are held back until they are durable,
 * nothing else leaves. A client that does not read costs no more than `client-output-buffer-limit` allows, and nobody waits
 * for it but itself.
 */
import type { Socket } from "node:net"
import { Clock, Effect, Latch } from "effect"
import type { ServerParts } from "../commands/Context.ts"
import type { OutputLimit } from "../config/OutputLimits.ts"
import type { Outbox } from "./Outbox.ts"
import type { Session } from "./Session.ts"

/** With more unread bytes than this the client's requests wait until it reads its replies. */
const HIGH_WATER = 16 * 1024 * 1024
/** The first bytes do not count for the limits: in Redis they are in a buffer that every client has anyway. */
const UNCOUNTED_BYTES = 16 * 1024
/** What the socket or the disk makes wait is copied up to this size, instead of giving away the shared buffer. */
const COPIED_BYTES = 32 * 1024

export class Output {
  private holding = false
  /** Since when more than the soft limit is unread, in milliseconds since 1970. */
  private overSoftLimitSince: number | undefined
  private watching = false
  /** Open while something may wait in the inbox; made with the fiber that sends it. */
  private pushes: Latch.Latch | undefined
  private onRoom: (() => void) | undefined

  constructor(
    private readonly socket: Socket,
    private readonly session: Session,
    private readonly parts: ServerParts,
    private readonly outbox: Outbox,
    /** Runs what outlasts a batch, until the connection ends. */
    private readonly fork: (effect: Effect.Effect<void>) => unknown
  ) {
    const room = () => {
      this.onRoom?.()
      if (this.session.inbox?.hasPending) this.wake()
    }
    socket.on("drain", room)
    socket.on("close", room)
  }

  // ---- replies ---------------------------------------------------------------------------------------------------------

  /** Sends what the writer holds, and leaves the writer empty. */
  flush(now: number): void {
    const { parts, socket } = this
    const { reply } = parts
    if (reply.length === 0) return
    if (!socket.writable || !this.admits(reply.length, now)) {
      reply.reset()
      return
    }
    if (this.sharesTurn && this.outbox.takes(reply)) {
      this.count(reply.length, now)
      this.outbox.add(socket, reply)
      reply.reset()
      return
    }
    // Behind other bytes the socket keeps what it is given; otherwise the system mostly takes it at once.
    const copied = socket.writableLength > 0 && reply.length <= COPIED_BYTES
    this.send(copied ? Buffer.from(reply.bytes()) : reply.bytes(), now)
    if (!copied && socket.writableLength > 0) reply.detach()
    else reply.reset()
  }

  /** Takes what the writer holds and lets nothing else leave until `release`. */
  hold(): Uint8Array {
    const { reply } = this.parts
    const bytes = reply.bytes()
    this.holding = true
    if (bytes.length > COPIED_BYTES) {
      reply.detach()
      return bytes
    }
    const copy = Buffer.from(bytes)
    reply.reset()
    return copy
  }

  /** Sends what was held. */
  release(bytes: Uint8Array, now: number): void {
    this.holding = false
    if (this.socket.writable && this.admits(bytes.length, now)) this.send(bytes, now)
    if (this.session.inbox?.hasPending) this.wake()
  }

  /** Whether others may have replies in this turn of the event loop. A client that is alone gets its reply sooner. */
  private get sharesTurn(): boolean {
    return this.parts.clients.size > 1
  }

  private send(bytes: Uint8Array, now: number): void {
    this.outbox.flush()
    this.count(bytes.length, now)
    this.socket.write(bytes)
  }

  private count(bytes: number, now: number): void {
    this.session.bytesOut += bytes
    this.session.lastInteraction = now
    this.parts.stats.netOutput += bytes
    this.parts.stats.writesProcessed++
  }

  /** Sends what has not left yet and closes. */
  end(): void {
    const { socket } = this
    this.outbox.flush()
    socket.end(() => socket.destroy())
  }

  /** Whether the client takes its replies fast enough to be given more. */
  get hasRoom(): boolean {
    return this.socket.writableLength < HIGH_WATER
  }

  /** Ends when the client has read everything, or is gone. */
  room(): Effect.Effect<void> {
    return Effect.callback((resume) => {
      if (this.hasRoom || this.socket.destroyed) return resume(Effect.void)
      this.onRoom = () => resume(Effect.void)
      return Effect.sync(() => {
        this.onRoom = undefined
      })
    })
  }

  // ---- client-output-buffer-limit --------------------------------------------------------------------------------------

  /** Whether so many bytes more may wait for the client; if not, the connection is cut. `now` in ms. */
  admits(bytes: number, now: number): boolean {
    const limit = this.parts.config.values.clientOutputBufferLimit[this.session.clientClass]
    const counted = this.socket.writableLength + bytes - UNCOUNTED_BYTES
    if ((limit.hard > 0 && counted >= limit.hard) || this.isOverForTooLong(limit, counted, now)) {
      this.cut()
      return false
    }
    if (this.overSoftLimitSince !== undefined && !this.watching) {
      this.watching = true
      this.fork(this.watch())
    }
    return true
  }

  private isOverForTooLong({ soft, softSeconds }: OutputLimit, counted: number, now: number): boolean {
    if (soft === 0 || counted < soft) {
      this.overSoftLimitSince = undefined
      return false
    }
    this.overSoftLimitSince ??= now
    return now - this.overSoftLimitSince > softSeconds * 1000
  }

  /** Looks again when the time of the soft limit is over, although nothing more may be sent until then. */
  private watch(): Effect.Effect<void> {
    return Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const { inbox, clientClass } = this.session
      const over = !this.socket.destroyed && this.admits(inbox?.pendingBytes ?? 0, now) && this.overSoftLimitSince
      if (over === false || over === undefined) {
        this.watching = false
        return Effect.void
      }
      const { softSeconds } = this.parts.config.values.clientOutputBufferLimit[clientClass]
      const due = over + softSeconds * 1000 + 1
      return Effect.andThen(
        Effect.sleep(Math.max(1, due - now)),
        Effect.suspend(() => this.watch())
      )
    })
  }

  private cut(): void {
    const { session, parts } = this
    parts.stats.outputLimitDisconnections++
    this.fork(
      Effect.logWarning(`Client ${session.id} (${session.transport.address}) passed its output buffer limit: closed`)
    )
    session.transport.kill()
  }

  // ---- what the client did not ask for ---------------------------------------------------------------------------------

  /** Something waits in the inbox. The first time starts the fiber that sends it. */
  wake(): void {
    if (this.pushes === undefined) {
      const pushes = Latch.makeUnsafe()
      this.pushes = pushes
      // The latch is opened inside the transaction of whoever publishes, and resumes its waiters there and then: without the
      // yield what is sent here would go between that client's replies, which are in the same buffer.
      const push = Effect.map(Clock.currentTimeMillis, (now) => {
        Latch.closeUnsafe(pushes)
        this.push(now)
      })
      this.fork(Effect.forever(Effect.andThen(Effect.andThen(pushes.await, Effect.yieldNow), push)))
    }
    Latch.openUnsafe(this.pushes)
  }

  /** Messages stay in the inbox, where all subscribers share them, while the socket has enough to send. */
  private push(now: number): void {
    if (this.holding || this.socket.writableNeedDrain) return
    const { reply } = this.parts
    reply.protocol = this.session.protocol
    this.session.inbox?.drain(reply)
    this.flush(now)
  }
}
