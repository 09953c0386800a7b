import { assert, describe, it } from "@effect/vitest"
import { sparkline } from "../../src/values/sparkline.ts"

const points = (...values: ReadonlyArray<number>) => values.map((value, i) => ({ value, label: String(i) }))

describe("a sparkline", () => {
  it("is four rows of columns above their labels, as redis-server draws it", () => {
    assert.deepStrictEqual(sparkline(points(20, 7, 100, 33, 50, 1, 70, 20), 80).split("\n"), [
      "  #     ",
      "  |   # ",
      "  |_# | ",
      "#_|||_|#",
      "        ",
      "01234567",
      ""
    ])
  })

  it("goes on below when it is too wide, with the same scale", () => {
    assert.deepStrictEqual(sparkline(points(1, 2, 100), 2).split("\n"), [
      ...["  ", "  ", "  ", "__", "  ", "01", ""],
      ...["#", "|", "|", "|", " ", "2", ""]
    ])
  })

  it("is flat when all numbers are the same", () => {
    assert.strictEqual(sparkline(points(5, 5), 80), "  \n  \n  \n__\n  \n01\n")
  })
})
