import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { hashNameOf } from "../../src/protocol/commandName.ts"
import { RequestDecoder } from "../../src/protocol/RequestDecoder.ts"
import { Randomness } from "../support/Randomness.ts"
import { bytesOf, decode, encode, pieces, randomCommand, randomText } from "./requests.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

const MIXED = `${encode(["SET", "k", "a\r\nb\0"])}*0\r\n\r\nPING "a\\x41" 'it\\'s'\r\n*-1\r\n${encode(["GET", ""])}ECHO x\n`
const MIXED_COMMANDS = [
  ["SET", "k", "a\r\nb\0"],
  ["PING", "aA", "it's"],
  ["GET", ""],
  ["ECHO", "x"]
]

const errorOf = (text: string, decoder = new RequestDecoder()) => decode([text], decoder).error

function unauthenticated(): RequestDecoder {
  const decoder = new RequestDecoder()
  decoder.authenticated = false
  return decoder
}

describe("frames", () => {
  it("carry their arguments, the hash of their name and where their bytes are", () => {
    const decoder = new RequestDecoder()
    decoder.push(bytesOf(`${encode(["GeT", "key"])}ping\r\n`))
    assert.strictEqual(decoder.decode(), 2)
    const get = [2, hashNameOf("get"), 0, 8, 3, 17, 3]
    const ping = [1, hashNameOf("ping"), -1, 22, 4]
    assert.deepStrictEqual([...decoder.frames.subarray(0, decoder.used)], [...get, ...ping])
    assert.strictEqual(decoder.decode(), 0)
  })

  it("lie in the chunk itself when it holds them whole", () => {
    const decoder = new RequestDecoder()
    const chunk = bytesOf(encode(["PING"]))
    decoder.push(chunk)
    decoder.decode()
    assert.strictEqual(decoder.buffer, chunk)
  })

  it("are the same however the bytes are split in two", () => {
    const whole = decode([MIXED])
    assert.deepStrictEqual(whole.commands, MIXED_COMMANDS)
    for (let at = 1; at < MIXED.length; at++) {
      assert.deepStrictEqual(decode([MIXED.slice(0, at), MIXED.slice(at)]), whole, `split at ${at}`)
    }
  })

  it.prop(
    "are the same however the bytes are split",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      const commands = Array.from({ length: 1 + random.below(6) }, () => randomCommand(random))
      const text = commands.map(encode).join("")
      const expected = { commands, frames: commands.map(encode), error: undefined, pending: 0 }
      for (let size = 1; size <= Math.min(text.length, 40); size++) {
        assert.deepStrictEqual(decode(pieces(text, size)), expected)
        assert.deepStrictEqual(decode(pieces(text, size), new RequestDecoder(), true), expected, "chunks are reused")
      }
      assert.deepStrictEqual(decode([text]), expected)
    },
    { arbitrary: { runs: 150 } }
  )

  it("keep an argument that comes in many chunks in one buffer of its size", () => {
    const decoder = new RequestDecoder()
    const value = "v".repeat(300_000)
    const text = encode(["SET", "k", value])
    const { commands } = decode(pieces(text, 1000), decoder)
    assert.strictEqual(commands[0]![2], value)
    decoder.push(bytesOf(text.slice(0, 1000)))
    assert.strictEqual(decoder.decode(), 0)
    decoder.push(bytesOf(text.slice(1000)))
    assert.strictEqual(decoder.decode(), 1)
    assert.strictEqual(decoder.buffer.length, text.length)
  })

  it("of a large pipeline come in parts that a table of 64 KiB holds", () => {
    const decoder = new RequestDecoder()
    const [command, total] = [encode(["LPUSH", "list", "x"]), 10_000]
    decoder.push(bytesOf(command.repeat(total)))
    let found = 0
    let decodes = 0
    for (; decoder.decode() > 0; decodes++) {
      found += decoder.count
      assert.isAtMost(decoder.frames.byteLength, 64 * 1024)
    }
    assert.strictEqual(found, total)
    assert.isAbove(decodes, 1)
  })

  it("whose line ends are other bytes are taken, but not as bytes to pass on", () => {
    assert.deepStrictEqual(decode(["*2\rX$1\rYaZZ$1\r\nb\r\n", encode(["c"])]), {
      commands: [["a", "b"], ["c"]],
      frames: [undefined, encode(["c"])],
      error: undefined,
      pending: 0
    })
  })
})

describe("pendingBytes", () => {
  it("is what an incomplete command has sent so far", () => {
    assert.strictEqual(decode(["PING\r\n*2\r\n$3\r\nGE"]).pending, 10)
    assert.strictEqual(decode(["*2\r\n$3\r\nGE", "T"]).pending, 11)
    assert.strictEqual(decode([encode(["PING"])]).pending, 0)
  })

  it("does not count what a length promises, and neither does memory", () => {
    const decoder = new RequestDecoder()
    assert.strictEqual(decode(["*1000000000\r\n$500000000\r\nab"], decoder).pending, 27)
    assert.isAtMost(decoder.buffer.length, 1024 * 1024)
    assert.isAtMost(decoder.frames.length, 1024)
  })
})

// Rescanning from the start would take hours, not the seconds that a test has.
describe("linear work", () => {
  it("is enough for a large argument in small chunks", () => {
    const megabyte = encode(["SET", "k", "x".repeat(2 ** 20)])
    assert.strictEqual(decode(pieces(megabyte, 1024)).commands.length, 1)
  })

  it("is enough for very many arguments byte by byte", () => {
    const decoder = new RequestDecoder()
    const many = bytesOf(encode(Array.from({ length: 300_000 }, () => "x")))
    let argc = 0
    for (let at = 0; at < many.length; at++) {
      decoder.push(many.subarray(at, at + 1))
      while (decoder.decode() > 0) argc += decoder.frames[0]!
    }
    assert.strictEqual(argc, 300_000)
  })

  it("is enough for a line of the longest size byte by byte", () => {
    assert.strictEqual(decode(pieces(`*1${" ".repeat(65_000)}`, 1)).pending, 65_002)
    assert.strictEqual(decode(pieces(`${"a ".repeat(32_000)}\n`, 1)).commands[0]!.length, 32_000)
  })
})

describe("protocol errors", () => {
  const cases: ReadonlyArray<readonly [request: string, error: string | undefined]> = [
    ["*a\r\n", "invalid multibulk length"],
    ["*\r\n", "invalid multibulk length"],
    ["*01\r\n", "invalid multibulk length"],
    ["*+1\r\n", "invalid multibulk length"],
    ["*2147483648\r\n", "invalid multibulk length"],
    ["*2147483647\r\n", undefined],
    ["*1048577\r\n", undefined],
    ["*-5\r\n", undefined],
    ["*1\r\n$-1\r\n", "invalid bulk length"],
    ["*1\r\n$\r\n", "invalid bulk length"],
    ["*1\r\n$00\r\n", "invalid bulk length"],
    ["*1\r\n$1x\r\n", "invalid bulk length"],
    ["*1\r\n$536870912\r\n", undefined],
    ["*1\r\n$536870913\r\n", "invalid bulk length"],
    ["*1\r\n:1\r\n", "expected '$', got ':'"],
    ["*1\r\n:1", undefined],
    ["*1\r\n\xff1\r\n", "expected '$', got '\xff'"],
    [`*${"1".repeat(65535)}`, undefined],
    [`*${"1".repeat(65536)}`, "too big mbulk count string"],
    [`*1\r\n$${"1".repeat(65535)}`, undefined],
    [`*1\r\n$${"1".repeat(65536)}`, "too big bulk count string"],
    ["x".repeat(65536), undefined],
    ["x".repeat(65537), "too big inline request"],
    [`${"\0".repeat(65537)}\n`, "too big inline request"],
    ["a\0b\n", undefined],
    ['a "b\r\n', "unbalanced quotes in request"],
    ["a 'b'c\r\n", "unbalanced quotes in request"],
    [`${"x".repeat(65536)}\n`, undefined]
  ]
  for (const [request, error] of cases) {
    it(`${JSON.stringify(request.slice(0, 24))} of ${request.length}: ${error ?? "none"}`, () => {
      const expected = error === undefined ? undefined : `Protocol error: ${error}`
      assert.strictEqual(errorOf(request), expected)
      if (request.length < 100) assert.strictEqual(decode(pieces(request, 1)).error, expected)
    })
  }

  it("come after the frames before them and end the decoding", () => {
    const decoder = new RequestDecoder()
    decoder.push(bytesOf("PING\r\n*x\r\nPING\r\n"))
    assert.strictEqual(decoder.decode(), 1)
    assert.isUndefined(decoder.error)
    assert.strictEqual(decoder.decode(), 0)
    assert.strictEqual(decoder.error, "Protocol error: invalid multibulk length")
    assert.strictEqual(decoder.decode(), 0)
  })

  it("follow proto-max-bulk-len", () => {
    const decoder = new RequestDecoder()
    decoder.maxBulkLength = 4
    assert.isUndefined(errorOf(encode(["abcd"]), decoder))
    assert.strictEqual(errorOf(encode(["abcde"]), decoder), "Protocol error: invalid bulk length")
  })
})

describe("a client without its password", () => {
  it("may send ten arguments of 16384 bytes", () => {
    assert.isUndefined(errorOf("*10\r\n$16384\r\n", unauthenticated()))
    assert.strictEqual(errorOf("*11\r\n", unauthenticated()), "Protocol error: unauthenticated multibulk length")
    assert.strictEqual(errorOf("*1\r\n$16385\r\n", unauthenticated()), "Protocol error: unauthenticated bulk length")
  })

  it("has one command decoded at a time, so that AUTH holds for the next", () => {
    const decoder = unauthenticated()
    decoder.push(bytesOf(encode(["AUTH", "s"]) + encode(Array.from({ length: 11 }, () => "x"))))
    assert.strictEqual(decoder.decode(), 1)
    decoder.authenticated = true
    assert.strictEqual(decoder.decode(), 1)
    assert.strictEqual(decoder.frames[0], 11)
  })
})

describe("garbage", () => {
  /** A frame that something happened to: bytes changed, lost, or lengths out of all proportion. */
  function malformed(random: Randomness): string {
    const text = random.oneIn(4) ? randomText(random, 200) : encode(randomCommand(random))
    const at = random.below(text.length + 1)
    const length = random.pick(["", "9", "99999999", "536870912", "-1", "\r", "\n", "*", "$", "\0"])
    return `${text.slice(0, at)}${length}${text.slice(at + random.below(3))}`
  }

  it("of 10,000 malformed frames never throws, never grows, and ends alike in whole and in pieces", () => {
    const random = new Randomness(20261121)
    for (let round = 0; round < 10_000; round++) {
      const text = malformed(random) + malformed(random)
      const decoder = new RequestDecoder()
      const whole = decode([text], decoder)
      assert.isAtMost(decoder.buffer.length, 1024 * 1024)
      assert.isAtMost(decoder.frames.length, 4 * text.length + 64)
      const split = decode(pieces(text, 1 + random.below(7)))
      assert.deepStrictEqual([split.commands, split.error], [whole.commands, whole.error], JSON.stringify(text))
    }
  })
})
