/**
 * The server cannot start on this log. The process exits with 1, as redis-server does, and leaves the file as it is.
 */
import { Data, Runtime } from "effect"
import type { LogFileError } from "./LogFiles.ts"

/** Why the log cannot be loaded; `message` says it in full and names the file. */
export class AofLoadError extends Data.TaggedError("AofLoadError")<{
  readonly path: string
  /** The byte of the file at which what cannot be read begins; undefined when the file could not be read at all. */
  readonly offset: number | undefined
  readonly message: string
}> {
  override readonly [Runtime.errorExitCode] = 1
}

/** The file could not be opened, read or cut. */
export const unreadable = (path: string) => (error: LogFileError) =>
  new AofLoadError({
    path,
    offset: undefined,
    message: `Can't ${error.operation} the append only file ${path}: ${error.message}`
  })

/** What is at `offset` is no command of a log. */
export const badFormat = (path: string, offset: number) =>
  new AofLoadError({
    path,
    offset,
    message: `Bad file format reading the append only file ${path} at offset ${offset}`
  })

/** The file ends in the middle of a command or of a transaction, and aof-load-truncated is no. */
export const unexpectedEnd = (path: string, offset: number) =>
  new AofLoadError({
    path,
    offset,
    message:
      `Unexpected end of the append only file ${path}: what begins at offset ${offset} is incomplete. ` +
      "To start without it, set aof-load-truncated to yes; the file is then cut there, so make a copy of it first"
  })

/** A command of the log is none that the server can run. */
export const refused = (path: string, offset: number, reason: string) =>
  new AofLoadError({ path, offset, message: `${reason} reading the append only file ${path} at offset ${offset}` })
