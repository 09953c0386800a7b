import { assert, describe, it } from "@effect/vitest"
import { Random } from "../conformance/Random.ts"
import { startFibredis } from "../support/Fibredis.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { RespClient } from "../support/RespClient.ts"
import { valueCommands, valueTypes } from "../support/randomValues.ts"
import type { Words } from "../support/request.ts"
import { show } from "../support/showReply.ts"

/** Values of all types under a few keys of a few databases, some with a deadline. */
function values(random: Random): ReadonlyArray<Words> {
  return Array.from({ length: 80 }, () => {
    const key = `k${random.between(1, 60)}`
    return [["DEL", key], ...valueCommands(random.pick(valueTypes), key, random), ["SELECT", random.between(0, 4)]]
  }).flat()
}

/** Strings of all kinds under a few keys of a few databases, some with a deadline. */
function writes(random: Random): ReadonlyArray<Words> {
  return Array.from({ length: 400 }, (_, i): Words => {
    const key = random.oneIn(5) ? `\x00\xff${i}` : `k${random.between(1, 60)}`
    if (random.oneIn(10)) return ["SELECT", random.between(0, 4)]
    if (random.oneIn(10)) return ["DEL", key]
    if (random.oneIn(10)) return ["INCRBY", `n${random.between(1, 5)}`, random.between(1, 1_000_000)]
    if (random.oneIn(10)) return ["EXPIRE", key, 1000]
    const value = random.oneIn(3) ? String(i) : random.oneIn(20) ? "x".repeat(70_000) : `v\r\n${i}\x80`
    return random.oneIn(4) ? ["SET", key, value, "EX", 500] : ["SET", key, value]
  })
}

describe.skipIf(RedisServer.skipWithout(RedisServer.available, "digests"))("DEBUG DIGEST", () => {
  it("is redis-server's, of the whole and of single values", { timeout: 60_000 }, async () => {
    await using redis = await RedisServer.start()
    await using fibredis = await startFibredis()
    await using theirs = await RespClient.connect(redis)
    await using ours = await RespClient.connect(fibredis)
    const seen = new Set<string>()
    const same = async (...words: Words) => {
      const wanted = show(await theirs.call(...words))
      assert.strictEqual(show(await ours.call(...words)), wanted, words.join(" "))
      seen.add(wanted)
    }
    for (let round = 0; round < 5; round++) {
      const commands = writes(new Random(round))
      for (const client of [theirs, ours]) {
        await client.pipeline(commands)
        await client.pipeline(values(new Random(-round)))
      }
      await same("DEBUG", "DIGEST")
      await same("DEBUG", "DIGEST-VALUE", ...Array.from({ length: 60 }, (_, i) => `k${i}`))
    }
    assert.strictEqual(seen.size, 10)
    for (const client of [theirs, ours]) await client.call("FLUSHALL")
    await same("DEBUG", "DIGEST")
  })
})
