/**
 * Bytes in the RDB format as they come to be, in a buffer that is taken away a piece at a time: what records are made of.
 */
import { parseSafeInteger } from "../values/numbers.ts"
import type { Slice } from "../values/Slice.ts"
import { Encoding, LENGTH_32, LENGTH_64, LengthForm } from "./rdbFormat.ts"

const INITIAL_BYTES = 64 * 1024
/** A number of more characters is not written as one: no 32-bit integer is longer. */
const LONGEST_INTEGER = 11

export class RdbOutput {
  private buffer: Uint8Array
  private view: DataView
  private used = 0

  /** `room` is how many bytes are expected. */
  constructor(private readonly room = INITIAL_BYTES) {
    this.buffer = new Uint8Array(room)
    this.view = new DataView(this.buffer.buffer)
  }

  /** Bytes in the buffer. */
  get length(): number {
    return this.used
  }

  /** The bytes in the buffer, which are the caller's from now on. */
  take(): Uint8Array {
    const bytes = this.buffer.subarray(0, this.used)
    this.buffer = new Uint8Array(this.room)
    this.view = new DataView(this.buffer.buffer)
    this.used = 0
    return bytes
  }

  /** The bytes in the buffer; valid until there are more. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.used)
  }

  byte(byte: number): void {
    this.reserve(1)
    this.buffer[this.used++] = byte
  }

  int64(value: number | bigint): void {
    this.reserve(8)
    if (typeof value === "bigint") this.view.setBigInt64(this.used, value, true)
    else {
      this.view.setUint32(this.used, value >>> 0, true)
      this.view.setInt32(this.used + 4, Math.floor(value / 2 ** 32), true)
    }
    this.used += 8
  }

  double(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.used, value, true)
    this.used += 8
  }

  /** So many bytes as they are. */
  raw(bytes: Slice): void {
    this.reserve(bytes.length)
    bytes.copyInto(this.buffer, this.used)
    this.used += bytes.length
  }

  /** A string; one that spells a 32-bit integer canonically as that integer. */
  string(string: Slice): void {
    const integer = string.length > LONGEST_INTEGER ? Number.NaN : parseSafeInteger(string)
    if (integer === (integer | 0)) {
      this.integer(integer)
      return
    }
    this.writeLength(string.length)
    this.raw(string)
  }

  private integer(value: number): void {
    this.reserve(5)
    const { view, used } = this
    if (value === (value << 24) >> 24) {
      this.encoding(Encoding.Int8)
      view.setInt8(used + 1, value)
      this.used += 1
    } else if (value === (value << 16) >> 16) {
      this.encoding(Encoding.Int16)
      view.setInt16(used + 1, value, true)
      this.used += 2
    } else {
      this.encoding(Encoding.Int32)
      view.setInt32(used + 1, value, true)
      this.used += 4
    }
  }

  private encoding(encoding: number): void {
    this.byte((LengthForm.Encoded << 6) | encoding)
  }

  /** A length, or another number of up to 64 bits that is written like one. */
  writeLength(length: number | bigint): void {
    this.reserve(9)
    const { view } = this
    if (length < 1 << 6) this.byte(Number(length))
    else if (length < 1 << 14) {
      view.setUint16(this.used, (LengthForm.FourteenBits << 14) | Number(length))
      this.used += 2
    } else if (length < 2 ** 32) {
      this.byte(LENGTH_32)
      view.setUint32(this.used, Number(length))
      this.used += 4
    } else {
      this.byte(LENGTH_64)
      view.setBigUint64(this.used, BigInt(length))
      this.used += 8
    }
  }

  private reserve(more: number): void {
    if (this.used + more <= this.buffer.length) return
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.used + more))
    grown.set(this.buffer.subarray(0, this.used))
    this.buffer = grown
    this.view = new DataView(grown.buffer)
  }
}
