/**
 * Bytes on their way to the log: filled by transactions, emptied by the actor.
 *
 * Invariant: it holds whole commands, and transactions that are whole; one that is being written is not appended to.
 */
import { Deferred, type Effect } from "effect"
import { copyBytes } from "../values/Slice.ts"
import type { LogFileError } from "./LogFiles.ts"

const FIRST_CAPACITY = 64 * 1024

/** A buffer that one burst made larger than this is given back once the burst is written. */
const KEPT_CAPACITY = 4 * 1024 * 1024

/** The end of a wait for the disk. */
export type Settled = Effect.Effect<void, LogFileError>

export class AppendBuffer {
  bytes = new Uint8Array(FIRST_CAPACITY)
  length = 0
  /** Who waits for these bytes: made by the first that does, shared by all. */
  private waiting: { readonly deferred: Deferred.Deferred<void, LogFileError>; readonly settled: Settled } | undefined

  append(bytes: Uint8Array, start: number, length: number): void {
    if (this.length + length > this.bytes.length) this.grow(length)
    copyBytes(bytes, start, length, this.bytes, this.length)
    this.length += length
  }

  /** Ends as `settle` says. The same Effect for everybody who asks before the buffer is cleared. */
  settled(): Settled {
    if (this.waiting === undefined) {
      const deferred = Deferred.makeUnsafe<void, LogFileError>()
      this.waiting = { deferred, settled: Deferred.await(deferred) }
    }
    return this.waiting.settled
  }

  /** Lets everybody go who waits. They may run at once, and append: the caller's own state must be in order before. */
  settle(outcome: Settled): void {
    const waiting = this.waiting
    this.waiting = undefined
    if (waiting !== undefined) Deferred.doneUnsafe(waiting.deferred, outcome)
  }

  /** Forgets the bytes; whoever waits goes on waiting. */
  clear(): void {
    this.length = 0
    if (this.bytes.length > KEPT_CAPACITY) this.bytes = new Uint8Array(FIRST_CAPACITY)
  }

  private grow(more: number): void {
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    grown.set(this.bytes.subarray(0, this.length))
    this.bytes = grown
  }
}
