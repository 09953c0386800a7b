/**
 * kill -9 under `appendfsync always` while several clients write: after a restart every write that was acknowledged is
 * there. Fifty rounds in CI, a few elsewhere; `FIBREDIS_CRASH_ROUNDS` says otherwise.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { Random } from "../conformance/Random.ts"
import { startFibredis } from "../support/Fibredis.ts"
import { RespClient } from "../support/RespClient.ts"
import { show } from "../support/showReply.ts"

const ROUNDS = Number(process.env.FIBREDIS_CRASH_ROUNDS ?? (process.env.CI === "true" ? 50 : 3))
const CLIENTS = 4
/** Keys of one client: few, so that later writes replace earlier ones. */
const KEYS = 20

/** What a client was told is kept: the newest acknowledged number of each key, and the newest that was sent at all. */
interface Promised {
  readonly acknowledged: Map<string, number>
  readonly sent: Map<string, number>
}

/** Writes growing numbers until the server is gone; whole transactions now and then. */
async function write(port: number, name: string, promised: Promised, random: Random, from: number): Promise<void> {
  await using client = await RespClient.connect({ host: "127.0.0.1", port })
  for (let number = from; ; number++) {
    const keys = random.many(1, 3, () => `${name}:${random.between(1, KEYS)}`)
    const commands = keys.map((key) => ["SET", key, number])
    for (const key of keys) promised.sent.set(key, number)
    try {
      const replies = await client.pipeline(random.oneIn(4) ? [["MULTI"], ...commands, ["EXEC"]] : commands)
      for (const reply of replies) assert.notStrictEqual(reply._tag, "Error", show(reply))
    } catch (error) {
      if (error instanceof Error && error.name === "AssertionError") throw error
      return
    }
    for (const key of keys) promised.acknowledged.set(key, number)
  }
}

async function check(port: number, promised: Promised): Promise<void> {
  await using client = await RespClient.connect({ host: "127.0.0.1", port })
  for (const [key, number] of promised.acknowledged) {
    const found = Number(show(await client.call("GET", key)).replaceAll('"', ""))
    const last = promised.sent.get(key)!
    assert.isTrue(found >= number && found <= last, `${key}: acknowledged ${number}, sent ${last}, found ${found}`)
  }
}

describe("a crash under appendfsync always", () => {
  it(`loses no acknowledged write in ${ROUNDS} rounds`, { timeout: 20_000 + ROUNDS * 10_000 }, async () => {
    const dir = mkdtempSync(join(tmpdir(), "fibredis-crash-"))
    const flags = ["--appendonly", "yes", "--appendfsync", "always", "--dir", dir]
    const random = new Random(Date.now())
    const promised: Promised = { acknowledged: new Map(), sent: new Map() }
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const server = await startFibredis(flags)
        await check(server.port, promised)
        const writers = Array.from({ length: CLIENTS }, (_, i) =>
          write(server.port, `client${i}`, promised, random, round * 1_000_000)
        )
        await sleep(random.between(30, 400))
        await server.kill("SIGKILL")
        await Promise.all(writers)
      }
      await using survivor = await startFibredis(flags)
      await check(survivor.port, promised)
      assert.isAbove(promised.acknowledged.size, 0)
    } finally {
      rmSync(dir, { recursive: true, force: true })
    }
  })
})
