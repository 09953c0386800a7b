import { assert, describe, it } from "@effect/vitest"
import { decompress } from "../../src/persistence/lzf.ts"

const text = (bytes: ReadonlyArray<number>, length: number): string | undefined => {
  const source = Uint8Array.from([99, ...bytes, 99])
  const result = decompress(source, 1, source.length - 1, length)
  return result && Buffer.from(result).toString("latin1")
}

const A = 97
const B = 98

describe("decompression", () => {
  it("copies what is not compressed", () => assert.strictEqual(text([1, A, B, 0, A], 3), "aba"))

  it("repeats what was there before", () => assert.strictEqual(text([2, A, B, A, 1 << 5, 2], 6), "abaaba"))

  it("repeats what it is just writing", () => assert.strictEqual(text([0, A, 7 << 5, 10, 0], 20), "a".repeat(20)))

  it("finds what is far back", () => {
    const literals = Array.from({ length: 20 }, (_, i) => [31, ...Array.from({ length: 32 }, () => A + i)]).flat()
    assert.strictEqual(text([...literals, (1 << 5) | 2, 0x7f], 643)?.slice(-3), "aaa")
  })

  it("refuses what does not come to the length that is told", () => {
    assert.isUndefined(text([0, A], 2))
    assert.isUndefined(text([1, A, B], 1))
    assert.isUndefined(text([0, A, 1 << 5, 0], 3))
  })

  it("refuses what ends too early or looks back too far", () => {
    assert.isUndefined(text([3, A], 4))
    assert.isUndefined(text([0, A, 1 << 5], 4))
    assert.isUndefined(text([0, A, 7 << 5, 1], 11))
    assert.isUndefined(text([0, A, 1 << 5, 1], 4))
  })
})
