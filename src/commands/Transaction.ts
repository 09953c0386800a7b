/**
 * What a client has queued between MULTI and EXEC: its commands with their words, copied out of the requests.
 */
import { FRAME_HEADER } from "../protocol/RequestDecoder.ts"
import type { Args } from "./Args.ts"
import type { RegisteredCommand } from "./Registry.ts"

/** A command with words of its own; `frame` has the decoder's layout, so that `Args` reads it like a request. */
export interface QueuedCommand {
  readonly command: RegisteredCommand
  readonly buffer: Uint8Array
  readonly frame: Int32Array
}

/** Copies the command that `args` stands at. */
export function copyCommand(command: RegisteredCommand, args: Args): QueuedCommand {
  const frame = new Int32Array(FRAME_HEADER + 2 * args.count)
  frame[0] = args.count
  let size = 0
  for (let i = 0; i < args.count; i++) size += args.length(i)
  const buffer = new Uint8Array(size)
  for (let i = 0, at = 0; i < args.count; i++) {
    args.at(i).copyInto(buffer, at)
    frame[FRAME_HEADER + 2 * i] = at
    frame[FRAME_HEADER + 2 * i + 1] = args.length(i)
    at += args.length(i)
  }
  return { command, buffer, frame }
}

export class Transaction {
  /** A command was refused while queueing: EXEC will discard. */
  aborted = false
  private readonly commands: Array<QueuedCommand> = []
  private queuedBytes = 0

  get queue(): ReadonlyArray<QueuedCommand> {
    return this.commands
  }

  /** Bytes of the queued words: CLIENT LIST's multi-mem, and part of what `client-query-buffer-limit` limits. */
  get bytes(): number {
    return this.queuedBytes
  }

  add(queued: QueuedCommand): void {
    this.commands.push(queued)
    this.queuedBytes += queued.buffer.length
  }
}
