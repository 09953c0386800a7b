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
import { type FrozenTable, type HalfShown, PointInTime } from "../keyspace/PointInTime.ts"
import type { Ref } from "../values/dict/Dict.ts"
import { fromCause, type LogFileError } from "./LogFiles.ts"
import { type RdbSettings, replaceRdbFile } from "./RdbFile.ts"
import { RdbWriter } from "./RdbWriter.ts"
import { type ValueWriting, writeAll } from "./rdb/ValueWriter.ts"

/** Bytes and steps of one slice, whichever comes first: clients wait for less than half a millisecond. */
const BYTES_PER_SLICE = 64 * 1024
const STEPS_PER_SLICE = 512

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
  /** What comes next in the file, before what is in `out`. */
  private ready: Array<Uint8Array> = []
  /** What is to come behind the value that is half written: records that changed meanwhile. */
  private later: Array<Uint8Array> = []
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
    this.records = new PointInTime(state, (table, ref, deadline, whole) => this.show(table, ref, deadline, whole))
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
        this.walk(keyspace, (pieces) => Effect.forEach(pieces, (bytes) => draft.write(bytes), { discard: true })),
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

  private walk<E>(keyspace: KeyspaceService, write: (pieces: ReadonlyArray<Uint8Array>) => Effect.Effect<void, E>) {
    const slice = Effect.flatMap(
      keyspace.transact(() => this.slice()),
      write
    )
    // A slice of empty buckets writes nothing, and a disk may be faster than the clients like.
    const turn = Effect.andThen(slice, Effect.yieldNow)
    return Effect.whileLoop({ while: () => !this.walked, body: () => turn, step: () => {} })
  }

  /** Goes on a little, and gives back the bytes that there are. */
  private slice(): ReadonlyArray<Uint8Array> {
    const { out, records } = this
    const goesOn = records.isHalfway
    if (goesOn) this.later.push(out.take())
    this.walking = true
    for (let left = STEPS_PER_SLICE; left > 0 && !this.walked && out.length < BYTES_PER_SLICE; left--) {
      this.walked = !records.step()
      if (goesOn && !records.isHalfway) break
    }
    this.walking = false
    if (this.walked) out.end()
    this.ready.push(out.take())
    if (!records.isHalfway) this.ready.push(...this.later.splice(0))
    return this.ready.splice(0)
  }

  private show(table: FrozenTable, ref: Ref, deadline: Deadline, whole: boolean): HalfShown | undefined {
    if (this.abandoned) return undefined
    const { out } = this
    const before = out.length
    out.select(table.number, table.size, table.expires)
    if (deadline !== -1) out.deadline(deadline)
    const rest = out.record(table.records, ref)
    if (rest !== undefined && !whole) {
      return { step: () => !this.abandoned && rest.next().done !== true, finish: () => this.finishValue(rest) }
    }
    if (rest !== undefined) writeAll(rest)
    if (!this.walking) this.copied += out.length - before
    return undefined
  }

  /** A value that is half written is about to change. */
  private finishValue(rest: ValueWriting): void {
    if (this.abandoned) return
    const { out } = this
    this.later.push(out.take())
    writeAll(rest)
    this.copied += out.length
    this.ready.push(out.take(), ...this.later.splice(0))
  }
}
