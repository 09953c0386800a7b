/**
 * Loading the log: its commands go through the dispatcher again, a piece of the file at a time.
 *
 * Invariant: what was applied when this ends well is exactly what the file holds when it ends. An incomplete end (the last
 * command, or a MULTI without its EXEC) was never acknowledged under `appendfsync always`; it is cut off when
 * aof-load-truncated says so. Anything else that is wrong refuses the file.
 */
import { Clock, Effect } from "effect"
import { RequestDecoder } from "../protocol/RequestDecoder.ts"
import { type AofLoadError, badFormat, refused, unexpectedEnd, unreadable } from "./AofLoadError.ts"
import type { LogFile } from "./LogFiles.ts"
import { LogScanner } from "./LogScanner.ts"

/** Bytes read at once. */
const PIECE = 256 * 1024

/** Milliseconds between two lines of progress in the server's log. */
const REPORT_EVERY = 1000

/**
 * Runs the frames that the decoder has just found, and says why not if one of them is no command ("Unknown command 'foo'").
 * The frames of a MULTI may come in several calls; one whose EXEC never comes must leave no trace.
 */
export type ReplayFrames = (frames: RequestDecoder) => string | undefined

/** What was loaded. */
export interface LoadSummary {
  readonly commands: number
  /** Bytes of the file that were applied. */
  readonly bytes: number
  /** Bytes that were cut off its end. */
  readonly dropped: number
  /** How long it took. */
  readonly milliseconds: number
}

/** How far loading is, for INFO: times in ms of the Clock, sizes in bytes. */
export interface LoadProgress {
  readonly startedAt: number
  readonly totalBytes: number
  readonly loadedBytes: number
}

/** The log to load. */
export interface ReplaySource {
  readonly file: LogFile
  readonly path: string
  readonly size: number
  /** Whether an incomplete end may be cut off (aof-load-truncated). */
  readonly cutTail: boolean
}

/** Reads the whole log and applies it; `progress` is told after every piece. Leaves the file ending in a whole command. */
export const replay = Effect.fn("Persistence.replay")(function* (
  source: ReplaySource,
  apply: ReplayFrames,
  progress: (progress: LoadProgress) => void
): Effect.fn.Return<LoadSummary, AofLoadError> {
  const { file, path, size } = source
  const startedAt = yield* Clock.currentTimeMillis
  const reader = new LogReader(path, size, apply)
  let now = startedAt
  let reportAt = startedAt + REPORT_EVERY
  while (!reader.ended) {
    progress({ startedAt, totalBytes: size, loadedBytes: reader.scanner.position })
    // A new buffer each time: the decoder may keep the end of the last one.
    const piece = new Uint8Array(Math.min(PIECE, size - reader.scanner.position))
    const length = yield* Effect.mapError(file.read(piece, reader.scanner.position), unreadable(path))
    if (length === 0) break
    const error = reader.take(piece.subarray(0, length))
    if (error !== undefined) return yield* error
    now = yield* Clock.currentTimeMillis
    if (now < reportAt) continue
    reportAt = now + REPORT_EVERY
    yield* Effect.logInfo(`Loading the append only file: ${percentage(reader.scanner.position, size)} of ${size} bytes`)
  }
  const dropped = reader.scanner.complete ? 0 : yield* cutTail(source, reader.scanner)
  return { commands: reader.commands, bytes: reader.scanner.good, dropped, milliseconds: now - startedAt }
})

const percentage = (part: number, whole: number): string => `${Math.floor((part / whole) * 100)}%`

/** The pieces of a file on their way through scanner and decoder. */
class LogReader {
  readonly scanner: LogScanner
  commands = 0
  private readonly decoder = new RequestDecoder()

  constructor(
    private readonly path: string,
    private readonly size: number,
    private readonly apply: ReplayFrames
  ) {
    this.scanner = new LogScanner(size)
    // The limits are those of clients; what is in the log has passed them.
    this.decoder.maxBulkLength = Number.MAX_SAFE_INTEGER
  }

  /** Whether the rest of the file, if there is any, is not worth reading. */
  get ended(): boolean {
    return this.scanner.overrun || this.scanner.position >= this.size
  }

  take(piece: Uint8Array): AofLoadError | undefined {
    const from = this.scanner.good
    let reason: string | undefined
    this.scanner.scan(piece, (start, end) => {
      reason ??= this.applyAll(piece.subarray(start, end))
    })
    if (reason !== undefined) return refused(this.path, from, reason)
    if (this.scanner.fault !== undefined) return badFormat(this.path, this.scanner.fault)
    return this.decoder.error === undefined ? undefined : badFormat(this.path, this.scanner.good)
  }

  private applyAll(bytes: Uint8Array): string | undefined {
    this.decoder.push(bytes)
    while (this.decoder.decode() > 0) {
      this.commands += this.decoder.count
      const reason = this.apply(this.decoder)
      if (reason !== undefined) return reason
    }
    return undefined
  }
}

/** Cuts the file after its last whole command, and says how many bytes that cost. */
const cutTail = Effect.fnUntraced(function* ({ file, path, size, cutTail }: ReplaySource, { good }: LogScanner) {
  if (!cutTail) return yield* unexpectedEnd(path, good)
  yield* Effect.logWarning(
    `The append only file ${path} ends in the middle of a command or transaction: cutting it at offset ${good}, ` +
      `${size - good} bytes are dropped (aof-load-truncated is enabled)`
  )
  yield* Effect.mapError(Effect.andThen(file.truncate(good), file.datasync), unreadable(path))
  return size - good
})
