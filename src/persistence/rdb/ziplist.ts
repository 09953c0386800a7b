/**
 * Ziplists and zipmaps, in which Redis kept small collections before it had listpacks
 * (https://github.com/redis/redis/blob/6.2/src/ziplist.c and zipmap.c describe them): made listpacks, or refused.
 */
import { Entry } from "../../values/listpack/entries.ts"
import { ListpackBuilder } from "../../values/listpack/ListpackBuilder.ts"
import type { Slice } from "../../values/Slice.ts"
import { Fault } from "../RdbInput.ts"

const END = 255

/** Bytes of a ziplist before the first entry: its length, where the last entry begins, and the number of entries. */
const HEADER_BYTES = 10
const UNCOUNTED = 65535
/** In the place of the length of the entry before: that length is in the next four bytes. */
const LONG_PREVIOUS = 254

/** Tags of integers. */
const Tag = { Int16: 0xc0, Int32: 0xd0, Int64: 0xe0, Int24: 0xf0, Int8: 0xfe } as const
/** Tags of numbers from 0 to 12 that stand in the tag itself. */
const FIRST_IMMEDIATE = 0xf1
const LAST_IMMEDIATE = 0xfd

const entry = new Entry()

const damaged = (what: string): Fault => new Fault(`it has a ${what} that is damaged`)

/** Takes bytes apart; what is past their end is a fault. */
class Parts {
  at = 0
  private readonly view: DataView

  constructor(
    private readonly bytes: Slice,
    private readonly what: string
  ) {
    this.view = new DataView(bytes.buffer.buffer, bytes.buffer.byteOffset + bytes.start, bytes.length)
  }

  /** Goes on by so many bytes; gives back where they begin. */
  private skip(count: number): number {
    const { at } = this
    if (at + count > this.bytes.length) throw damaged(this.what)
    this.at = at + count
    return at
  }

  check(holds: boolean): void {
    if (!holds) throw damaged(this.what)
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1))
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true)
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true)
  }

  bigUint32(): number {
    return this.view.getUint32(this.skip(4))
  }

  int(bytes: 1 | 2 | 3 | 4): number {
    const at = this.skip(bytes)
    if (bytes === 1) return this.view.getInt8(at)
    if (bytes === 2) return this.view.getInt16(at, true)
    if (bytes === 4) return this.view.getInt32(at, true)
    return (this.view.getInt8(at + 2) << 16) | this.view.getUint16(at, true)
  }

  int64(): bigint {
    return this.view.getBigInt64(this.skip(8), true)
  }

  string(length: number): Entry {
    entry.pointAt(this.bytes.buffer, this.bytes.start + this.skip(length), length)
    return entry
  }
}

/** The entries of a ziplist as a listpack; throws a fault if there is anything wrong with it. */
export function ziplistEntries(bytes: Slice): ListpackBuilder {
  const parts = new Parts(bytes, "ziplist")
  parts.check(parts.uint32() === bytes.length)
  const tail = parts.uint32()
  const stated = parts.uint16()
  const listpack = new ListpackBuilder()
  let last = HEADER_BYTES
  let size = 0
  while (parts.at < bytes.length - 1) {
    const start = parts.at
    const previous = parts.uint8()
    parts.check(previous !== END)
    parts.check((previous === LONG_PREVIOUS ? parts.uint32() : previous) === size)
    listpack.append(ziplistEntry(parts))
    size = parts.at - start
    last = start
  }
  parts.check(parts.uint8() === END)
  parts.check(parts.at === bytes.length && tail === last)
  parts.check(stated === UNCOUNTED || stated === listpack.count)
  return listpack
}

function ziplistEntry(parts: Parts): Entry {
  const tag = parts.uint8()
  const form = tag >>> 6
  if (form === 0) return parts.string(tag)
  if (form === 1) return parts.string(((tag & 63) << 8) | parts.uint8())
  if (form === 2) return parts.string(parts.bigUint32())
  if (tag === Tag.Int64) entry.spellLong(parts.int64())
  else entry.spell(smallInteger(parts, tag))
  return entry
}

function smallInteger(parts: Parts, tag: number): number {
  if (tag === Tag.Int8) return parts.int(1)
  if (tag === Tag.Int16) return parts.int(2)
  if (tag === Tag.Int24) return parts.int(3)
  if (tag === Tag.Int32) return parts.int(4)
  parts.check(tag >= FIRST_IMMEDIATE && tag <= LAST_IMMEDIATE)
  return tag - FIRST_IMMEDIATE
}

/** Fields and values of a zipmap as a listpack; throws a fault if there is anything wrong with it. */
export function zipmapEntries(bytes: Slice): ListpackBuilder {
  const parts = new Parts(bytes, "zipmap")
  const stated = parts.uint8()
  const listpack = new ListpackBuilder()
  for (let first = parts.uint8(); first !== END; first = parts.uint8()) {
    listpack.append(parts.string(zipmapLength(parts, first)))
    const length = zipmapLength(parts, parts.uint8())
    const free = parts.uint8()
    listpack.append(parts.string(length))
    parts.string(free)
  }
  parts.check(parts.at === bytes.length)
  parts.check(stated >= LONG_PREVIOUS || stated * 2 === listpack.count)
  return listpack
}

function zipmapLength(parts: Parts, first: number): number {
  parts.check(first !== END)
  return first === LONG_PREVIOUS ? parts.uint32() : first
}
