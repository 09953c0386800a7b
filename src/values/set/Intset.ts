/**
 * A small set of integers in Redis' layout: how many bytes each takes (2, 4 or 8) and how many there are (four bytes each,
 * lowest byte first, like all that follows), then the integers in ascending order. A set's integers become wider with the
 * first that needs it, and never narrower again.
 *
 * Invariant: the integers ascend, none is there twice, and the bytes are exactly the header and the integers.
 */
import { Int64 } from "../Int64.ts"
import type { Entry } from "../listpack/entries.ts"
import { OwnBytes, type SplicedBytes } from "../SplicedBytes.ts"

const HEADER_BYTES = 8
const LENGTH_AT = 4

/** An intset without integers. */
export const emptyIntset: Uint8Array = Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0)

/** The bytes that the integer needs. */
function widthOf({ high, low }: Int64): number {
  if (high !== low >> 31) return 8
  return low === (low << 16) >> 16 ? 2 : 4
}

function readWord(buffer: Uint8Array, at: number): number {
  return buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24)
}

function writeWord(buffer: Uint8Array, at: number, word: number): void {
  buffer[at] = word
  buffer[at + 1] = word >>> 8
  buffer[at + 2] = word >>> 16
  buffer[at + 3] = word >>> 24
}

export class Intset {
  /** Where `find` found the integer, or would insert it. */
  private index = 0
  private readonly scratch = new Int64()

  constructor(private bytes: SplicedBytes = new OwnBytes(emptyIntset.slice())) {}

  /** Turns to the intset in these bytes. */
  on(bytes: SplicedBytes): this {
    this.bytes = bytes
    return this
  }

  get count(): number {
    return readWord(this.bytes.buffer, this.bytes.start + LENGTH_AT)
  }

  /** The integer of that number in ascending order, from 0 to `count - 1`, as bytes. */
  read(index: number, into: Entry): Entry {
    this.load(index, this.width, this.scratch)
    return this.scratch.spell(into)
  }

  has(value: Int64): boolean {
    return this.find(value)
  }

  /** False: it was there already. */
  add(value: Int64): boolean {
    if (widthOf(value) > this.width) this.widen(value)
    else {
      if (this.find(value)) return false
      const { bytes, count, index, width } = this
      bytes.splice(HEADER_BYTES + index * width, 0, width)
      this.store(index, width, value)
      this.setCount(count + 1)
    }
    return true
  }

  /** False: it was not there. */
  delete(value: Int64): boolean {
    if (!this.find(value)) return false
    this.deleteAt(this.index)
    return true
  }

  /** Removes the integer of that number. */
  deleteAt(index: number): void {
    const { bytes, count, width } = this
    bytes.splice(HEADER_BYTES + index * width, width, 0)
    this.setCount(count - 1)
  }

  private get width(): number {
    return this.bytes.buffer[this.bytes.start]!
  }

  private setCount(count: number): void {
    writeWord(this.bytes.buffer, this.bytes.start + LENGTH_AT, count)
  }

  /** Looks for the integer; `index` is then where it is or belongs. */
  private find(value: Int64): boolean {
    const { width } = this
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.compare(middle, width, value)
      if (order === 0) {
        this.index = middle
        return true
      }
      if (order < 0) low = middle + 1
      else high = middle
    }
    this.index = low
    return false
  }

  /** Negative when the integer of that number is below `value`, positive when above. */
  private compare(index: number, width: number, value: Int64): number {
    const { scratch } = this
    this.load(index, width, scratch)
    return scratch.high === value.high ? (scratch.low >>> 0) - (value.low >>> 0) : scratch.high - value.high
  }

  private load(index: number, width: number, into: Int64): void {
    const { buffer, start } = this.bytes
    const at = start + HEADER_BYTES + index * width
    into.low = width === 2 ? ((buffer[at]! | (buffer[at + 1]! << 8)) << 16) >> 16 : readWord(buffer, at)
    into.high = width === 8 ? readWord(buffer, at + 4) : into.low >> 31
  }

  private store(index: number, width: number, { high, low }: Int64): void {
    const { buffer, start } = this.bytes
    const at = start + HEADER_BYTES + index * width
    if (width === 2) {
      buffer[at] = low
      buffer[at + 1] = low >>> 8
      return
    }
    writeWord(buffer, at, low)
    if (width === 8) writeWord(buffer, at + 4, high)
  }

  /** Makes all integers as wide as this one, which belongs at one of the ends then, and adds it. */
  private widen(value: Int64): void {
    const { bytes, count, scratch, width } = this
    const wide = widthOf(value)
    const before = value.high < 0 ? 1 : 0
    bytes.splice(bytes.length, 0, (count + 1) * wide - count * width)
    // From the end: what is not moved yet lies before where the moved ones go.
    for (let i = count - 1; i >= 0; i--) {
      this.load(i, width, scratch)
      this.store(i + before, wide, scratch)
    }
    this.store(before === 1 ? 0 : count, wide, value)
    bytes.buffer[bytes.start] = wide
    this.setCount(count + 1)
  }
}
