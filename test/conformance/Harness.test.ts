/** The suite that judges the server is judged first: it must find what differs, and nothing else. */
import { assert, describe, it } from "@effect/vitest"
import * as RedisServer from "../support/RedisServer.ts"
import type { Family } from "./Family.ts"
import { familiesNamed } from "./families/index.ts"
import { type Lie, startProxy } from "./MutatingProxy.ts"
import { makeProgram } from "./Program.ts"
import { report, run } from "./Runner.ts"
import { shrink } from "./Shrink.ts"

const skip = RedisServer.skipWithout(RedisServer.available, "conformance harness")

/** Runs a few programs against a server that lies, and gives the first report. */
async function catchLie(lie: Lie, families: ReadonlyArray<Family>, commands = 2000): Promise<string> {
  await using redis = await RedisServer.start()
  await using other = await RedisServer.start()
  await using proxy = await startProxy(other.port, lie)
  const outcome = await run(
    { families, commands, seed: 1, mostDifferences: 1 },
    { reference: redis.port, subject: proxy.port }
  )
  return outcome.findings.map(report)[0] ?? "no difference"
}

describe("the conformance harness", () => {
  it("makes the same program of the same seed", () => {
    for (const family of familiesNamed([])) {
      assert.deepStrictEqual(makeProgram(family, 7, 50, 1000), makeProgram(family, 7, 50, 1000))
      assert.notDeepEqual(makeProgram(family, 7, 50, 1000).steps, makeProgram(family, 8, 50, 1000).steps)
    }
  })

  it("shrinks a list to what matters", async () => {
    const asked = Array.from({ length: 100 }, (_, i) => i)
    const kept = await shrink(asked, async (part) => part.includes(17) && part.includes(83))
    assert.deepStrictEqual(kept, [17, 83])
  })

  describe.skipIf(skip)("against redis-server", () => {
    it("finds no difference between Redis and Redis", { timeout: 60_000 }, async () => {
      await using reference = await RedisServer.start()
      await using subject = await RedisServer.start()
      const outcome = await run(
        { families: familiesNamed([]), commands: 10_000, seed: 1 },
        { reference: reference.port, subject: subject.port }
      )
      assert.deepStrictEqual(outcome.findings.map(report), [])
      assert.isAtLeast(outcome.commands, 10_000)
    })

    it("finds a wrong number and shows the least that leads to it", { timeout: 60_000 }, async () => {
      const text = await catchLie((replies) => replies.replace(/(^|\n):3\r\n/, "$1:4\r\n"), familiesNamed(["strings"]))
      assert.include(text, "redis:    (integer) 3")
      assert.include(text, "fibredis: (integer) 4")
      assert.isBelow(text.split("\n").length, 8)
    })

    it("finds a wrong error text", { timeout: 60_000 }, async () => {
      const text = await catchLie(
        (replies) => replies.replace("syntax error", "syntactic error"),
        familiesNamed(["keys"])
      )
      assert.include(text, "(error) ERR syntax error")
    })

    it("finds a key that an iteration forgets", { timeout: 60_000 }, async () => {
      const lie: Lie = (replies) =>
        replies.replace(/^\*2\r\n\$1\r\n0\r\n\*1\r\n\$\d+\r\n[^\r]*\r\n/, "*2\r\n$1\r\n0\r\n*0\r\n")
      assert.include(await catchLie(lie, familiesNamed(["keys"]), 8000), "{cursor}")
    })

    it("finds a message that is lost", { timeout: 60_000 }, async () => {
      const lie: Lie = (replies) => replies.replace(/[>*]3\r\n\$7\r\nmessage\r\n\$4\r\nnews\r\n\$\d+\r\n[^\r]*\r\n/, "")
      assert.include(await catchLie(lie, familiesNamed(["pubsub"])), "PUBLISH news")
    })

    it("finds a wrong value in what a program leaves behind", { timeout: 60_000 }, async () => {
      assert.include(
        await catchLie((replies) => replies.replace("embstr", "raw"), familiesNamed(["bitmaps"])),
        "embstr"
      )
    })
  })
})
