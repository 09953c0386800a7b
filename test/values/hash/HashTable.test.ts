import { assert, describe, it } from "@effect/vitest"
import { INLINE_LIMIT } from "../../../src/values/dict/Dict.ts"
import { HashTable } from "../../../src/values/hash/HashTable.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { Randomness } from "../../support/Randomness.ts"

const latin1 = (text: string) => Slice.latin1(text)

function contents(table: HashTable): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  table.forEach((field, value) => {
    assert.isFalse(found.has(field.toString()), "shown twice")
    found.set(field.toString(), value.toString())
  })
  return found
}

const filled = (count: number): HashTable => {
  const table = new HashTable([1, 2])
  for (let i = 0; i < count; i++) table.set(latin1(`field:${i}`), latin1(`value:${i}`))
  return table
}

describe("HashTable", () => {
  it("behaves as a Map through many random changes", { timeout: 60_000 }, () => {
    const random = new Randomness(20261125)
    const table = new HashTable([3, 4])
    const model = new Map<string, string>()
    const into = new Slice()
    for (let i = 0; i < 40_000; i++) {
      // Ever another number of fields, so that the table grows and shrinks.
      const field = `field:${random.below([20, 3000, 200][Math.floor(i / 5000) % 3]!)}`
      if (random.below(5) < 3) {
        const value = random.oneIn(2000)
          ? "x".repeat(INLINE_LIMIT - 1 + random.below(3))
          : `${random.below(1000)}`.repeat(random.below(9))
        assert.strictEqual(table.set(latin1(field), latin1(value)), !model.has(field))
        model.set(field, value)
      } else if (random.oneIn(2)) assert.strictEqual(table.delete(latin1(field)), model.delete(field))
      else {
        assert.strictEqual(table.get(latin1(field), into)?.toString(), model.get(field))
        assert.strictEqual(table.has(latin1(field)), model.has(field))
      }
      assert.strictEqual(table.size, model.size)
      if (i % 5000 === 4999) assert.deepStrictEqual(contents(table), model)
    }
    for (const field of [...model.keys()]) table.delete(latin1(field))
    assert.strictEqual(table.size, 0)
    assert.isBelow(table.memory, 40_000)
  })

  it("counts the memory of long values as long as they are there", () => {
    const table = filled(10)
    const before = table.memory
    const long = new Slice(new Uint8Array(300_000))
    table.set(latin1("field:1"), long)
    table.set(latin1("other"), long)
    assert.isAtLeast(table.memory, before + 600_000)
    table.set(latin1("field:1"), latin1("short"))
    table.delete(latin1("other"))
    assert.isBelow(table.memory, before + 5000)
  })

  it("has a clone that goes its own way", () => {
    const table = filled(700)
    table.set(latin1("long"), new Slice(new Uint8Array(INLINE_LIMIT).fill(120)))
    const before = contents(table)
    const copy = table.clone()
    assert.deepStrictEqual(contents(copy), before)
    copy.set(latin1("field:1"), latin1("changed"))
    copy.delete(latin1("field:2"))
    assert.deepStrictEqual(contents(table), before)
  })

  it("is walked through whole by a cursor", () => {
    const table = filled(3000)
    const seen = new Map<string, string>()
    let cursor = 0
    do cursor = table.scan(cursor, (field, value) => void seen.set(field.toString(), value.toString()))
    while (cursor !== 0)
    assert.deepStrictEqual(seen, contents(table))
  })

  it("draws every field as often, with its value", () => {
    const table = filled(50)
    const random = new Randomness(1)
    const drawn = new Map<string, number>()
    table.draw(20_000, random.next, (field, value) => {
      assert.strictEqual(field.toString().slice(6), value.toString().slice(6))
      drawn.set(field.toString(), (drawn.get(field.toString()) ?? 0) + 1)
    })
    assert.strictEqual(drawn.size, 50)
    for (const times of drawn.values()) assert.isTrue(times > 280 && times < 520, `${times}`)
  })

  it("draws different fields, few or nearly all, every choice being as likely", () => {
    const table = filled(40)
    const random = new Randomness(2)
    for (const count of [1, 5, 13, 14, 30, 39]) {
      const drawn = new Map<string, number>()
      for (let round = 0; round < 1500; round++) {
        const fields = new Set<string>()
        table.drawDistinct(count, random.next, (field) => void fields.add(field.toString()))
        assert.strictEqual(fields.size, count)
        for (const field of fields) drawn.set(field, (drawn.get(field) ?? 0) + 1)
      }
      assert.strictEqual(drawn.size, 40)
      const wanted = (1500 * count) / 40
      for (const times of drawn.values()) assert.isBelow(Math.abs(times - wanted), 6 * Math.sqrt(wanted))
    }
  })
})
