/**
 * Reads an RDB file that comes in pieces of any size, and shows what is in it.
 *
 * Invariant: `position` is where the next field, record, or piece of a large value begins; everything before it has been read
 * once, and is what the checksum is about. What has not come whole is read again from its beginning when there is more.
 */
import { type CollectionSettings, type DetachedValue, packed } from "../keyspace/DetachedValue.ts"
import { ValueType } from "../keyspace/Value.ts"
import { quote } from "../values/quote.ts"
import { Slice } from "../values/Slice.ts"
import { Crc64 } from "./Crc64.ts"
import { Fault, RdbInput, Shortage } from "./RdbInput.ts"
import type { ValueReading } from "./rdb/ValueReading.ts"
import { valueReaders } from "./rdb/valueReaders.ts"
import { LATEST_VERSION, MAGIC, moduleTypes, Opcode, RdbType } from "./rdbFormat.ts"

/** Whoever wants to know what is in a file. A reason that a method gives back is why the file cannot be used. */
export interface RdbVisitor {
  /** The keys after this belong to that database. */
  readonly database: (number: number) => string | undefined
  /** A key with its value; `deadline` in ms since 1970, -1 for never. The slices are valid during the call only. */
  readonly record: (key: Slice, value: DetachedValue, deadline: number | bigint) => string | undefined
}

const HEADER_BYTES = MAGIC.length + 4
const CHECKSUM_BYTES = 8
const FIRST_WITH_CHECKSUM = 5

export class RdbReader {
  /** Offset in the file. */
  position = 0
  /** Whether the end was there, with the right checksum; what may follow it is not looked at. */
  ended = false

  private readonly input = new RdbInput()
  /** So many bytes must be there before it is worth trying to read on. */
  private needed = HEADER_BYTES

  private next: () => void = this.header
  private readonly crc = new Crc64()
  private version = 0
  /** What was said about the next key. */
  private deadline: number | bigint = -1
  /** The key whose value is being read. */
  private key = new Slice()

  constructor(
    private readonly visitor: RdbVisitor,
    private readonly settings: CollectionSettings
  ) {}

  /** How long the file has to be at least. */
  get wanted(): number {
    return this.position + this.needed
  }

  /** Takes the next bytes of the file; gives back why it cannot be used. */
  push(bytes: Uint8Array): string | undefined {
    const { input } = this
    input.append(bytes, this.needed)
    try {
      while (!this.ended && input.available >= this.needed) this.readOne()
    } catch (stop) {
      if (stop instanceof Fault) return stop.reason
      if (!(stop instanceof Shortage)) throw stop
      this.needed = stop.needed
    }
    return undefined
  }

  private readOne(): void {
    const { input } = this
    input.at = input.start
    this.next()
    this.crc.update(input.bytes, input.start, input.at)
    this.position += input.at - input.start
    input.start = input.at
    this.needed = 1
  }

  // ---- fields and records ----------------------------------------------------------------------------------------------

  private header(): void {
    const text = this.input.raw(HEADER_BYTES).toString()
    if (!text.startsWith(MAGIC)) throw new Fault("it is no RDB file")
    const version = /^\d{4}$/.test(text.slice(MAGIC.length)) ? Number(text.slice(MAGIC.length)) : 0
    if (version < 1 || version > LATEST_VERSION) throw new Fault(`its format is of version ${text.slice(MAGIC.length)}`)
    this.version = version
    this.next = this.entry
  }

  private entry(): void {
    const opcode = this.input.byte()
    const field = this.fields[opcode]
    if (field !== undefined) field()
    else this.record(opcode)
  }

  private record(type: number): void {
    const { input } = this
    const key = input.string()
    if (type === RdbType.String) {
      this.show(key, packed(ValueType.String, input.string()))
      return
    }
    const read = valueReaders[type]
    if (read === undefined) {
      if (moduleTypes.has(type))
        throw new Fault(`the key ${quote(key)} is the value of a module, which cannot be loaded`)
      throw new Fault(`there is no type of value ${type}`)
    }
    this.key = new Slice(key.copy())
    this.goOn(read(input, this.settings))
  }

  /** Lets the value say what is to be read next, or shows it if it is complete. */
  private goOn(reading: ValueReading): void {
    const step = reading.next()
    if (step.done !== true) {
      this.next = () => {
        step.value()
        this.goOn(reading)
      }
      return
    }
    this.next = this.entry
    if (step.value === undefined) this.deadline = -1
    else this.show(this.key, step.value)
  }

  private show(key: Slice, value: DetachedValue): void {
    this.check(this.visitor.record(key, value, this.deadline))
    this.deadline = -1
  }

  private readonly fields: Readonly<Record<number, () => void>> = {
    [Opcode.Database]: () => this.check(this.visitor.database(this.input.length())),
    [Opcode.Sizes]: () => {
      this.input.length()
      this.input.length()
    },
    [Opcode.Auxiliary]: () => {
      this.input.string()
      this.input.string()
    },
    [Opcode.DeadlineMs]: () => {
      const deadline = this.input.int64()
      this.deadline = Number.isSafeInteger(Number(deadline)) ? Number(deadline) : deadline
    },
    [Opcode.DeadlineSeconds]: () => {
      this.deadline = this.input.int32() * 1000
    },
    // Both are about eviction, and at the start all keys are equally old.
    [Opcode.Idle]: () => void this.input.length(),
    [Opcode.Frequency]: () => void this.input.byte(),
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
    const { input } = this
    if (this.version >= FIRST_WITH_CHECKSUM) {
      const { at } = input
      const stored = input.raw(CHECKSUM_BYTES).copy()
      this.crc.update(input.bytes, input.start, at)
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
}
