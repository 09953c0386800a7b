import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { LongestCommonSubsequence } from "../../src/values/longestCommonSubsequence.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

const randomText = (random: Randomness): string =>
  Array.from({ length: random.below(12) }, () => random.pick([..."abc"])).join("")

/** The length, by trying every way. */
function naiveLength(a: string, b: string): number {
  if (a === "" || b === "") return 0
  if (a[0] === b[0]) return 1 + naiveLength(a.slice(1), b.slice(1))
  return Math.max(naiveLength(a.slice(1), b), naiveLength(a, b.slice(1)))
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0
  for (const letter of whole) if (letter === part[at]) at++
  return at === part.length
}

describe("the longest common subsequence", () => {
  it.prop(
    "is in both strings, as long as can be, and lies where its matches say",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      const [a, b] = [randomText(random), randomText(random)]
      const lcs = new LongestCommonSubsequence(Slice.latin1(a), Slice.latin1(b))
      const text = new Slice(lcs.bytes()).toString()
      assert.strictEqual(lcs.length, naiveLength(a, b))
      assert.strictEqual(text.length, lcs.length)
      assert.isTrue(isSubsequence(text, a) && isSubsequence(text, b))
      const matches = [...lcs.matches()]
      for (const match of matches) {
        assert.strictEqual(a.slice(match.a[0], match.a[1] + 1), b.slice(match.b[0], match.b[1] + 1))
        assert.strictEqual(match.a[1] - match.a[0] + 1, match.length)
      }
      assert.strictEqual(
        matches
          .map((match) => a.slice(match.a[0], match.a[1] + 1))
          .toReversed()
          .join(""),
        text
      )
    },
    { arbitrary: { runs: 300 } }
  )
})
