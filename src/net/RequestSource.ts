/**
 * A socket as a Stream of decoded requests.
 *
 * One pull gives the connection's decoder with every request that the bytes so far complete. The decoder is reused, so its
 * requests must have run before the next pull: a fiber that consumes the stream one element at a time does just that.
 * A pull that finds nothing waits inside the `data` event of the socket: no queue, no scheduler hop, and bytes that complete
 * no request wake nobody. The chunk of that event is only borrowed: mostly its requests have run when the event is over, and
 * what has not is copied then.
 */
import type { Socket } from "node:net"
import { Cause, Effect, Stream } from "effect"
import type { RequestDecoder } from "../protocol/RequestDecoder.ts"

/** With this many bytes not yet decoded the socket is read no further. */
const READ_AHEAD = 64 * 1024

/** More than this never waits, whatever the configuration says: offsets into a request have 31 bits. */
const MAX_PENDING = 2 ** 31 - 1 - READ_AHEAD

type Batch = readonly [RequestDecoder]
type Pulled = Effect.Effect<Batch, Cause.Done>

/** What a source needs of its connection. */
export interface SourceOwner {
  /** Bytes have arrived. */
  readonly received: (bytes: number) => void
  /** The longest argument, in bytes, as the configuration has it now. */
  readonly maxBulkLength: number
  /** The most bytes that may wait for the rest of their request or for a command that blocks. */
  readonly maxPendingInput: number
  /** More than that wait. */
  readonly inputOverflow: () => void
}

export class RequestSource {
  /** Ends after the last request that was complete when the client stopped sending. */
  readonly requests: Stream.Stream<RequestDecoder>
  private readonly chunks: Array<Buffer> = []
  private queuedBytes = 0
  /** The client sends no more. */
  private ended = false
  private abandoned = false
  private blocked = false
  private waiting: ((pulled: Pulled) => void) | undefined
  private readonly batch: Pulled

  constructor(
    private readonly socket: Socket,
    private readonly decoder: RequestDecoder,
    private readonly owner: SourceOwner
  ) {
    this.batch = Effect.succeed([decoder])
    const finish = () => this.finish()
    socket.on("data", (chunk: Buffer, length?: number) => this.arrived(chunk, length ?? chunk.length))
    socket.on("end", finish)
    socket.on("close", finish)
    const pull = Effect.callback<Batch, Cause.Done>((resume) => {
      const ready = this.next()
      if (ready !== undefined) return resume(ready)
      this.waiting = resume
      return Effect.sync(() => {
        this.waiting = undefined
      })
    })
    this.requests = Stream.fromPull(Effect.succeed(pull))
  }

  /** Forgets what has arrived and ends the stream: nothing more of this client runs. */
  abandon(): void {
    this.abandoned = true
    this.chunks.length = 0
    this.queuedBytes = 0
    this.finish()
  }

  /** Nothing more of this client is to run. */
  get isAbandoned(): boolean {
    return this.abandoned
  }

  /**
   * A command waits for something other than its client. Until it goes on the socket is read all the same, because only who
   * reads learns that the client has gone.
   */
  block(blocked: boolean): void {
    this.blocked = blocked
    if (blocked && this.socket.isPaused()) this.socket.resume()
  }

  /** Bytes that have arrived and are not yet requests. */
  get pending(): number {
    return this.queuedBytes + this.decoder.pendingBytes
  }

  /** The client sends no more; what it has sent still runs. */
  private finish(): void {
    this.ended = true
    this.wake(Cause.done())
  }

  /** The first `length` bytes of the chunk are the client's. */
  private arrived(chunk: Buffer, length: number): void {
    this.owner.received(length)
    if (this.ended) return
    if (this.waiting !== undefined) {
      if (this.decode(chunk, length)) this.wake(this.batch)
      this.decoder.keep(chunk)
      return
    }
    this.chunks.push(Buffer.from(chunk.subarray(0, length)))
    this.queuedBytes += length
    if (this.blocked) this.limit()
    else if (this.queuedBytes > READ_AHEAD) this.socket.pause()
  }

  private limit(): void {
    if (this.pending > Math.min(MAX_PENDING, this.owner.maxPendingInput)) this.owner.inputOverflow()
  }

  private next(): Pulled | undefined {
    if (this.abandoned) return Cause.done()
    if (this.decodeMore()) return this.batch
    while (this.chunks.length > 0) {
      const chunk = this.chunks.shift()!
      this.queuedBytes -= chunk.length
      if (this.decode(chunk)) return this.batch
    }
    if (this.ended) return Cause.done()
    if (this.socket.isPaused()) this.socket.resume()
    return undefined
  }

  private decode(chunk: Buffer, length = chunk.length): boolean {
    this.decoder.push(chunk, length)
    if (this.decodeMore()) return true
    this.limit()
    return false
  }

  private decodeMore(): boolean {
    const { decoder } = this
    decoder.maxBulkLength = this.owner.maxBulkLength
    return decoder.decode() > 0 || decoder.error !== undefined
  }

  private wake(pulled: Pulled): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.(pulled)
  }
}
