/**
 * Values as older servers wrote them: ziplists, zipmaps and what stood around them.
 */

import { RdbOutput } from "../../src/persistence/RdbOutput.ts"
import { RdbType } from "../../src/persistence/rdbFormat.ts"
import { Slice } from "../../src/values/Slice.ts"

type Bytes = ReadonlyArray<number>

const little = (value: number, bytes: number): Bytes =>
  Array.from({ length: bytes }, (_, i) => (value >> (8 * i)) & 255)

/** An integer in the shortest form that has room for it; undefined if the text is none. */
function ziplistInteger(text: string): Bytes | undefined {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return undefined
  const value = Number(text)
  if (value >= 0 && value <= 12) return [0xf1 + value]
  if (value >= -128 && value <= 127) return [0xfe, value & 255]
  if (value >= -32768 && value <= 32767) return [0xc0, ...little(value, 2)]
  if (value >= -8388608 && value <= 8388607) return [0xf0, ...little(value, 3)]
  if (value >= -2147483648 && value <= 2147483647) return [0xd0, ...little(value, 4)]
  const wide = Buffer.alloc(8)
  wide.writeBigInt64LE(BigInt(text))
  return [0xe0, ...wide]
}

function ziplistString(text: string): Bytes {
  const bytes = [...Buffer.from(text, "latin1")]
  if (bytes.length < 64) return [bytes.length, ...bytes]
  if (bytes.length < 16384) return [0x40 | (bytes.length >> 8), bytes.length & 255, ...bytes]
  return [0x80, ...[...little(bytes.length, 4)].reverse(), ...bytes]
}

export function ziplist(entries: ReadonlyArray<string>): Uint8Array {
  const body: Array<number> = []
  let last = 10
  let previous = 0
  for (const text of entries) {
    last = 10 + body.length
    const head = previous < 254 ? [previous] : [254, ...little(previous, 4)]
    const entry = [...head, ...(ziplistInteger(text) ?? ziplistString(text))]
    body.push(...entry)
    previous = entry.length
  }
  const length = 10 + body.length + 1
  return Buffer.from([...little(length, 4), ...little(last, 4), ...little(entries.length, 2), ...body, 255])
}

const zipmapLength = (length: number): Bytes => (length < 254 ? [length] : [254, ...little(length, 4)])

/** Some values have a little room behind them, as changed ones had. */
export function zipmap(pairs: ReadonlyArray<readonly [field: string, value: string]>): Uint8Array {
  const body = pairs.flatMap(([field, value], i) => [
    ...zipmapLength(field.length),
    ...Buffer.from(field, "latin1"),
    ...zipmapLength(value.length),
    i % 3,
    ...Buffer.from(value, "latin1"),
    ...new Array<number>(i % 3).fill(0)
  ])
  return Buffer.from([Math.min(pairs.length, 254), ...body, 255])
}

/** A listpack of short strings and small numbers that are not negative. */
export function listpack(entries: ReadonlyArray<string>): Uint8Array {
  const body = entries.flatMap((text) => {
    const value = /^(0|[1-9]\d?)$/.test(text) ? [Number(text)] : [0x80 | text.length, ...Buffer.from(text, "latin1")]
    return [...value, value.length]
  })
  return Buffer.from([...little(body.length + 7, 4), ...little(entries.length, 2), ...body, 255])
}

export function intset(width: 2 | 4 | 8, values: ReadonlyArray<number>): Uint8Array {
  const bytes = Buffer.alloc(8 + width * values.length)
  bytes.writeUInt32LE(width, 0)
  bytes.writeUInt32LE(values.length, 4)
  for (const [i, value] of values.entries()) {
    if (width === 8) bytes.writeBigInt64LE(BigInt(value), 8 + 8 * i)
    else bytes.writeIntLE(value, 8 + width * i, width)
  }
  return bytes
}

/** A type and what `write` writes after it, as it stands in a file. */
export function value(type: number, write: (out: RdbOutput) => void): Uint8Array {
  const out = new RdbOutput(64)
  out.byte(type)
  write(out)
  return out.take()
}

/** A type whose value is these bytes as one string. */
export const blob = (type: number, bytes: Uint8Array): Uint8Array => value(type, (out) => out.string(new Slice(bytes)))

const text = (out: RdbOutput, word: string) => out.string(Slice.latin1(word))

const words = [
  "a",
  "b",
  "12",
  "-1",
  "",
  "long ".repeat(60),
  "300",
  "70000",
  "9000000",
  "5000000000",
  "-9223372036854775808"
]

/** A stream of two entries, a group and a consumer, in one of the three versions of the format. */
function stream(type: number): Uint8Array {
  const id = new Slice(Buffer.from([0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1]))
  const node = listpack(["2", "0", "1", "f", "0", "2", "0", "0", "v", "4", "2", "1", "0", "w", "4"])
  return value(type, (out) => {
    out.writeLength(1)
    out.string(id)
    out.string(new Slice(node))
    // Length, last id; since 7.0 also first id, greatest deleted id and entries added.
    const known = type === RdbType.StreamListpacks ? [] : [5, 1, 0, 0, 2]
    for (const number of [2, 6, 1, ...known]) out.writeLength(number)
    out.writeLength(1)
    text(out, "group")
    const read = type === RdbType.StreamListpacks ? [] : [1]
    for (const number of [5, 1, ...read, 1]) out.writeLength(number)
    out.raw(id)
    out.int64(1234)
    out.writeLength(3)
    out.writeLength(1)
    text(out, "consumer")
    out.int64(5678)
    if (type === RdbType.StreamListpacks3) out.int64(4321)
    out.writeLength(1)
    out.raw(id)
  })
}

const pairs = (out: RdbOutput, write: (word: string, i: number) => void) => {
  out.writeLength(words.length)
  for (const [i, word] of words.entries()) write(word, i)
}

/** A value in every way in which a server up to 7.2 has written one, by the name of the way. */
export const everyFormat: Readonly<Record<string, Uint8Array>> = {
  string: value(RdbType.String, (out) => text(out, "hello")),
  compressed: Buffer.from([RdbType.String, 0xc3, 5, 20, 0, 97, 224, 10, 0]),
  list: value(RdbType.List, (out) => pairs(out, (word) => text(out, word))),
  listZiplist: blob(RdbType.ListZiplist, ziplist(words)),
  quickList: value(RdbType.ListQuickList, (out) => {
    out.writeLength(2)
    for (const part of [words.slice(0, 4), words.slice(4)]) out.string(new Slice(ziplist(part)))
  }),
  quickList2: value(RdbType.ListQuickList2, (out) => {
    out.writeLength(2)
    out.writeLength(1)
    text(out, "plain")
    out.writeLength(2)
    out.string(new Slice(listpack(["a", "5", "b"])))
  }),
  set: value(RdbType.Set, (out) => pairs(out, (word) => text(out, word))),
  intset16: blob(RdbType.SetIntset, intset(2, [-300, 0, 5])),
  intset32: blob(RdbType.SetIntset, intset(4, [-70000, 0, 5])),
  intset64: blob(RdbType.SetIntset, intset(8, [-5000000000, 0, 5])),
  setListpack: blob(RdbType.SetListpack, listpack(["a", "5", "b"])),
  sortedSetText: value(RdbType.SortedSetText, (out) =>
    pairs(out, (word, i) => {
      text(out, word)
      if (i < 2) out.byte(254 + i)
      else out.raw(Slice.latin1(`\x03${i / 10}`.slice(0, 4).padEnd(4, "0")))
    })
  ),
  sortedSet: value(RdbType.SortedSet, (out) =>
    pairs(out, (word, i) => {
      text(out, word)
      out.double(i / 3)
    })
  ),
  sortedSetZiplist: blob(RdbType.SortedSetZiplist, ziplist(["a", "-1.5", "b", "2", "c", "2", "d", "inf"])),
  sortedSetListpack: blob(RdbType.SortedSetListpack, listpack(["a", "1.5", "b", "2", "c", "2", "d", "inf"])),
  hash: value(RdbType.Hash, (out) =>
    pairs(out, (word, i) => {
      text(out, word)
      text(out, `value ${i}`)
    })
  ),
  hashZipmap: blob(RdbType.HashZipmap, zipmap(words.map((word, i): readonly [string, string] => [word, `value ${i}`]))),
  hashZiplist: blob(RdbType.HashZiplist, ziplist(words.flatMap((word, i) => [word, `value ${i}`]))),
  hashListpack: blob(RdbType.HashListpack, listpack(["a", "5", "b", "x"])),
  stream: stream(RdbType.StreamListpacks),
  stream2: stream(RdbType.StreamListpacks2),
  stream3: stream(RdbType.StreamListpacks3)
}
