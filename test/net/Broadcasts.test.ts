import { assert, describe, it } from "@effect/vitest"
import { Broadcasts } from "../../src/net/Broadcasts.ts"

describe("Broadcasts", () => {
  it("go on to the next prefix when a client is cut off by what it is told of one", () => {
    const broadcasts = new Broadcasts<string>()
    for (const prefix of ["a", "b"]) broadcasts.add(prefix, "slow")
    broadcasts.add("c", "other")
    for (const key of ["a1", "b1", "c1"]) broadcasts.changed(key, undefined)
    const told: Array<string> = []
    broadcasts.collect(
      () => true,
      (client, keys) => {
        told.push(`${client}: ${keys}`)
        if (client === "slow") for (const prefix of ["a", "b"]) broadcasts.remove(prefix, client)
      }
    )
    assert.deepStrictEqual(told, ["slow: a1", "other: c1"])
    assert.strictEqual(broadcasts.size, 1)
  })
})
