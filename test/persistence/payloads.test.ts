/** Values of every type given to and taken from a real redis-server, by DUMP and RESTORE. */
import { assert, describe, it } from "@effect/vitest"
import { Random } from "../conformance/Random.ts"
import { startFibredis } from "../support/Fibredis.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { RespClient } from "../support/RespClient.ts"
import { smallLimits, valueCommands, valueTypes } from "../support/randomValues.ts"
import { show } from "../support/showReply.ts"

const KEYS = 60

const digests = async (client: RespClient, keys: ReadonlyArray<string>) =>
  show(await client.call("DEBUG", "DIGEST-VALUE", ...keys))

/** What a digest does not tell: the groups of streams, and what is known of ids that are gone. */
const streamFacts = async (client: RespClient, keys: ReadonlyArray<string>) =>
  (await client.pipeline(keys.map((key) => ["XINFO", "STREAM", key, "FULL", "COUNT", 0]))).map(show)

/** Takes the values of one server to the other. */
async function carry(from: RespClient, to: RespClient, keys: ReadonlyArray<string>): Promise<void> {
  const payloads = await from.pipeline(keys.map((key) => ["DUMP", key]))
  const restored = await to.pipeline(
    payloads.map((payload, i) => {
      assert.strictEqual(payload._tag, "Bulk", keys[i])
      return ["RESTORE", keys[i]!, 0, payload._tag === "Bulk" ? payload.bytes : "", "REPLACE"]
    })
  )
  assert.deepStrictEqual([...new Set(restored.map(show))], ["OK"])
}

describe.skipIf(RedisServer.skipWithout(RedisServer.available, "payloads of redis-server"))("payloads", () => {
  for (const type of valueTypes) {
    it(`of redis-server come in and go back: ${type}`, { timeout: 60_000 }, async () => {
      await using redis = await RedisServer.start()
      await using fibredis = await startFibredis()
      await using theirs = await RespClient.connect(redis)
      await using ours = await RespClient.connect(fibredis)
      for (let round = 0; round < 4; round++) {
        const random = new Random(round)
        const keys = Array.from({ length: KEYS }, (_, i) => `k${i}`)
        for (const client of [theirs, ours]) await client.call("FLUSHALL")
        for (const key of keys) await theirs.pipeline(valueCommands(type, key, random))
        const wanted = await digests(theirs, keys)
        const facts = type === "stream" ? await streamFacts(theirs, keys) : []
        // Large forms there and compact ones here, and the other way round.
        if (round > 0)
          for (const limit of smallLimits) await (round === 1 ? theirs : ours).call("CONFIG", "SET", ...limit)
        await carry(theirs, ours, keys)
        assert.strictEqual(await digests(ours, keys), wanted)
        await carry(ours, theirs, keys)
        assert.strictEqual(await digests(theirs, keys), wanted)
        if (type === "stream") assert.deepStrictEqual(await streamFacts(theirs, keys), facts)
        for (const key of keys) assert.strictEqual(show(await theirs.call("TYPE", key)), type)
      }
    })
  }
})
