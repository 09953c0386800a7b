import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { README, withTables } from "./support/readmeTables.ts"

describe("the README", () => {
  it("lists the directives and commands that there are (npm run readme brings it up to date)", () => {
    const readme = readFileSync(README, "utf8")
    assert.strictEqual(readme, withTables(readme))
  })
})
