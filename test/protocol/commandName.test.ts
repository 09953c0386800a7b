import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { hashName, hashNameOf, sameName } from "../../src/protocol/commandName.ts"

const Name = Schema.String.check(Schema.isPattern(/^[a-z_|-]{0,40}$/))
const Cases = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 2 ** 31 - 1 }))

describe("command names", () => {
  it.prop(
    "are found in any case and at any offset",
    [Name, Cases],
    ([name, bits]) => {
      const spelled = [...name].map((letter, i) => ((bits >> i) & 1 ? letter.toUpperCase() : letter)).join("")
      const bytes = Buffer.from(`xx${spelled}yy`, "latin1")
      assert.strictEqual(hashName(bytes, 2, name.length), hashNameOf(name))
      assert.isTrue(sameName(bytes, 2, name.length, name))
      assert.isFalse(sameName(bytes, 2, name.length + 1, name))
    },
    { arbitrary: { runs: 300, size: 40 } }
  )

  it("are not taken for others of the same hash", () => {
    assert.strictEqual(hashNameOf("@"), hashNameOf("`"))
    assert.isFalse(sameName(Buffer.from("@"), 0, 1, "`"))
  })

  it("that no command has cost no more than long ones", () => {
    const long = Buffer.alloc(100, "a")
    assert.strictEqual(hashName(long, 0, 100), hashNameOf("a".repeat(100)))
  })
})
