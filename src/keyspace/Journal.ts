/**
 * The writes of a transaction in the form in which they are repeated elsewhere: RESP commands, deterministic, each with the
 * database it belongs to. The append-only file reads it (replicas will); when nobody does, writing to it costs one check.
 *
 * Invariant: what the sink has been given is always a sequence of whole commands; the commands of one MULTI reach it as one unit.
 */
import { copyBytes, emptyBytes, type Slice } from "../values/Slice.ts"

/** Takes the bytes of whole commands that ran against database `db`; the bytes are the caller's again afterwards. */
export type JournalSink = (db: number, bytes: Uint8Array, start: number, length: number) => void

const SCRATCH_BYTES = 1024
/** A scratch buffer that one long command made larger than this is given back. */
const KEPT_BYTES = 1024 * 1024

const MULTI = Buffer.from("*1\r\n$5\r\nMULTI\r\n")
const EXEC = Buffer.from("*1\r\n$4\r\nEXEC\r\n")

export class Journal {
  private sink: JournalSink | undefined
  private scratch = new Uint8Array(SCRATCH_BYTES)
  private used = 0
  /** Inside a unit its commands wait here until it is known whether there is more than one. */
  private unit: Array<{ readonly db: number; readonly bytes: Uint8Array }> | undefined
  /** How many units have begun: those inside another are part of it. */
  private depth = 0
  /** Requests that lie side by side in one buffer reach the sink in one piece; empty when `runEnd` is 0. */
  private runBytes: Uint8Array = emptyBytes
  private runDb = 0
  private runStart = 0
  private runEnd = 0

  /** Whether anybody reads the journal. */
  get active(): boolean {
    return this.sink !== undefined
  }

  connect(sink: JournalSink | undefined): void {
    this.sink = sink
  }

  /** A command as it came in a request; its bytes have to stay until `flush`. */
  request(db: number, bytes: Uint8Array, start: number, end: number): void {
    if (start !== this.runEnd || db !== this.runDb || bytes !== this.runBytes) {
      this.flush()
      this.runBytes = bytes
      this.runDb = db
      this.runStart = start
    }
    this.runEnd = end
  }

  /** Hands over what still lies in a request's buffer: due before that buffer is reused. */
  flush(): void {
    if (this.runEnd === 0) return
    this.sink?.(this.runDb, this.runBytes, this.runStart, this.runEnd - this.runStart)
    this.runBytes = emptyBytes
    this.runEnd = 0
  }

  private emit(db: number, bytes: Uint8Array, start: number, length: number): void {
    this.flush()
    if (this.unit === undefined) this.sink?.(db, bytes, start, length)
    else this.unit.push({ db, bytes: bytes.slice(start, start + length) })
  }

  /** One command from its words; text is latin1, numbers are decimal. */
  command(db: number, words: ReadonlyArray<Slice | Uint8Array | string | number | bigint>): void {
    if (this.sink === undefined) return
    this.used = 0
    this.text(`*${words.length}\r\n`)
    for (const word of words) this.word(word)
    this.emit(db, this.scratch, 0, this.used)
    if (this.scratch.length > KEPT_BYTES) this.scratch = new Uint8Array(SCRATCH_BYTES)
  }

  /** From here to `endUnit` all commands belong together: they are repeated all or not at all. */
  beginUnit(): void {
    if (this.depth++ === 0) this.unit = []
  }

  endUnit(): void {
    if (--this.depth > 0) return
    const unit = this.unit
    this.unit = undefined
    if (unit === undefined || unit.length === 0) return
    const wrapped = unit.length > 1
    if (wrapped) this.emit(unit[0]!.db, MULTI, 0, MULTI.length)
    for (const { db, bytes } of unit) this.emit(db, bytes, 0, bytes.length)
    if (wrapped) this.emit(unit[unit.length - 1]!.db, EXEC, 0, EXEC.length)
  }

  private word(word: Slice | Uint8Array | string | number | bigint): void {
    if (typeof word === "string") {
      this.text(`$${word.length}\r\n${word}\r\n`)
      return
    }
    if (typeof word === "number" || typeof word === "bigint") {
      this.word(word.toString())
      return
    }
    this.text(`$${word.length}\r\n`)
    this.reserve(word.length)
    if (word instanceof Uint8Array) copyBytes(word, 0, word.length, this.scratch, this.used)
    else word.copyInto(this.scratch, this.used)
    this.used += word.length
    this.text("\r\n")
  }

  private text(text: string): void {
    this.reserve(text.length)
    for (let i = 0; i < text.length; i++) this.scratch[this.used++] = text.charCodeAt(i)
  }

  private reserve(more: number): void {
    if (this.used + more <= this.scratch.length) return
    const grown = new Uint8Array(Math.max(this.scratch.length * 2, this.used + more))
    grown.set(this.scratch.subarray(0, this.used))
    this.scratch = grown
  }
}
