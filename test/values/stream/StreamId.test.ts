import { assert, describe, it } from "@effect/vitest"
import { Slice } from "../../../src/values/Slice.ts"
import { type MissingSeq, parseId, parseNewId, parseStrictId } from "../../../src/values/stream/parseStreamId.ts"
import { ID_BYTES, ID_WORDS, MutableStreamId, StreamId } from "../../../src/values/stream/StreamId.ts"
import { Randomness } from "../../support/Randomness.ts"

const MAX = 2n ** 64n - 1n

/** Numbers of 64 bits with a liking for the borders of their halves. */
function number64(random: Randomness): bigint {
  const half = () => BigInt(random.pick([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, random.below(2 ** 32)]))
  return (half() << 32n) | half()
}

const halves = (n: bigint): readonly [high: number, low: number] => [
  Number(BigInt.asIntN(32, n >> 32n)),
  Number(BigInt.asIntN(32, n))
]

const idOf = (ms: bigint, seq: bigint): StreamId => new StreamId(...halves(ms), ...halves(seq))

describe("StreamId", () => {
  it("is written, ordered and stepped through as two numbers of 64 bits", () => {
    const random = new Randomness(5)
    let last = { ms: 0n, seq: 0n }
    for (let i = 0; i < 20_000; i++) {
      const ms = random.oneIn(4) ? last.ms : number64(random)
      const seq = number64(random)
      const id = idOf(ms, seq)
      assert.strictEqual(id.toString(), `${ms}-${seq}`)
      assert.strictEqual(id.ms, Number(ms))
      const joined = (ms << 64n) | seq
      const lastJoined = (last.ms << 64n) | last.seq
      const order = joined < lastJoined ? -1 : joined > lastJoined ? 1 : 0
      assert.strictEqual(Math.sign(id.compare(idOf(last.ms, last.seq))), order)
      assert.strictEqual(id.equals(idOf(last.ms, last.seq)), order === 0)
      assert.strictEqual(id.sameMs(idOf(last.ms, last.seq)), ms === last.ms)
      const next = joined + 1n
      const previous = joined - 1n
      assert.strictEqual(id.next()?.toString(), ms === MAX && seq === MAX ? undefined : `${next >> 64n}-${next & MAX}`)
      assert.strictEqual(id.previous()?.toString(), joined === 0n ? undefined : `${previous >> 64n}-${previous & MAX}`)
      last = { ms, seq }
    }
  })

  it("comes back from bytes, from a table and from text as it was", () => {
    const random = new Randomness(7)
    const bytes = new Uint8Array(3 + ID_BYTES)
    const words = new Int32Array(2 * ID_WORDS)
    const read = new MutableStreamId()
    for (let i = 0; i < 5000; i++) {
      const id = idOf(number64(random), number64(random))
      id.writeBinary(bytes, 3)
      assert.isTrue(StreamId.fromBinary(bytes, 3).equals(id))
      id.store(words, ID_WORDS)
      assert.isTrue(read.load(words, ID_WORDS).equals(id))
      assert.strictEqual(id.compareStored(words, ID_WORDS), 0)
      assert.isTrue(parseStrictId(Slice.latin1(id.toString()), 0, read))
      assert.isTrue(read.equals(id))
    }
  })

  it("is made of safe integers", () => {
    assert.strictEqual(StreamId.fromNumbers(0, 0).toString(), "0-0")
    assert.strictEqual(StreamId.fromNumbers(2 ** 53 - 1, 2 ** 32).toString(), "9007199254740991-4294967296")
    assert.strictEqual(new MutableStreamId().setNumbers(1795646478773, 3).toString(), "1795646478773-3")
  })

  it("stops at its ends", () => {
    const id = new MutableStreamId().set(StreamId.MAX)
    assert.isFalse(id.increment())
    assert.isTrue(id.equals(StreamId.MAX))
    id.set(StreamId.MIN)
    assert.isFalse(id.decrement())
    assert.isTrue(id.isMin)
  })
})

describe("parsing ids", () => {
  const parsed = (text: string, parse: (text: Slice, into: MutableStreamId) => boolean): string => {
    const id = new MutableStreamId()
    return parse(Slice.latin1(text), id) ? id.toString() : "none"
  }
  const strict = (text: string, missing: MissingSeq = 0) =>
    parsed(text, (slice, into) => parseStrictId(slice, missing, into))
  const lax = (text: string) => parsed(text, (slice, into) => parseId(slice, 0, into))

  it("takes both numbers or the first", () => {
    assert.strictEqual(strict("123-4"), "123-4")
    assert.strictEqual(strict("123"), "123-0")
    assert.strictEqual(strict("123", -1), "123-18446744073709551615")
    assert.strictEqual(strict("18446744073709551615-18446744073709551615"), "18446744073709551615-18446744073709551615")
  })

  it("takes - and + where they mean something", () => {
    assert.strictEqual(lax("-"), "0-0")
    assert.strictEqual(lax("+"), "18446744073709551615-18446744073709551615")
    assert.strictEqual(lax("-\x00junk"), "0-0")
    assert.strictEqual(lax("5-6"), "5-6")
    assert.strictEqual(strict("-"), "none")
    assert.strictEqual(strict("+"), "none")
  })

  it("reads numbers as strtoull does", () => {
    assert.strictEqual(strict("007-08"), "7-8")
    assert.strictEqual(strict(" \t\n\v\f\r5- 6"), "5-6")
    assert.strictEqual(strict("+5-+6"), "5-6")
    assert.strictEqual(strict("5\x00-7"), "5-0")
    assert.strictEqual(strict("5-7\x00x"), "5-7")
    assert.strictEqual(strict("5--06"), "5-18446744073709551610")
    assert.strictEqual(strict("5--0"), "5-0")
    assert.strictEqual(strict("5- -6"), "5-18446744073709551610")
    assert.strictEqual(strict("5--9223372036854775809"), "5-9223372036854775807")
    assert.strictEqual(strict("5--18446744073709551615"), "5-1")
    assert.strictEqual(strict(`${"0".repeat(100)}1-1`), "1-1")
  })

  it("refuses everything else", () => {
    for (const text of [
      "",
      "a",
      "1-",
      "-1",
      "1-a",
      "1 -1",
      "1-1 ",
      "1-1-1",
      "1.5",
      "(1",
      "1-*",
      "*",
      "$",
      ">",
      "1-+-1"
    ]) {
      assert.strictEqual(strict(text), "none", text)
    }
    for (const text of [
      "5--6",
      "5--9223372036854775808",
      "18446744073709551616",
      "1-99999999999999999999",
      "5--18446744073709551616"
    ]) {
      assert.strictEqual(strict(text), "none", text)
    }
    assert.strictEqual(strict("1".repeat(128)), "none")
    assert.strictEqual(lax("+1x"), "none")
    assert.strictEqual(lax(""), "none")
  })

  it("leaves the sequence number of a new entry open", () => {
    const id = new MutableStreamId()
    assert.strictEqual(parseNewId(Slice.latin1("9-*"), id), false)
    assert.strictEqual(id.toString(), "9-0")
    assert.strictEqual(parseNewId(Slice.latin1("9-3"), id), true)
    assert.strictEqual(id.toString(), "9-3")
    assert.strictEqual(parseNewId(Slice.latin1("9"), id), true)
    assert.strictEqual(id.toString(), "9-0")
    assert.isUndefined(parseNewId(Slice.latin1("9-**"), id))
    assert.isUndefined(parseNewId(Slice.latin1("*-*"), id))
    assert.isUndefined(parseNewId(Slice.latin1("*"), id))
  })
})
