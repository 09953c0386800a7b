/**
 * The end of the open log, where transactions are added.
 *
 * Invariant: the first `size` bytes of the file are whole transactions. What may lie after them is the beginning of a write
 * that failed and could not even be cut off; it counts as a torn end, and the next write goes over it.
 */
import { Effect, Semaphore } from "effect"
import type { LogFile, LogFileError } from "./LogFiles.ts"

/** Bytes given to one write(2): what a large buffer is cut into, far below the 2 GB that the call can take. */
const WRITE_LIMIT = 64 * 1024 * 1024

export class LogTail {
  private synced: number
  /** Held during an fdatasync, so that the descriptor is not closed and given to another file meanwhile. */
  private readonly syncing = Semaphore.makeUnsafe(1)

  /** @param size bytes in the file: all of them whole transactions, and on disk */
  constructor(
    private readonly file: LogFile,
    public size: number
  ) {
    this.synced = size
  }

  /** Whether bytes are in the file that may not be on disk. */
  get dirty(): boolean {
    return this.synced < this.size
  }

  /**
   * Adds all `length` bytes, or none: after a failure the same bytes have to come again. `durably` is asked when they are
   * in the file; if it says so they are on disk when this ends, and count as not written when they could not be brought
   * there. Writing them again is the only cure: after a failed fdatasync Linux takes the pages for clean.
   */
  append(bytes: Uint8Array, length: number, durably: () => boolean): Effect.Effect<void, LogFileError> {
    return this.write(bytes, 0, length).pipe(
      Effect.flatMap(() =>
        durably()
          ? Effect.map(this.file.datasync, () => this.end(length, true))
          : Effect.sync(() => this.end(length, false))
      ),
      Effect.onError(() => Effect.ignore(this.cut))
    )
  }

  /** Ends when everything that is in the file now is on disk. */
  readonly sync: Effect.Effect<void, LogFileError> = this.syncing.withPermit(
    Effect.suspend(() => {
      if (!this.dirty) return Effect.void
      const { size } = this
      return Effect.map(this.file.datasync, () => {
        this.synced = Math.max(this.synced, size)
      })
    })
  )

  readonly close: Effect.Effect<void, LogFileError> = this.syncing.withPermit(Effect.suspend(() => this.file.close))

  private readonly cut: Effect.Effect<void, LogFileError> = Effect.suspend(() => this.file.truncate(this.size))

  private write(bytes: Uint8Array, from: number, length: number): Effect.Effect<void, LogFileError> {
    const count = Math.min(length - from, WRITE_LIMIT)
    return Effect.flatMap(this.file.write(bytes, from, count, this.size + from), (written) =>
      from + written < length ? this.write(bytes, from + written, length) : Effect.void
    )
  }

  private end(length: number, durably: boolean): void {
    this.size += length
    if (durably) this.synced = this.size
  }
}
