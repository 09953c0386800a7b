/**
 * Replies as bytes: RESP2 and RESP3 (https://redis.io/docs/latest/develop/reference/protocol-spec/) written into one
 * growing buffer that all connections share.
 *
 * Invariant: the first `length` bytes of the buffer are what was written since the last `reset` or `detach`. Texts are
 * latin1: one byte for each character.
 */
import { formatDouble } from "../values/numbers.ts"
import { copyBytes, type Slice } from "../values/Slice.ts"

const INITIAL_BYTES = 64 * 1024
/** A buffer that one giant reply made larger than this is given back. */
const KEPT_BYTES = 1024 * 1024
/** A type byte, the longest number and a line end: what every header and integer fits into. */
const HEADER_BYTES = 32
/** Below this many characters a loop is faster than a call into the engine's encoder. */
const LOOP_TEXT_LIMIT = 24

const CR = 13
const LF = 10
const SPACE = 32
const MINUS = 45
const DIGIT_0 = 48
const INT32_MAX = 0x7fffffff
/** Numbers beyond 32 bits are written as two halves of at most this many digits. */
const HALF_DIGITS = 9
const HALF = 10 ** HALF_DIGITS

/** The first byte of each RESP type. */
const Type = {
  simple: 43, // +
  error: 45, // -
  integer: 58, // :
  bulk: 36, // $
  array: 42, // *
  map: 37, // %
  set: 126, // ~
  push: 62, // >
  attribute: 124, // |
  double: 44, // ,
  boolean: 35, // #
  verbatim: 61, // =
  bigNumber: 40, // (
  null: 95 // _
} as const

/** Writes one reply after another; a command of `n` replies writes its header and then exactly `n`. */
export class ReplyWriter {
  /** What the client being answered understands. The caller sets it before the reply. */
  protocol: 2 | 3 = 2
  /** Bytes written. */
  length = 0
  private buffer: Buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)

  ok(): void {
    this.reserve(5)
    this.buffer[this.length++] = Type.simple
    this.buffer[this.length++] = 79 // O
    this.buffer[this.length++] = 75 // K
    this.endLine()
  }

  /** A status word such as `PONG`. `text` holds no line break. */
  simple(text: string): void {
    this.line(Type.simple, text)
  }

  /** `text` begins with the error's code and has no dash: `ERR syntax error`. Line breaks in it become spaces. */
  error(text: string): void {
    const start = this.length + 1
    this.line(Type.error, text)
    for (let i = start; i < this.length - 2; i++) {
      if (this.buffer[i] === CR || this.buffer[i] === LF) this.buffer[i] = SPACE
    }
  }

  /** `n` is a safe integer; `bigint` takes the others. */
  int(n: number): void {
    this.header(Type.integer, n)
  }

  bigint(n: bigint): void {
    if (n >= Number.MIN_SAFE_INTEGER && n <= Number.MAX_SAFE_INTEGER) this.int(Number(n))
    else this.line(Type.integer, n.toString())
  }

  bulk(slice: Slice): void {
    this.bulkBytes(slice.buffer, slice.start, slice.length)
  }

  bulkBytes(bytes: Uint8Array, start = 0, length = bytes.length - start): void {
    this.header(Type.bulk, length)
    this.reserve(length + 2)
    copyBytes(bytes, start, length, this.buffer, this.length)
    this.length += length
    this.endLine()
  }

  bulkText(text: string): void {
    this.header(Type.bulk, text.length)
    this.reserve(text.length + 2)
    this.putText(text)
    this.endLine()
  }

  null(): void {
    if (this.protocol === 3) this.line(Type.null, "")
    else this.header(Type.bulk, -1)
  }

  /** The null of commands that otherwise answer with an array; RESP3 knows one null only. */
  nullArray(): void {
    if (this.protocol === 3) this.line(Type.null, "")
    else this.header(Type.array, -1)
  }

  /** `n` replies follow. */
  array(n: number): void {
    this.header(Type.array, n)
  }

  /** `n` pairs of replies follow. RESP2: an array of `2n`. */
  map(n: number): void {
    if (this.protocol === 3) this.header(Type.map, n)
    else this.header(Type.array, 2 * n)
  }

  /** `n` replies follow. RESP2: an array. */
  set(n: number): void {
    this.header(this.protocol === 3 ? Type.set : Type.array, n)
  }

  /** `n` replies follow, sent without having been asked for. RESP2: an array. */
  push(n: number): void {
    this.header(this.protocol === 3 ? Type.push : Type.array, n)
  }

  /** `n` pairs follow that describe the reply after them. For RESP3 clients only: RESP2 has no form for it. */
  attribute(n: number): void {
    this.header(Type.attribute, n)
  }

  /** RESP2: a bulk string of the same text. */
  double(x: number): void {
    this.doubleText(formatDouble(x))
  }

  /** A number in a form of its own, as the text. RESP2: a bulk string. */
  doubleText(text: string): void {
    if (this.protocol === 3) this.line(Type.double, text)
    else this.bulkText(text)
  }

  /** RESP2: the integer 1 or 0. */
  boolean(b: boolean): void {
    if (this.protocol === 3) this.line(Type.boolean, b ? "t" : "f")
    else this.int(b ? 1 : 0)
  }

  /** `format` is three characters: `txt`, or `mkd` for Markdown. RESP2: a bulk string without it. */
  verbatim(format: string, text: string): void {
    if (this.protocol === 2) {
      this.bulkText(text)
      return
    }
    this.header(Type.verbatim, text.length + 4)
    this.reserve(text.length + 6)
    this.putText(format)
    this.putText(":")
    this.putText(text)
    this.endLine()
  }

  /** `text` is an integer of any size. RESP2: a bulk string. */
  bigNumber(text: string): void {
    if (this.protocol === 3) this.line(Type.bigNumber, text)
    else this.bulkText(text)
  }

  /** Bytes that are a reply already. */
  raw(bytes: Uint8Array, start = 0, length = bytes.length - start): void {
    this.reserve(length)
    copyBytes(bytes, start, length, this.buffer, this.length)
    this.length += length
  }

  /** Makes an array of the `n` replies written since `length` was `mark`: for a count known only after its elements. */
  arrayAt(mark: number, n: number): void {
    const end = this.length
    this.array(n)
    this.moveTo(mark, end)
  }

  /** As `arrayAt`, for a map of `n` pairs. */
  mapAt(mark: number, n: number): void {
    const end = this.length
    this.map(n)
    this.moveTo(mark, end)
  }

  /** As `arrayAt`, for a set. */
  setAt(mark: number, n: number): void {
    const end = this.length
    this.set(n)
    this.moveTo(mark, end)
  }

  /** Forgets what was written since `length` was `mark`, as when a command fails halfway through its reply. */
  truncate(mark: number): void {
    this.length = mark
  }

  /** Takes out what was written since `length` was `mark`, as bytes of its own. */
  take(mark: number): Uint8Array {
    // A Buffer's own `slice` would not copy.
    const bytes = Uint8Array.prototype.slice.call(this.buffer, mark, this.length)
    this.length = mark
    return bytes
  }

  /** A view of what was written, valid until the next write or `reset`. */
  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }

  /** Copies what was written into `target` at `at`. */
  copyInto(target: Uint8Array, at: number): void {
    copyBytes(this.buffer, 0, this.length, target, at)
  }

  /** Begins anew in the same buffer. Only when nobody holds `bytes()` any more. */
  reset(): void {
    if (this.buffer.length > KEPT_BYTES) this.detach()
    else this.length = 0
  }

  /** Begins anew in a fresh buffer: whoever holds `bytes()`, a socket that did not drain, keeps the old one. */
  detach(): void {
    this.buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)
    this.length = 0
  }

  private reserve(bytes: number): void {
    const needed = this.length + bytes
    if (needed > this.buffer.length) this.grow(needed)
  }

  private grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.buffer.length))
    grown.set(this.buffer.subarray(0, this.length))
    this.buffer = grown
  }

  private endLine(): void {
    this.buffer[this.length++] = CR
    this.buffer[this.length++] = LF
  }

  /** A type byte, a safe integer and the line's end. */
  private header(type: number, n: number): void {
    this.reserve(HEADER_BYTES)
    const { buffer } = this
    let at = this.length
    buffer[at++] = type
    if (n >= 0 && n < 10) buffer[at++] = DIGIT_0 + n
    else if (n >= 10 && n < 100) {
      const tens = (n / 10) | 0
      buffer[at++] = DIGIT_0 + tens
      buffer[at++] = DIGIT_0 + n - 10 * tens
    } else {
      this.length = at
      this.putInteger(n)
      at = this.length
    }
    buffer[at] = CR
    buffer[at + 1] = LF
    this.length = at + 2
  }

  /** A type byte, a text without line breaks and the line's end. */
  private line(type: number, text: string): void {
    this.reserve(text.length + 3)
    this.buffer[this.length++] = type
    this.putText(text)
    this.endLine()
  }

  private putText(text: string): void {
    const { buffer, length } = this
    if (text.length > LOOP_TEXT_LIMIT) buffer.write(text, length, "latin1")
    else for (let i = 0; i < text.length; i++) buffer[length + i] = text.charCodeAt(i)
    this.length = length + text.length
  }

  private putInteger(n: number): void {
    if (n < 0) {
      this.buffer[this.length++] = MINUS
      n = -n
    }
    if (n <= INT32_MAX) {
      this.putDigits(n, digitsOf(n))
    } else {
      const high = Math.floor(n / HALF)
      this.putDigits(high, digitsOf(high))
      this.putDigits(n - high * HALF, HALF_DIGITS)
    }
  }

  /** The last `digits` digits of a number of 31 bits. */
  private putDigits(n: number, digits: number): void {
    const { buffer, length } = this
    for (let at = length + digits - 1; at >= length; at--) {
      const rest = (n / 10) | 0
      buffer[at] = DIGIT_0 + n - rest * 10
      n = rest
    }
    this.length = length + digits
  }

  /** Brings the header written at `from` to `mark`, before what was written since then. */
  private moveTo(mark: number, from: number): void {
    const header = Uint8Array.prototype.slice.call(this.buffer, from, this.length)
    this.buffer.copyWithin(mark + header.length, mark, from)
    this.buffer.set(header, mark)
  }
}

function digitsOf(n: number): number {
  let digits = 1
  for (let rest = n; rest >= 10; rest = (rest / 10) | 0) digits++
  return digits
}
