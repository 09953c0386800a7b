/** node-redis (npm `redis`) against fibredis, on RESP2 and on RESP3. */
import { assert, describe, it } from "@effect/vitest"
import { createClient } from "redis"
import { startFibredis } from "../support/Fibredis.ts"

/** A connected client that is closed with the test. */
async function connect<Version extends 2 | 3>(port: number, RESP: Version) {
  const client = createClient({ RESP, socket: { host: "127.0.0.1", port, reconnectStrategy: () => 20 } })
  client.on("error", () => {})
  await client.connect()
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() })
}

describe.each([2, 3] as const)("node-redis on RESP%s", (protocol) => {
  it("sets, gets and counts", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port, protocol)
    assert.strictEqual(await client.set("k", "v", { expiration: { type: "EX", value: 100 } }), "OK")
    assert.strictEqual(await client.get("k"), "v")
    assert.strictEqual(await client.incrBy("n", 5), 5)
    assert.deepStrictEqual(await client.mGet(["k", "none"]), ["v", null])
    assert.deepStrictEqual({ ...(await client.configGet("maxclients")) }, { maxclients: "10000" })
  })

  it("asks what commands there are", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port, protocol)
    const [get, none] = await client.commandInfo(["get", "none"])
    assert.deepStrictEqual([get?.name, get?.arity, [...(get?.flags ?? [])]], ["get", 2, ["readonly", "fast"]])
    assert.isNull(none)
    assert.strictEqual((await client.command()).length, await client.commandCount())
    assert.deepStrictEqual(await client.commandList({ FILTERBY: { type: "PATTERN", value: "MS*" } }), [
      "mset",
      "msetnx"
    ])
    assert.deepStrictEqual(await client.commandGetKeys(["MSET", "a", "1", "b", "2"]), ["a", "b"])
    const [used] = await client.commandGetKeysAndFlags(["SET", "k", "v", "GET"])
    assert.deepStrictEqual([used?.key, [...(used?.flags ?? [])]], ["k", ["RW", "access", "update"]])
  })

  it("pipelines what is asked in one turn", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port, protocol)
    const counts = await Promise.all(Array.from({ length: 1000 }, () => client.incr("n")))
    assert.deepStrictEqual(
      counts,
      Array.from({ length: 1000 }, (_, i) => i + 1)
    )
  })

  it("runs transactions and notices a watched key that changed", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port, protocol)
    using other = await connect(server.port, protocol)
    const replies: ReadonlyArray<unknown> = await client.multi().set("a", "1").incr("a").exec()
    assert.deepStrictEqual(replies, ["OK", 2])
    await client.watch("a")
    await other.set("a", "changed")
    const refused = await client
      .multi()
      .get("a")
      .exec()
      .then(
        () => "done",
        (error: Error) => error.constructor.name
      )
    assert.strictEqual(refused, "WatchError")
  })

  it("subscribes to channels and patterns", async () => {
    await using server = await startFibredis()
    using subscriber = await connect(server.port, protocol)
    using publisher = await connect(server.port, protocol)
    const heard: Array<string> = []
    await subscriber.subscribe("news", (message, channel) => heard.push(`${channel}: ${message}`))
    await subscriber.pSubscribe("n*", (message, channel) => heard.push(`n* ${channel}: ${message}`))
    await subscriber.sSubscribe("shard", (message, channel) => heard.push(`shard ${channel}: ${message}`))
    assert.strictEqual(await publisher.publish("news", "hello"), 2)
    assert.strictEqual(await publisher.sPublish("shard", "one"), 1)
    await subscriber.unsubscribe("news")
    await subscriber.ping()
    assert.deepStrictEqual(heard, ["news: hello", "n* news: hello", "shard shard: one"])
  })

  it("scans the whole keyspace", async () => {
    await using server = await startFibredis()
    using client = await connect(server.port, protocol)
    await client.mSet(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key:${i}`, String(i)])))
    const found = new Set<string>()
    for await (const keys of client.scanIterator({ MATCH: "key:*", COUNT: 50 })) for (const key of keys) found.add(key)
    assert.strictEqual(found.size, 500)
  })

  it("comes back when the server does", { timeout: 30_000 }, async () => {
    const server = await startFibredis()
    using client = await connect(server.port, protocol)
    await client.set("k", "v")
    await server[Symbol.asyncDispose]()
    await using again = await startFibredis([], undefined, server.port)
    assert.strictEqual(again.port, server.port)
    assert.isNull(await client.get("k"))
  })
})

describe("node-redis with its client-side cache", () => {
  it("forgets what another client changed", async () => {
    await using server = await startFibredis()
    const client = createClient({
      RESP: 3,
      socket: { host: "127.0.0.1", port: server.port },
      clientSideCache: { ttl: 0, maxEntries: 0, evictPolicy: "LRU" }
    })
    client.on("error", () => {})
    await client.connect()
    using other = await connect(server.port, 3)
    await other.set("k", "old")
    assert.strictEqual(await client.get("k"), "old")
    assert.strictEqual(await client.get("k"), "old")
    await other.set("k", "new")
    await client.ping()
    assert.strictEqual(await client.get("k"), "new")
    client.destroy()
  })
})
