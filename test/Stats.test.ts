import { assert, describe, it } from "@effect/vitest"
import { ServerStats } from "../src/Stats.ts"

describe("the rates of INFO stats", () => {
  it("are the mean of what was counted between samples", () => {
    const stats = new ServerStats(0)
    stats.commandsProcessed = 100
    stats.sample(1000)
    stats.commandsProcessed = 400
    stats.sample(2000)
    assert.strictEqual(stats.commandRate.value, 200)
  })

  it("forget what was before a long silence", () => {
    const stats = new ServerStats(0)
    stats.commandsProcessed = 1000
    stats.sample(1000)
    stats.commandsProcessed = 1060
    stats.sample(61_000)
    assert.strictEqual(stats.commandRate.value, 1)
  })

  it("begin anew, and are never negative, when the counters do", () => {
    const stats = new ServerStats(0)
    stats.commandsProcessed = 1_000_000
    stats.sample(1000)
    stats.reset()
    assert.strictEqual(stats.commandRate.value, 0)
    stats.commandsProcessed = 5
    stats.sample(2000)
    assert.strictEqual(stats.commandRate.value, 5)
  })
})
