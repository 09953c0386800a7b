/**
 * Bad input over real sockets: ten thousand malformed frames and lengths that no server should believe. The server
 * answers or closes, goes on serving others, and keeps nothing.
 */
import { assert, describe, it } from "@effect/vitest"
import { Random } from "../conformance/Random.ts"
import { Wire } from "../conformance/Wire.ts"
import { startFibredis } from "../support/Fibredis.ts"
import { RespClient } from "../support/RespClient.ts"
import { encodeCommand } from "../support/request.ts"
import { residentMegabytes } from "../support/residentMemory.ts"
import { show } from "../support/showReply.ts"

const FRAMES = 10_000
const CONCURRENT = 50

/** Growth, in MB, that the collector may not have come round to; what the frames claim to hold is a million times more. */
const ALLOWED_GROWTH = 64

const CLAIMS = [
  "536870912",
  "536870913",
  "2147483647",
  "4294967296",
  "9223372036854775807",
  "-1",
  "-9223372036854775808",
  "1e9",
  "0x7f",
  ""
]

/** A request whose header claims more than will ever come, or something that is no number. */
const claim = (random: Random): Buffer =>
  Buffer.from(
    random.pick([
      () => `*${random.pick(CLAIMS)}\r\n$4\r\nPING\r\n`,
      () => `*2\r\n$4\r\nECHO\r\n$${random.pick(CLAIMS)}\r\nabc`,
      () => `*${random.between(1, 1_048_576)}\r\n$${random.pick(CLAIMS)}\r\n`,
      () => `*1\r\n$${random.between(1000, 536_870_912)}\r\nPING`
    ])(),
    "latin1"
  )

/** A good request with a few bytes changed, left out or put in. */
function damaged(random: Random): Buffer {
  let text = encodeCommand(["SET", `key${random.between(1, 9)}`, random.bytes(random.between(0, 40))]).toString(
    "latin1"
  )
  for (let hits = random.between(1, 4); hits > 0; hits--) {
    const at = random.between(0, text.length)
    const noise = random.pick(["", "\r\n", "*", "$", "\x00", "\xff", '"', random.bytes(1).toString("latin1")])
    text = text.slice(0, at) + noise + text.slice(at + random.between(0, 2))
  }
  return Buffer.from(text, "latin1")
}

const garbage = (random: Random): Buffer => random.bytes(random.between(1, 300))

describe("malformed input", () => {
  it(`survives ${FRAMES} malformed frames without growing`, { timeout: 120_000 }, async () => {
    await using server = await startFibredis()
    const random = new Random(1)
    const batch = () =>
      Promise.all(
        Array.from({ length: CONCURRENT }, async () => {
          const bytes = random.weighted([
            [4, claim],
            [4, damaged],
            [2, garbage]
          ] as const)(random)
          const wire = await Wire.open(server.port)
          const { ending } = await wire.raw([bytes], true, 5000)
          await wire.close()
          return ending === "closed" ? undefined : bytes
        })
      )
    for (let warm = 0; warm < 10; warm++) await batch()
    const before = residentMegabytes(server.pid)
    for (let sent = 0; sent < FRAMES; sent += CONCURRENT) {
      const hung = (await batch()).find((bytes) => bytes !== undefined)
      assert.isUndefined(hung, `left open: ${hung}`)
    }
    assert.isTrue(server.alive, server.output)
    assert.isBelow(residentMegabytes(server.pid) - before, ALLOWED_GROWTH)
    await using client = await RespClient.connect(server)
    assert.strictEqual(show(await client.call("PING")), "PONG")
  })

  it("believes no length before the bytes have come", { timeout: 30_000 }, async () => {
    await using server = await startFibredis()
    const before = residentMegabytes(server.pid)
    const clients = await Promise.all(Array.from({ length: 100 }, () => RespClient.connect(server)))
    for (const client of clients) client.write("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$536870912\r\nonly this")
    await using other = await RespClient.connect(server)
    assert.strictEqual(show(await other.call("PING")), "PONG")
    assert.isBelow(residentMegabytes(server.pid) - before, ALLOWED_GROWTH)
    await Promise.all(clients.map((client) => client.close()))
  })
})
