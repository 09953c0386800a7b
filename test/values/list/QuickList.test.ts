import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { QuickList, QuickListCursor } from "../../../src/values/list/QuickList.ts"
import { QuickListLimit } from "../../../src/values/list/QuickListLimit.ts"
import { Entry } from "../../../src/values/listpack/entries.ts"
import { emptyListpack, Listpack } from "../../../src/values/listpack/Listpack.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { OwnBytes } from "../../../src/values/SplicedBytes.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

const VALUES = ["", "a", "b", "hello", "0", "-1", "127", "4096", "9223372036854775807", "1.5", "\x00\xff"]
const LENGTHS = [20, 63, 64, 300, 4095, 4096, 9000]

const valueFor = (random: Randomness): string =>
  random.oneIn(10)
    ? "x".repeat(random.pick(LENGTHS))
    : random.oneIn(3)
      ? `value:${random.below(50)}`
      : random.pick(VALUES)

/** Elements to remove, or none, of a list that may not become too long. */
const CHANGES = [
  ...["append", "append", "prepend", "prepend", "insertBefore", "insertBefore", "insertAfter", "insertAfter"],
  ...["replace", "removeForward", "removeBackward", "dropFirst", "dropLast", "clone"]
] as const

/** A list and the plain array that it should be. */
class Compared {
  list: QuickList
  readonly model: Array<string> = []
  private readonly cursor = new QuickListCursor()
  private readonly entry = new Entry()

  constructor(setting: number) {
    this.list = new QuickList(new QuickListLimit(setting))
  }

  private current(): string | undefined {
    return this.cursor.node === undefined ? undefined : this.list.read(this.cursor, this.entry).toString()
  }

  private at(index: number): QuickListCursor {
    assert.isTrue(this.list.seek(index, this.cursor))
    assert.strictEqual(this.current(), this.model[index])
    return this.cursor
  }

  change(random: Randomness): void {
    const { length } = this.model
    const index = random.below(Math.max(length, 1))
    const text = valueFor(random)
    const value = Slice.latin1(text)
    const change = length > 120 ? "dropFirst" : random.pick(CHANGES)
    const count = random.oneIn(4) ? random.below(60) : random.below(3)
    if (change === "append") {
      this.list.append(value)
      this.model.push(text)
    } else if (change === "prepend") {
      this.list.prepend(value)
      this.model.unshift(text)
    } else if (change === "dropFirst") {
      this.list.dropFirst(count)
      this.model.splice(0, count)
    } else if (change === "dropLast") {
      this.list.dropLast(count)
      this.model.splice(Math.max(0, length - count))
    } else if (change === "clone") {
      const old = this.list
      this.list = old.clone()
      old.append(value)
    } else if (length > 0) this[change](index, value, text)
  }

  private insertBefore(index: number, value: Slice, text: string): void {
    this.list.insertBefore(this.at(index), value)
    this.model.splice(index, 0, text)
  }

  private insertAfter(index: number, value: Slice, text: string): void {
    this.list.insertAfter(this.at(index), value)
    this.model.splice(index + 1, 0, text)
  }

  private replace(index: number, value: Slice, text: string): void {
    this.list.replace(this.at(index), value)
    this.model[index] = text
  }

  private removeForward(index: number): void {
    const another = this.list.removeForward(this.at(index))
    this.model.splice(index, 1)
    assert.strictEqual(another, index < this.model.length)
    assert.strictEqual(this.current(), this.model[index])
  }

  private removeBackward(index: number): void {
    const another = this.list.removeBackward(this.at(index))
    this.model.splice(index, 1)
    assert.strictEqual(another, index > 0)
    assert.strictEqual(this.current(), this.model[index - 1])
  }

  check(): void {
    const { cursor, list, model } = this
    assert.strictEqual(list.length, model.length)
    const forward: Array<string> = []
    for (let more = list.seek(0, cursor); more; more = list.next(cursor)) forward.push(this.current()!)
    assert.deepStrictEqual(forward, model)
    const backward: Array<string> = []
    for (let more = list.seek(-1, cursor); more; more = list.previous(cursor)) backward.push(this.current()!)
    assert.deepStrictEqual(backward.reverse(), model)
    for (let index = -model.length; index < model.length; index++) {
      assert.isTrue(list.seek(index, cursor))
      assert.strictEqual(this.current(), model.at(index))
      assert.isTrue(list.equals(cursor, Slice.latin1(model.at(index)!)))
      assert.isFalse(list.equals(cursor, Slice.latin1(`${model.at(index)!}0`)))
    }
    assert.isFalse(list.seek(model.length, cursor))
    assert.isFalse(list.seek(-model.length - 1, cursor))
    this.checkNodes()
  }

  private checkNodes(): void {
    const { list, model } = this
    let bytes = 0
    let index = 0
    for (let i = 0; i < list.nodeCount; i++) {
      const node = list.node(i)
      assert.isAbove(node.count, 0)
      bytes += node.bytes.length
      if (node.isPlain) assert.strictEqual(model[index]!.length, node.size)
      else {
        const listpack = new Listpack(new OwnBytes(node.listpack()))
        for (let p = listpack.first(), at = index; p !== 0; p = listpack.next(p), at++) {
          assert.strictEqual(listpack.read(p, this.entry).toString(), model[at])
        }
        assert.strictEqual(listpack.count, node.count)
      }
      index += node.count
    }
    assert.strictEqual(index, model.length)
    assert.isAtLeast(list.memory, bytes)
  }
}

function play(seed: number, setting: number, rounds: number): void {
  const random = new Randomness(seed)
  const compared = new Compared(setting)
  for (let round = 0; round < rounds; round++) {
    compared.change(random)
    if (round % 10 === 0) compared.check()
  }
  compared.check()
}

describe("a long list", () => {
  for (const setting of [0, 1, 2, 5, -1, -2]) {
    it.prop(`holds what an array would, with nodes of size ${setting}`, seeds, ([seed]) => play(seed, setting, 120))
  }

  it.prop("holds what an array would when many elements stand alone", seeds, ([seed]) => {
    QuickList.setPackedThreshold(5)
    try {
      play(seed, 3, 120)
    } finally {
      QuickList.setPackedThreshold(0)
    }
  })

  it("takes elements in at one end and out at the other without growing", () => {
    const list = new QuickList()
    for (let i = 0; i < 2000; i++) list.append(Slice.latin1(`element ${i}`))
    const before = list.memory
    const entry = new Entry()
    const cursor = new QuickListCursor()
    for (let i = 2000; i < 100_000; i++) {
      list.append(Slice.latin1(`element ${i}`))
      list.seek(0, cursor)
      assert.strictEqual(list.read(cursor, entry).toString(), `element ${i - 2000}`)
      list.dropFirst(1)
    }
    assert.strictEqual(list.length, 2000)
    assert.isBelow(list.memory, before + 16_384)
  })

  it("takes little more than its entries", () => {
    const list = new QuickList()
    for (let i = 0; i < 200_000; i++) list.append(Slice.latin1(`value:${i}`))
    const forward = list.memory
    assert.isBelow(forward / 200_000, 15)
    list.dropFirst(200_000)
    assert.strictEqual(list.nodeCount, 0)
    for (let i = 0; i < 200_000; i++) list.prepend(Slice.latin1(`value:${i}`))
    assert.isBelow(list.memory / 200_000, 15)
  })

  it("gives back the room of elements removed from inside", () => {
    const list = new QuickList()
    for (let i = 0; i < 10_000; i++) list.append(Slice.latin1(`value:${i}`))
    const cursor = new QuickListCursor()
    const entry = new Entry()
    for (let more = list.seek(0, cursor); more; ) {
      more = list.read(cursor, entry).toString().endsWith("00") ? list.next(cursor) : list.removeForward(cursor)
    }
    assert.strictEqual(list.length, 99)
    assert.isBelow(list.memory, 20_000)
  })

  it("begins with the elements of a listpack", () => {
    const bytes = new OwnBytes(emptyListpack.slice())
    const listpack = new Listpack(bytes)
    const list = new QuickList()
    list.appendListpack(bytes, listpack.count)
    assert.strictEqual(list.nodeCount, 0)
    for (const value of ["a", "1", "b"]) listpack.append(Slice.latin1(value))
    list.appendListpack(bytes, listpack.count)
    assert.strictEqual(list.length, 3)
    assert.deepStrictEqual(list.node(0).listpack(), bytes.copy())
    list.appendPlain(Slice.latin1("plain"))
    assert.strictEqual(list.length, 4)
    assert.isTrue(list.node(1).isPlain)
  })
})

describe("the limit of a node", () => {
  it("is in bytes where it is negative", () => {
    const limit = new QuickListLimit(-2)
    assert.isFalse(limit.isExceeded(8192, 5000))
    assert.isTrue(limit.isExceeded(8193, 1))
    assert.isTrue(limit.isHalfEmpty(4096, 5000))
    assert.isFalse(limit.isHalfEmpty(4097, 1))
    assert.strictEqual(new QuickListLimit(-1).bytes, 4096)
    assert.strictEqual(new QuickListLimit(-5).bytes, 65_536)
  })

  it("is in elements otherwise, and in bytes where they are large", () => {
    const limit = new QuickListLimit(5)
    assert.isFalse(limit.isExceeded(8192, 5))
    assert.isTrue(limit.isExceeded(100, 6))
    assert.isTrue(limit.isExceeded(8193, 2))
    assert.isTrue(limit.isHalfEmpty(100_000, 2))
    assert.isFalse(limit.isHalfEmpty(10, 3))
    assert.isFalse(new QuickListLimit(0).isExceeded(100, 1))
    assert.isTrue(new QuickListLimit(0).isExceeded(100, 2))
  })
})
