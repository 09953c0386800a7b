/**
 * A range of bytes inside a larger buffer: how keys and values travel through the server without being copied.
 *
 * A slice that came out of a request is valid only while its command runs, because the buffer below it is reused;
 * whoever keeps the bytes takes a `copy()`.
 */

/** The empty byte string. */
export const emptyBytes: Uint8Array = new Uint8Array(0)

/** Below this many bytes a plain loop is faster than `subarray` plus `set`. */
const LOOP_COPY_LIMIT = 48

/** Copies `length` bytes of `source` from `from` into `target` at `to`. The ranges may not overlap. */
export function copyBytes(source: Uint8Array, from: number, length: number, target: Uint8Array, to: number): void {
  if (length < LOOP_COPY_LIMIT) for (let i = 0; i < length; i++) target[to + i] = source[from + i]!
  else target.set(source.subarray(from, from + length), to)
}

/** Whether `length` bytes of `a` from `aStart` on are those of `b` from `bStart` on. */
export function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false
  return true
}

/** A view of `length` bytes of `buffer` from `start` on. Mutable so that the request path can reuse it. */
export class Slice {
  constructor(
    public buffer: Uint8Array = emptyBytes,
    public start = 0,
    public length = buffer.length
  ) {}

  /** A slice over the bytes of a string, one byte for each of its characters (latin1). */
  static latin1(text: string): Slice {
    return new Slice(Buffer.from(text, "latin1"))
  }

  get end(): number {
    return this.start + this.length
  }

  /** The byte at `index` of this slice. */
  at(index: number): number {
    return this.buffer[this.start + index]!
  }

  /** The bytes without a copy: valid as long as the slice is. */
  view(): Uint8Array {
    return this.buffer.subarray(this.start, this.start + this.length)
  }

  /** The bytes, in memory of their own. */
  copy(): Uint8Array {
    const bytes = new Uint8Array(this.length)
    copyBytes(this.buffer, this.start, this.length, bytes, 0)
    return bytes
  }

  copyInto(target: Uint8Array, to: number): void {
    copyBytes(this.buffer, this.start, this.length, target, to)
  }

  /** One character a byte (latin1): loses nothing, and `Slice.latin1` takes it back. */
  toString(): string {
    let text = ""
    if (this.length <= 24) {
      for (let i = this.start; i < this.end; i++) text += String.fromCharCode(this.buffer[i]!)
      return text
    }
    return Buffer.from(this.buffer.buffer, this.buffer.byteOffset + this.start, this.length).toString("latin1")
  }

  equals(other: Slice): boolean {
    return this.length === other.length && sameBytes(this.buffer, this.start, other.buffer, other.start, this.length)
  }

  /** Whether the bytes are `word`, which is given in lower case, whatever the case of the bytes. */
  is(word: string): boolean {
    if (this.length !== word.length) return false
    for (let i = 0; i < this.length; i++) {
      let byte = this.buffer[this.start + i]!
      if (byte >= 65 && byte <= 90) byte += 32
      if (byte !== word.charCodeAt(i)) return false
    }
    return true
  }
}
