/** Writer and reader of snapshots against each other, and the reader against everything that may be wrong with a file. */
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { insertDetached } from "../../src/keyspace/DetachedValue.ts"
import { valueDigest } from "../../src/keyspace/datasetDigest.ts"
import { KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { defaultLimits } from "../../src/keyspace/limits.ts"
import { Crc64 } from "../../src/persistence/Crc64.ts"
import { RdbReader } from "../../src/persistence/RdbReader.ts"
import { RdbWriter } from "../../src/persistence/RdbWriter.ts"
import { RdbType } from "../../src/persistence/rdbFormat.ts"
import { Slice } from "../../src/values/Slice.ts"
import { everyFormat } from "./oldFormats.ts"
import { type Entry, read } from "./rdbContents.ts"

const withChecksum = (bytes: Uint8Array): Uint8Array => {
  const crc = new Crc64()
  crc.update(bytes, 0, bytes.length)
  return Buffer.concat([bytes, crc.bytes])
}

function write(entries: ReadonlyArray<Entry>): Uint8Array {
  const writer = new RdbWriter()
  writer.header(1_700_000_000_000, 12345)
  for (const { db, key, value, deadline } of entries) {
    writer.select(db, 10, 2)
    if (deadline !== -1) writer.deadline(deadline)
    writer.byte(RdbType.String)
    writer.string(Slice.latin1(key))
    writer.string(Slice.latin1(value))
  }
  writer.end()
  return withChecksum(writer.take())
}

/** A file of a header and these bytes, with the right checksum. */
const file = (...bytes: ReadonlyArray<number>) => withChecksum(Buffer.from([...Buffer.from("REDIS0009"), ...bytes]))

const number = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const latin1 = Schema.String.check(Schema.isPattern(/^[\0-\xff]*$/))
const entry = Schema.Struct({
  db: number(0, 99),
  key: Schema.Union([latin1, number(-(2 ** 33), 2 ** 33)]),
  value: Schema.Union([latin1, number(-200, 200), number(-40_000, 40_000), number(-(2 ** 33), 2 ** 33)]),
  deadline: Schema.Union([Schema.Literal(-1), number(1, Number.MAX_SAFE_INTEGER)])
})

const sample: ReadonlyArray<Entry> = [
  { db: 0, key: "a", value: "hello", deadline: -1 },
  { db: 0, key: "b", value: "-129", deadline: 1_800_000_000_000 },
  { db: 12, key: "", value: "x".repeat(70), deadline: 2n ** 63n - 1n },
  { db: 0, key: "\xff\r\n", value: "70000", deadline: -1 }
]

describe("a snapshot", () => {
  it.prop(
    "gives back what was written, in pieces of any size",
    { entries: Schema.Array(entry), piece: number(1, 50) },
    ({ entries, piece }) => {
      const wanted = entries.map(({ db, key, value, deadline }) => ({
        db,
        key: String(key),
        value: String(value),
        deadline
      }))
      const { entries: found, reason } = read(write(wanted), piece)
      assert.strictEqual(reason, undefined)
      assert.deepStrictEqual(found, wanted)
    },
    { arbitrary: { runs: 300, size: 30 } }
  )

  it("keeps long values, and their lengths", () => {
    for (const length of [63, 64, 16_383, 16_384, 300_000]) {
      const wanted = [{ db: 0, key: "k".repeat(length), value: "v".repeat(length), deadline: -1 }]
      assert.deepStrictEqual(read(write(wanted), 65_536).entries, wanted)
    }
  })

  it("writes a number as one only if it comes back as it was", () => {
    for (const value of [
      "0",
      "-0",
      "007",
      "+1",
      "2147483647",
      "2147483648",
      "-2147483648",
      "-2147483649",
      "1.0",
      " 1"
    ]) {
      assert.strictEqual(read(write([{ db: 0, key: "k", value, deadline: -1 }])).entries[0]?.value, value)
    }
  })

  it("is not complete until its last byte", () => {
    const bytes = write(sample)
    for (let length = 0; length < bytes.length; length++) {
      const { reader, reason } = read(bytes.subarray(0, length))
      assert.strictEqual(reason, "no end")
      assert.isAbove(reader.wanted, length)
    }
  })

  it("is refused if any byte is another one", () => {
    const bytes = write(sample)
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Uint8Array.from(bytes)
      damaged[at]! ^= 0x10
      assert.isString(read(damaged).reason, `byte ${at}`)
    }
  })

  it("may have zeros for a checksum, and what follows it does not matter", () => {
    const bytes = Buffer.from(write(sample))
    bytes.fill(0, bytes.length - 8)
    assert.deepStrictEqual(read(Buffer.concat([bytes, Buffer.from("more")])).entries, sample)
  })
})

describe("the reader", () => {
  it("knows what other servers write", () => {
    const idle = [248, 5]
    const frequency = [249, 200]
    const seconds = [253, 0, 0, 0, 101]
    const record = [0, 1, 107, 1, 118]
    assert.deepStrictEqual(read(file(...idle, ...frequency, ...seconds, ...record, 255)).entries, [
      { db: 0, key: "k", value: "v", deadline: 0x65000000 * 1000 }
    ])
  })

  it("reads compressed strings", () => {
    const compressed = [0xc3, 5, 20, 0, 97, 224, 10, 0]
    assert.strictEqual(read(file(0, 1, 107, ...compressed, 255)).entries[0]?.value, "a".repeat(20))
    assert.match(read(file(0, 1, 107, 0xc3, 2, 20, 0, 97, 255)).reason!, /compressed string that is damaged/)
    const huge = [0xc3, 2, 0x81, 0, 0, 255, 255, 255, 255, 255, 255, 0, 97]
    assert.match(read(file(0, 1, 107, ...huge, 255)).reason!, /compressed string that is damaged/)
  })

  it("says what it cannot read", () => {
    const cases: ReadonlyArray<readonly [Uint8Array, RegExp]> = [
      [Buffer.from("DUMMY0009"), /no RDB file/],
      [Buffer.from("REDIS0012"), /version 0012/],
      [Buffer.from("REDISabcd"), /version abcd/],
      [file(7, 1, 34), /the key "\\"" is the value of a module/],
      [file(100, 1, 107), /no type of value 100/],
      [file(0, 1, 107, 0xc5), /unknown encoding/],
      [file(254, 0x82), /length that is none/],
      [file(254, 0x81, 255, 0, 0, 0, 0, 0, 0, 0), /length that is none/],
      [file(254, 0x40 | 1, 0), /no database 256/],
      [file(245, 1, 97), /library of functions/],
      [file(246, 1, 97), /library of functions/],
      [file(247, 1, 97), /data of a module/]
    ]
    for (const [bytes, reason] of cases) assert.match(read(bytes).reason ?? "none", reason)
  })
})

describe("values of every format", () => {
  const settings = { limits: defaultLimits, hashSeed: [1, 2] as const }
  const formats = Object.entries(everyFormat)
  const keyed = ([name, bytes]: readonly [string, Uint8Array]) => [
    bytes[0]!,
    name.length,
    ...Buffer.from(name),
    ...bytes.subarray(1)
  ]

  /** What a reader shows of a file that comes in pieces of that size, each value by its digest. */
  function digests(bytes: Uint8Array, piece: number): ReadonlyArray<string> {
    const db = new KeyspaceState(1, settings.hashSeed, () => 0).databases[0]!
    const found: Array<string> = []
    const reader = new RdbReader(
      {
        database: () => undefined,
        record: (key, value, deadline) => {
          found.push(`${key} ${valueDigest(db, insertDetached(db, key, value))} ${deadline}`)
          return undefined
        }
      },
      settings
    )
    for (let at = 0; at < bytes.length; at += piece) assert.isUndefined(reader.push(bytes.slice(at, at + piece)))
    assert.isTrue(reader.ended)
    assert.strictEqual(reader.position, bytes.length)
    return found
  }

  it("are the same in pieces of any size, and a deadline is of one key only", () => {
    const whole = file(
      ...formats.flatMap((format, i) => [...(i % 2 === 0 ? [252, i + 1, 0, 0, 0, 0, 0, 0, 0] : []), ...keyed(format)]),
      255
    )
    const wanted = digests(whole, whole.length)
    assert.deepStrictEqual(
      wanted.map((line) => line.split(" ")[0]),
      Object.keys(everyFormat)
    )
    for (const [i, line] of wanted.entries()) assert.match(line, i % 2 === 0 ? new RegExp(` ${i + 1}$`) : / -1$/)
    for (const piece of [1, 2, 3, 7, 64, 1000]) assert.deepStrictEqual(digests(whole, piece), wanted)
  })

  it("are left out if they are collections without elements, with their deadlines", () => {
    const empty = [1, 2, 4, 5, 18].flatMap((type) => [252, 1, 0, 0, 0, 0, 0, 0, 0, type, 1, 107, 0])
    assert.strictEqual(digests(file(...empty, 0, 1, 107, 1, 118, 255), 5).length, 1)
    assert.match(digests(file(...empty, 0, 1, 107, 1, 118, 255), 5)[0]!, /^k .* -1$/)
  })

  it("say where the damage is", () => {
    // The third element of the set is there already: the reader stops before it.
    const { reader, reason } = read(file(2, 1, 107, 3, 1, 97, 1, 98, 1, 97, 255))
    assert.match(reason!, /a member of a set twice/)
    assert.strictEqual(reader.position, 9 + 3 + 1 + 4)
  })
})
