import { assert, describe, it } from "@effect/vitest"
import { splitInline, UNBALANCED, wordsCapacity } from "../../src/protocol/splitInline.ts"

function split(line: string): ReadonlyArray<string> | undefined {
  const bytes = Buffer.from(line, "latin1")
  const words = new Int32Array(wordsCapacity(bytes.length))
  const count = splitInline(bytes, 0, bytes.length, words, 0)
  if (count === UNBALANCED) return undefined
  return Array.from({ length: count }, (_, i) =>
    bytes.toString("latin1", words[2 * i]!, words[2 * i]! + words[2 * i + 1]!)
  )
}

const cases: ReadonlyArray<readonly [line: string, words: ReadonlyArray<string> | undefined]> = [
  ["", []],
  [" \t\v\f", []],
  ["SET k v", ["SET", "k", "v"]],
  ["  a \r b\t", ["a", "b"]],
  ["a\vb\fc", ["a\vb\fc"]],
  ['"a b" c', ["a b", "c"]],
  ['""', [""]],
  ['a"b c"', ["ab c"]],
  ['"\\n\\r\\t\\b\\a\\q\\"\\\\"', ['\n\r\t\b\x07q"\\']],
  ['"\\x00\\xfF\\x4"', ["\0\xffx4"]],
  ["'\\n\\x41\\' \"'", ["\\n\\x41' \""]],
  ["\\x41 \\n", ["\\x41", "\\n"]],
  ['"a"\v"b"', ["a", "b"]],
  ['"a"b', undefined],
  ["'a''b'", undefined],
  ['"a', undefined],
  ['"a\\', undefined],
  ["'a\\'", undefined],
  ['"\\"', undefined]
]

describe("splitInline", () => {
  for (const [line, words] of cases) {
    it(`${JSON.stringify(line)} has the words ${JSON.stringify(words) ?? "of an unbalanced line"}`, () => {
      assert.deepStrictEqual(split(line), words)
    })
  }
})
