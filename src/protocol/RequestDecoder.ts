/**
 * Requests as offsets: what a client sends (https://redis.io/docs/latest/develop/reference/protocol-spec/), RESP arrays
 * and inline commands, found in the chunks of its connection without a copy, a string or an object per command.
 *
 * A chunk is decoded where it lies. Only a frame that a chunk ends in the middle of is assembled in a buffer of its own,
 * out of as many chunks as it takes, and is then decoded alone; the rest of the last chunk follows in place. Every byte
 * is scanned once and copied at most once, but for the doubling of a buffer whose frame did not say how long it is.
 *
 * Invariant: `buffer` from `position` to `end` and then `chunk` from `chunkPosition` to `chunkEnd` are the bytes not yet
 * decoded.
 * When a frame is being assembled, `buffer` is its own, begins with it and holds nothing after it.
 */
import { parseSafeInteger } from "../values/numbers.ts"
import { copyBytes, emptyBytes, Slice } from "../values/Slice.ts"
import { hashName } from "./commandName.ts"
import { splitInline, UNBALANCED, wordsCapacity } from "./splitInline.ts"

/** Ints in front of a frame's arguments: `argc`, the hash of its name, the offset of its first byte. */
export const FRAME_HEADER = 3

/** What the offset of a frame's first byte is when its bytes are not the canonical RESP of its arguments. */
export const NOT_VERBATIM = -1

const STAR = 42
const DOLLAR = 36
const CR = 13
const LF = 10
const DIGIT_0 = 48

/** Longest line, in bytes: an inline command or a length. */
const MAX_LINE_BYTES = 64 * 1024
const MAX_ARGUMENTS = 0x7fffffff
/** What a client that has still to give its password may send. */
const UNAUTHENTICATED_ARGUMENTS = 10
const UNAUTHENTICATED_BULK_BYTES = 16384
/** The default of proto-max-bulk-len. */
const DEFAULT_BULK_BYTES = 512 * 1024 * 1024

/** The shortest argument, `$0` and two line ends. */
const MIN_ARGUMENT_BYTES = 6
/** Memory that a length alone may claim; a frame that says it is longer gets more as its bytes come in. */
const CLAIM_BYTES = 1024 * 1024
const INITIAL_INTS = 64
/** With this many ints of frames a `decode` ends, for the next one to go on: some 1,300 commands of three arguments. */
const FULL_INTS = 12 * 1024
/** A table larger than that fills, which a frame of very many arguments has made, is given back. */
const KEPT_INTS = 16 * 1024

/** What is returned instead of a length: the scan stops here, for want of bytes or because it has failed. */
const STOPPED = -1
/** What is returned instead of a length: the line has none. */
const INVALID = -2

/** A length of up to this many digits, shifted by `PLAIN_BITS`, is within 31 bits. */
const PLAIN_DIGITS = 8
const PLAIN_BITS = 4
const PLAIN_MASK = (1 << PLAIN_BITS) - 1

/**
 * The length in a line as clients write it, and in the lower `PLAIN_BITS` bits the bytes of that line; -1 when the line
 * is not complete, or is unusual in any way.
 */
function readPlainLength(buffer: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end - 1, start + 1 + PLAIN_DIGITS)
  let at = start + 1
  if (at >= limit) return -1
  let length = buffer[at++]! - DIGIT_0
  if (length < 0 || length > 9) return -1
  // A zero has no digits after it.
  if (length > 0) {
    for (; at < limit; at++) {
      const digit = buffer[at]! - DIGIT_0
      if (digit < 0 || digit > 9) break
      length = length * 10 + digit
    }
  }
  if (at + 1 >= end || buffer[at] !== CR || buffer[at + 1] !== LF) return -1
  return (length << PLAIN_BITS) | (at + 2 - start)
}

/** Finds the requests in the bytes of one connection: `push` a chunk, then `decode` until it returns 0. */
export class RequestDecoder {
  /** What the offsets of the current frames point into. */
  buffer: Uint8Array = emptyBytes
  /**
   * The current frames one behind the other: `[argc, nameHash, frameStart, offset0, length0, offset1, length1, ...]`. The
   * bytes from `frameStart` to the end of the last argument and its line end are the frame; `NOT_VERBATIM` for an inline
   * command and for a frame in which something else stands for a line end.
   */
  frames: Int32Array = new Int32Array(INITIAL_INTS)
  /** How many frames the last `decode` found. */
  count = 0
  /** How many ints of `frames` they take. */
  used = 0
  /**
   * Set when `decode` returned 0 because what follows the frames so far is no request: the reply, without `-ERR `. Redis
   * closes the connection after it, and nothing is decoded any more.
   */
  error: string | undefined
  /** False: Redis' limits for clients without a password apply, and a `decode` finds one frame, which may be the AUTH. */
  authenticated = true
  /** The longest argument, in bytes (proto-max-bulk-len). */
  maxBulkLength = DEFAULT_BULK_BYTES

  private position = 0
  private end = 0
  private chunk: Uint8Array = emptyBytes
  private chunkPosition = 0
  private chunkEnd = 0
  private assembling = false

  // The frame at `position`, as far as it has been scanned.
  /** Where the scan goes on: at a line or at the bytes of an inline command. */
  private cursor = 0
  /** No line end lies between `cursor` and here; behind `cursor` it says nothing. */
  private searched = 0
  /** `end` must reach this for the scan to get any further; 0 when a line's end is what it waits for. */
  private need = 0
  /** The frame reaches at least to here, if it is one. */
  private least = 0
  /** Arguments still to come; 0 before the first line has been read. */
  private missing = 0
  /** Where the next argument goes in `frames`. */
  private slot = 0
  private verbatim = true

  /** What `error` will say when the frames before it have been dealt with. */
  private failure: string | undefined
  private readonly number = new Slice()

  /** Bytes held for a frame that is not complete. Whoever limits them keeps them below 2 GiB, which offsets can reach. */
  get pendingBytes(): number {
    return this.end - this.position + this.chunkEnd - this.chunkPosition
  }

  /**
   * More bytes of the connection, the first `length` of `chunk`, when the last `decode` returned 0. They must not change
   * until `decode` returns 0 again, and may be written to by it.
   */
  push(chunk: Uint8Array, length = chunk.length): void {
    this.chunk = chunk
    this.chunkPosition = 0
    this.chunkEnd = length
  }

  /** The chunk given to `push` is about to change: of what is not done with it yet there is a copy from now on. */
  keep(chunk: Uint8Array): void {
    if (this.buffer === chunk) this.buffer = Buffer.from(chunk.subarray(0, this.end))
    if (this.chunk !== chunk) return
    if (this.chunkPosition < this.chunkEnd) this.chunk = Buffer.from(chunk.subarray(0, this.chunkEnd))
    else this.dropChunk()
  }

  /**
   * Finds frames that are complete, as many as the table is meant for, and returns how many: 0 means that more bytes are
   * needed, or that `error` is set. Frames and their bytes are valid until the next call.
   */
  decode(): number {
    this.count = 0
    this.used = 0
    if (this.failure === undefined) {
      if (this.assembling) this.assemble()
      if (!this.assembling && this.count === 0) this.decodeInPlace()
    }
    if (this.count === 0) this.error = this.failure
    return this.count
  }

  private nextChunk(): void {
    this.buffer = this.chunk
    this.position = this.chunkPosition
    this.end = this.chunkEnd
    this.dropChunk()
    if (this.frames.length > KEPT_INTS) this.frames = new Int32Array(INITIAL_INTS)
  }

  private dropChunk(): void {
    this.chunk = emptyBytes
    this.chunkPosition = 0
    this.chunkEnd = 0
  }

  /** Nothing is left to decode: an idle connection keeps no chunk alive. */
  private release(): void {
    this.buffer = emptyBytes
    this.position = 0
    this.end = 0
  }

  private decodeInPlace(): void {
    if (this.position === this.end) this.nextChunk()
    while (this.position < this.end) {
      this.beginFrame()
      if (!this.scan()) break
      this.position = this.cursor
      if (this.count > 0 && (this.used >= FULL_INTS || !this.authenticated)) break
    }
    if (this.count > 0 || this.failure !== undefined) return
    if (this.position < this.end) this.hold()
    else this.release()
  }

  private beginFrame(): void {
    this.cursor = this.position
    this.searched = this.position
    this.need = 0
    this.least = 0
    this.missing = 0
    this.slot = this.used
    this.verbatim = true
  }

  /** Moves the frame that the chunk ends in the middle of into a buffer of its own. */
  private hold(): void {
    const { buffer, position } = this
    const length = this.end - position
    if (this.missing > 0) {
      for (let at = FRAME_HEADER; at < this.slot; at += 2) this.frames[at]! -= position
    }
    this.cursor -= position
    this.searched -= position
    if (this.need > 0) this.need -= position
    if (this.least > 0) this.least -= position
    this.end = length
    this.buffer = Buffer.allocUnsafe(this.capacityFor(length))
    this.buffer.set(buffer.subarray(position, position + length))
    this.position = 0
    this.assembling = true
  }

  /** Takes from the chunk what the frame being assembled lacks, until it is complete. */
  private assemble(): void {
    while (this.assembling && this.failure === undefined && this.chunkPosition < this.chunkEnd) {
      this.take()
      if (this.end >= this.need && this.scan()) {
        this.assembling = false
        this.position = this.end
      }
    }
  }

  /** Copies bytes that belong to the frame for sure: as many as it has at least, or to the end of its line. */
  private take(): void {
    const { chunk, chunkEnd, chunkPosition } = this
    const available = chunkEnd - chunkPosition
    let length = Math.max(this.need, this.least) - this.end
    if (this.need === 0) {
      const lineEnd = chunk.subarray(chunkPosition, chunkEnd).indexOf(this.buffer[0] === STAR ? CR : LF)
      length = Math.max(length, lineEnd < 0 ? available : lineEnd + 1)
    }
    length = Math.min(length, available)
    const end = this.end + length
    if (end > this.buffer.length) {
      const grown = Buffer.allocUnsafe(this.capacityFor(end))
      grown.set(this.buffer.subarray(0, this.end))
      this.buffer = grown
    }
    copyBytes(chunk, chunkPosition, length, this.buffer, this.end)
    this.end = end
    this.chunkPosition += length
  }

  /**
   * The size of a buffer that is to hold `bytes` of the frame now. With the last argument begun the whole is known, and
   * the buffer is that large at once; a length beyond `CLAIM_BYTES` is believed as far as bytes have come.
   */
  private capacityFor(bytes: number): number {
    const doubled = 2 * bytes
    const claimed = Math.max(bytes, Math.min(this.least, Math.max(CLAIM_BYTES, doubled)))
    return this.missing === 1 && this.need > 0 ? claimed : Math.max(claimed, doubled)
  }

  /** Goes on with the frame at `position`. True when the scan has come to its end, which is then `cursor`. */
  private scan(): boolean {
    return this.buffer[this.position] === STAR ? this.scanArray() : this.scanInline()
  }

  private scanArray(): boolean {
    if (this.missing === 0) {
      const argc = this.readCount()
      if (argc === STOPPED) return false
      if (argc === INVALID || argc > MAX_ARGUMENTS) return this.fail("invalid multibulk length")
      if (argc > UNAUTHENTICATED_ARGUMENTS && !this.authenticated) return this.fail("unauthenticated multibulk length")
      if (argc === 0) return true
      this.missing = argc
      this.slot += FRAME_HEADER
    }
    // As many arguments as can be complete: the table grows with the bytes, not with what the first line claims.
    this.reserve(2 * Math.min(this.missing, (this.end - this.cursor) >> 2))
    const { buffer, end, frames, maxBulkLength } = this
    let { cursor, slot, missing } = this
    for (; missing > 0; missing--) {
      const plain = buffer[cursor] === DOLLAR ? readPlainLength(buffer, cursor, end) : -1
      let length = plain >> PLAIN_BITS
      let start = cursor + (plain & PLAIN_MASK)
      if (plain < 0) {
        this.pause(cursor, slot, missing)
        length = this.readOddLength()
        if (length === STOPPED) return false
        start = this.cursor
      }
      if (length === INVALID || length > maxBulkLength) return this.fail("invalid bulk length")
      if (length > UNAUTHENTICATED_BULK_BYTES && !this.authenticated) return this.fail("unauthenticated bulk length")
      const next = start + length + 2
      if (next > end) {
        this.pause(cursor, slot, missing)
        this.need = next
        this.least = next + MIN_ARGUMENT_BYTES * (missing - 1)
        return false
      }
      // Redis does not look at the bytes that end an argument. Nor do we, except not to pass them on as RESP.
      if (buffer[next - 2] !== CR || buffer[next - 1] !== LF) this.verbatim = false
      frames[slot++] = start
      frames[slot++] = length
      cursor = next
    }
    this.pause(cursor, slot, missing)
    this.endFrame((slot - this.used - FRAME_HEADER) >> 1, this.verbatim ? this.position : NOT_VERBATIM)
    return true
  }

  /** Remembers where the scan of an array stands. */
  private pause(cursor: number, slot: number, missing: number): void {
    this.cursor = cursor
    this.slot = slot
    this.missing = missing
  }

  private scanInline(): boolean {
    const lineFeed = this.findLineEnd(LF)
    if (lineFeed < 0) {
      if (this.end - this.cursor > MAX_LINE_BYTES) return this.fail("too big inline request")
      return false
    }
    const end = lineFeed > this.cursor && this.buffer[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
    this.reserve(FRAME_HEADER + wordsCapacity(end - this.cursor))
    const argc = splitInline(this.buffer, this.cursor, end, this.frames, this.used + FRAME_HEADER)
    if (argc === UNBALANCED) return this.fail("unbalanced quotes in request")
    this.cursor = lineFeed + 1
    this.slot = this.used + FRAME_HEADER + 2 * argc
    if (argc > 0) this.endFrame(argc, NOT_VERBATIM)
    return true
  }

  private endFrame(argc: number, frameStart: number): void {
    const { frames, used } = this
    frames[used] = argc
    frames[used + 1] = hashName(this.buffer, frames[used + FRAME_HEADER]!, frames[used + FRAME_HEADER + 1]!)
    frames[used + 2] = frameStart
    this.used = this.slot
    this.count++
  }

  /** How many arguments the line at `cursor` announces, 0 for any number below; the cursor moves behind the line. */
  private readCount(): number {
    const plain = readPlainLength(this.buffer, this.cursor, this.end)
    if (plain < 0) return this.readOddLength()
    this.cursor += plain & PLAIN_MASK
    return plain >> PLAIN_BITS
  }

  /**
   * The length in the line at `cursor`, which moves behind the line: for one that is not complete, or that is not what
   * clients write, with Redis' verdict on each.
   */
  private readOddLength(): number {
    const { buffer, cursor } = this
    const isCount = this.missing === 0
    const carriageReturn = this.findLineEnd(CR)
    if (carriageReturn < 0) {
      this.need = 0
      this.least = cursor + MIN_ARGUMENT_BYTES * this.missing
      if (this.end - cursor > MAX_LINE_BYTES)
        this.fail(isCount ? "too big mbulk count string" : "too big bulk count string")
      return STOPPED
    }
    if (carriageReturn + 2 > this.end) {
      this.need = carriageReturn + 2
      return STOPPED
    }
    if (!isCount && buffer[cursor] !== DOLLAR) {
      this.fail(`expected '$', got '${String.fromCharCode(buffer[cursor]!)}'`)
      return STOPPED
    }
    this.number.buffer = buffer
    this.number.start = cursor + 1
    this.number.length = carriageReturn - cursor - 1
    const length = parseSafeInteger(this.number)
    if (Number.isNaN(length)) return INVALID
    if (buffer[carriageReturn + 1] !== LF) this.verbatim = false
    this.cursor = carriageReturn + 2
    if (length >= 0) return length
    return isCount ? 0 : INVALID
  }

  /**
   * The line end that closes the line at `cursor`, -1 while there is none within the longest line. As in Redis, which
   * searches with C's `strchr`, a zero byte hides everything behind it.
   */
  private findLineEnd(byte: number): number {
    const { buffer, cursor } = this
    const limit = Math.min(this.end, cursor + MAX_LINE_BYTES + 1)
    let at = Math.max(this.searched, cursor)
    for (; at < limit && buffer[at] !== 0; at++) {
      if (buffer[at] === byte) return at
    }
    this.searched = at
    return -1
  }

  /** Room for `ints` more from `slot` on. */
  private reserve(ints: number): void {
    const needed = this.slot + ints
    if (needed <= this.frames.length) return
    const grown = new Int32Array(Math.max(needed, 2 * this.frames.length))
    grown.set(this.frames)
    this.frames = grown
  }

  private fail(reason: string): false {
    this.failure = `Protocol error: ${reason}`
    return false
  }
}
