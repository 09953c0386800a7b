/**
 * The few file operations that the log and the snapshots are built on, behind one small interface, so that tests can make each of them fail.
 *
 * They exist beside Effect's `FileSystem` because that one has neither fdatasync nor a write that reports how far it came.
 * No operation retries or hides anything: whoever calls decides what a failure means.
 */
import * as Fs from "node:fs"
import { Cause, Context, Data, Effect } from "effect"
import { describeErrno } from "./errno.ts"

/** A file operation was refused by the system. `message` is the system's text as Redis prints it. */
export class LogFileError extends Data.TaggedError("LogFileError")<{
  /** What was tried: "open", "write", "fdatasync", ... */
  readonly operation: string
  /** The system's name of the error, "ENOSPC" for one. */
  readonly code: string
  /** The text of strerror(3), "No space left on device" for one. */
  readonly message: string
}> {}

/** The error behind a failed operation; a defect in our own code is as much a reason not to count it as done. */
export const fromCause = (operation: string, cause: Cause.Cause<LogFileError>): LogFileError => {
  const error = Cause.squash(cause)
  return error instanceof LogFileError
    ? error
    : new LogFileError({ operation, code: "UNKNOWN", message: error instanceof Error ? error.message : String(error) })
}

/** An open file. Positions and lengths are bytes. */
export interface LogFile {
  readonly size: Effect.Effect<number, LogFileError>
  /** Fills `target` from `position` on; how many bytes there were, 0 at the end of the file. */
  readonly read: (target: Uint8Array, position: number) => Effect.Effect<number, LogFileError>
  /** Writes at `position`, at least one byte; how many went in may be less than `length`. */
  readonly write: (
    bytes: Uint8Array,
    start: number,
    length: number,
    position: number
  ) => Effect.Effect<number, LogFileError>
  /** Ends when what was written, and the size needed to read it back, is on the disk (fdatasync(2)). */
  readonly datasync: Effect.Effect<void, LogFileError>
  readonly truncate: (length: number) => Effect.Effect<void, LogFileError>
  readonly close: Effect.Effect<void, LogFileError>
}

/**
 * `"read"` opens a file that is there, only for reading; the others for both: `"keep"` keeps what is there and makes the file
 * if there is none, `"replace"` empties it.
 */
export type OpenMode = "read" | "keep" | "replace"

/** Where log files are opened. */
export interface LogFilesService {
  readonly open: (path: string, mode: OpenMode) => Effect.Effect<LogFile, LogFileError>
  readonly rename: (from: string, to: string) => Effect.Effect<void, LogFileError>
  readonly remove: (path: string) => Effect.Effect<void, LogFileError>
  /** Puts a directory's entries on the disk: due after a file in it was made or renamed. */
  readonly syncDirectory: (path: string) => Effect.Effect<void, LogFileError>
}

type Callback<A> = (error: NodeJS.ErrnoException | null, value: A) => void

const failure = (operation: string, error: NodeJS.ErrnoException) =>
  new LogFileError({ operation, code: error.code ?? "UNKNOWN", message: describeErrno(error) })

/** A call in Node's callback style as an Effect. It cannot be interrupted half-way: the system finishes what it began. */
const call = <A>(operation: string, begin: (done: Callback<A>) => void): Effect.Effect<A, LogFileError> =>
  Effect.callback((resume) =>
    begin((error, value) => resume(error ? Effect.fail(failure(operation, error)) : Effect.succeed(value)))
  )

const run = (operation: string, begin: (done: Fs.NoParamCallback) => void): Effect.Effect<void, LogFileError> =>
  Effect.callback((resume) => begin((error) => resume(error ? Effect.fail(failure(operation, error)) : Effect.void)))

/** Neither `a` nor `w`: with O_APPEND Linux ignores the position of a write, and the log must be able to go back. */
const openFlags: Readonly<Record<OpenMode, number>> = {
  read: Fs.constants.O_RDONLY,
  keep: Fs.constants.O_RDWR | Fs.constants.O_CREAT,
  replace: Fs.constants.O_RDWR | Fs.constants.O_CREAT | Fs.constants.O_TRUNC
}

const logFile = (fd: number): LogFile => ({
  size: Effect.map(
    call<Fs.Stats>("stat", (done) => Fs.fstat(fd, done)),
    (stats) => stats.size
  ),
  read: (target, position) =>
    call<number>("read", (done) => Fs.read(fd, target, 0, target.length, position, (error, n) => done(error, n))),
  write: (bytes, start, length, position) =>
    call<number>("write", (done) => Fs.write(fd, bytes, start, length, position, (error, n) => done(error, n))),
  datasync: run("fdatasync", (done) => Fs.fdatasync(fd, done)),
  truncate: (length) => run("truncate", (done) => Fs.ftruncate(fd, length, done)),
  close: run("close", (done) => Fs.close(fd, done))
})

const node: LogFilesService = {
  open: (path, mode) =>
    Effect.map(
      call<number>("open", (done) => Fs.open(path, openFlags[mode], 0o644, done)),
      logFile
    ),
  rename: (from, to) => run("rename", (done) => Fs.rename(from, to, done)),
  remove: (path) => run("remove", (done) => Fs.unlink(path, done)),
  syncDirectory: (path) =>
    Effect.acquireUseRelease(
      call<number>("open", (done) => Fs.open(path, "r", done)),
      (fd) => run("fsync", (done) => Fs.fsync(fd, done)),
      (fd) => Effect.ignore(run("close", (done) => Fs.close(fd, done)))
    )
}

/** The file operations in use: those of node:fs unless a Layer gives others. */
export const LogFiles = Context.Reference<LogFilesService>("fibredis/persistence/LogFiles", {
  defaultValue: () => node
})
