/**
 * What a client has queued between MULTI and EXEC: its commands with their words, copied out of the requests.
 */
import { FRAME_HEADER } from "../protocol/RequestDecoder.ts"
import { Slice } from "../values/Slice.ts"
import type { Args } from "./Args.ts"
import type { RegisteredCommand } from "./Registry.ts"

/** A command with words of its own; `frame` has the decoder's layout, so that `Args` reads it like a request. */
export interface QueuedCommand {
  readonly command: RegisteredCommand
  readonly buffer: Uint8Array
  readonly frame: Int32Array
}

/** Copies the command that `args` stands at, with other words in the place of some of its own, by their number. */
export function copyCommand(
  command: RegisteredCommand,
  args: Args,
  replaced?: ReadonlyMap<number, string>
): QueuedCommand {
  const word = (index: number): Slice => {
    const text = replaced?.get(index)
    return text === undefined ? args.at(index) : Slice.latin1(text)
  }
  const frame = new Int32Array(FRAME_HEADER + 2 * args.count)
  frame[0] = args.count
  let size = 0
  for (let i = 0; i < args.count; i++) {
    frame[FRAME_HEADER + 2 * i] = size
    frame[FRAME_HEADER + 2 * i + 1] = word(i).length
    size += word(i).length
  }
  const buffer = new Uint8Array(size)
  for (let i = 0; i < args.count; i++) word(i).copyInto(buffer, frame[FRAME_HEADER + 2 * i]!)
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
