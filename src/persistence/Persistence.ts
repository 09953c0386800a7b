/**
 * The append-only file of a server (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/): what the
 * command core, the connections, INFO, CONFIG and the shutdown know of it. The work is done by `AppendLog`, an actor.
 *
 * Invariant: under `appendfsync always` no reply leaves before what it tells of is on disk.
 */
import { Context, Effect, Layer } from "effect"
import { Settings } from "../config/Settings.ts"
import { type AofLocation, directoryOf, logPath, rewritePath } from "./AofFiles.ts"
import { type AofLoadError, unreadable } from "./AofLoadError.ts"
import type { AppendBuffer } from "./AppendBuffer.ts"
import { type AppendFsync, AppendLog, type LogStatus } from "./AppendLog.ts"
import { type LogFile, type LogFileError, LogFiles, type LogFilesService } from "./LogFiles.ts"
import { LogTail } from "./LogTail.ts"
import { type LoadProgress, type LoadSummary, type ReplayFrames, replay } from "./Replay.ts"

/** The directives that persistence obeys, as `ServerConfig` has them; `appendfsync` may change at any time. */
export interface AofSettings extends AofLocation {
  readonly appendonly: boolean
  readonly appendfsync: AppendFsync
  readonly aofLoadTruncated: boolean
}

/** Takes the bytes of whole RESP commands that ran, or would have to run, against database `db`; the bytes are copied. */
export type AppendCommands = (db: number, bytes: Uint8Array, start: number, length: number) => void

/** What INFO persistence tells of the append-only file. */
export interface AofStatus extends LogStatus {
  /** How far loading is; undefined when nothing is being loaded. */
  readonly loading: LoadProgress | undefined
}

export interface PersistenceService {
  /**
   * Logs commands of the transaction that is running; SELECT is added where the database changes. What is appended in one
   * synchronous step is written as one unit. Does nothing when there is no log.
   */
  readonly append: AppendCommands
  /**
   * What the replies of a batch have to wait for; undefined when they may leave at once. To be called in the same
   * synchronous step as the batch's transaction. Under `always` it ends when everything appended so far is on disk, and fails
   * when that could not be written: what it covers has run, but must not be acknowledged, so the connection is to be closed.
   * Otherwise it is only there when the disk cannot keep up, and does not fail.
   */
  readonly barrier: () => Effect.Effect<void, LogFileError> | undefined
  /** Why writes are refused at present, as an error reply without its dash; undefined when they are not. */
  readonly refusal: () => string | undefined
  /** At start, before anything is appended: applies the log, and begins to write to it. Loads nothing if appendonly is no. */
  readonly load: (apply: ReplayFrames) => Effect.Effect<LoadSummary, AofLoadError>
  readonly info: () => AofStatus
  /** CONFIG RESETSTAT: forgets how often an fdatasync was delayed. */
  readonly resetStats: () => void
  /** Ends when everything appended so far is on disk. */
  readonly flush: Effect.Effect<void, LogFileError>
  /**
   * `CONFIG SET appendonly yes`: replaces the log by one that begins with what `dump` writes, which it does at once, in one
   * synchronous step; it must be the whole keyspace. When this fails there is no log, and the old file is as it was.
   */
  readonly enable: (dump: (append: AppendCommands) => void) => Effect.Effect<void, LogFileError>
  /** `CONFIG SET appendonly no`: brings everything to the disk and closes the log. It is closed even when that fails. */
  readonly disable: Effect.Effect<void, LogFileError>
}

export class Persistence extends Context.Service<Persistence, PersistenceService>()(
  "fibredis/persistence/Persistence"
) {
  /** Obeys the server's settings, whatever CONFIG SET makes of them. */
  static readonly layer = Layer.effect(
    Persistence,
    Effect.flatMap(Settings, (settings) => make(() => settings.values))
  )
}

/** `settings` is asked whenever a directive is needed. */
const make = Effect.fnUntraced(function* (settings: () => AofSettings) {
  const files = yield* LogFiles
  const log = yield* AppendLog.make(() => settings().appendfsync)
  let loading: LoadProgress | undefined
  const progress = (now: LoadProgress | undefined) => {
    loading = now
  }
  return Persistence.of({
    append: (db, bytes, start, length) => log.append(db, bytes, start, length),
    barrier: () => log.barrier(),
    refusal: () => log.health.refusal,
    load: (apply) =>
      load(files, settings(), apply, progress).pipe(
        Effect.map(({ summary, tail }) => {
          if (tail !== undefined) log.resume(tail)
          return summary
        }),
        Effect.ensuring(Effect.sync(() => progress(undefined)))
      ),
    info: () => ({ ...log.status(), loading }),
    resetStats: () => log.resetStats(),
    flush: log.flush,
    enable: (dump) => log.start(dump, create(files, settings())),
    disable: log.stop
  })
})

interface Loaded {
  readonly summary: LoadSummary
  readonly tail: LogTail | undefined
}

const nothing: Loaded = { summary: { commands: 0, bytes: 0, dropped: 0, milliseconds: 0 }, tail: undefined }

const load = Effect.fnUntraced(function* (
  files: LogFilesService,
  settings: AofSettings,
  apply: ReplayFrames,
  progress: (progress: LoadProgress) => void
): Effect.fn.Return<Loaded, AofLoadError> {
  if (!settings.appendonly) return nothing
  const path = logPath(settings)
  const fail = Effect.mapError(unreadable(path))
  const file = yield* fail(files.open(path, "keep"))
  return yield* loadFile(file, path, settings, apply, progress).pipe(
    Effect.tap(() => fail(Effect.andThen(file.datasync, files.syncDirectory(directoryOf(path))))),
    Effect.onError(() => Effect.ignore(file.close))
  )
})

const loadFile = Effect.fnUntraced(function* (
  file: LogFile,
  path: string,
  settings: AofSettings,
  apply: ReplayFrames,
  progress: (progress: LoadProgress) => void
): Effect.fn.Return<Loaded, AofLoadError> {
  const size = yield* Effect.mapError(file.size, unreadable(path))
  const summary = yield* replay({ file, path, size, cutTail: settings.aofLoadTruncated }, apply, progress)
  if (size > 0) {
    yield* Effect.logInfo(
      `Loaded ${summary.commands} commands (${summary.bytes} bytes) from ${path} in ${summary.milliseconds / 1000} seconds`
    )
  }
  return { summary, tail: new LogTail(file, summary.bytes) }
})

/** A new log, complete and on disk before it takes the old one's name. */
const create = (files: LogFilesService, settings: AofSettings) =>
  Effect.fnUntraced(function* (base: AppendBuffer): Effect.fn.Return<LogTail, LogFileError> {
    const path = logPath(settings)
    const draft = rewritePath(settings)
    const file = yield* files.open(draft, "replace")
    const tail = new LogTail(file, 0)
    yield* tail
      .append(base.bytes, base.length, () => true)
      .pipe(
        Effect.andThen(files.rename(draft, path)),
        Effect.andThen(files.syncDirectory(directoryOf(path))),
        Effect.onError(() => Effect.ignore(Effect.ensuring(file.close, Effect.ignore(files.remove(draft)))))
      )
    return tail
  })
