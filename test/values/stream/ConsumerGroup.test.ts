import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Slice } from "../../../src/values/Slice.ts"
import { ConsumerGroup, UNKNOWN_READ } from "../../../src/values/stream/ConsumerGroup.ts"
import { MutableStreamId, StreamId } from "../../../src/values/stream/StreamId.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

const NAMES = ["", "alice", "bob", "c\x00\xff"]

const idOf = (number: number): StreamId => StreamId.fromNumbers(number, 0)

interface Entry {
  readonly owner: string
  readonly time: number
  readonly count: bigint
}

/** A group and what should be pending in it: entries by their numbers, for consumers by their names. */
class Compared {
  group = new ConsumerGroup(Slice.latin1("g"), StreamId.MIN, UNKNOWN_READ)
  private readonly consumers = new Set<string>()
  private readonly entries = new Map<number, Entry>()
  private readonly id = new MutableStreamId()
  private now = 0

  private consumer(name: string) {
    this.consumers.add(name)
    const text = Slice.latin1(name)
    return this.group.consumer(text) ?? this.group.createConsumer(text, this.now)
  }

  deliver(random: Randomness): void {
    const owner = random.pick(NAMES)
    const number = random.below(60)
    this.group.deliver(idOf(number), this.consumer(owner), ++this.now)
    this.entries.set(number, { owner, time: this.now, count: 1n })
  }

  reassign(random: Randomness): void {
    const number = random.below(60)
    const found = this.group.pending.seek(idOf(number))
    const entry = this.entries.get(number)
    assert.strictEqual(found, entry !== undefined)
    if (entry === undefined) return
    const owner = random.pick(NAMES)
    this.group.reassign(idOf(number), this.consumer(owner))
    this.group.pending.countDelivery()
    this.entries.set(number, { ...entry, owner, count: BigInt.asIntN(64, entry.count + 1n) })
  }

  settle(random: Randomness): void {
    const number = random.below(60)
    if (this.group.pending.seek(idOf(number))) this.group.settle(idOf(number))
    this.entries.delete(number)
  }

  /** Gives an entry a count and a time of any size. */
  adjust(random: Randomness): void {
    const number = random.below(60)
    const entry = this.entries.get(number)
    if (entry === undefined || !this.group.pending.seek(idOf(number))) return
    const count = random.pick([0n, 1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, -1n])
    const time = random.pick([0, 1, 2 ** 32 - 1, 2 ** 32, 1_800_000_000_000, 2 ** 53 - 1])
    this.group.pending.deliveryCount = count
    this.group.pending.deliveryTime = time
    this.entries.set(number, { ...entry, time, count })
  }

  deleteConsumer(random: Randomness): void {
    const name = random.pick(NAMES)
    const consumer = this.group.consumer(Slice.latin1(name))
    assert.strictEqual(consumer !== undefined, this.consumers.delete(name))
    if (consumer === undefined) return
    this.group.deleteConsumer(consumer)
    for (const [number, { owner }] of this.entries) if (owner === name) this.entries.delete(number)
  }

  clone(): void {
    const old = this.group
    this.group = old.clone()
    for (const consumer of old.consumersByName()) old.deleteConsumer(consumer)
    assert.strictEqual(old.pending.size, 0)
  }

  check(): void {
    const { entries, group, id } = this
    const sorted = [...entries].sort(([a], [b]) => a - b)
    const line = (number: number, { count, owner, time }: Entry) => `${number} ${owner} ${time} ${count}`
    const found: Array<string> = []
    const { pending } = group
    for (pending.seekFirst(); !pending.atEnd; pending.next()) {
      const entry = { owner: group.owner.name.toString(), time: pending.deliveryTime, count: pending.deliveryCount }
      found.push(line(pending.readId(id).ms, entry))
    }
    assert.deepStrictEqual(
      found,
      sorted.map(([number, entry]) => line(number, entry))
    )
    const names = group.consumersByName().map(({ name }) => name.toString())
    assert.deepStrictEqual(names, [...this.consumers].sort())
    for (const { name, pending: owned } of group.consumersByName()) {
      const ids: Array<number> = []
      for (owned.seekFirst(); !owned.atEnd; owned.next()) ids.push(owned.readId(id).ms)
      assert.deepStrictEqual(
        ids,
        sorted.flatMap(([number, { owner }]) => (owner === name.toString() ? [number] : []))
      )
    }
  }
}

describe("a consumer group", () => {
  it.prop("knows what is pending for whom", seeds, ([seed]) => {
    const random = new Randomness(seed)
    const compared = new Compared()
    const changes = ["deliver", "deliver", "deliver", "reassign", "settle", "adjust"] as const
    for (let step = 0; step < 60; step++) {
      compared[random.oneIn(20) ? random.pick(["deleteConsumer", "clone"] as const) : random.pick(changes)](random)
      compared.check()
    }
  })

  it("takes less than 60 bytes for each pending entry, however many those are", () => {
    const group = new ConsumerGroup(Slice.latin1("g"), StreamId.MIN, 0n)
    const consumer = group.createConsumer(Slice.latin1("a"), 0)
    const id = new MutableStreamId()
    const count = 200_000
    for (let number = 0; number < count; number++) group.deliver(id.setNumbers(number, 0), consumer, 0)
    assert.isBelow(group.memory / count, 60)
    for (let number = 0; number < count; number++) {
      if (group.pending.seek(id.setNumbers(number, 0))) group.settle(id)
    }
    assert.strictEqual(group.pending.size, 0)
    assert.isBelow(group.memory, 2000)
  })
})
