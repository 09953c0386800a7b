import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { IdRecords } from "../../../src/values/stream/IdRecords.ts"
import { ID_WORDS, MutableStreamId, StreamId } from "../../../src/values/stream/StreamId.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

/** The word after the id. */
const VALUE = ID_WORDS

const idOf = (number: number): StreamId => StreamId.fromNumbers(Math.floor(number / 8), number % 8)
const numberOf = (id: StreamId): number => id.ms * 8 + id.seqLow

/** Records and the plain map that they should be. */
class Compared {
  records = new IdRecords(VALUE + 1)
  private model = new Map<number, number>()
  private appended = 0
  private readonly id = new MutableStreamId()

  private sorted(): ReadonlyArray<number> {
    return [...this.model.keys()].sort((a, b) => a - b)
  }

  private put(number: number, value: number): void {
    assert.strictEqual(this.records.insert(idOf(number)), !this.model.has(number))
    this.records.setWord(VALUE, value)
    this.model.set(number, value)
  }

  private current(): number | undefined {
    return this.records.atEnd ? undefined : numberOf(this.records.readId(this.id))
  }

  /** Puts the records of many ids behind all others. */
  append(random: Randomness): void {
    for (let count = random.below(400); count > 0; count--) {
      this.appended += 1 + random.below(3)
      this.put(this.appended, random.below(1000))
    }
  }

  insert(random: Randomness): void {
    for (let count = random.below(100); count > 0; count--) {
      this.put(random.below(this.appended + 1), random.below(1000))
    }
  }

  remove(random: Randomness): void {
    for (let count = random.below(200); count > 0; count--) {
      const number = random.below(this.appended + 1)
      assert.strictEqual(this.records.seek(idOf(number)), this.model.has(number))
      if (this.model.delete(number)) this.records.remove()
    }
  }

  /** Removes some of a row of records on the way through it. */
  sweep(random: Randomness): void {
    const from = random.oneIn(2) ? 0 : random.below(this.appended + 1)
    const row = this.sorted()
      .filter((number) => number >= from)
      .slice(0, random.below(700))
    const kept = random.below(3)
    this.records.seek(idOf(from))
    for (const number of row) {
      assert.strictEqual(this.current(), number)
      if (kept > 0 && random.below(3) < kept) this.records.next()
      else {
        this.records.remove()
        this.model.delete(number)
      }
    }
  }

  clone(): void {
    const old = this.records
    this.records = old.clone()
    if (old.insert(StreamId.MAX)) old.seekFirst()
    old.remove()
  }

  check(): void {
    const { records } = this
    const sorted = this.sorted()
    assert.strictEqual(records.size, sorted.length)
    const found: Array<string> = []
    for (records.seekFirst(); !records.atEnd; records.next()) found.push(`${this.current()}=${records.word(VALUE)}`)
    assert.strictEqual(found.join(), sorted.map((number) => `${number}=${this.model.get(number)}`).join())
    records.seekLast()
    assert.strictEqual(this.current(), sorted[sorted.length - 1])
  }

  /** What a search finds: the number at the cursor. */
  checkSearch(number: number): void {
    this.records.seek(idOf(number))
    assert.strictEqual(
      this.current(),
      this.sorted().find((other) => other >= number)
    )
  }
}

describe("records by stream id", () => {
  it.prop("are those of a sorted map", seeds, ([seed]) => {
    const random = new Randomness(seed)
    const compared = new Compared()
    for (let step = 0; step < 15; step++) {
      compared[random.pick(["append", "insert", "remove", "sweep", "sweep", "clone"] as const)](random)
      compared.check()
      compared.checkSearch(random.below(5000))
    }
  })

  it("order ids beyond 2^53", () => {
    const records = new IdRecords()
    const ids = [StreamId.MAX, new StreamId(-1, 0, 0, 0), new StreamId(2 ** 31 - 1, 0, 0, 0), StreamId.MIN]
    for (const id of ids) assert.isTrue(records.insert(id))
    records.seekFirst()
    for (const id of ids.reverse()) {
      assert.strictEqual(records.readId(new MutableStreamId()).toString(), id.toString())
      records.next()
    }
  })

  it("of a queue take little more than their words", () => {
    const records = new IdRecords()
    for (let number = 0; number < 200_000; number++) records.insert(idOf(number))
    assert.isBelow(records.memory / 200_000, 18)
    for (let number = 0; number < 199_000; number++) {
      records.seek(idOf(number))
      records.remove()
    }
    assert.isBelow(records.memory / 1000, 25)
    assert.strictEqual(records.size, 1000)
  })
})
