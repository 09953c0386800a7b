/**
 * Loading a snapshot into the keyspace, a piece of the file at a time.
 *
 * Invariant: it is loaded whole, or whoever asked for it is told why not; the server does not start then.
 */
import { Clock, type Context, Effect } from "effect"
import type { Database } from "../keyspace/Database.ts"
import { type DetachedValue, insertDetached } from "../keyspace/DetachedValue.ts"
import type { Keyspace, KeyspaceState } from "../keyspace/Keyspace.ts"
import { quote } from "../values/quote.ts"
import type { Slice } from "../values/Slice.ts"
import { type LogFile, type LogFileError, LogFiles } from "./LogFiles.ts"
import { type RdbSettings, rdbPath } from "./RdbFile.ts"
import { RdbLoadError } from "./RdbLoadError.ts"
import { RdbReader, type RdbVisitor } from "./RdbReader.ts"

/** Bytes read at once. */
const PIECE = 256 * 1024

/** Milliseconds between two lines of progress in the server's log. */
const REPORT_EVERY = 1000

/** What was loaded. */
export interface RdbSummary {
  /** Keys that are in the keyspace now. */
  readonly loaded: number
  /** Keys of the file that were past their deadline. */
  readonly expired: number
}

export const nothing: RdbSummary = { loaded: 0, expired: 0 }

/** Puts what a file holds into the keyspace; lives for one load. */
class Loader implements RdbVisitor {
  loaded = 0
  expired = 0
  private db: Database

  constructor(
    private readonly keyspace: KeyspaceState,
    /** Keys of the file take the place of those that are there. */
    private readonly merge: boolean
  ) {
    this.db = keyspace.databases[0]!
  }

  database(number: number): string | undefined {
    const { databases } = this.keyspace
    const db = databases[number]
    if (db === undefined) return `it has a database ${number}, and the server only ${databases.length} (see databases)`
    this.db = db
    return undefined
  }

  /** What is past its deadline does not come back: a master decides that by its clock, at the start too. */
  record(key: Slice, value: DetachedValue, deadline: number | bigint): string | undefined {
    const { db, keyspace } = this
    const there = db.dict.find(key)
    if (there !== 0 && !this.merge) return `the key ${quote(key)} is there already`
    if (deadline !== -1 && deadline <= keyspace.now) {
      this.expired++
      return undefined
    }
    if (there !== 0) db.remove(there)
    const ref = insertDetached(db, key, value)
    if (deadline !== -1) db.setDeadline(ref, deadline)
    this.loaded++
    return undefined
  }
}

type KeyspaceService = Context.Service.Shape<typeof Keyspace>

/** Loads the snapshot that the settings name; undefined if there is none. */
export const loadRdb = Effect.fn("Snapshot.load")(function* (
  keyspace: KeyspaceService,
  settings: RdbSettings,
  merge = false
): Effect.fn.Return<RdbSummary | undefined, RdbLoadError> {
  if (settings.dbfilename === "") return undefined
  const files = yield* LogFiles
  const path = rdbPath(settings)
  return yield* files.open(path, "read").pipe(
    Effect.matchEffect({
      onFailure: (error) =>
        error.code === "ENOENT" ? Effect.succeed(undefined) : Effect.fail(unreadable(path)(error)),
      onSuccess: (file) => Effect.ensuring(loadFile(keyspace, file, path, merge), Effect.ignore(file.close))
    })
  )
})

const loadFile = Effect.fnUntraced(function* (
  keyspace: KeyspaceService,
  file: LogFile,
  path: string,
  merge: boolean
): Effect.fn.Return<RdbSummary, RdbLoadError> {
  const size = yield* Effect.mapError(file.size, unreadable(path))
  const startedAt = yield* Clock.currentTimeMillis
  const loader = new Loader(keyspace.state, merge)
  const reader = new RdbReader(loader, keyspace.state)
  let reportAt = startedAt + REPORT_EVERY
  for (let read = 0; !reader.ended; ) {
    const piece = new Uint8Array(Math.min(PIECE, size - read))
    const length = reader.wanted > size ? 0 : yield* Effect.mapError(file.read(piece, read), unreadable(path))
    if (length === 0) return yield* refuse(path, reader, `it ends too early, after ${size} bytes`)
    read += length
    const reason = yield* keyspace.transact(() => reader.push(piece.subarray(0, length)))
    if (reason !== undefined) return yield* refuse(path, reader, reason)
    const now = yield* Clock.currentTimeMillis
    if (now < reportAt) continue
    reportAt = now + REPORT_EVERY
    yield* Effect.logInfo(`Loading the snapshot: ${Math.floor((reader.position / size) * 100)}% of ${size} bytes`)
  }
  const seconds = ((yield* Clock.currentTimeMillis) - startedAt) / 1000
  const { loaded, expired } = loader
  yield* Effect.logInfo(`Loaded ${loaded} keys from ${path} in ${seconds} seconds, ${expired} more had expired`)
  return { loaded, expired }
})

const unreadable = (path: string) => (error: LogFileError) =>
  new RdbLoadError({
    path,
    offset: undefined,
    message: `Can't ${error.operation} the snapshot ${path}: ${error.message}`
  })

const refuse = (path: string, reader: RdbReader, reason: string) =>
  new RdbLoadError({
    path,
    offset: reader.position,
    message: `Can't load the snapshot ${path}, at offset ${reader.position}: ${reason}`
  })
