/**
 * A raw RESP client over TCP or a Unix socket: what a test writes is what the server reads. Replies are handed out in
 * order, pushes (RESP3) go to a queue of their own, and a read that nothing answers fails instead of hanging.
 */
import * as Net from "node:net"
import { type Reply, ReplyDecoder } from "../../src/protocol/ReplyDecoder.ts"
import { encodeCommand, encodeCommands, type Words } from "./request.ts"

/** Where a server listens. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string }

/** How long, in ms, a read waits before it fails. */
const READ_TIMEOUT = 5000

/** Replies that came and readers that wait for one; never both at a time. */
class Mailbox {
  private readonly replies: Array<Reply> = []
  private readonly readers: Array<{ readonly take: (reply: Reply) => void; readonly fail: (error: Error) => void }> = []
  private ended: Error | undefined

  put(reply: Reply): void {
    const reader = this.readers.shift()
    if (reader === undefined) this.replies.push(reply)
    else reader.take(reply)
  }

  end(error: Error): void {
    this.ended ??= error
    for (const reader of this.readers.splice(0)) reader.fail(error)
  }

  get waiting(): number {
    return this.replies.length
  }

  take(what: string): Promise<Reply> {
    const reply = this.replies.shift()
    if (reply !== undefined) return Promise.resolve(reply)
    if (this.ended !== undefined) return Promise.reject(this.ended)
    return new Promise((resolve, reject) => {
      const reader = {
        take: (next: Reply) => {
          clearTimeout(timer)
          resolve(next)
        },
        fail: (error: Error) => {
          clearTimeout(timer)
          reject(error)
        }
      }
      const timer = setTimeout(() => {
        this.readers.splice(this.readers.indexOf(reader), 1)
        reject(new Error(`no ${what} within ${READ_TIMEOUT} ms`))
      }, READ_TIMEOUT)
      this.readers.push(reader)
    })
  }
}

/** A connection to a server, closed by `close()`, by `await using` or by the server. */
export class RespClient implements AsyncDisposable {
  /** Resolves when the connection is closed, whoever closed it. */
  readonly closed: Promise<void>

  private readonly decoder = new ReplyDecoder()
  private readonly replies = new Mailbox()
  private readonly pushes = new Mailbox()

  private constructor(private readonly socket: Net.Socket) {
    socket.setNoDelay(true)
    socket.on("data", (chunk) => this.receive(chunk))
    socket.on("error", (error) => this.end(error))
    socket.on("end", () => this.end(new Error("the server closed the connection")))
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.end(new Error("the connection is closed"))
        resolve()
      })
    })
  }

  /** Connects; fails as `net.connect` does. */
  static connect(address: Address): Promise<RespClient> {
    return new Promise((resolve, reject) => {
      const socket = Net.connect({ ...address, allowHalfOpen: true })
      socket.once("error", reject)
      socket.once("connect", () => {
        socket.off("error", reject)
        resolve(new RespClient(socket))
      })
    })
  }

  /** Sends one command and waits for its reply. */
  call(...words: Words): Promise<Reply> {
    this.write(encodeCommand(words))
    return this.read()
  }

  /** Sends all commands in one write and waits for a reply to each. */
  pipeline(commands: ReadonlyArray<Words>): Promise<Array<Reply>> {
    this.write(encodeCommands(commands))
    return Promise.all(commands.map(() => this.read()))
  }

  /** Sends bytes as they are; text stands for its bytes (latin1). */
  write(bytes: Uint8Array | string): void {
    this.socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes)
  }

  /** The next reply that is not a push; fails when none comes or the connection ends. */
  read(): Promise<Reply> {
    return this.replies.take("reply")
  }

  /** The next push (RESP3); fails when none comes or the connection ends. */
  readPush(): Promise<Reply> {
    return this.pushes.take("push")
  }

  /** How many pushes have come and were not read. */
  get pushesWaiting(): number {
    return this.pushes.waiting
  }

  /** Says that nothing more will be sent; replies still come. */
  halfClose(): void {
    this.socket.end()
  }

  /** Cuts the connection without saying goodbye. */
  destroy(): void {
    this.socket.resetAndDestroy()
  }

  /** Stops reading, so that what the server sends piles up, until `resume()`. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Closes the connection and waits until it is. */
  close(): Promise<void> {
    this.socket.destroy()
    return this.closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private receive(chunk: Buffer): void {
    try {
      this.decoder.push(chunk)
      for (let reply = this.decoder.next(); reply !== undefined; reply = this.decoder.next()) {
        if (reply._tag === "Push") this.pushes.put(reply)
        else this.replies.put(reply)
      }
    } catch (error) {
      this.socket.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  private end(error: Error): void {
    this.replies.end(error)
    this.pushes.end(error)
    this.socket.end()
  }
}
