/** Workers of two real clients that block on the same keys of fibredis: who is served, and what happens to one that goes. */
import { setTimeout as sleep } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { Redis } from "ioredis"
import { createClient } from "redis"
import { startFibredis } from "../support/Fibredis.ts"

async function ioredis(port: number) {
  const client = new Redis({ port, host: "127.0.0.1", lazyConnect: true, retryStrategy: () => null })
  client.on("error", () => {})
  await client.connect()
  return Object.assign(client, { [Symbol.dispose]: () => client.disconnect() })
}

async function nodeRedis(port: number) {
  const client = createClient({ RESP: 3, socket: { host: "127.0.0.1", port, reconnectStrategy: false } })
  client.on("error", () => {})
  await client.connect()
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() })
}

/** Asks the server until so many clients are blocked. */
async function blocked(observer: Redis, count: number): Promise<void> {
  while (!(await observer.info("clients")).includes(`blocked_clients:${count}\r\n`)) await sleep(2)
}

describe("workers of two clients", () => {
  it("are served in the order in which they came", async () => {
    await using server = await startFibredis()
    using observer = await ioredis(server.port)
    using first = await ioredis(server.port)
    using second = await nodeRedis(server.port)
    using third = await ioredis(server.port)
    const one = first.blpop("queue", 0)
    await blocked(observer, 1)
    const two = second.blPop("queue", 0)
    await blocked(observer, 2)
    const three = third.blmove("queue", "done", "LEFT", "RIGHT", 0)
    await blocked(observer, 3)
    await observer.rpush("queue", "a", "b", "c")
    assert.deepStrictEqual(await one, ["queue", "a"])
    assert.deepStrictEqual({ ...(await two) }, { key: "queue", element: "b" })
    assert.strictEqual(await three, "c")
    assert.deepStrictEqual(await observer.lrange("done", 0, -1), ["c"])
  })

  it("share the work fairly, and each piece goes to one of them", async () => {
    await using server = await startFibredis()
    using writer = await ioredis(server.port)
    using left = await ioredis(server.port)
    using right = await nodeRedis(server.port)
    const JOBS = 500
    const taken: Record<"left" | "right", Array<string>> = { left: [], right: [] }
    const done = (): boolean => taken.left.length + taken.right.length === JOBS
    const workers = [
      (async () => {
        while (!done()) {
          const job = await left.bzpopmin("jobs", 0.5)
          if (job !== null) taken.left.push(job[1])
        }
      })(),
      (async () => {
        while (!done()) {
          const job = await right.bzPopMin("jobs", 0.5)
          if (job !== null) taken.right.push(job.value)
        }
      })()
    ]
    for (let job = 0; job < JOBS; job++) await writer.zadd("jobs", job, `job:${job}`)
    await Promise.all(workers)
    const all = new Set([...taken.left, ...taken.right])
    assert.strictEqual(all.size, JOBS)
    assert.isAbove(Math.min(taken.left.length, taken.right.length), JOBS / 5)
  })

  it("share a consumer group, each entry being one consumer's", async () => {
    await using server = await startFibredis()
    using writer = await ioredis(server.port)
    using left = await ioredis(server.port)
    using right = await nodeRedis(server.port)
    await writer.xgroup("CREATE", "events", "workers", "$", "MKSTREAM")
    const one = left.xreadgroup("GROUP", "workers", "left", "COUNT", 1, "BLOCK", 0, "STREAMS", "events", ">")
    await blocked(writer, 1)
    const two = right.xReadGroup("workers", "right", { key: "events", id: ">" }, { COUNT: 1, BLOCK: 0 })
    await blocked(writer, 2)
    const [first, second] = [await writer.xadd("events", "*", "n", "1"), await writer.xadd("events", "*", "n", "2")]
    assert.deepStrictEqual(await one, [["events", [[first, ["n", "1"]]]]])
    assert.include(JSON.stringify(await two), String(second))
    const pending = await writer.xpending("events", "workers")
    assert.deepStrictEqual(pending, [
      2,
      first,
      second,
      [
        ["left", "1"],
        ["right", "1"]
      ]
    ])
  })
})

describe("a worker that hangs up while it waits", () => {
  it("is forgotten, and loses nothing that was pushed after it", async () => {
    await using server = await startFibredis()
    using observer = await ioredis(server.port)
    using gone = await nodeRedis(server.port)
    using stays = await ioredis(server.port)
    const lost = gone.blPop("queue", 0).catch(() => "gone")
    await blocked(observer, 1)
    const kept = stays.blpop("queue", 0)
    await blocked(observer, 2)
    gone.destroy()
    assert.strictEqual(await lost, "gone")
    await blocked(observer, 1)
    await observer.rpush("queue", "a")
    assert.deepStrictEqual(await kept, ["queue", "a"])
    assert.strictEqual(await observer.llen("queue"), 0)
  })
})

describe("a server that shuts down", () => {
  it("lets the blocked go at once", { timeout: 20_000 }, async () => {
    await using server = await startFibredis()
    using observer = await ioredis(server.port)
    const workers = await Promise.all(Array.from({ length: 50 }, () => ioredis(server.port)))
    const waits = workers.map((worker) => worker.blpop("queue", 0).catch(() => "gone"))
    await blocked(observer, 50)
    const began = performance.now()
    observer.shutdown("NOSAVE").catch(() => {})
    assert.deepStrictEqual(
      await Promise.all(waits),
      waits.map(() => "gone")
    )
    assert.strictEqual(await server.exited, 0)
    assert.isBelow(performance.now() - began, 5000)
  })
})
