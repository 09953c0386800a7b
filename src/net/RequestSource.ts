/**
 * A socket as a Stream of decoded requests.
 *
 * One pull gives the connection's decoder with every request that the bytes so far complete. The decoder is reused, so its
 * requests must have run before the next pull: a fiber that consumes the stream one element at a time does just that.
 * A pull that finds nothing waits inside the `data` event of the socket: no queue, no scheduler hop, and bytes that complete
 * no request wake nobody.
 */
import type { Socket } from "node:net"
import { Cause, Effect, Stream } from "effect"
import type { RequestDecoder } from "../protocol/RequestDecoder.ts"

/** With this many bytes not yet decoded the socket is read no further. */
const READ_AHEAD = 64 * 1024

type Batch = readonly [RequestDecoder]
type Pulled = Effect.Effect<Batch, Cause.Done>

export class RequestSource {
  /** Ends after the last request that was complete when the client stopped sending. */
  readonly requests: Stream.Stream<RequestDecoder>
  private readonly chunks: Array<Buffer> = []
  private queuedBytes = 0
  private ended = false
  private waiting: ((pulled: Pulled) => void) | undefined
  private readonly batch: Pulled

  constructor(
    private readonly socket: Socket,
    private readonly decoder: RequestDecoder,
    /** Counts the bytes as they arrive. */
    private readonly received: (bytes: number) => void
  ) {
    this.batch = Effect.succeed([decoder])
    socket.on("data", (chunk: Buffer) => this.arrived(chunk))
    socket.on("end", () => this.finish())
    socket.on("close", () => this.finish())
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

  /** No further requests: what has arrived but not been decoded is forgotten. */
  finish(): void {
    this.ended = true
    this.wake(Cause.done())
  }

  /** Forgets what has arrived and ends the stream. */
  abandon(): void {
    this.chunks.length = 0
    this.queuedBytes = 0
    this.finish()
  }

  /** Bytes that have arrived and are not yet requests. */
  get pending(): number {
    return this.queuedBytes + this.decoder.pendingBytes
  }

  private arrived(chunk: Buffer): void {
    this.received(chunk.length)
    if (this.ended) return
    if (this.waiting !== undefined) {
      if (this.decode(chunk)) this.wake(this.batch)
      return
    }
    this.chunks.push(chunk)
    this.queuedBytes += chunk.length
    if (this.queuedBytes > READ_AHEAD) this.socket.pause()
  }

  private next(): Pulled | undefined {
    if (this.decoder.decode() > 0 || this.decoder.error !== undefined) return this.batch
    while (this.chunks.length > 0) {
      const chunk = this.chunks.shift()!
      this.queuedBytes -= chunk.length
      if (this.decode(chunk)) return this.batch
    }
    if (this.ended) return Cause.done()
    if (this.socket.isPaused()) this.socket.resume()
    return undefined
  }

  private decode(chunk: Buffer): boolean {
    this.decoder.push(chunk)
    return this.decoder.decode() > 0 || this.decoder.error !== undefined
  }

  private wake(pulled: Pulled): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.(pulled)
  }
}
