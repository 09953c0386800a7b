/**
 * One connection of a program to one server, in bytes: what was sent, and every reply as it came. An exchange ends with
 * an answer that only it can have, so pushed messages never shift the replies.
 */
import * as Net from "node:net"
import { ReplyFrames } from "../support/ReplyFrames.ts"
import { encodeCommands, type Words } from "../support/request.ts"

/** How an exchange ended: all answered, the server closed the connection, or it fell silent. */
export type Ending = "answered" | "closed" | "silent"

/** What came back for one batch. */
export interface Exchange {
  readonly frames: ReadonlyArray<Buffer>
  readonly ending: Ending
}

/** Milliseconds without an answer after which a server counts as silent. */
const PATIENCE = 3000

/** A server that sends more than this for one batch has lost its mind: the connection is cut. */
const MOST_FRAMES = 100_000

/** Messages and other pushes of RESP3 come unasked. */
const isPush = (frame: Buffer): boolean => frame[0] === 0x3e

/** The PONG with that word: a bulk string, or the array that a RESP2 subscriber gets. Words are never in other replies. */
const isPong = (frame: Buffer, word: string): boolean => frame.length < 100 && frame.includes(word)

/** An open connection. */
export class Wire {
  private readonly splitter = new ReplyFrames()
  private frames: Array<Buffer> = []
  private ended = false
  private onChange: () => void = () => {}
  private readonly closed: Promise<void>

  private constructor(private readonly socket: Net.Socket) {
    socket.setNoDelay(true)
    socket.on("data", (chunk) => {
      this.splitter.push(chunk)
      for (let frame = this.splitter.next(); frame !== undefined; frame = this.splitter.next()) this.frames.push(frame)
      if (this.frames.length > MOST_FRAMES) socket.destroy()
      this.onChange()
    })
    socket.on("error", () => {})
    this.closed = new Promise((resolve) => {
      socket.on("close", () => {
        this.ended = true
        this.onChange()
        resolve()
      })
    })
  }

  static open(port: number): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const socket = Net.connect(port, "127.0.0.1")
      socket.once("error", reject)
      socket.once("connect", () => {
        socket.off("error", reject)
        resolve(new Wire(socket))
      })
    })
  }

  get isClosed(): boolean {
    return this.ended
  }

  /** Sends commands and then a PING with a word of its own; gives what came before the PONG, messages included. */
  async settle(commands: ReadonlyArray<Words>, word: string): Promise<Exchange> {
    this.socket.write(encodeCommands([...commands, ["PING", word]]))
    let pong = 0
    const ending = await this.until(() => {
      while (pong < this.frames.length && !isPong(this.frames[pong]!, word)) pong++
      return pong < this.frames.length
    })
    if (ending !== "answered") return { frames: this.take(), ending }
    const frames = this.frames
    this.frames = frames.slice(pong + 1)
    return { frames: frames.slice(0, pong), ending }
  }

  /** Waits until the server has answered a PING with that word or closed the connection; messages stay for the next exchange. */
  async probe(word: string): Promise<void> {
    this.send([["PING", word]])
    await this.until(() => this.frames.some((frame) => isPong(frame, word)))
    this.frames = this.frames.filter((frame) => !isPong(frame, word))
  }

  /** Sends commands whose replies come with the next exchange. */
  send(commands: ReadonlyArray<Words>): void {
    this.socket.write(encodeCommands(commands))
  }

  /** Sends commands that have one reply each, and waits for so many: inside MULTI a PING would only be queued. */
  async count(commands: ReadonlyArray<Words>): Promise<Exchange> {
    this.socket.write(encodeCommands(commands))
    const ending = await this.until(() => this.frames.filter((frame) => !isPush(frame)).length >= commands.length)
    return { frames: this.take(), ending }
  }

  /** Sends bytes in pieces, each in a packet of its own, and waits until the server has closed or `patience` ms passed. */
  async raw(pieces: ReadonlyArray<Uint8Array>, halfClose: boolean, patience: number): Promise<Exchange> {
    for (const piece of pieces) {
      if (this.ended) break
      this.socket.write(piece)
      if (pieces.length > 1) await new Promise(setImmediate)
    }
    if (halfClose) this.socket.end()
    const ending = await this.until(() => false, patience)
    const frames = this.take()
    return { frames: this.splitter.rest.length > 0 ? [...frames, this.splitter.rest] : frames, ending }
  }

  /** Closes the connection and waits until it is. */
  async close(): Promise<void> {
    this.socket.destroy()
    await this.closed
  }

  private take(): Array<Buffer> {
    const frames = this.frames
    this.frames = []
    return frames
  }

  private until(answered: () => boolean, patience = PATIENCE): Promise<Ending> {
    return new Promise((resolve) => {
      const done = (ending: Ending) => {
        clearTimeout(timer)
        this.onChange = () => {}
        resolve(ending)
      }
      const timer = setTimeout(() => done("silent"), patience)
      this.onChange = () => {
        if (answered()) done("answered")
        else if (this.ended) done("closed")
      }
      this.onChange()
    })
  }
}
