/**
 * The words of the command that is running, read in place.
 *
 * Words are numbered as in Redis' documentation: 0 is the command's name. The slices come from a small ring that is reused:
 * one stays valid until RING other words have been asked for, and never longer than its command runs.
 */
import { notAFloat, notAnInteger, type ReplyError, syntax } from "../Errors.ts"
import { FRAME_HEADER } from "../protocol/RequestDecoder.ts"
import { parseDouble, parseInt64, parseSafeInteger } from "../values/numbers.ts"
import { Slice } from "../values/Slice.ts"

const RING = 32

export class Args {
  /** What the words point into. */
  buffer: Uint8Array = new Uint8Array(0)
  /** Number of words, the command's name included. */
  count = 0
  private frames: Int32Array = new Int32Array(0)
  /** Where the (offset, length) pairs of this command begin in `frames`. */
  private base = 0
  private readonly ring: ReadonlyArray<Slice> = Array.from({ length: RING }, () => new Slice())

  /** Turns to the frame at `at` in the decoder's table. */
  point(buffer: Uint8Array, frames: Int32Array, at: number): void {
    this.buffer = buffer
    this.frames = frames
    this.count = frames[at]!
    this.base = at + FRAME_HEADER
  }

  start(index: number): number {
    return this.frames[this.base + 2 * index]!
  }

  length(index: number): number {
    return this.frames[this.base + 2 * index + 1]!
  }

  at(index: number): Slice {
    const slice = this.ring[index & (RING - 1)]!
    const word = this.base + 2 * index
    slice.buffer = this.buffer
    slice.start = this.frames[word]!
    slice.length = this.frames[word + 1]!
    return slice
  }

  /** The word as text, one character a byte. */
  text(index: number): string {
    return this.at(index).toString()
  }

  /** The word as text in lower case, for names of options. */
  lower(index: number): string {
    return this.text(index).toLowerCase()
  }

  /** Whether the word is this option, whatever its case; `word` is in lower case. False past the last word. */
  is(index: number, word: string): boolean {
    return index < this.count && this.length(index) === word.length && this.at(index).is(word)
  }

  /** Whether one of the words from `from` on is this option. */
  includes(word: string, from: number): boolean {
    for (let i = from; i < this.count; i++) if (this.is(i, word)) return true
    return false
  }

  /** A 64-bit integer as a number: exact up to 2^53, the nearest double beyond. */
  int(index: number, refusal: ReplyError = notAnInteger): number {
    const slice = this.at(index)
    const value = parseSafeInteger(slice)
    if (!Number.isNaN(value)) return value
    const exact = parseInt64(slice)
    if (exact === undefined) throw refusal
    return Number(exact)
  }

  /** A 64-bit integer, exact. */
  int64(index: number, refusal: ReplyError = notAnInteger): bigint {
    const exact = parseInt64(this.at(index))
    if (exact === undefined) throw refusal
    return exact
  }

  /** An integer within bounds, both included. */
  intBetween(index: number, low: number, high: number, refusal: ReplyError): number {
    const value = this.int(index, refusal)
    if (value < low || value > high) throw refusal
    return value
  }

  double(index: number, refusal: ReplyError = notAFloat): number {
    const value = parseDouble(this.at(index))
    if (value === undefined) throw refusal
    return value
  }

  /** The index itself if there is such a word; an option that lacks its value is a syntax error. */
  need(index: number): number {
    if (index >= this.count) throw syntax
    return index
  }

  /** The words from `from` on as a request of its own, which one command holds as the words of another. */
  tail(from: number): Args {
    const args = new Args()
    args.buffer = this.buffer
    args.count = this.count - from
    args.frames = this.frames
    args.base = this.base + 2 * from
    return args
  }

  /** The words from `from` on, as text. */
  *texts(from: number): Iterable<string> {
    for (let i = from; i < this.count; i++) yield this.text(i)
  }
}
