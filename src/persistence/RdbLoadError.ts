/**
 * The server cannot start on this snapshot. The process exits with 1, as redis-server does, and leaves the file as it is.
 */
import { Data, Runtime } from "effect"

/** Why the snapshot cannot be loaded; `message` says it in full and names the file. */
export class RdbLoadError extends Data.TaggedError("RdbLoadError")<{
  readonly path: string
  /** The byte of the file at which what cannot be read begins; undefined when the file could not be read at all. */
  readonly offset: number | undefined
  readonly message: string
}> {
  override readonly [Runtime.errorExitCode] = 1
}
