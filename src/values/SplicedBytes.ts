/**
 * The bytes of one value, wherever they live, that can be made longer or shorter at any place: what the packed forms of
 * collections are written in, whether that is a record of the keyspace or memory of their own.
 */
import { emptyBytes, Slice } from "./Slice.ts"

export abstract class SplicedBytes extends Slice {
  /**
   * Takes `removed` bytes away at `at`, counted from the start, and makes room for `added` bytes there, which are unspecified.
   * The bytes may move: `buffer`, `start` and `length` are those after it.
   */
  abstract splice(at: number, removed: number, added: number): void
}

/** Below this many bytes a plain loop is faster than a call into the engine. */
const LOOP_MOVE_LIMIT = 32

/** Moves what follows `at + removed`, up to `end`, to `at + added`; places are those in `buffer`. */
export function moveTail(buffer: Uint8Array, at: number, removed: number, added: number, end: number): void {
  const from = at + removed
  const by = added - removed
  if (by === 0) return
  if (end - from >= LOOP_MOVE_LIMIT) buffer.copyWithin(from + by, from, end)
  else if (by < 0) for (let i = from; i < end; i++) buffer[i + by] = buffer[i]!
  else for (let i = end - 1; i >= from; i--) buffer[i + by] = buffer[i]!
}

/** Bytes in memory of their own, with room to grow. */
export class OwnBytes extends SplicedBytes {
  constructor(bytes: Uint8Array = emptyBytes) {
    super(bytes)
  }

  splice(at: number, removed: number, added: number): void {
    const length = this.length + added - removed
    if (length <= this.buffer.length) moveTail(this.buffer, at, removed, added, this.length)
    else {
      const grown = new Uint8Array(Math.max(length, 2 * this.buffer.length))
      grown.set(this.buffer.subarray(0, at))
      grown.set(this.buffer.subarray(at + removed, this.length), at + added)
      this.buffer = grown
    }
    this.length = length
  }
}
