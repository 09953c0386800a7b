/**
 * The replies of all clients, which leave together at the end of the event loop's turn, as Redis' do before it sleeps.
 *
 * Sent one by one each would wake its client, who has read it and sleeps again when the next one comes; sent one behind the
 * other they find it awake. Saves up to a fifth of the CPU of a pipelined command.
 *
 * Invariant: the first `end` bytes are the replies to `sockets`, one behind the other, each up to its place in `ends`.
 */
import type { Socket } from "node:net"
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"

/** With so many bytes replies are not kept back any more. */
const CAPACITY = 64 * 1024
/** Copying a larger reply would cost more than it saves. */
const MAX_REPLY_BYTES = 16 * 1024

export class Outbox {
  private bytes = Buffer.allocUnsafeSlow(CAPACITY)
  private end = 0
  private readonly sockets: Array<Socket> = []
  private readonly ends: Array<number> = []
  /** This turn of the event loop will end with a `flush`. */
  private scheduled = false
  private readonly endTurn = () => {
    this.scheduled = false
    this.flush()
  }

  /** Whether what the writer holds may wait here. */
  takes(reply: ReplyWriter): boolean {
    return reply.length <= MAX_REPLY_BYTES
  }

  /** Copies what the writer holds, for `socket` to send. */
  add(socket: Socket, reply: ReplyWriter): void {
    if (this.end + reply.length > CAPACITY) this.flush()
    reply.copyInto(this.bytes, this.end)
    this.end += reply.length
    this.sockets.push(socket)
    this.ends.push(this.end)
    if (this.scheduled) return
    this.scheduled = true
    setImmediate(this.endTurn)
  }

  /** Gives the sockets everything there is. */
  flush(): void {
    const { bytes, ends, sockets } = this
    if (sockets.length === 0) return
    let start = 0
    let isHeld = false
    for (let i = 0; i < sockets.length; i++) {
      const socket = sockets[i]!
      if (socket.writable) socket.write(bytes.subarray(start, ends[i]))
      start = ends[i]!
      isHeld ||= socket.writableLength > 0
    }
    if (isHeld) this.bytes = Buffer.allocUnsafeSlow(CAPACITY)
    this.end = 0
    sockets.length = 0
    ends.length = 0
  }
}
