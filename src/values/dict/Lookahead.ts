/**
 * The keys that a batch of requests is about to look up: their hashes, computed once, and their records, brought towards the
 * processor all together. One lookup after the other waits for memory each time; asked for at once the waits overlap.
 *
 * Invariant: a hash is given back only for the very bytes it was computed from: same buffer, start and length, and not after
 * `clear`, which is due before the buffer may change.
 */
import type { Slice } from "../Slice.ts"

/** As many keys are remembered; more of a batch are looked up as if nothing had been said. A power of two. */
const SLOTS = 256

export class Lookahead {
  /** Knows nothing, and is not to be told anything. */
  static readonly none = new Lookahead()
  private buffer: Uint8Array | undefined
  private readonly starts = new Int32Array(SLOTS)
  private readonly lengths = new Int32Array(SLOTS)
  private readonly hashes = new Int32Array(SLOTS)

  /** Keys that follow lie in this buffer. */
  begin(buffer: Uint8Array): void {
    this.buffer = buffer
    this.lengths.fill(-1)
  }

  clear(): void {
    this.buffer = undefined
  }

  add(start: number, length: number, hash: number): void {
    const slot = start & (SLOTS - 1)
    this.starts[slot] = start
    this.lengths[slot] = length
    this.hashes[slot] = hash
  }

  knows(key: Slice): boolean {
    if (key.buffer !== this.buffer) return false
    const slot = key.start & (SLOTS - 1)
    return this.starts[slot] === key.start && this.lengths[slot] === key.length
  }

  /** The hash of a key that it knows. */
  hashOf(key: Slice): number {
    return this.hashes[key.start & (SLOTS - 1)]!
  }
}
