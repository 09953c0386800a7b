/** What a client that does not read costs, over real sockets. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { clientField, closed, eventually, idOf } from "../support/exchange.ts"
import { startFibredis } from "../support/Fibredis.ts"
import { RespClient } from "../support/RespClient.ts"
import { encodeCommands } from "../support/request.ts"
import { residentMegabytes } from "../support/residentMemory.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, mustPush, startServer } from "../support/TestServer.ts"

const NONE = { hard: 0, soft: 0, softSeconds: 0 }
const MEGABYTE = 1024 * 1024
/** More than the sockets of both sides hold. */
const MUCH = 24

/** Limits for subscribers or for other clients, none for the rest. */
const limits = (of: "normal" | "pubsub", hard: number, soft = 0, softSeconds = 0) => ({
  clientOutputBufferLimit: { normal: NONE, replica: NONE, pubsub: NONE, [of]: { hard, soft, softSeconds } }
})

const value = "x".repeat(MEGABYTE)

const disconnections = (client: RespClient): Effect.Effect<string> =>
  Effect.map(
    call(client, ["INFO", "stats"]),
    (info) => /client_output_buffer_limit_disconnections:(\d+)/.exec(show(info))?.[1] ?? "?"
  )

/** A subscriber that does not read, beside a client. */
const startWithSubscriber = Effect.fnUntraced(function* (
  config: Parameters<typeof startServer>[0],
  protocol: 2 | 3 = 2
) {
  const server = yield* startServer(config)
  const [slow, client] = [yield* connect(server, protocol), yield* connect(server)]
  const id = yield* idOf(slow)
  slow.write(encodeCommands([["SUBSCRIBE", "c"]]))
  yield* eventually(Effect.map(call(client, ["PUBSUB", "NUMSUB", "c"]), show), '["c", (integer) 1]')
  slow.pause()
  return { slow, client, id }
})

describe("the hard limit", () => {
  it.effect("cuts a client whose replies are longer", () =>
    Effect.gen(function* () {
      const server = yield* startServer(limits("normal", MEGABYTE))
      const [client, other] = [yield* connect(server), yield* connect(server)]
      yield* must(client, ["SET", "k", value.repeat(2)], "OK")
      yield* must(client, ["STRLEN", "k"], `(integer) ${2 * MEGABYTE}`)
      client.write(encodeCommands([["GET", "k"]]))
      yield* closed(client)
      assert.strictEqual(yield* disconnections(other), "1")
    })
  )

  it.effect("spares short replies however low it is", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* startServer(limits("normal", 1)))
      yield* must(client, ["SET", "k", "x".repeat(10_000)], "OK")
      yield* must(client, ["GET", "k"], (text) => text.length === 10_002)
    })
  )

  it.effect("cuts a slow subscriber while publishing goes on", () =>
    Effect.gen(function* () {
      const { client, slow } = yield* startWithSubscriber(limits("pubsub", 8 * MEGABYTE))
      let receivers = 1
      for (let sent = 0; receivers === 1; sent++) {
        assert.isBelow(sent, MUCH)
        const reply = yield* call(client, ["PUBLISH", "c", value])
        receivers = reply._tag === "Integer" ? Number(reply.value) : -1
      }
      assert.strictEqual(yield* disconnections(client), "1")
      slow.resume()
      yield* closed(slow)
    })
  )

  it.effect("changes while clients are connected", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const [client, other] = [yield* connect(server), yield* connect(server)]
      yield* must(client, ["SET", "k", value], "OK")
      yield* must(client, ["GET", "k"], (text) => text.length === MEGABYTE + 2)
      yield* must(other, ["CONFIG", "SET", "client-output-buffer-limit", "normal 100kb 0 0"], "OK")
      client.write(encodeCommands([["GET", "k"]]))
      yield* closed(client)
    })
  )
})

describe("the soft limit", () => {
  it.effect("cuts a client that is over it for too long, though nothing more is sent", () =>
    Effect.gen(function* () {
      const { client, id, slow } = yield* startWithSubscriber(limits("pubsub", 0, 4 * MEGABYTE, 10))
      for (let sent = 0; sent < MUCH; sent++) yield* must(client, ["PUBLISH", "c", value], "(integer) 1")
      yield* TestClock.adjust(10_000)
      assert.strictEqual(yield* disconnections(client), "0")
      yield* clientField(client, "sub", id)
      yield* TestClock.adjust(1)
      yield* eventually(disconnections(client), "1")
      slow.resume()
      yield* closed(slow)
    })
  )

  it.effect("spares a client that catches up in time", () =>
    Effect.gen(function* () {
      const { client, id, slow } = yield* startWithSubscriber(limits("pubsub", 0, 4 * MEGABYTE, 10), 3)
      for (let sent = 0; sent < MUCH; sent++) yield* must(client, ["PUBLISH", "c", value], "(integer) 1")
      yield* TestClock.adjust(9_000)
      slow.resume()
      yield* eventually(
        Effect.sync(() => String(slow.pushesWaiting >= MUCH)),
        "true"
      )
      yield* TestClock.adjust(60_000)
      yield* must(client, ["PUBLISH", "c", "more"], "(integer) 1")
      assert.strictEqual(yield* clientField(client, "sub", id), "1")
    })
  )
})

describe("messages for a slow subscriber", () => {
  it.effect("all arrive, in order, when it reads again", () =>
    Effect.gen(function* () {
      const { client, slow } = yield* startWithSubscriber({}, 3)
      const count = 20
      for (let sent = 0; sent < count; sent++) yield* must(client, ["PUBLISH", "c", `${sent} ${value}`], "(integer) 1")
      slow.resume()
      yield* mustPush(slow, 'push["subscribe", "c", (integer) 1]')
      for (let sent = 0; sent < count; sent++) {
        const push = show(yield* Effect.promise(() => slow.readPush()))
        assert.strictEqual(push.slice(0, 30), `push["message", "c", "${sent} ${value}`.slice(0, 30))
      }
    })
  )

  it("are not copied for each of them", { timeout: 60_000 }, async () => {
    await using server = await startFibredis(["--client-output-buffer-limit", "pubsub 0 0 0"])
    await using publisher = await RespClient.connect(server)
    const subscribers = await Promise.all(Array.from({ length: 20 }, () => RespClient.connect(server)))
    for (const subscriber of subscribers) {
      await subscriber.call("SUBSCRIBE", "c")
      subscriber.pause()
    }
    const message = "x".repeat(100)
    const publish = Array.from({ length: 1000 }, () => ["PUBLISH", "c", message])
    // The sockets take some megabytes for each; what is beyond that waits in the server.
    for (let round = 0; round < 40; round++) await publisher.pipeline(publish)
    const before = residentMegabytes(server.pid)
    for (let round = 0; round < 50; round++) await publisher.pipeline(publish)
    assert.isBelow(residentMegabytes(server.pid) - before, 100)
    await Promise.all(subscribers.map((subscriber) => subscriber.close()))
  })
})

describe("a client that asks and does not read", () => {
  it("costs a bounded amount of memory, and others nothing", { timeout: 60_000 }, async () => {
    await using server = await startFibredis()
    await using other = await RespClient.connect(server)
    await other.call("SET", "k", value)
    const before = residentMegabytes(server.pid)
    await using client = await RespClient.connect(server)
    client.pause()
    client.write(encodeCommands(Array.from({ length: 3000 }, () => ["GET", "k"])))
    for (let asked = 0; asked < 200; asked++) assert.strictEqual(show(await other.call("PING")), "PONG")
    assert.isBelow(residentMegabytes(server.pid) - before, 96)
  })
})
