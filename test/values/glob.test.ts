import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { matchGlob } from "../../src/values/glob.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const Seed = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))

const matches = (pattern: string, text: string, ignoreCase = false) =>
  matchGlob(Slice.latin1(pattern), Slice.latin1(text), ignoreCase)

/** What redis-server 7 says to KEYS (and, ignoring case, to CONFIG GET). */
const cases: ReadonlyArray<readonly [pattern: string, text: string, matches: boolean, ignoreCase?: true]> = [
  ["", "", true],
  ["", "a", false],
  ["*", "", false],
  ["*", "a", true],
  ["a*", "a", true],
  ["a**", "a", true],
  ["*a*b", "xaxxb", true],
  ["*a*b", "xaxxbc", false],
  ["h?llo", "hello", true],
  ["h?llo", "hllo", false],
  ["h[ae]llo", "hallo", true],
  ["h[^e]llo", "hello", false],
  ["h[a-c]llo", "hbllo", true],
  ["h[c-a]llo", "hbllo", true],
  ["[a-\\]]", "\\", false],
  ["[\\]]", "]", true],
  ["[abc", "c", true],
  ["[^", "a", true],
  ["[", "a", false],
  ["[]", "a", false],
  ["[a-]", "]", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["\\", "\\", true],
  ["[a-\xff]", "\0", true],
  ["[a-\xff]", "z", false],
  ["MAX*", "maxmemory", true, true],
  ["[M-N]AX", "max", true, true],
  ["[\\M]ax", "max", false, true],
  ["[m]AX", "Max", true, true]
]

/** What one item of a pattern takes, `*` apart. */
type Item = "*" | ((byte: number) => boolean)

/** The pattern read once into items, by Redis' rules. */
function itemsOf(pattern: string): ReadonlyArray<Item> {
  const items: Array<Item> = []
  const signed = (byte: number) => (byte > 127 ? byte - 256 : byte)
  const code = (at: number) => pattern.charCodeAt(at)
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === "*") items.push("*")
    else if (pattern[at] === "?") items.push(() => true)
    else if (pattern[at] === "[") {
      const negated = pattern[at + 1] === "^"
      const taken = new Set<number>()
      for (at += negated ? 2 : 1; at < pattern.length && pattern[at] !== "]"; at++) {
        if (pattern[at] === "\\" && at + 1 < pattern.length) taken.add(code(++at))
        else if (pattern[at + 1] === "-" && at + 2 < pattern.length) {
          const [low, high] = [signed(code(at)), signed(code(at + 2))].sort((a, b) => a - b)
          for (let byte = low!; byte <= high!; byte++) taken.add(byte & 255)
          at += 2
        } else taken.add(code(at))
      }
      items.push((byte) => taken.has(byte) !== negated)
    } else {
      if (pattern[at] === "\\" && at + 1 < pattern.length) at++
      const literal = code(at)
      items.push((byte) => byte === literal)
    }
  }
  return items
}

/** Every way of giving each `*` its part of the text. */
function naive(items: ReadonlyArray<Item>, text: string): boolean {
  const [first, ...rest] = items
  if (first === undefined) return text === ""
  if (first === "*") return naive(rest, text) || (text !== "" && naive(items, text.slice(1)))
  return text !== "" && first(text.charCodeAt(0)) && naive(rest, text.slice(1))
}

describe("glob patterns", () => {
  for (const [pattern, text, expected, ignoreCase] of cases) {
    it(`${JSON.stringify(pattern)} ${expected ? "takes" : "does not take"} ${JSON.stringify(text)}`, () => {
      assert.strictEqual(matches(pattern, text, ignoreCase), expected)
    })
  }

  it.prop(
    "take what a naive model takes",
    [Seed],
    ([seed]) => {
      const random = new Randomness(seed)
      const from = (letters: string, max: number) =>
        Array.from({ length: random.below(max) }, () => random.pick([...letters])).join("")
      for (let i = 0; i < 50; i++) {
        const pattern = from("aab[]-^\\**?\xff", 9)
        const text = `${random.pick([..."ab]-^\\*\xff"])}${from("ab]-^\\*\xff", 6)}`
        assert.strictEqual(matches(pattern, text), naive(itemsOf(pattern), text), JSON.stringify([pattern, text]))
      }
    },
    { arbitrary: { runs: 400 } }
  )

  it("of many stars take no more than pattern times text", () => {
    assert.isFalse(matches(`${"*a".repeat(2000)}b`, "a".repeat(20_000)))
  })
})
