import { assert, describe, it } from "@effect/vitest"
import { Int64 } from "../../../src/values/Int64.ts"
import { Entry } from "../../../src/values/listpack/entries.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { OwnBytes } from "../../../src/values/SplicedBytes.ts"
import { emptyIntset, Intset } from "../../../src/values/set/Intset.ts"
import { Randomness } from "../../support/Randomness.ts"

const entry = new Entry()
const integer = (value: bigint): Int64 => {
  const parsed = new Int64()
  assert.isTrue(parsed.parse(Slice.latin1(value.toString())), value.toString())
  return parsed
}

const contents = (set: Intset): ReadonlyArray<string> =>
  Array.from({ length: set.count }, (_, i) => set.read(i, entry).toString())

const BITS = [8n, 15n, 16n, 31n, 32n, 52n, 53n, 54n, 63n]
const BORDERS = BITS.flatMap((bits) => {
  const power = 1n << bits
  return [power - 2n, power - 1n, power, power + 1n].flatMap((border) => [border, -border])
}).filter((value) => BigInt.asIntN(64, value) === value)

describe("Int64", () => {
  it("reads and spells integers exactly up to 64 bits", () => {
    for (const value of [0n, 1n, -1n, ...BORDERS]) {
      assert.strictEqual(integer(value).spell(entry).toString(), value.toString())
    }
  })

  it("takes canonical integers of 64 bits only", () => {
    const refused = ["", "-", "-0", "01", "+1", " 1", "1 ", "1.0", "a", "9223372036854775808", "-9223372036854775809"]
    for (const text of refused) assert.isFalse(new Int64().parse(Slice.latin1(text)), text)
  })
})

describe("Intset", () => {
  it("has Redis' layout", () => {
    const bytes = new OwnBytes(emptyIntset.slice())
    const set = new Intset(bytes)
    set.add(integer(5n))
    set.add(integer(-1n))
    assert.strictEqual(Buffer.from(bytes.view()).toString("hex"), "0200000002000000" + "ffff" + "0500")
    set.add(integer(70_000n))
    const four = "0400000003000000" + "ffffffff" + "05000000" + "70110100"
    assert.strictEqual(Buffer.from(bytes.view()).toString("hex"), four)
    set.delete(integer(70_000n))
    set.delete(integer(5n))
    set.add(integer(-(2n ** 63n)))
    const eight = "0800000002000000" + "0000000000000080" + "ffffffffffffffff"
    assert.strictEqual(Buffer.from(bytes.view()).toString("hex"), eight)
  })

  it("is a set of integers in ascending order", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Randomness(seed)
      const set = new Intset()
      const model = new Set<bigint>()
      // Wider ones come later, so that every widening is met with integers there.
      const drawn = (step: number): bigint => {
        const limit = 1n << BITS[Math.min(BITS.length - 1, Math.floor(step / 60))]!
        const near = BORDERS.filter((border) => border <= limit && border >= -limit)
        return near.length > 0 && random.oneIn(2) ? random.pick(near) : BigInt(random.below(200) - 100)
      }
      for (let step = 0; step < 1000; step++) {
        const value = drawn(step)
        if (random.oneIn(3)) assert.strictEqual(set.delete(integer(value)), model.delete(value))
        else {
          assert.strictEqual(set.add(integer(value)), !model.has(value))
          model.add(value)
        }
        const probe = drawn(step)
        assert.strictEqual(set.has(integer(probe)), model.has(probe))
        assert.strictEqual(set.count, model.size)
        if (step % 10 === 0) {
          const sorted = [...model].sort((a, b) => (a < b ? -1 : 1))
          assert.deepStrictEqual(contents(set), sorted.map(String))
        }
      }
    }
  })
})
