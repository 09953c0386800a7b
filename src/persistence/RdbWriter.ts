/**
 * The bytes of an RDB file as they come to be, in a buffer that is taken away a piece at a time.
 *
 * Invariant: the pieces taken so far, and what is in the buffer, are the beginning of a file in the format's order.
 */
import { REDIS_VERSION } from "../ServerIdentity.ts"
import { parseSafeInteger } from "../values/numbers.ts"
import { Slice } from "../values/Slice.ts"
import { Encoding, LENGTH_32, LENGTH_64, LengthForm, MAGIC, Opcode, STRING, WRITTEN_VERSION } from "./rdbFormat.ts"

const INITIAL_BYTES = 64 * 1024
/** A number of more characters is not written as one: no 32-bit integer is longer. */
const LONGEST_INTEGER = 11

export class RdbWriter {
  private buffer = new Uint8Array(INITIAL_BYTES)
  private view = new DataView(this.buffer.buffer)
  private used = 0
  /** The database that keys belong to, as a reader of the file has understood so far. */
  private database = -1
  private readonly announced = new Set<number>()

  /** Bytes in the buffer. */
  get length(): number {
    return this.used
  }

  /** The bytes in the buffer, which are the caller's from now on. */
  take(): Uint8Array {
    const bytes = this.buffer.subarray(0, this.used)
    this.buffer = new Uint8Array(INITIAL_BYTES)
    this.view = new DataView(this.buffer.buffer)
    this.used = 0
    return bytes
  }

  /** Begins the file. `now` is in milliseconds since 1970, `memory` the bytes that the server uses. */
  header(now: number, memory: number): void {
    this.text(MAGIC + String(WRITTEN_VERSION).padStart(4, "0"))
    this.auxiliary("redis-ver", REDIS_VERSION)
    this.auxiliary("redis-bits", "64")
    this.auxiliary("ctime", String(Math.floor(now / 1000)))
    this.auxiliary("used-mem", String(memory))
    this.auxiliary("aof-base", "0")
  }

  /** The keys after this belong to that database, of which the file will have so many keys and so many deadlines. */
  select(database: number, keys: number, deadlines: number): void {
    if (database === this.database) return
    this.database = database
    this.byte(Opcode.Database)
    this.writeLength(database)
    if (this.announced.has(database)) return
    this.announced.add(database)
    this.byte(Opcode.Sizes)
    this.writeLength(keys)
    this.writeLength(deadlines)
  }

  /** The deadline of the next key, in milliseconds since 1970. */
  deadline(deadline: number | bigint): void {
    this.byte(Opcode.DeadlineMs)
    this.reserve(8)
    if (typeof deadline === "bigint") this.view.setBigInt64(this.used, deadline, true)
    else {
      this.view.setUint32(this.used, deadline >>> 0, true)
      this.view.setInt32(this.used + 4, Math.floor(deadline / 2 ** 32), true)
    }
    this.used += 8
  }

  /** A key that holds a string. */
  stringRecord(key: Slice, value: Slice): void {
    this.byte(STRING)
    this.string(key)
    this.string(value)
  }

  /** Ends the file, but for the checksum. */
  end(): void {
    this.byte(Opcode.End)
  }

  /** A string; one that spells a 32-bit integer canonically as that integer. */
  private string(string: Slice): void {
    const integer = string.length > LONGEST_INTEGER ? Number.NaN : parseSafeInteger(string)
    if (integer === (integer | 0)) {
      this.integer(integer)
      return
    }
    this.writeLength(string.length)
    this.reserve(string.length)
    string.copyInto(this.buffer, this.used)
    this.used += string.length
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

  private writeLength(length: number): void {
    this.reserve(9)
    const { view } = this
    if (length < 1 << 6) this.byte(length)
    else if (length < 1 << 14) {
      view.setUint16(this.used, (LengthForm.FourteenBits << 14) | length)
      this.used += 2
    } else if (length < 2 ** 32) {
      this.byte(LENGTH_32)
      view.setUint32(this.used, length)
      this.used += 4
    } else {
      this.byte(LENGTH_64)
      view.setBigUint64(this.used, BigInt(length))
      this.used += 8
    }
  }

  private auxiliary(name: string, value: string): void {
    this.byte(Opcode.Auxiliary)
    this.string(Slice.latin1(name))
    this.string(Slice.latin1(value))
  }

  private text(text: string): void {
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i))
  }

  private byte(byte: number): void {
    this.reserve(1)
    this.buffer[this.used++] = byte
  }

  private reserve(more: number): void {
    if (this.used + more <= this.buffer.length) return
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.used + more))
    grown.set(this.buffer.subarray(0, this.used))
    this.buffer = grown
    this.view = new DataView(grown.buffer)
  }
}
