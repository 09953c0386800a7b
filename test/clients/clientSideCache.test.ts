/** The client-side cache of node-redis, which CLIENT TRACKING keeps honest. */
import { assert, describe, it } from "@effect/vitest"
import { BasicClientSideCache, createClient } from "redis"
import { startFibredis } from "../support/Fibredis.ts"

/** A connected client with a cache that counts. */
async function connect(port: number) {
  const cache = new BasicClientSideCache({ maxEntries: 100, recordStats: true })
  const client = createClient({ RESP: 3, clientSideCache: cache, socket: { host: "127.0.0.1", port } })
  client.on("error", () => {})
  await client.connect()
  return { cache, client, [Symbol.dispose]: () => client.destroy() }
}

/** The reader's value becomes the wanted one as soon as the invalidation has come. */
async function becomes(read: () => Promise<string | null>, wanted: string | null): Promise<void> {
  for (let round = 0; (await read()) !== wanted; round++) {
    assert.isBelow(round, 1000, `${wanted} did not come`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe("node-redis' client-side cache", () => {
  it("answers from memory until the key changes, expires or is flushed", { timeout: 30_000 }, async () => {
    await using server = await startFibredis()
    using reader = await connect(server.port)
    using writer = await connect(server.port)
    const read = () => reader.client.get("k")
    await writer.client.set("k", "1")
    for (let i = 0; i < 10; i++) assert.strictEqual(await read(), "1")
    assert.strictEqual(reader.cache.stats().hitCount, 9)
    await writer.client.set("k", "2")
    await becomes(read, "2")
    await writer.client.multi().set("k", "3").incr("k").exec()
    await becomes(read, "4")
    await writer.client.pExpire("k", 20)
    await becomes(read, null)
    await writer.client.set("k", "5")
    await becomes(read, "5")
    await writer.client.flushAll()
    await becomes(read, null)
  })

  it("never keeps what is no longer true, whoever writes", { timeout: 30_000 }, async () => {
    await using server = await startFibredis()
    using first = await connect(server.port)
    using second = await connect(server.port)
    for (let round = 0; round < 200; round++) {
      const [writer, reader] = round % 2 === 0 ? [first, second] : [second, first]
      await Promise.all([reader.client.get("k"), writer.client.set("k", `${round}`), reader.client.get("k")])
      await becomes(() => reader.client.get("k"), `${round}`)
      await becomes(() => writer.client.get("k"), `${round}`)
    }
  })
})
