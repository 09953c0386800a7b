import { assert, describe, it } from "@effect/vitest"
import { type Reply, ReplyDecoder, ReplyProtocolError } from "../../src/protocol/ReplyDecoder.ts"
import { Randomness } from "../support/Randomness.ts"
import { bytesOf, pieces, randomText } from "./requests.ts"

function decode(text: string, size = Math.max(text.length, 1)): ReadonlyArray<Reply> {
  const decoder = new ReplyDecoder()
  const replies: Array<Reply> = []
  for (const piece of pieces(text, size)) {
    decoder.push(bytesOf(piece))
    for (let reply = decoder.next(); reply !== undefined; reply = decoder.next()) replies.push(reply)
  }
  return replies
}

const one: Reply = { _tag: "Integer", value: 1n }

const replies: ReadonlyArray<readonly [text: string, ...replies: ReadonlyArray<Reply>]> = [
  ["", ...[]],
  ["$3\r\na\r", ...[]],
  [
    "$-1\r\n*-1\r\n_\r\n",
    { _tag: "Null", form: "bulk" },
    { _tag: "Null", form: "array" },
    { _tag: "Null", form: "resp3" }
  ],
  ["*0\r\n%0\r\n", { _tag: "Array", items: [] }, { _tag: "Map", entries: [] }],
  [":+1\r\n", one],
  [",nan\r\n,1.5e+20\r\n", { _tag: "Double", text: "nan" }, { _tag: "Double", text: "1.5e+20" }],
  ["!5\r\nERR a\r\n", { _tag: "Error", text: "ERR a" }],
  ["=5\r\nmkd:x\r\n", { _tag: "Verbatim", format: "mkd", text: "x" }],
  [
    "*2\r\n*0\r\n>1\r\n:1\r\n",
    {
      _tag: "Array",
      items: [
        { _tag: "Array", items: [] },
        { _tag: "Push", items: [one] }
      ]
    }
  ],
  ["|1\r\n:1\r\n:1\r\n:1\r\n", { _tag: "Attribute", entries: [[one, one]] }, one],
  ["*1\r\n|1\r\n:1\r\n:1\r\n:1\r\n", { _tag: "Array", items: [{ _tag: "Attribute", entries: [[one, one]] }, one] }]
]

const garbage = [
  "\r\n",
  "hello\r\n",
  ":\r\n",
  ":1x\r\n",
  "+a\rb",
  "$-2\r\n",
  "$01\r\n",
  "$x\r\n",
  "$1\r\nabc",
  "*-2\r\n",
  "*?\r\n",
  "*99999999999\r\n",
  "%-1\r\n",
  "#x\r\n",
  ",\r\n",
  ",1.5.5\r\n",
  "(1.5\r\n",
  "_x\r\n",
  "=3\r\ntxt\r\n",
  "%1\r\n|0\r\n",
  "constructor\r\n"
]

describe("replies", () => {
  for (const [text, ...expected] of replies) {
    it(JSON.stringify(text), () => {
      assert.deepStrictEqual(decode(text), expected)
      assert.deepStrictEqual(decode(text, 1), expected)
    })
  }

  it("nested deeper than any stack are decoded", () => {
    let [reply] = decode(`${"*1\r\n".repeat(100_000)}:1\r\n`)
    let depth = 0
    for (; reply?._tag === "Array"; depth++) reply = reply.items[0]
    assert.strictEqual(depth, 100_000)
  })

  it("in small pieces take linear work", () => {
    assert.strictEqual(decode(`$3000000\r\n${"x".repeat(3_000_000)}\r\n`, 512).length, 1)
    assert.strictEqual(decode(`*300000\r\n${":1\r\n".repeat(300_000)}`, 1).length, 1)
    assert.strictEqual(decode(`+${"x".repeat(300_000)}\r\n`, 1).length, 1)
  })
})

describe("garbage", () => {
  for (const text of garbage) {
    it(JSON.stringify(text), () => {
      const decoder = new ReplyDecoder()
      decoder.push(bytesOf(text))
      assert.throws(() => decoder.next(), ReplyProtocolError)
      assert.throws(() => decoder.next(), ReplyProtocolError)
    })
  }

  it("at random fails as garbage or waits for more, and nothing else", () => {
    const random = new Randomness(20261121)
    for (let round = 0; round < 10_000; round++) {
      const text = `${random.pick([..."+-:$*%~>|,#(=!_"])}${randomText(random, 12)}\r\n${randomText(random, 30)}`
      try {
        decode(text)
      } catch (error) {
        assert.instanceOf(error, ReplyProtocolError)
      }
    }
  })
})
