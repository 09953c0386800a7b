/**
 * A disk in memory for tests of the log: it fills up, fails on demand, can be slow, and knows what would survive a power
 * failure.
 */
import { Effect, Latch } from "effect"
import { type LogFile, LogFileError, type LogFilesService, type OpenMode } from "../../src/persistence/LogFiles.ts"

const messages: Record<string, string> = {
  ENOSPC: "No space left on device",
  EIO: "Input/output error",
  ENOENT: "No such file or directory"
}

class Stored {
  bytes = new Uint8Array(0)
  /** The contents when they were last synced. */
  durable = new Uint8Array(0)
}

type Operation = "open" | "read" | "write" | "fdatasync" | "truncate" | "rename" | "fsync"

export class MemoryFiles implements LogFilesService {
  /** Bytes that all files together may have. */
  capacity = Number.POSITIVE_INFINITY
  /** Bytes that one write takes at most. */
  writeLimit = Number.POSITIVE_INFINITY
  /** What was done, in order. */
  readonly calls: Array<string> = []
  /** Closed: an fdatasync takes until it opens. */
  readonly syncGate = Latch.makeUnsafe(true)
  readonly writeGate = Latch.makeUnsafe(true)
  /** Called at every write. */
  onWrite = () => {}
  openFiles = 0
  private readonly files = new Map<string, Stored>()
  private readonly faults = new Map<Operation, string>()

  /** Lets every such operation fail until `heal`; "defect" makes it throw. */
  fail(operation: Operation, code: "ENOSPC" | "EIO" | "defect"): void {
    this.faults.set(operation, code)
  }

  heal(): void {
    this.faults.clear()
    this.capacity = Number.POSITIVE_INFINITY
  }

  put(path: string, bytes: Uint8Array): void {
    const stored = new Stored()
    stored.bytes = Uint8Array.from(bytes)
    this.files.set(path, stored)
  }

  names(): ReadonlyArray<string> {
    return Array.from(this.files.keys())
  }

  /** The file's contents, one character a byte. */
  text(path: string): string {
    return Buffer.from(this.files.get(path)?.bytes ?? []).toString("latin1")
  }

  /** What a power failure would leave of it. */
  durableText(path: string): string {
    return Buffer.from(this.files.get(path)?.durable ?? []).toString("latin1")
  }

  count(call: string): number {
    return this.calls.filter((other) => other === call).length
  }

  readonly open = (path: string, mode: OpenMode): Effect.Effect<LogFile, LogFileError> =>
    mode === "read" && !this.files.has(path) ? Effect.fail(error("open", "ENOENT")) : this.openFile(path, mode)

  private openFile(path: string, mode: OpenMode): Effect.Effect<LogFile, LogFileError> {
    return this.do("open", () => {
      const stored = (mode === "replace" ? undefined : this.files.get(path)) ?? new Stored()
      this.files.set(path, stored)
      this.openFiles++
      return this.file(stored)
    })
  }

  readonly rename = (from: string, to: string) =>
    this.do("rename", () => {
      this.files.set(to, this.files.get(from)!)
      this.files.delete(from)
    })

  readonly remove = (path: string) => Effect.sync(() => void this.files.delete(path))

  readonly syncDirectory = () => this.do("fsync", () => {})

  private file(stored: Stored): LogFile {
    return {
      size: Effect.sync(() => stored.bytes.length),
      read: (target, position) =>
        this.do("read", () => {
          const part = stored.bytes.subarray(position, position + target.length)
          target.set(part)
          return part.length
        }),
      write: (bytes, start, length, position) =>
        Effect.andThen(
          this.writeGate.await,
          Effect.suspend(() => this.write(stored, bytes.slice(start, start + length), position))
        ),
      datasync: Effect.andThen(
        this.syncGate.await,
        this.do("fdatasync", () => {
          stored.durable = stored.bytes
        })
      ),
      truncate: (length) =>
        this.do("truncate", () => {
          stored.bytes = stored.bytes.slice(0, length)
        }),
      close: Effect.sync(() => {
        this.openFiles--
      })
    }
  }

  private write(stored: Stored, bytes: Uint8Array, position: number): Effect.Effect<number, LogFileError> {
    const used = Array.from(this.files.values()).reduce((sum, { bytes }) => sum + bytes.length, 0)
    const room = this.capacity - (used - stored.bytes.length) - position
    const count = Math.min(bytes.length, room, this.writeLimit)
    this.onWrite()
    if (count <= 0 && bytes.length > 0) return Effect.fail(error("write", "ENOSPC"))
    return this.do("write", () => {
      const grown = new Uint8Array(Math.max(stored.bytes.length, position + count))
      grown.set(stored.bytes)
      grown.set(bytes.subarray(0, count), position)
      stored.bytes = grown
      return count
    })
  }

  private do<A>(operation: Operation, f: () => A): Effect.Effect<A, LogFileError> {
    return Effect.suspend(() => {
      this.calls.push(operation)
      const code = this.faults.get(operation)
      if (code === "defect") throw new Error("a bug")
      return code === undefined ? Effect.sync(f) : Effect.fail(error(operation, code))
    })
  }
}

const error = (operation: string, code: string) =>
  new LogFileError({ operation, code, message: messages[code] ?? code })
