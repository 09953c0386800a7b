/**
 * The id of a stream's entry: milliseconds and a sequence number, 64 unsigned bits each, written `<ms>-<seq>`
 * (https://redis.io/docs/latest/develop/data-types/streams/#entry-ids).
 *
 * Each number is kept as two halves of 32 bits, signed as the engine's small integers are: exact, and without a BigInt.
 */
import { copyBytes, Slice } from "../Slice.ts"

/** The characters of the largest number of 64 bits. */
const LONGEST_NUMBER = 20
/** The characters of the longest id. */
const LONGEST_ID = 2 * LONGEST_NUMBER + 1
/** The bytes of an id in a snapshot. */
export const ID_BYTES = 16
/** The 32-bit words of an id in a table. */
export const ID_WORDS = 4

const HALF = 2 ** 32
const SIGN = 1 << 31
const NINE_DIGITS = 1e9
const DASH = 45
const DIGIT_0 = 48

const digits = new Uint8Array(LONGEST_NUMBER)

/** Which of two 32-bit halves, taken as unsigned, is less: -1, 0 or 1. */
function compareHalves(a: number, b: number): number {
  if (a === b) return 0
  return (a ^ SIGN) < (b ^ SIGN) ? -1 : 1
}

/** Writes so many digits of a number of 31 bits. */
function writeDigits(bytes: Uint8Array, at: number, n: number, count: number): number {
  let rest = n
  for (let place = at + count - 1; place >= at; place--) {
    const tenth = (rest / 10) | 0
    bytes[place] = DIGIT_0 + rest - tenth * 10
    rest = tenth
  }
  return at + count
}

function digitsOf(n: number): number {
  if (n < 100) return n < 10 ? 1 : 2
  let digits = 1
  for (let rest = n; rest >= 10; rest = (rest / 10) | 0) digits++
  return digits
}

/** Writes an unsigned number of 64 bits in decimal; returns the offset after it. */
function writeNumber(bytes: Uint8Array, at: number, high: number, low: number): number {
  if (high === 0 && low >= 0 && low < NINE_DIGITS) return writeDigits(bytes, at, low, digitsOf(low))
  const n = (high >>> 0) * HALF + (low >>> 0)
  if (n > Number.MAX_SAFE_INTEGER) return writeLong(bytes, at, high >>> 0, low >>> 0)
  const leading = Math.floor(n / NINE_DIGITS) | 0
  const behind = writeDigits(bytes, at, leading, digitsOf(leading))
  return writeDigits(bytes, behind, (n - leading * NINE_DIGITS) | 0, 9)
}

/** As `writeNumber`, for two unsigned halves. */
function writeLong(bytes: Uint8Array, at: number, high: number, low: number): number {
  let first = LONGEST_NUMBER
  let upper = high
  let lower = low
  while (upper > 0 || lower > 0) {
    const tenth = Math.floor(upper / 10)
    const rest = (upper - tenth * 10) * HALF + lower
    lower = Math.floor(rest / 10)
    digits[--first] = DIGIT_0 + (rest - lower * 10)
    upper = tenth
  }
  copyBytes(digits, first, LONGEST_NUMBER - first, bytes, at)
  return at + LONGEST_NUMBER - first
}

function readWord(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}

/** An id that stays what it is, unless it is a `MutableStreamId`: who keeps one that was handed in keeps a `copy()`. */
export class StreamId {
  /** `0-0`, before every entry. */
  static readonly MIN = new StreamId(0, 0, 0, 0)
  static readonly MAX = new StreamId(-1, -1, -1, -1)

  constructor(
    readonly msHigh: number,
    readonly msLow: number,
    readonly seqHigh: number,
    readonly seqLow: number
  ) {}

  /** From two safe integers that are not negative. */
  static fromNumbers(ms: number, seq: number): StreamId {
    return new StreamId(Math.floor(ms / HALF) | 0, ms | 0, Math.floor(seq / HALF) | 0, seq | 0)
  }

  /** The milliseconds: exact up to 2^53, the nearest double beyond. */
  get ms(): number {
    return (this.msHigh >>> 0) * HALF + (this.msLow >>> 0)
  }

  /** Whether it is `0-0`. */
  get isMin(): boolean {
    return (this.msHigh | this.msLow | this.seqHigh | this.seqLow) === 0
  }

  /** Negative, 0 or positive as this id is before `other`, equal to it or after it. */
  compare(other: StreamId): number {
    return (
      compareHalves(this.msHigh, other.msHigh) ||
      compareHalves(this.msLow, other.msLow) ||
      compareHalves(this.seqHigh, other.seqHigh) ||
      compareHalves(this.seqLow, other.seqLow)
    )
  }

  equals(other: StreamId): boolean {
    return this.sameMs(other) && this.seqHigh === other.seqHigh && this.seqLow === other.seqLow
  }

  sameMs(other: StreamId): boolean {
    return this.msHigh === other.msHigh && this.msLow === other.msLow
  }

  /** An id of its own that stays what this one is now. */
  copy(): StreamId {
    return new StreamId(this.msHigh, this.msLow, this.seqHigh, this.seqLow)
  }

  /** The id after this one, undefined after the last. */
  next(): StreamId | undefined {
    const id = new MutableStreamId().set(this)
    return id.increment() ? id : undefined
  }

  /** The id before this one, undefined before `0-0`. */
  previous(): StreamId | undefined {
    const id = new MutableStreamId().set(this)
    return id.decrement() ? id : undefined
  }

  // ---- as bytes ------------------------------------------------------------------------------------------------------

  toString(): string {
    return new SpelledId().spell(this).toString()
  }

  /** Writes it as `ID_BYTES` bytes, highest first: the way snapshots have it, and in the order of ids. */
  writeBinary(bytes: Uint8Array, at: number): void {
    writeWord(bytes, at, this.msHigh)
    writeWord(bytes, at + 4, this.msLow)
    writeWord(bytes, at + 8, this.seqHigh)
    writeWord(bytes, at + 12, this.seqLow)
  }

  static fromBinary(bytes: Uint8Array, at: number): StreamId {
    return new StreamId(readWord(bytes, at), readWord(bytes, at + 4), readWord(bytes, at + 8), readWord(bytes, at + 12))
  }

  /** Puts it into `ID_WORDS` words of a table. */
  store(words: Int32Array, at: number): void {
    words[at] = this.msHigh
    words[at + 1] = this.msLow
    words[at + 2] = this.seqHigh
    words[at + 3] = this.seqLow
  }

  /** As `compare`, with an id that was stored. */
  compareStored(words: Int32Array, at: number): number {
    return (
      compareHalves(this.msHigh, words[at]!) ||
      compareHalves(this.msLow, words[at + 1]!) ||
      compareHalves(this.seqHigh, words[at + 2]!) ||
      compareHalves(this.seqLow, words[at + 3]!)
    )
  }
}

/** An id that takes other values: for what changes all the time, and for the request path, which makes no objects. */
export class MutableStreamId extends StreamId {
  declare msHigh: number
  declare msLow: number
  declare seqHigh: number
  declare seqLow: number

  constructor() {
    super(0, 0, 0, 0)
  }

  set(id: StreamId): this {
    return this.setHalves(id.msHigh, id.msLow, id.seqHigh, id.seqLow)
  }

  setHalves(msHigh: number, msLow: number, seqHigh: number, seqLow: number): this {
    this.msHigh = msHigh
    this.msLow = msLow
    this.seqHigh = seqHigh
    this.seqLow = seqLow
    return this
  }

  /** Takes safe integers that are not negative. */
  setNumbers(ms: number, seq: number): this {
    return this.setHalves(Math.floor(ms / HALF) | 0, ms | 0, Math.floor(seq / HALF) | 0, seq | 0)
  }

  /** Takes an id that was stored. */
  load(words: Int32Array, at: number): this {
    return this.setHalves(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!)
  }

  /** Becomes the id after it; false, and unchanged, if it is the last. */
  increment(): boolean {
    if (this.seqLow !== -1) this.seqLow = (this.seqLow + 1) | 0
    else if (this.seqHigh !== -1) this.setHalves(this.msHigh, this.msLow, (this.seqHigh + 1) | 0, 0)
    else if (this.msLow !== -1) this.setHalves(this.msHigh, (this.msLow + 1) | 0, 0, 0)
    else if (this.msHigh !== -1) this.setHalves((this.msHigh + 1) | 0, 0, 0, 0)
    else return false
    return true
  }

  /** Becomes the id before it; false, and unchanged, if it is `0-0`. */
  decrement(): boolean {
    if (this.seqLow !== 0) this.seqLow = (this.seqLow - 1) | 0
    else if (this.seqHigh !== 0) this.setHalves(this.msHigh, this.msLow, (this.seqHigh - 1) | 0, -1)
    else if (this.msLow !== 0) this.setHalves(this.msHigh, (this.msLow - 1) | 0, -1, -1)
    else if (this.msHigh !== 0) this.setHalves((this.msHigh - 1) | 0, -1, -1, -1)
    else return false
    return true
  }
}

/** Ids as text, one after the other in the same bytes: those of one batch mostly have the same milliseconds, written once. */
export class SpelledId extends Slice {
  private msHigh = 0
  private msLow = 0
  /** Where the milliseconds end. */
  private dash = 0

  constructor() {
    super(new Uint8Array(LONGEST_ID))
  }

  spell(id: StreamId): this {
    if (this.dash === 0 || id.msLow !== this.msLow || id.msHigh !== this.msHigh) {
      this.msHigh = id.msHigh
      this.msLow = id.msLow
      this.dash = writeNumber(this.buffer, 0, id.msHigh, id.msLow)
    }
    this.buffer[this.dash] = DASH
    this.length = writeNumber(this.buffer, this.dash + 1, id.seqHigh, id.seqLow)
    return this
  }
}
