/**
 * The bytes of RDB records as they come in, and what records are made of: lengths, strings, numbers.
 *
 * Invariant: `start` is where the piece in hand begins, `at` how far it has been read. A piece that has not come whole ends in
 * a `Shortage`, and is read again from its beginning when there is more; what is not as it should be ends in a `Fault`.
 */
import { copyBytes, emptyBytes, Slice } from "../values/Slice.ts"
import { decompress } from "./lzf.ts"
import { Encoding, LENGTH_32, LENGTH_64, LengthForm } from "./rdbFormat.ts"

/** Why a file cannot be used; thrown. */
export class Fault {
  constructor(readonly reason: string) {}
}

/** There are fewer bytes than the piece needs; thrown. */
export class Shortage {
  constructor(
    /** Bytes from the beginning of the piece that are surely needed. */
    readonly needed: number
  ) {}
}

export class RdbInput {
  /** Bytes that have come but are not yet used, up to `filled`. */
  bytes: Uint8Array = emptyBytes
  private view = new DataView(this.bytes.buffer)
  private filled = 0
  start = 0
  at = 0

  /** The bytes as one whole, beside which nothing will come. */
  static of(bytes: Uint8Array): RdbInput {
    const input = new RdbInput()
    input.hold(bytes)
    input.filled = bytes.length
    return input
  }

  /** Bytes from the beginning of the piece in hand that have come. */
  get available(): number {
    return this.filled - this.start
  }

  /** Puts the bytes behind those that are left, in a window that doubles when it is too small; `needed` are surely needed. */
  append(more: Uint8Array, needed: number): void {
    const left = this.filled - this.start
    if (left + more.length > this.bytes.length) {
      const grown = new Uint8Array(Math.max(left + more.length, Math.min(needed, 2 * this.bytes.length)))
      grown.set(this.bytes.subarray(this.start, this.filled))
      this.hold(grown)
    } else this.bytes.copyWithin(0, this.start, this.filled)
    copyBytes(more, 0, more.length, this.bytes, left)
    this.start = 0
    this.filled = left + more.length
  }

  private hold(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  // ---- what records are made of ----------------------------------------------------------------------------------------

  /** Goes on by so many bytes; gives back where they begin. */
  private skip(count: number): number {
    const { at } = this
    if (at + count > this.filled) throw new Shortage(at + count - this.start)
    this.at = at + count
    return at
  }

  byte(): number {
    return this.bytes[this.skip(1)]!
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true)
  }

  int64(): bigint {
    return this.view.getBigInt64(this.skip(8), true)
  }

  double(): number {
    return this.view.getFloat64(this.skip(8), true)
  }

  /** So many bytes as they are; valid until the next piece. */
  raw(count: number): Slice {
    return new Slice(this.bytes, this.skip(count), count)
  }

  length(): number {
    const length = this.long()
    if (length <= Number.MAX_SAFE_INTEGER) return Number(length)
    throw new Fault("it has a length that is none")
  }

  /** A number written as a length, of up to 64 bits. */
  long(): bigint | number {
    const first = this.byte()
    const form = first >>> 6
    if (form === LengthForm.SixBits) return first
    if (form === LengthForm.FourteenBits) return ((first & 63) << 8) | this.byte()
    if (first === LENGTH_32) return this.view.getUint32(this.skip(4))
    if (first === LENGTH_64) return this.view.getBigUint64(this.skip(8))
    throw new Fault("it has a length that is none")
  }

  /** A string; valid until the next piece. */
  string(): Slice {
    const first = this.byte()
    if (first >>> 6 !== LengthForm.Encoded) {
      this.at--
      return this.raw(this.length())
    }
    const read = this.encoded[first & 63]
    if (read === undefined) throw new Fault("it has a string in an unknown encoding")
    return read()
  }

  private readonly encoded: Readonly<Record<number, () => Slice>> = {
    [Encoding.Int8]: () => Slice.latin1(String(this.view.getInt8(this.skip(1)))),
    [Encoding.Int16]: () => Slice.latin1(String(this.view.getInt16(this.skip(2), true))),
    [Encoding.Int32]: () => Slice.latin1(String(this.view.getInt32(this.skip(4), true))),
    [Encoding.Lzf]: () => {
      const compressed = this.length()
      const length = this.length()
      const from = this.skip(compressed)
      const text = decompress(this.bytes, from, from + compressed, length)
      if (text === undefined) throw new Fault("it has a compressed string that is damaged")
      return new Slice(text)
    }
  }
}
