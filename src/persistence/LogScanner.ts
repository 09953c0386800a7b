/**
 * Finds where commands begin and end in the log, as its bytes pass by, and so up to which byte the log is good.
 *
 * A log is stricter than a connection: no inline commands, no empty ones, no line end but `\r\n`, and every fault needs its
 * offset in the file. Lines that begin with `#` are Redis' annotations (aof-timestamp-enabled) and are passed over. The
 * commands of a MULTI count only once its EXEC is there.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */

/** What comes next: a header's `*` or `$`, its number, its line feed; an argument's bytes, its line end; a line to pass over. */
type Expect = "mark" | "number" | "headerEnd" | "payload" | "return" | "payloadEnd" | "annotation"

const COMMAND = 42 // *
const ARGUMENT = 36 // $
const ANNOTATION = 35 // #
const CARRIAGE_RETURN = 13
const LINE_FEED = 10
const ZERO = 48
const NINE = 57

const LINE_END_BYTES = 2

/** Longest of the names that matter here. */
const NAME_LIMIT = "multi".length

export class LogScanner {
  /** Bytes of the file that were scanned. */
  position = 0
  /** Offset after the last whole command, or before the MULTI that is open: what the file may be cut to. */
  good = 0
  /** Where the command begins that is not in the log's format; undefined as long as there is none. */
  fault: number | undefined
  /** Whether a command claims more bytes than the file has, so that its rest is not worth reading. */
  overrun = false

  private expect: Expect = "mark"
  /** The mark that is due: a command's, or that of its next argument. */
  private mark = COMMAND
  private commandStart = 0
  private argumentsLeft = 0
  /** The number being read; then the bytes of the payload that are still to come. */
  private amount = 0
  private digits = 0
  /** Whether the next argument is the command's name. */
  private naming = false
  /** The command's name if it is short enough to be MULTI or EXEC, and how many of its bytes are still to come. */
  private name = ""
  private nameLeft = 0
  private inMulti = false

  /** @param fileSize bytes of the whole file */
  constructor(private readonly fileSize: number) {}

  /** Whether the log may end at `position`. */
  get complete(): boolean {
    return this.good === this.position
  }

  /** Takes the next bytes of the file and shows each run of command bytes among them. Stops at a fault or an overrun. */
  scan(chunk: Uint8Array, visit: (start: number, end: number) => void): void {
    const base = this.position
    let runStart = 0
    let at = 0
    while (at < chunk.length && this.fault === undefined && !this.overrun) {
      if (this.expect === "payload") at = this.skipPayload(chunk, at)
      else if (this.expect === "annotation") at = runStart = this.skipAnnotation(chunk, at, base)
      else if (this.mark === COMMAND && this.expect === "mark" && chunk[at] === ANNOTATION) {
        if (at > runStart) visit(runStart, at)
        this.expect = "annotation"
      } else {
        this.step(chunk[at]!, base + at)
        if (this.fault === undefined) at++
      }
    }
    this.position = base + at
    if (at > runStart) visit(runStart, at)
  }

  private skipAnnotation(chunk: Uint8Array, at: number, base: number): number {
    const lineEnd = chunk.indexOf(LINE_FEED, at)
    if (lineEnd < 0) return chunk.length
    this.expect = "mark"
    if (!this.inMulti) this.good = base + lineEnd + 1
    return lineEnd + 1
  }

  private skipPayload(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.amount)
    for (let i = at; i < end && this.nameLeft > 0; i++, this.nameLeft--) this.name += String.fromCharCode(chunk[i]!)
    this.amount -= end - at
    if (this.amount === 0) this.expect = "return"
    return end
  }

  private step(byte: number, offset: number): void {
    if (this.expect === "number") this.readDigit(byte)
    else if (this.expect === "mark") this.beginNumber(byte, offset)
    else if (this.expect === "return") {
      if (this.require(byte, CARRIAGE_RETURN)) this.expect = "payloadEnd"
    } else if (this.require(byte, LINE_FEED)) {
      if (this.expect === "payloadEnd") this.endArgument(offset + 1)
      else if (this.mark === COMMAND) this.beginArguments()
      else this.beginPayload(offset + 1)
    }
  }

  /** Whether the byte is the one that has to be there. */
  private require(byte: number, wanted: number): boolean {
    if (byte !== wanted) this.fault = this.commandStart
    return byte === wanted
  }

  private beginNumber(byte: number, offset: number): void {
    if (this.mark === COMMAND) this.commandStart = offset
    this.require(byte, this.mark)
    this.expect = "number"
    this.amount = 0
    this.digits = 0
  }

  private readDigit(byte: number): void {
    if (byte === CARRIAGE_RETURN && this.digits > 0) {
      this.expect = "headerEnd"
      return
    }
    const leadingZero = this.digits > 0 && this.amount === 0
    this.amount = this.amount * 10 + byte - ZERO
    this.digits++
    if (byte < ZERO || byte > NINE || leadingZero || !Number.isSafeInteger(this.amount)) this.fault = this.commandStart
  }

  private beginArguments(): void {
    if (this.amount === 0) this.fault = this.commandStart
    this.argumentsLeft = this.amount
    this.name = ""
    this.naming = true
    this.mark = ARGUMENT
    this.expect = "mark"
  }

  private beginPayload(offset: number): void {
    this.nameLeft = this.naming && this.amount <= NAME_LIMIT ? this.amount : 0
    this.naming = false
    this.overrun = offset + this.amount + LINE_END_BYTES > this.fileSize
    this.expect = this.amount > 0 ? "payload" : "return"
  }

  private endArgument(offset: number): void {
    this.argumentsLeft--
    this.expect = "mark"
    if (this.argumentsLeft > 0) return
    this.mark = COMMAND
    const name = this.name.toLowerCase()
    if (name === "multi") this.inMulti = true
    else if (name === "exec") this.inMulti = false
    if (!this.inMulti) this.good = offset
  }
}
