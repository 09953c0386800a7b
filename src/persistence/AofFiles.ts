/**
 * What the append-only file and its companions are called: the only module that joins a directory and a file name.
 *
 * Today the log is one file, as Redis wrote it before version 7 (which takes such a file over when it starts on it).
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
import * as Path from "node:path"

/** The directives that say where the log is: `dir` and `appendfilename`. */
export interface AofLocation {
  readonly dir: string
  readonly appendfilename: string
}

/** The log itself. */
export const logPath = (location: AofLocation): string => Path.join(location.dir, location.appendfilename)

/** Where a new log is written until it takes the old one's place; in the same directory, so that the rename is atomic. */
export const rewritePath = (location: AofLocation): string =>
  Path.join(location.dir, `temp-rewriteaof-${process.pid}-${location.appendfilename}`)

/** The directory whose entry for `path` has to be on disk too before the file is sure to be found again. */
export const directoryOf = (path: string): string => Path.dirname(path)
