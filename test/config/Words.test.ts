import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { joinWords, splitWords, toText, toWord } from "../../src/config/Words.ts"

const byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))
const word = Arbitrary.map(Arbitrary.schema(Schema.Array(byte)), (bytes) => String.fromCharCode(...bytes))

describe("words", () => {
  it.prop(
    "of any bytes survive being joined and split",
    { words: Arbitrary.array(word) },
    ({ words }) => assert.deepStrictEqual(splitWords(joinWords(words)), words),
    { arbitrary: { runs: 300, size: 40 } }
  )

  it("are quoted as redis.conf quotes them", () => {
    assert.deepStrictEqual(splitWords(`a "b c" 'd "e' "\\x41\\n" f"g"`), ["a", "b c", 'd "e', "A\n", "fg"])
    assert.deepStrictEqual(splitWords(""), [])
    assert.deepStrictEqual(splitWords('""'), [""])
    assert.isUndefined(splitWords('"a'))
    assert.isUndefined(splitWords('"a"b'))
  })

  it("are joined with quotes only where they are needed", () => {
    assert.strictEqual(joinWords(["-::1", "a b", "", "#1", "\xc3"]), '-::1 "a b" "" "#1" "\\xc3"')
  })

  it("are the bytes of their text", () => {
    assert.strictEqual(toWord("ä€"), "\xc3\xa4\xe2\x82\xac")
    assert.strictEqual(toText("\xc3\xa4\xe2\x82\xac"), "ä€")
  })
})
