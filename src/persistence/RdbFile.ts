/**
 * Where the snapshot of a server is: the only module that joins a directory and the snapshot's name, and the way in which a
 * new one takes the old one's place.
 *
 * Invariant: under the name `dbfilename` there is always a complete snapshot or none, whatever happens at whatever time.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/#how-it-works
 */
import * as Path from "node:path"
import { Effect, type Scope } from "effect"
import { directoryOf } from "./AofFiles.ts"
import { Crc64 } from "./Crc64.ts"
import { type LogFile, type LogFileError, LogFiles } from "./LogFiles.ts"
import { LogTail } from "./LogTail.ts"

/** The directives that say where the snapshot is and how it is written, as `ServerConfig` has them. */
export interface RdbSettings {
  readonly dir: string
  readonly dbfilename: string
  /** Whether files get a checksum. */
  readonly rdbchecksum: boolean
}

/** The snapshot itself. */
export const rdbPath = (settings: RdbSettings): string => Path.join(settings.dir, settings.dbfilename)

/** Where a new one is written; in the same directory, so that the rename is atomic. */
const draftPath = (settings: RdbSettings): string => Path.join(settings.dir, `temp-${process.pid}.rdb`)

/** Bytes whose checksum is computed at once, between two writes: clients wait for half a millisecond. */
const PIECE = 128 * 1024

/** A snapshot that is being written. */
export class RdbDraft {
  private readonly crc = new Crc64()
  private readonly tail: LogTail

  constructor(
    file: LogFile,
    private readonly checksum: boolean
  ) {
    this.tail = new LogTail(file, 0)
  }

  /** Adds bytes to the file; fails when not all of them could be written. */
  write(bytes: Uint8Array): Effect.Effect<void, LogFileError> {
    return Effect.suspend(() => {
      const piece = bytes.subarray(0, PIECE)
      if (this.checksum) this.crc.update(piece, 0, piece.length)
      const written = this.tail.append(piece, piece.length, () => false)
      return bytes.length > PIECE ? Effect.andThen(written, this.write(bytes.subarray(PIECE))) : written
    })
  }

  /** Adds the checksum, or the zeros that stand for none, and ends when the file is on disk. */
  readonly finish: Effect.Effect<void, LogFileError> = Effect.suspend(() => {
    const checksum = this.checksum ? this.crc.bytes : new Uint8Array(8)
    return Effect.andThen(
      this.tail.append(checksum, checksum.length, () => false),
      this.tail.sync
    )
  })
}

/**
 * Writes a snapshot by `write`, which is given the draft, and puts it in the place of the last one. When anything fails, or
 * is interrupted, the last one stays and nothing else is left behind.
 */
export const replaceRdbFile = <E, R>(
  settings: RdbSettings,
  write: (draft: RdbDraft) => Effect.Effect<void, E, R>
): Effect.Effect<void, E | LogFileError, Exclude<R, Scope.Scope>> =>
  Effect.gen(function* () {
    const files = yield* LogFiles
    const path = rdbPath(settings)
    const draft = draftPath(settings)
    yield* Effect.scoped(
      Effect.gen(function* () {
        const file = yield* Effect.acquireRelease(files.open(draft, "replace"), (file) => Effect.ignore(file.close))
        const rdb = new RdbDraft(file, settings.rdbchecksum)
        yield* write(rdb)
        yield* rdb.finish
      })
    ).pipe(
      Effect.andThen(files.rename(draft, path)),
      Effect.onError(() => Effect.ignore(files.remove(draft)))
    )
    yield* files.syncDirectory(directoryOf(path))
  })
