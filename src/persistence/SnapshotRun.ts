/**
 * One snapshot on its way from the keyspace to the disk: the moment is that of its construction, the writing comes after it,
 * a slice at a time, while clients are served.
 *
 * Invariant: what is in the file and in the buffer is the moment's; the marks on the records are complete when `finish` has
 * ended, so that the next snapshot can begin.
 */
import { type Context, Effect, Exit } from "effect"
import type { Deadline } from "../keyspace/ExpiryIndex.ts"
import type { Keyspace, KeyspaceState } from "../keyspace/Keyspace.ts"
import { type FrozenTable, PointInTime } from "../keyspace/PointInTime.ts"
import { stringOf } from "../keyspace/stringOf.ts"
import type { Ref } from "../values/dict/Dict.ts"
import { Slice } from "../values/Slice.ts"
import { fromCause, type LogFileError } from "./LogFiles.ts"
import { type RdbSettings, replaceRdbFile } from "./RdbFile.ts"
import { RdbWriter } from "./RdbWriter.ts"

/** Bytes and buckets of one slice, whichever comes first: clients wait for less than half a millisecond. */
const BYTES_PER_SLICE = 64 * 1024
const BUCKETS_PER_SLICE = 512

const key = new Slice()
const value = new Slice()

/** How a snapshot ended: on disk, broken off by someone who no longer wanted it, or not written for this reason. */
export type SnapshotOutcome = "saved" | "brokenOff" | LogFileError

type KeyspaceService = Context.Service.Shape<typeof Keyspace>

export class SnapshotRun {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** The changes since the last save that this one has. */
  readonly dirty: number
  readonly records: PointInTime
  /** Bytes that were written early because their records were about to change: what copy-on-write cost. */
  copied = 0
  private readonly out = new RdbWriter()
  /** All records have been shown. */
  private walked = false
  /** Nothing is written any more. */
  private abandoned = false
  private walking = false

  /** To be made inside a transaction. */
  constructor(state: KeyspaceState) {
    this.startedAt = state.now
    this.dirty = state.dirty
    this.out.header(state.now, process.memoryUsage.rss())
    this.records = new PointInTime(state, (table, ref, deadline) => this.show(table, ref, deadline))
  }

  /**
   * The databases were all emptied, and nobody wants this any more. Called inside the transaction that emptied them: another
   * snapshot may begin at once.
   */
  forget(state: KeyspaceState): void {
    this.abandoned = true
    this.walked = true
    state.snapshot = undefined
  }

  /** Writes the file. When it fails or is interrupted the last file stays in place, and `finish` is due. */
  write(keyspace: KeyspaceService, settings: RdbSettings): Effect.Effect<void, LogFileError> {
    return replaceRdbFile(settings, (draft) =>
      Effect.andThen(
        this.walk(keyspace, (bytes) => draft.write(bytes)),
        Effect.suspend(() => (this.abandoned ? Effect.interrupt : Effect.void))
      )
    )
  }

  /** How the end of `write` is to be understood. */
  outcome(exit: Exit.Exit<void, LogFileError>): SnapshotOutcome {
    if (Exit.isSuccess(exit)) return "saved"
    return this.abandoned || Exit.hasInterrupts(exit) ? "brokenOff" : fromCause("save", exit.cause)
  }

  /** Goes on to the end of the keyspace without writing, if that is not reached. */
  finish(keyspace: KeyspaceService): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (!this.walked) this.abandoned = true
      return this.walk(keyspace, () => Effect.void)
    })
  }

  private walk<E>(keyspace: KeyspaceService, write: (bytes: Uint8Array) => Effect.Effect<void, E>) {
    const slice = Effect.flatMap(
      keyspace.transact(() => this.slice()),
      write
    )
    // A slice of empty buckets writes nothing, and a disk may be faster than the clients like.
    const turn = Effect.andThen(slice, Effect.yieldNow)
    return Effect.whileLoop({ while: () => !this.walked, body: () => turn, step: () => {} })
  }

  /** Goes on a little, and gives back the bytes that there are. */
  private slice(): Uint8Array {
    this.walking = true
    for (let left = BUCKETS_PER_SLICE; left > 0 && !this.walked && this.out.length < BYTES_PER_SLICE; left--) {
      this.walked = !this.records.step()
    }
    this.walking = false
    if (this.walked) this.out.end()
    return this.out.take()
  }

  private show({ number, size, expires, records }: FrozenTable, ref: Ref, deadline: Deadline): void {
    if (this.abandoned) return
    const { out } = this
    const before = out.length
    out.select(number, size, expires)
    if (deadline !== -1) out.deadline(deadline)
    out.stringRecord(records.keySlice(ref, key), stringOf(records, ref, value))
    if (!this.walking) this.copied += out.length - before
  }
}
