import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { type Reply, ReplyDecoder } from "../../src/protocol/ReplyDecoder.ts"
import { ReplyWriter } from "../../src/protocol/ReplyWriter.ts"
import { formatDouble } from "../../src/values/numbers.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"
import { randomText } from "./requests.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

/** What `write` writes to a client of RESP2 and of RESP3. */
const written = (write: (reply: ReplyWriter) => void): readonly [resp2: string, resp3: string] => {
  const reply = new ReplyWriter()
  const text = (protocol: 2 | 3) => {
    reply.protocol = protocol
    reply.reset()
    write(reply)
    return Buffer.from(reply.bytes()).toString("latin1")
  }
  return [text(2), text(3)]
}

const forms: ReadonlyArray<
  readonly [name: string, write: (reply: ReplyWriter) => void, resp2: string, resp3?: string]
> = [
  ["ok", (reply) => reply.ok(), "+OK\r\n"],
  ["simple", (reply) => reply.simple("PONG"), "+PONG\r\n"],
  ["error", (reply) => reply.error("ERR a\r\nb"), "-ERR a  b\r\n"],
  ["int 0", (reply) => reply.int(0), ":0\r\n"],
  ["int -1", (reply) => reply.int(-1), ":-1\r\n"],
  ["int 2^31", (reply) => reply.int(2147483648), ":2147483648\r\n"],
  ["int with zeros in the middle", (reply) => reply.int(-7000000000000001), ":-7000000000000001\r\n"],
  ["bigint", (reply) => reply.bigint(-9223372036854775808n), ":-9223372036854775808\r\n"],
  ["bulk", (reply) => reply.bulk(new Slice(Buffer.from("xa\0\xffy", "latin1"), 1, 3)), "$3\r\na\0\xff\r\n"],
  ["bulkBytes", (reply) => reply.bulkBytes(Buffer.from("abc"), 1), "$2\r\nbc\r\n"],
  ["bulkText", (reply) => reply.bulkText("\xe9".repeat(40)), `$40\r\n${"\xe9".repeat(40)}\r\n`],
  ["null", (reply) => reply.null(), "$-1\r\n", "_\r\n"],
  ["nullArray", (reply) => reply.nullArray(), "*-1\r\n", "_\r\n"],
  ["array", (reply) => reply.array(12), "*12\r\n"],
  ["map", (reply) => reply.map(2), "*4\r\n", "%2\r\n"],
  ["set", (reply) => reply.set(2), "*2\r\n", "~2\r\n"],
  ["push", (reply) => reply.push(3), "*3\r\n", ">3\r\n"],
  ["double", (reply) => reply.double(0.1), "$19\r\n0.10000000000000001\r\n", ",0.10000000000000001\r\n"],
  ["infinite double", (reply) => reply.double(-Infinity), "$4\r\n-inf\r\n", ",-inf\r\n"],
  ["boolean", (reply) => reply.boolean(true), ":1\r\n", "#t\r\n"],
  ["verbatim", (reply) => reply.verbatim("txt", "a\r\nb"), "$4\r\na\r\nb\r\n", "=8\r\ntxt:a\r\nb\r\n"],
  [
    "bigNumber",
    (reply) => reply.bigNumber("12345678901234567890"),
    "$20\r\n12345678901234567890\r\n",
    "(12345678901234567890\r\n"
  ],
  ["raw", (reply) => reply.raw(Buffer.from("x:1\r\ny"), 1, 4), ":1\r\n"]
]

describe("the forms of RESP2 and RESP3", () => {
  for (const [name, write, resp2, resp3 = resp2] of forms) {
    it(name, () => assert.deepStrictEqual(written(write), [resp2, resp3]))
  }

  it("attribute, for RESP3", () => assert.strictEqual(written((reply) => reply.attribute(1))[1], "|1\r\n"))
})

describe("the buffer", () => {
  it("takes a count after the elements", () => {
    const nested = (reply: ReplyWriter) => {
      reply.ok()
      const map = reply.length
      reply.bulkText("k")
      const set = reply.length
      for (let i = 0; i < 11; i++) reply.int(i)
      reply.setAt(set, 11)
      reply.mapAt(map, 1)
      reply.arrayAt(map, 1)
    }
    const numbers = Array.from({ length: 11 }, (_, i) => `:${i}\r\n`).join("")
    assert.deepStrictEqual(written(nested), [
      `+OK\r\n*1\r\n*2\r\n$1\r\nk\r\n*11\r\n${numbers}`,
      `+OK\r\n*1\r\n%1\r\n$1\r\nk\r\n~11\r\n${numbers}`
    ])
  })

  it("forgets what a failed command wrote", () => {
    const [text] = written((reply) => {
      reply.ok()
      const mark = reply.length
      reply.array(3)
      reply.truncate(mark)
      reply.error("ERR no")
    })
    assert.strictEqual(text, "+OK\r\n-ERR no\r\n")
  })

  it("lets a reply be taken out, which later ones do not change", () => {
    const reply = new ReplyWriter()
    reply.ok()
    const mark = reply.length
    reply.int(12)
    const taken = reply.take(mark)
    reply.simple("PONG")
    assert.strictEqual(Buffer.from(taken).toString(), ":12\r\n")
    assert.strictEqual(Buffer.from(reply.bytes()).toString(), "+OK\r\n+PONG\r\n")
  })

  it("grows with the reply and is given back after a giant one", () => {
    const reply = new ReplyWriter()
    const giant = Buffer.alloc(3 * 1024 * 1024, 120)
    reply.ok()
    reply.bulkBytes(giant)
    assert.strictEqual(reply.length, 5 + 10 + giant.length + 2)
    assert.isTrue(giant.equals(reply.bytes().subarray(15, -2)))
    reply.reset()
    reply.ok()
    assert.isBelow(reply.bytes().buffer.byteLength, 1024 * 1024)
  })

  it("is left to the socket that kept it", () => {
    const reply = new ReplyWriter()
    reply.simple("one")
    const kept = reply.bytes()
    reply.detach()
    reply.simple("two")
    assert.strictEqual(Buffer.from(kept).toString(), "+one\r\n")
  })
})

/** Writes a random reply and returns what a decoder should make of it. */
function writeRandom(reply: ReplyWriter, random: Randomness, depth: number): Reply {
  const resp3 = reply.protocol === 3
  const text = () => randomText(random, 60)
  const line = () => text().replace(/[\r\n]/g, ".")
  const bulk = (from: string): Reply => ({ _tag: "Bulk", bytes: Buffer.from(from, "latin1") })
  const some = (n: number) => Array.from({ length: n }, () => writeRandom(reply, random, depth - 1))
  const pairs = (n: number) => Array.from({ length: n }, () => [some(1)[0]!, some(1)[0]!] as const)
  const length = random.below(4)
  const kinds: ReadonlyArray<() => Reply> = [
    () => {
      const simple = line()
      reply.simple(simple)
      return { _tag: "Simple", text: simple }
    },
    () => {
      const error = text()
      reply.error(error)
      return { _tag: "Error", text: error.replace(/[\r\n]/g, " ") }
    },
    () => {
      const n = Math.floor((random.next() - 0.5) * 10 ** random.below(17))
      reply.int(n)
      return { _tag: "Integer", value: BigInt(n) }
    },
    () => {
      const n = BigInt.asIntN(64, BigInt(Math.floor(random.next() * 2 ** 53)) * BigInt(random.below(5000)))
      reply.bigint(n)
      return { _tag: "Integer", value: n }
    },
    () => {
      const value = text()
      reply.bulk(Slice.latin1(value))
      return bulk(value)
    },
    () => {
      const value = text()
      reply.bulkText(value)
      return bulk(value)
    },
    () => {
      reply.null()
      return { _tag: "Null", form: resp3 ? "resp3" : "bulk" }
    },
    () => {
      reply.nullArray()
      return { _tag: "Null", form: resp3 ? "resp3" : "array" }
    },
    () => {
      const x = random.pick([0, -0, 1.5, 1e20, Infinity, -Infinity, random.next() * 10 ** (random.below(60) - 30)])
      reply.double(x)
      return resp3 ? { _tag: "Double", text: formatDouble(x) } : bulk(formatDouble(x))
    },
    () => {
      const value = random.oneIn(2)
      reply.boolean(value)
      return resp3 ? { _tag: "Boolean", value } : { _tag: "Integer", value: value ? 1n : 0n }
    },
    () => {
      const value = text()
      reply.verbatim("txt", value)
      return resp3 ? { _tag: "Verbatim", format: "txt", text: value } : bulk(value)
    },
    () => {
      reply.bigNumber("-123456789012345678901234567890")
      return resp3
        ? { _tag: "BigNumber", text: "-123456789012345678901234567890" }
        : bulk("-123456789012345678901234567890")
    },
    () => {
      reply.array(length)
      return { _tag: "Array", items: some(length) }
    },
    () => {
      reply.set(length)
      return { _tag: resp3 ? "Set" : "Array", items: some(length) }
    },
    () => {
      reply.push(length)
      return { _tag: resp3 ? "Push" : "Array", items: some(length) }
    },
    () => {
      const mark = reply.length
      const entries = pairs(length)
      reply.mapAt(mark, length)
      return resp3 ? { _tag: "Map", entries } : { _tag: "Array", items: entries.flat() }
    }
  ]
  const scalars = 12
  return kinds[random.below(depth > 0 ? kinds.length : scalars)]!()
}

describe("what is written", () => {
  for (const protocol of [2, 3] as const) {
    it.prop(
      `decodes to the same reply in RESP${protocol}, in pieces of any size`,
      [Seed],
      ([seed]) => {
        const random = new Randomness(seed)
        const reply = new ReplyWriter()
        reply.protocol = protocol
        const expected = Array.from({ length: 1 + random.below(5) }, () => writeRandom(reply, random, 3))
        const bytes = reply.bytes()
        for (const size of [bytes.length, 1, 1 + random.below(30)]) {
          const decoder = new ReplyDecoder()
          const decoded: Array<Reply> = []
          for (let at = 0; at < bytes.length; at += size) {
            decoder.push(bytes.subarray(at, at + size))
            for (let next = decoder.next(); next !== undefined; next = decoder.next()) decoded.push(next)
          }
          assert.deepStrictEqual(decoded, expected)
        }
      },
      { arbitrary: { runs: 400 } }
    )
  }
})
