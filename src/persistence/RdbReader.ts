/**
 * Reads an RDB file that comes in pieces of any size, and shows what is in it.
 *
 * Invariant: `position` is where the next field or record begins; everything before it has been shown once, and is what the
 * checksum is about. A record that has not come whole is read again from its beginning when there is more.
 */
import { quote } from "../values/quote.ts"
import { copyBytes, emptyBytes, Slice } from "../values/Slice.ts"
import { Crc64 } from "./Crc64.ts"
import { decompress } from "./lzf.ts"
import {
  Encoding,
  LATEST_VERSION,
  LENGTH_32,
  LENGTH_64,
  LengthForm,
  MAGIC,
  Opcode,
  otherTypes,
  STRING
} from "./rdbFormat.ts"

/** Whoever wants to know what is in a file. A reason that a method gives back is why the file cannot be used. */
export interface RdbVisitor {
  /** The keys after this belong to that database. */
  readonly database: (number: number) => string | undefined
  /** A string; `deadline` in ms since 1970, -1 for never. The slices are valid during the call only. */
  readonly string: (key: Slice, value: Slice, deadline: number | bigint) => string | undefined
}

/** Why a file cannot be used: thrown, and caught in `push`. */
class Fault {
  constructor(readonly reason: string) {}
}

/** There are fewer bytes than the record needs: thrown, and caught in `push`. */
class Shortage {
  constructor(
    /** Bytes from the beginning of the record that are surely needed. */
    readonly needed: number
  ) {}
}

const HEADER_BYTES = MAGIC.length + 4
const CHECKSUM_BYTES = 8
const FIRST_WITH_CHECKSUM = 5
/** A compressed string of n bytes cannot become longer than n times this. */
const HIGHEST_COMPRESSION = 132

export class RdbReader {
  /** Offset in the file. */
  position = 0
  /** Whether the end was there, with the right checksum; what may follow it is not looked at. */
  ended = false

  /** Bytes that have come but are not yet shown, up to `filled`. */
  private window: Uint8Array = emptyBytes
  private view = new DataView(this.window.buffer)
  private filled = 0
  /** Where in the window the record in hand begins, and how far it has been read. */
  private start = 0
  private at = 0
  /** So many bytes must be there before it is worth trying to read on. */
  private needed = HEADER_BYTES

  private next: () => void = this.header
  private readonly crc = new Crc64()
  private version = 0
  /** What was said about the next key. */
  private deadline: number | bigint = -1

  constructor(private readonly visitor: RdbVisitor) {}

  /** How long the file has to be at least. */
  get wanted(): number {
    return this.position + this.needed
  }

  /** Takes the next bytes of the file; gives back why it cannot be used. */
  push(bytes: Uint8Array): string | undefined {
    this.append(bytes)
    try {
      while (!this.ended && this.filled - this.start >= this.needed) this.readOne()
    } catch (stop) {
      if (stop instanceof Fault) return stop.reason
      if (!(stop instanceof Shortage)) throw stop
      this.needed = stop.needed
    }
    return undefined
  }

  private readOne(): void {
    this.at = this.start
    this.next()
    this.crc.update(this.window, this.start, this.at)
    this.position += this.at - this.start
    this.start = this.at
    this.needed = 1
  }

  /** Puts the bytes behind those that are left, in a window that doubles when it is too small. */
  private append(bytes: Uint8Array): void {
    const left = this.filled - this.start
    if (left + bytes.length > this.window.length) {
      const size = Math.max(left + bytes.length, Math.min(this.needed, 2 * this.window.length))
      const grown = new Uint8Array(size)
      grown.set(this.window.subarray(this.start, this.filled))
      this.window = grown
      this.view = new DataView(grown.buffer)
    } else this.window.copyWithin(0, this.start, this.filled)
    copyBytes(bytes, 0, bytes.length, this.window, left)
    this.start = 0
    this.filled = left + bytes.length
  }

  // ---- fields and records ----------------------------------------------------------------------------------------------

  private header(): void {
    const text = Buffer.from(this.bytes(HEADER_BYTES).view()).toString("latin1")
    if (!text.startsWith(MAGIC)) throw new Fault("it is no RDB file")
    const version = /^\d{4}$/.test(text.slice(MAGIC.length)) ? Number(text.slice(MAGIC.length)) : 0
    if (version < 1 || version > LATEST_VERSION) throw new Fault(`its format is of version ${text.slice(MAGIC.length)}`)
    this.version = version
    this.next = this.entry
  }

  private entry(): void {
    const opcode = this.byte()
    const field = this.fields[opcode]
    if (field !== undefined) field()
    else this.record(opcode)
  }

  private record(type: number): void {
    const { deadline } = this
    const key = this.string()
    if (type !== STRING) {
      const name = otherTypes[type]
      if (name === undefined) throw new Fault(`there is no type of value ${type}`)
      throw new Fault(`the key ${quote(key)} is a ${name}, and only strings can be loaded`)
    }
    this.check(this.visitor.string(key, this.string(), deadline))
    this.deadline = -1
  }

  private readonly fields: Readonly<Record<number, () => void>> = {
    [Opcode.Database]: () => this.check(this.visitor.database(this.length())),
    [Opcode.Sizes]: () => {
      this.length()
      this.length()
    },
    [Opcode.Auxiliary]: () => {
      this.string()
      this.string()
    },
    [Opcode.DeadlineMs]: () => {
      const deadline = this.int64()
      this.deadline = Number.isSafeInteger(Number(deadline)) ? Number(deadline) : deadline
    },
    [Opcode.DeadlineSeconds]: () => {
      this.deadline = this.view.getInt32(this.skip(4), true) * 1000
    },
    // Both are about eviction, and at the start all keys are equally old.
    [Opcode.Idle]: () => void this.length(),
    [Opcode.Frequency]: () => void this.byte(),
    [Opcode.Function]: () => {
      throw new Fault("it holds a library of functions, which cannot be loaded")
    },
    [Opcode.EarlyFunction]: () => {
      throw new Fault("it holds a library of functions, which cannot be loaded")
    },
    [Opcode.ModuleData]: () => {
      throw new Fault("it holds the data of a module, which cannot be loaded")
    },
    [Opcode.End]: () => this.end()
  }

  /** Eight zero bytes stand for a checksum that was not computed. */
  private end(): void {
    if (this.version >= FIRST_WITH_CHECKSUM) {
      const { at } = this
      const stored = this.bytes(CHECKSUM_BYTES).copy()
      this.crc.update(this.window, this.start, at)
      const computed = this.crc.bytes
      if (stored.some((byte) => byte !== 0) && stored.some((byte, i) => byte !== computed[i])) {
        throw new Fault("its checksum is wrong, so it is damaged")
      }
    }
    this.ended = true
  }

  private check(reason: string | undefined): void {
    if (reason !== undefined) throw new Fault(reason)
  }

  // ---- what they are made of -------------------------------------------------------------------------------------------

  /** Goes on by so many bytes; gives back where they begin. */
  private skip(count: number): number {
    const { at } = this
    if (at + count > this.filled) throw new Shortage(at + count - this.start)
    this.at = at + count
    return at
  }

  private byte(): number {
    return this.window[this.skip(1)]!
  }

  private int64(): bigint {
    return this.view.getBigInt64(this.skip(8), true)
  }

  private bytes(count: number): Slice {
    return new Slice(this.window, this.skip(count), count)
  }

  private length(): number {
    const first = this.byte()
    const form = first >>> 6
    if (form === LengthForm.SixBits) return first
    if (form === LengthForm.FourteenBits) return ((first & 63) << 8) | this.byte()
    if (first === LENGTH_32) return this.view.getUint32(this.skip(4))
    if (first === LENGTH_64) {
      const length = this.view.getBigUint64(this.skip(8))
      if (length <= Number.MAX_SAFE_INTEGER) return Number(length)
    }
    throw new Fault("it has a length that is none")
  }

  private string(): Slice {
    const first = this.byte()
    if (first >>> 6 !== LengthForm.Encoded) {
      this.at--
      return this.bytes(this.length())
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
      const possible = length <= compressed * HIGHEST_COMPRESSION
      const text = possible ? decompress(this.window, from, from + compressed, length) : undefined
      if (text === undefined) throw new Fault("it has a compressed string that is damaged")
      return new Slice(text)
    }
  }
}
