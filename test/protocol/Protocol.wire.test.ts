/**
 * The wire over real sockets: what is answered, byte for byte, and whether the connection is closed after it. Where a
 * redis-server is installed it must do the same.
 */
import { assert, describe, it } from "@effect/vitest"
import { Wire } from "../conformance/Wire.ts"
import { ChildServer } from "../support/ChildServer.ts"
import { startFibredis } from "../support/Fibredis.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { encodeCommand, encodeCommands, printable } from "../support/request.ts"

interface Exchange {
  readonly sent: string
  readonly answer: string
  /** The server closes by itself, without waiting for the client to end. */
  readonly closes: boolean
}

const open = (sent: string, answer: string): Exchange => ({ sent, answer, closes: false })
const closes = (sent: string, answer: string): Exchange => ({ sent, answer, closes: true })
const broken = (sent: string, reason: string) => closes(sent, `-ERR Protocol error: ${reason}\r\n`)

const exchanges: { readonly [what: string]: ReadonlyArray<Exchange> } = {
  "inline commands": [
    open("PING\r\n", "+PONG\r\n"),
    open("ping\n", "+PONG\r\n"),
    open("\r\n\r\nPING\r\n", "+PONG\r\n"),
    open('ECHO "a \\x41\\n\\"" \r\n', '$5\r\na A\n"\r\n'),
    open("ECHO 'it\\'s'\r\nPING\r\n", "$4\r\nit's\r\n+PONG\r\n"),
    broken('ECHO "a\r\nPING\r\n', "unbalanced quotes in request"),
    broken("ECHO 'a'b\r\n", "unbalanced quotes in request"),
    broken("x".repeat(70_000), "too big inline request")
  ],
  "lengths of requests": [
    open("*0\r\n*-1\r\n*1\r\n$4\r\nPING\r\n", "+PONG\r\n"),
    broken("*a\r\n", "invalid multibulk length"),
    broken("*2147483648\r\n", "invalid multibulk length"),
    broken(`*${"1".repeat(70_000)}`, "too big mbulk count string")
  ],
  "lengths of arguments": [
    broken("*1\r\n$-1\r\n", "invalid bulk length"),
    broken("*1\r\n$536870913\r\n", "invalid bulk length"),
    broken("*1\r\n$a\r\n", "invalid bulk length"),
    broken("*2\r\n$4\r\nECHO\r\n:1\r\n", "expected '$', got ':'"),
    broken(`*1\r\n$${"1".repeat(70_000)}`, "too big bulk count string")
  ],
  "what came before a broken request": [
    closes(
      "PING\r\n*1\r\n$4\r\nPING\r\n*x\r\nPING\r\n",
      "+PONG\r\n+PONG\r\n-ERR Protocol error: invalid multibulk length\r\n"
    )
  ],
  "the protocols": [
    open("HELLO 4\r\n", "-NOPROTO unsupported protocol version\r\n"),
    open("HELLO x\r\n", "-ERR Protocol version is not an integer or out of range\r\n"),
    open("GET nokey\r\nSETRANGE nokey 0 ''\r\n", "$-1\r\n:0\r\n")
  ],
  "the end": [
    closes("QUIT\r\nPING\r\n", "+OK\r\n"),
    closes("MULTI\r\nPING\r\nQUIT\r\nEXEC\r\n", "+OK\r\n+QUEUED\r\n+OK\r\n")
  ]
}

const answerOf = async (port: number, pieces: ReadonlyArray<Buffer>, halfClose: boolean) => {
  const wire = await Wire.open(port)
  const { frames, ending } = await wire.raw(pieces, halfClose, 2000)
  await wire.close()
  return { answer: printable(Buffer.concat(frames).toString("latin1")), ending }
}

const bytes = (text: string): Buffer => Buffer.from(text, "latin1")

const verify = async (port: number): Promise<void> => {
  for (const [what, list] of Object.entries(exchanges)) {
    for (const { sent, answer, closes } of list) {
      const found = await answerOf(port, [bytes(sent)], !closes)
      const wanted = { answer: printable(answer), ending: "closed" }
      assert.deepStrictEqual(found, wanted, `${what}: ${printable(sent).slice(0, 80)}`)
    }
  }
}

const login = encodeCommand(["AUTH", "secret"])
const big = encodeCommand(["ECHO", "x".repeat(20_000)])
const many = encodeCommand(["DEL", ...Array.from({ length: 20 }, (_, i) => `k${i}`)])

/** What a client may send before it has given the password. */
const verifyUnauthenticated = async (port: number): Promise<void> => {
  const refused = { answer: "", ending: "closed" }
  const error = (text: string) => ({ ...refused, answer: printable(`-${text}\r\n`) })
  assert.deepStrictEqual(await answerOf(port, [bytes("PING\r\n")], true), error("NOAUTH Authentication required."))
  assert.deepStrictEqual(
    await answerOf(port, [big.subarray(0, 100)], false),
    error("ERR Protocol error: unauthenticated bulk length")
  )
  assert.deepStrictEqual(
    await answerOf(port, [many.subarray(0, 100)], false),
    error("ERR Protocol error: unauthenticated multibulk length")
  )
  const { answer } = await answerOf(port, [Buffer.concat([login, big, many])], true)
  assert.strictEqual(answer, printable(`+OK\r\n$20000\r\n${"x".repeat(20_000)}\r\n:0\r\n`))
}

const pipeline = encodeCommands([
  ["SET", "k", "v"],
  ["GET", "k"],
  ["ECHO", "\r\n\0\xff"],
  ["HELLO", "3", "SETNAME", "me"],
  ["CLIENT", "GETNAME"],
  ["GET", "nokey"],
  ["CONFIG", "GET", "port"]
])

describe("the wire", () => {
  it("answers and closes as the protocol says", { timeout: 60_000 }, async () => {
    await using server = await startFibredis()
    await verify(server.port)
  })

  it("limits who has not given the password, and nobody else", async () => {
    await using server = await startFibredis(["--requirepass", "secret"])
    await verifyUnauthenticated(server.port)
  })

  it("reads the same requests wherever they are cut", { timeout: 60_000 }, async () => {
    await using server = await startFibredis()
    const idless = (text: string) => text.replace(/(id\\r\\n:)\d+/, "$1")
    const whole = idless((await answerOf(server.port, [pipeline], true)).answer)
    assert.match(whole, /^\+OK.*me.*_/)
    for (let at = 1; at < pipeline.length; at++) {
      const pieces = [pipeline.subarray(0, at), pipeline.subarray(at)]
      assert.strictEqual(idless((await answerOf(server.port, pieces, true)).answer), whole, `cut at ${at}`)
    }
    const bytewise = Array.from(pipeline, (_, at) => pipeline.subarray(at, at + 1))
    assert.strictEqual(idless((await answerOf(server.port, bytewise, true)).answer), whole)
  })
})

describe.skipIf(RedisServer.skipWithout(RedisServer.available, "the wire of redis-server"))("redis-server", () => {
  it("agrees", { timeout: 60_000 }, async () => {
    await using server = await RedisServer.start()
    await verify(server.port)
  })

  it("agrees about clients without the password", async () => {
    await using server = await ChildServer.start({
      name: "redis-server",
      command: "redis-server",
      args: (port) => ["--port", String(port), "--save", "", "--requirepass", "secret"]
    })
    await verifyUnauthenticated(server.port)
  })
})
