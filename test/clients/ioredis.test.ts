/** ioredis against fibredis. */
import { once } from "node:events"
import { assert, describe, it } from "@effect/vitest"
import { Redis } from "ioredis"
import { startFibredis } from "../support/Fibredis.ts"

/** A connected client that is closed with the test; it logs nothing when its server goes away. */
async function connect(port: number, options: { readonly db?: number; readonly password?: string } = {}) {
  const client = new Redis({ port, host: "127.0.0.1", lazyConnect: true, retryStrategy: () => 20, ...options })
  client.on("error", () => {})
  await client.connect()
  return Object.assign(client, { [Symbol.dispose]: () => client.disconnect() })
}

describe("ioredis", () => {
  it("sets, gets and counts", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port)
    assert.strictEqual(await client.set("k", "v", "EX", 100), "OK")
    assert.strictEqual(await client.get("k"), "v")
    assert.strictEqual(await client.ttl("k"), 100)
    assert.strictEqual(await client.incrby("n", 5), 5)
    assert.deepStrictEqual(await client.mget("k", "n", "none"), ["v", "5", null])
    const binary = Buffer.from([0, 255, 13, 10])
    await client.set("binary", binary)
    assert.deepStrictEqual(await client.getBuffer("binary"), binary)
  })

  it("asks what commands there are", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port)
    const all = await client.command("LIST")
    assert.includeMembers(all, ["get", "client|id"])
    assert.lengthOf(await client.command("INFO", "get", "set"), 2)
    assert.deepStrictEqual(await client.command("GETKEYS", "MSET", "a", "1", "b", "2"), ["a", "b"])
  })

  it("pipelines", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port)
    const replies = await client.pipeline().set("a", 1).incr("a").get("a").incr("none\n").exec()
    assert.deepStrictEqual(replies, [
      [null, "OK"],
      [null, 2],
      [null, "2"],
      [null, 1]
    ])
    const many = await Promise.all(Array.from({ length: 1000 }, (_, i) => client.set(`key:${i}`, i)))
    assert.isTrue(many.every((reply) => reply === "OK"))
  })

  it("runs transactions and notices a watched key that changed", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port)
    using other = await connect(server.port)
    assert.deepStrictEqual(await client.multi().set("a", "1").incr("a").exec(), [
      [null, "OK"],
      [null, 2]
    ])
    await client.watch("a")
    await other.set("a", "changed")
    assert.isNull(await client.multi().get("a").exec())
  })

  it("subscribes to channels and patterns", async () => {
    await using server = await startFibredis()
    using subscriber = await connect(server.port)
    using publisher = await connect(server.port)
    assert.strictEqual(await subscriber.subscribe("news", "sport"), 2)
    assert.strictEqual(await subscriber.psubscribe("n*"), 3)
    const message = once(subscriber, "message")
    const patternMessage = once(subscriber, "pmessage")
    assert.strictEqual(await publisher.publish("news", "hello"), 2)
    assert.deepStrictEqual(await message, ["news", "hello"])
    assert.deepStrictEqual(await patternMessage, ["n*", "news", "hello"])
    assert.strictEqual(await subscriber.unsubscribe("news", "sport"), 1)
  })

  it("scans the whole keyspace as a stream", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port)
    await client.mset(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key:${i}`, i])))
    const found = new Set<string>()
    for await (const keys of client.scanStream({ match: "key:*", count: 50 })) for (const key of keys) found.add(key)
    assert.strictEqual(found.size, 500)
  })

  it("selects a database and authenticates when it connects", async () => {
    await using server = await startFibredis(["--requirepass", "secret"])
    using first = await connect(server.port, { password: "secret" })
    using second = await connect(server.port, { password: "secret", db: 2 })
    await first.set("k", "v")
    assert.isNull(await second.get("k"))
  })

  it("comes back when the server does", { timeout: 30_000 }, async () => {
    const server = await startFibredis()
    using client = await connect(server.port)
    await client.set("k", "v")
    await server[Symbol.asyncDispose]()
    await using again = await startFibredis([], undefined, server.port)
    assert.strictEqual(again.port, server.port)
    assert.isNull(await client.get("k"))
  })
})
