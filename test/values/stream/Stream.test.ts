import { assert, describe, it } from "@effect/vitest"
import { Entry } from "../../../src/values/listpack/entries.ts"
import { Listpack } from "../../../src/values/listpack/Listpack.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { OwnBytes } from "../../../src/values/SplicedBytes.ts"
import { parseStrictId } from "../../../src/values/stream/parseStreamId.ts"
import { type NodeLimits, Stream } from "../../../src/values/stream/Stream.ts"
import { StreamCursor } from "../../../src/values/stream/StreamCursor.ts"
import { MutableStreamId, StreamId } from "../../../src/values/stream/StreamId.ts"
import type { EntryWords, StreamNode } from "../../../src/values/stream/StreamNode.ts"
import { Randomness } from "../../support/Randomness.ts"

const idOf = (text: string): StreamId => {
  const id = new MutableStreamId()
  assert.isTrue(parseStrictId(Slice.latin1(text), 0, id))
  return id
}

const wordsOf = (fields: ReadonlyArray<string>): EntryWords => ({
  at: (index) => Slice.latin1(fields[index]!),
  length: (index) => fields[index]!.length
})

/** An entry of the model: its fields and values in turn. */
interface Plain {
  readonly id: StreamId
  readonly fields: ReadonlyArray<string>
}

const FIELDS = [["a"], ["a", "b"], ["12"], ["a", "12", ""]]
const VALUES = ["", "x", "0", "-1", "4095", "4096", "9223372036854775807", "value", "x".repeat(64), "y".repeat(300)]

const entry = new Entry()

/** The elements of a node's listpack. */
function elementsOf(node: StreamNode): ReadonlyArray<string> {
  const listpack = new Listpack(new OwnBytes(node.listpack(new Slice()).copy()))
  const elements: Array<string> = []
  for (let p = listpack.first(); p !== 0; p = listpack.next(p)) elements.push(listpack.read(p, entry).toString())
  assert.strictEqual(listpack.count, elements.length)
  return elements
}

/** A stream and the plain array that it should be. */
class Compared {
  stream = new Stream()
  model: Array<Plain> = []
  added = 0
  private readonly cursor = new StreamCursor()

  constructor(
    private readonly random: Randomness,
    private readonly limits: NodeLimits
  ) {}

  /** An id behind the last one, sometimes far behind it. */
  private nextId(): StreamId {
    const id = new MutableStreamId().set(this.stream.lastId)
    const { random } = this
    if (random.oneIn(3)) id.setHalves(id.msHigh, (id.msLow + 1 + random.below(5)) | 0, 0, random.below(3))
    else if (random.oneIn(200))
      id.setHalves(id.msHigh, (id.msLow + 1) | 0, -1 - random.below(2), random.below(2 ** 32) | 0)
    else id.increment()
    return id.compare(this.stream.lastId) > 0 ? id.copy() : this.stream.lastId.next()!
  }

  add(): void {
    const { random } = this
    const names = random.pick(FIELDS)
    const fields = names.flatMap((name) => [name, random.pick(VALUES)])
    const id = this.nextId()
    assert.isTrue(this.stream.append(id, wordsOf(["", ...fields]), 1, names.length, this.limits))
    this.model.push({ id, fields })
    this.added++
  }

  private someId(): StreamId {
    const { model, random } = this
    const id = model.length > 0 && !random.oneIn(10) ? random.pick(model).id : StreamId.fromNumbers(random.below(50), 0)
    return (random.oneIn(3) ? id.next() : random.oneIn(3) ? id.previous() : id) ?? id
  }

  delete(): void {
    const id = this.someId()
    const left = this.model.filter((plain) => !plain.id.equals(id))
    assert.strictEqual(this.stream.has(id), left.length < this.model.length)
    assert.strictEqual(this.stream.delete(id), left.length < this.model.length)
    this.model = left
  }

  trimToLength(): void {
    const length = Math.max(0, this.model.length - this.random.below(8))
    const gone = this.model.length - length
    assert.strictEqual(this.stream.trim(length, false, 0), gone)
    this.model.splice(0, gone)
  }

  trimToId(): void {
    const id = this.someId()
    const left = this.model.filter((plain) => plain.id.compare(id) >= 0)
    assert.strictEqual(this.stream.trim(id, false, 0), this.model.length - left.length)
    this.model = left
  }

  /** Takes whole nodes, and never too much. */
  trimRoughly(): void {
    const { model, random, stream } = this
    const to = random.oneIn(2) ? Math.max(0, model.length - random.below(20)) : this.someId()
    const limit = random.oneIn(2) ? 0 : random.below(12)
    const sizes = Array.from(stream.nodes, (node) => node.count)
    const gone = stream.trim(to, true, limit)
    assert.isTrue(limit === 0 || gone <= limit)
    let whole = 0
    while (whole < gone) whole += sizes.shift()!
    assert.strictEqual(whole, gone)
    const removed = model.splice(0, gone)
    assert.isTrue(
      typeof to === "number" ? model.length >= to || gone === 0 : removed.every(({ id }) => id.compare(to) < 0)
    )
  }

  clone(): void {
    const old = this.stream
    this.stream = old.clone()
    old.trim(0, false, 0)
  }

  /** Puts the stream together from its nodes, as loading a snapshot does. */
  reload(): void {
    const { stream } = this
    const loaded = new Stream()
    for (const node of stream.nodes) loaded.addNode(node.first, node.listpack(new Slice()))
    loaded.length = stream.length
    loaded.lastId.set(stream.lastId)
    loaded.firstId.set(stream.firstId)
    loaded.maxDeletedId.set(stream.maxDeletedId)
    loaded.entriesAdded = stream.entriesAdded
    this.stream = loaded
  }

  private read(): Plain {
    const { cursor } = this
    const fields: Array<string> = []
    // Fields need not be read to the end.
    const count = this.random.oneIn(4) ? this.random.below(cursor.fieldCount) : cursor.fieldCount
    for (let left = count; left > 0; left--) {
      cursor.nextField()
      fields.push(cursor.field.toString(), cursor.value.toString())
    }
    return { id: cursor.id.copy(), fields }
  }

  private same({ fields, id }: Plain, wanted: Plain | undefined): void {
    assert.strictEqual(id.toString(), wanted?.id.toString())
    assert.deepStrictEqual(fields, wanted?.fields.slice(0, fields.length))
  }

  range(): void {
    const [a, b] = this.random.oneIn(4) ? [StreamId.MIN, StreamId.MAX] : [this.someId(), this.someId()]
    const wanted = this.model.filter(({ id }) => id.compare(a) >= 0 && id.compare(b) <= 0)
    let index = 0
    for (this.cursor.forward(this.stream, a, b); this.cursor.next(); index++) this.same(this.read(), wanted[index])
    assert.strictEqual(index, wanted.length)
    for (this.cursor.backward(this.stream, a, b); this.cursor.next(); ) this.same(this.read(), wanted[--index])
    assert.strictEqual(index, 0)
  }

  check(): void {
    const { model, stream } = this
    const last = model[model.length - 1]?.id ?? StreamId.MIN
    assert.strictEqual(stream.length, model.length)
    assert.strictEqual(stream.firstId.toString(), (model[0]?.id ?? StreamId.MIN).toString())
    assert.strictEqual(stream.entriesAdded, BigInt(this.added))
    assert.isTrue(stream.readGreatestId(new MutableStreamId()).equals(last))
    assert.strictEqual(stream.hasAfter(last), false)
    const before = last.previous()
    if (before !== undefined) assert.strictEqual(stream.hasAfter(before), model.length > 0)
    let entries = 0
    for (const node of stream.nodes) {
      const elements = elementsOf(node)
      assert.deepStrictEqual(elements.slice(0, 2), [String(node.count), String(node.deleted)])
      entries += node.count
    }
    assert.strictEqual(entries, model.length)
  }
}

const CHANGES = [
  ...["add", "add", "add", "add", "add", "add", "add", "delete", "delete", "trimToLength", "trimToId", "trimRoughly"],
  ...["range", "range", "clone", "reload"]
] as const

describe("Stream", () => {
  for (const [streamNodeMaxEntries, streamNodeMaxBytes] of [
    [1, 0],
    [4, 0],
    [0, 200],
    [100, 4096],
    [300, 0]
  ] as const) {
    it(`is a list of entries in nodes of ${streamNodeMaxEntries} entries and ${streamNodeMaxBytes} bytes`, () => {
      const random = new Randomness(11 + streamNodeMaxEntries)
      const compared = new Compared(random, { streamNodeMaxBytes, streamNodeMaxEntries })
      for (let i = 0; i < 6000; i++) {
        const change = compared.model.length > 500 ? "trimToLength" : random.pick(CHANGES)
        compared[change]()
        if (i % 50 === 0) compared.check()
      }
      compared.check()
    })
  }

  it("grows long, loses most of its entries, and finds the others", () => {
    const compared = new Compared(new Randomness(3), { streamNodeMaxBytes: 0, streamNodeMaxEntries: 0 })
    for (let i = 0; i < 1500; i++) compared.add()
    for (let i = 0; i < 1000; i++) compared.delete()
    compared.check()
    compared.range()
  })

  const limits: NodeLimits = { streamNodeMaxBytes: 4096, streamNodeMaxEntries: 100 }
  const add = (stream: Stream, id: string, ...fields: ReadonlyArray<string>) =>
    stream.append(idOf(id), wordsOf(fields), 0, fields.length / 2, limits)

  it("lays its nodes out as Redis does", () => {
    const stream = new Stream()
    add(stream, "5-3", "f", "v", "n", "7")
    add(stream, "5-4", "f", "w", "n", "8")
    add(stream, "6-0", "g", "x")
    stream.delete(idOf("5-4"))
    assert.deepStrictEqual(elementsOf(stream.nodes.first!), [
      ...["2", "1", "2", "f", "n", "0"],
      ...["2", "0", "0", "v", "7", "5"],
      ...["3", "0", "1", "w", "8", "5"],
      ...["0", "1", "-3", "1", "g", "x", "6"]
    ])
  })

  it("begins a new node for what would make the last one too large", () => {
    const stream = new Stream()
    add(stream, "1-1", "f", "x".repeat(2000))
    add(stream, "1-2", "f", "x".repeat(2000))
    add(stream, "1-3", "f", "x".repeat(60))
    add(stream, "1-4", "f", "y")
    assert.deepStrictEqual(
      Array.from(stream.nodes, (node) => node.count),
      [2, 2]
    )
    for (let i = 5; i < 110; i++) add(stream, `1-${i}`, "f", "z")
    assert.deepStrictEqual(
      Array.from(stream.nodes, (node) => node.count),
      [2, 100, 7]
    )
  })

  it("keeps a full node in few more than its bytes", () => {
    const stream = new Stream()
    for (let i = 1; i <= 1000; i++) add(stream, `1-${i}`, "field", "value of 14 by")
    const nodes = Array.from(stream.nodes)
    for (const node of nodes.slice(0, -1)) assert.isBelow(node.bytes.length, 1.07 * node.size)
  })

  it("counts what was added to 64 bits", () => {
    const stream = new Stream()
    stream.entriesAdded = 2n ** 63n - 2n
    add(stream, "1-1", "f", "v")
    assert.strictEqual(stream.entriesAdded, 2n ** 63n - 1n)
    add(stream, "1-2", "f", "v")
    assert.strictEqual(stream.entriesAdded, -(2n ** 63n))
  })
})
