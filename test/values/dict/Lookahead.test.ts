import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Dict } from "../../../src/values/dict/Dict.ts"
import { Lookahead } from "../../../src/values/dict/Lookahead.ts"
import { Slice } from "../../../src/values/Slice.ts"

const buffer = Buffer.from("first second third")
const first = new Slice(buffer, 0, 5)

describe("Lookahead", () => {
  const knowing = () => {
    const lookahead = new Lookahead()
    lookahead.begin(buffer)
    lookahead.add(0, 5, 42)
    return lookahead
  }

  it("gives a hash back for the bytes it was told of", () => {
    assert.isTrue(knowing().knows(first))
    assert.strictEqual(knowing().hashOf(new Slice(buffer, 0, 5)), 42)
  })

  it("does not know a part of them, nor the same place in another buffer", () => {
    assert.isFalse(knowing().knows(new Slice(buffer, 0, 4)))
    assert.isFalse(knowing().knows(new Slice(Buffer.from(buffer), 0, 5)))
  })

  it("does not know what it was not told of, although it lies in the same slot", () => {
    const far = Buffer.alloc(600)
    const lookahead = new Lookahead()
    lookahead.begin(far)
    lookahead.add(0, 5, 42)
    assert.isFalse(lookahead.knows(new Slice(far, 256, 5)))
    assert.isFalse(lookahead.knows(new Slice(far, 512, 5)))
  })

  it("forgets with a new batch and when it is cleared", () => {
    const lookahead = knowing()
    lookahead.begin(buffer)
    assert.isFalse(lookahead.knows(first))
    lookahead.add(0, 5, 42)
    lookahead.clear()
    assert.isFalse(lookahead.knows(first))
  })
})

describe("a table that expects keys", () => {
  const Key = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 40 }))

  it.prop(
    "finds what it would have found, through inserts and removals, and after the buffer was used again",
    { present: Schema.Array(Key), asked: Schema.Array(Key), again: Schema.Array(Key) },
    ({ again, asked, present }) => {
      const dict = new Dict<never>([1, 2])
      const model = new Set<number>()
      const batch = Buffer.alloc(4096)
      const key = (n: number, at: number) =>
        new Slice(batch, at * 4, batch.write(`k${n} `.slice(0, 4), at * 4, "latin1"))
      const add = (slice: Slice, n: number) => {
        if (!model.has(n)) dict.insert(slice, 0)
        model.add(n)
      }
      for (const n of present) add(Slice.latin1(`k${n} `.slice(0, 4)), n)
      return [asked, again].every((numbers) => {
        const slices = numbers.map(key)
        dict.expect(batch, Int32Array.from(slices.flatMap(({ length, start }) => [start, length])), slices.length)
        const right = numbers.every((n, i) => {
          const ref = dict.find(slices[i]!)
          const agrees = (ref !== 0) === model.has(n)
          if (ref === 0) add(slices[i]!, n)
          else if (n % 2 === 0 && model.delete(n)) dict.remove(ref)
          return agrees
        })
        dict.expectNothing()
        return right
      })
    },
    { arbitrary: { runs: 300, size: 200 } }
  )
})
