import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Entry, entryBefore, entryEnd } from "../../../src/values/listpack/entries.ts"
import { emptyListpack, Listpack } from "../../../src/values/listpack/Listpack.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { OwnBytes } from "../../../src/values/SplicedBytes.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

const EDGES = [
  ..."0 -1 1 127 128 4095 4096 -4096 -4097 32767 32768 -32768 -32769 8388607 8388608 -8388608 -8388609".split(" "),
  ..."2147483647 2147483648 -2147483648 -2147483649 9007199254740991 9007199254740992 -9007199254740993".split(" "),
  ..."9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809".split(" "),
  ..."00 -0 +1 1. 1e3 007".split(" "),
  ...["", " ", "\x00", "\xff", "a", "1a"],
  ...[62, 63, 64, 65, 125, 126, 127, 4094, 4095, 4096, 16377, 16378, 16379, 70_000].map((length) => "x".repeat(length))
]

const valueFor = (random: Randomness): string =>
  random.oneIn(2) ? random.pick(EDGES) : String(random.below(2 ** 31) - 2 ** random.below(31))

/** A listpack and the plain array that it should be. */
class Compared {
  readonly bytes = new OwnBytes(emptyListpack.slice())
  readonly listpack = new Listpack(this.bytes)
  readonly model: Array<string> = []

  private at(index: number): number {
    return index === this.model.length ? this.listpack.end : this.listpack.seek(index)
  }

  private entries(): Array<string> {
    const found: Array<string> = []
    const entry = new Entry()
    for (let p = this.listpack.first(); p !== 0; p = this.listpack.next(p)) {
      found.push(this.listpack.read(p, entry).toString())
    }
    return found
  }

  private reversed(): Array<string> {
    const found: Array<string> = []
    const entry = new Entry()
    for (let p = this.listpack.last(); p !== 0; p = this.listpack.previous(p)) {
      found.push(this.listpack.read(p, entry).toString())
    }
    return found
  }

  insert(index: number, value: string): void {
    const p = this.listpack.insert(this.at(index), Slice.latin1(value))
    this.model.splice(index, 0, value)
    assert.strictEqual(p, this.at(index + 1))
  }

  appendPair(first: string, second: string): void {
    this.listpack.appendPair(Slice.latin1(first), Slice.latin1(second))
    this.model.push(first, second)
  }

  replace(index: number, value: string): void {
    const p = this.listpack.replace(this.at(index), Slice.latin1(value))
    this.model[index] = value
    assert.strictEqual(p, this.at(index + 1))
  }

  remove(index: number, count: number): void {
    const p = this.listpack.remove(this.at(index), count)
    this.model.splice(index, count)
    assert.strictEqual(p, index === this.model.length ? 0 : this.at(index))
  }

  check(random: Randomness): void {
    assert.deepStrictEqual(this.entries(), this.model)
    assert.deepStrictEqual(this.reversed(), [...this.model].reverse())
    assert.strictEqual(this.listpack.count, this.model.length)
    const { buffer, length } = this.bytes
    assert.strictEqual(new DataView(buffer.buffer).getUint32(0, true), length)
    assert.strictEqual(buffer[length - 1], 0xff)
    const sought = random.oneIn(2) && this.model.length > 0 ? random.pick(this.model) : valueFor(random)
    const index = this.model.indexOf(sought)
    assert.strictEqual(this.listpack.find(Slice.latin1(sought)), index === -1 ? 0 : this.at(index))
    const even = this.model.findIndex((value, i) => i % 2 === 0 && value === sought)
    assert.strictEqual(
      this.listpack.find(Slice.latin1(sought), this.listpack.first(), 2),
      even === -1 ? 0 : this.at(even)
    )
    assert.strictEqual(this.listpack.seek(-1), this.listpack.last())
  }
}

describe("a listpack", () => {
  it.prop("holds what an array would after the same changes", seeds, ([seed]) => {
    const random = new Randomness(seed)
    const compared = new Compared()
    for (let round = 0; round < 60; round++) {
      const { length } = compared.model
      const index = random.below(length + 1)
      const choice =
        length > 30
          ? "remove"
          : index === length
            ? random.pick(["insert", "appendPair"])
            : random.pick(["insert", "insert", "replace", "remove"])
      if (choice === "insert") compared.insert(index, valueFor(random))
      else if (choice === "replace") compared.replace(index, valueFor(random))
      else if (choice === "appendPair") compared.appendPair(valueFor(random), valueFor(random))
      else compared.remove(index, 1 + random.below(length > 30 ? 25 : 3))
      compared.check(random)
    }
    compared.listpack.clear()
    assert.deepStrictEqual(compared.bytes.view(), emptyListpack)
  })

  it("counts its entries when there are more than the header can say", () => {
    const listpack = new Listpack()
    for (let i = 0; i < 65_600; i++) listpack.appendInteger(i & 127)
    assert.strictEqual(listpack.count, 65_600)
    listpack.remove(listpack.first(), 100)
    assert.strictEqual(listpack.count, 65_500)
  })
})

describe("an entry", () => {
  for (const value of EDGES) {
    it(`of ${value.length > 24 ? `${value.length} bytes` : JSON.stringify(value)} is read as it was written`, () => {
      const bytes = new OwnBytes(emptyListpack.slice())
      const listpack = new Listpack(bytes)
      listpack.append(Slice.latin1(value))
      const at = bytes.start + listpack.first()
      assert.strictEqual(listpack.read(listpack.first(), new Entry()).toString(), value)
      assert.isTrue(listpack.equals(listpack.first(), Slice.latin1(value)))
      assert.isFalse(listpack.equals(listpack.first(), Slice.latin1(`${value}0`)))
      assert.strictEqual(entryEnd(bytes.buffer, at), bytes.start + listpack.end)
      assert.strictEqual(entryBefore(bytes.buffer, bytes.start + listpack.end), at)
    })
  }

  it("takes the bytes that it takes in Redis", () => {
    const sizes = (values: ReadonlyArray<string>) =>
      values.map((value) => {
        const listpack = new Listpack()
        listpack.append(Slice.latin1(value))
        return listpack.byteLength - emptyListpack.length
      })
    assert.deepStrictEqual(sizes(["0", "127"]), [2, 2])
    assert.deepStrictEqual(sizes(["128", "-1", "4095", "-4096"]), [3, 3, 3, 3])
    assert.deepStrictEqual(sizes(["4096", "-32768"]), [4, 4])
    assert.deepStrictEqual(sizes(["32768", "-8388608"]), [5, 5])
    assert.deepStrictEqual(sizes(["8388608", "-2147483648"]), [6, 6])
    assert.deepStrictEqual(sizes(["2147483648", "9223372036854775807"]), [10, 10])
    assert.deepStrictEqual(sizes(["", "a", "x".repeat(63)]), [2, 3, 65])
    assert.deepStrictEqual(sizes(["x".repeat(64), "x".repeat(126), "x".repeat(4095)]), [67, 130, 4099])
    assert.deepStrictEqual(sizes(["x".repeat(4096)]), [4103])
  })
})
