import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { ExpiryIndex } from "../../../src/keyspace/ExpiryIndex.ts"
import { Dict, INLINE_LIMIT, type Ref } from "../../../src/values/dict/Dict.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

/** What a key should have. An inline value is `length` bytes of `fill`. */
interface Entry {
  object: string | undefined
  length: number
  fill: number
  type: number
  encoding: number
  clock: number
  deadline: number | undefined
}

/** A Dict with its expiry index beside a Map that says what must be in it. */
class Model {
  readonly dict: Dict<string>
  readonly expires = new ExpiryIndex()
  readonly entries = new Map<string, Entry>()
  readonly moves: Array<Ref> = []

  constructor(readonly random: Randomness) {
    const seed = [random.below(2 ** 32), random.below(2 ** 32)] as const
    this.dict = random.oneIn(2) ? new Dict<string>(seed) : Dict.inside<string>(seed)
    this.dict.onMove = (id, ref) => {
      this.expires.move(id, ref)
      this.moves.push(ref)
    }
  }

  find(key: string): Ref {
    const ref = this.dict.find(Slice.latin1(key))
    if ((ref !== 0) !== this.entries.has(key)) assert.fail(`${key} should ${ref === 0 ? "" : "not "}be there`)
    return ref
  }

  /** What SET does: inserts or overwrites, with a value of another size or an object. */
  set(key: string): void {
    const { dict, random } = this
    const length = random.oneIn(50) ? random.below(INLINE_LIMIT >>> 3) : random.below(80)
    const object = random.oneIn(6) ? `${key}:${random.below(1000)}` : undefined
    const found = this.find(key)
    let ref = found
    if (found === 0) ref = dict.insert(Slice.latin1(key), object === undefined ? length : 0)
    else if (object === undefined) ref = dict.resizeValue(found, length, random.oneIn(4) ? length * 2 : length)
    const entry = this.entries.get(key) ?? { length, fill: 0, object, ...this.attributes(ref), deadline: undefined }
    this.entries.set(key, entry)
    entry.object = object
    if (object !== undefined) {
      dict.setObject(ref, object)
      return
    }
    entry.length = length
    this.fill(ref, entry)
  }

  /** What APPEND and SETRANGE do: the bytes that fit stay. */
  resize(key: string): void {
    const ref = this.find(key)
    const entry = this.entries.get(key)
    if (ref === 0 || entry === undefined || entry.object !== undefined) return
    const length = this.random.below(200)
    const moved = this.dict.resizeValue(ref, length)
    const kept = Math.min(length, entry.length)
    const start = this.dict.valueStart(moved)
    const bytes = this.dict.bytes(moved).subarray(start, start + kept)
    if (bytes.some((byte) => byte !== entry.fill)) assert.fail(`the value of ${key} was not kept`)
    entry.length = length
    this.fill(moved, entry)
  }

  annotate(key: string): void {
    const ref = this.find(key)
    const entry = this.entries.get(key)
    if (ref === 0 || entry === undefined) return
    entry.type = this.random.below(16)
    entry.encoding = this.random.below(16)
    entry.clock = this.random.below(1 << 24)
    this.dict.setType(ref, entry.type)
    this.dict.setEncoding(ref, entry.encoding)
    this.dict.setClock(ref, entry.clock)
  }

  expire(key: string): void {
    const ref = this.find(key)
    const entry = this.entries.get(key)
    if (ref === 0 || entry === undefined) return
    const id = this.dict.expiryId(ref)
    assert.strictEqual(id !== 0, entry.deadline !== undefined)
    if (id !== 0) {
      this.expires.remove(id)
      entry.deadline = undefined
      assert.strictEqual(this.dict.setExpiryId(ref, 0), ref)
    } else {
      entry.deadline = this.random.below(1e6)
      this.dict.setExpiryId(ref, this.expires.add(entry.deadline, ref))
    }
  }

  remove(key: string): void {
    const ref = this.find(key)
    if (ref !== 0) this.removeRef(ref, key)
  }

  removeRef(ref: Ref, key: string): void {
    const id = this.dict.expiryId(ref)
    if (id !== 0) this.expires.remove(id)
    this.dict.remove(ref)
    this.entries.delete(key)
  }

  clear(): void {
    this.dict.clear()
    this.expires.clear()
    this.entries.clear()
  }

  check(ref: Ref): string {
    const { dict } = this
    const key = dict.keySlice(ref, new Slice()).toString()
    const entry = this.entries.get(key)
    if (entry === undefined) return assert.fail(`${key} should not be there`)
    assert.strictEqual(dict.hasObject(ref), entry.object !== undefined)
    assert.strictEqual(dict.type(ref), entry.type)
    assert.strictEqual(dict.encoding(ref), entry.encoding)
    assert.strictEqual(dict.clock(ref), entry.clock)
    if (entry.object !== undefined) assert.strictEqual(dict.object(ref), entry.object)
    else {
      const start = dict.valueStart(ref)
      assert.strictEqual(dict.valueLength(ref), entry.length)
      assert.isAtLeast(dict.valueCapacity(ref), entry.length)
      const value = dict.bytes(ref).subarray(start, start + entry.length)
      if (value.some((byte) => byte !== entry.fill)) assert.fail(`the value of ${key} was overwritten`)
    }
    const id = dict.expiryId(ref)
    assert.strictEqual(id === 0 ? undefined : this.expires.deadline(id), entry.deadline)
    if (id !== 0) assert.strictEqual(this.expires.ref(id), ref)
    return key
  }

  /** Every key is there once, with all it should have. */
  checkAll(): void {
    assert.strictEqual(this.dict.size, this.entries.size)
    const seen = new Set<string>()
    this.dict.forEach((ref) => {
      seen.add(this.check(ref))
    })
    assert.strictEqual(seen.size, this.entries.size)
    let expiring = 0
    for (const [key, entry] of this.entries) {
      this.find(key)
      if (entry.deadline !== undefined) expiring++
    }
    assert.strictEqual(this.expires.size, expiring)
  }

  private attributes(ref: Ref) {
    const { dict } = this
    const fresh = { type: dict.type(ref), encoding: dict.encoding(ref), clock: dict.clock(ref) }
    assert.deepStrictEqual(fresh, { type: 0, encoding: 0, clock: 0 })
    return fresh
  }

  private fill(ref: Ref, entry: Entry): void {
    entry.fill = this.random.below(256)
    const start = this.dict.valueStart(ref)
    this.dict.bytes(ref).fill(entry.fill, start, start + entry.length)
  }
}

/** Keys of 0 to 40 bytes. */
const keys = Array.from({ length: 40_000 }, (_, i) =>
  i === 0 ? "" : String.fromCharCode(i & 255, i >>> 8) + String.fromCharCode(i & 127).repeat(i % 39)
)

/** Random operations, ever more likely to fill the table to `target` keys than to empty it, or the other way round. */
function operate(model: Model, operations: number, target: number): void {
  const { random } = model
  let cursor = 0
  for (let i = 0; i < operations; i++) {
    const key = keys[random.below(2 * target)]!
    const operation = random.below(100)
    if (operation < 40) model.set(key)
    else if (operation < 65) model.remove(key)
    else if (operation < 75) model.resize(key)
    else if (operation < 82) model.expire(key)
    else if (operation < 87) model.annotate(key)
    else if (operation < 92) cursor = model.dict.scan(cursor, (ref) => model.check(ref))
    else if (operation < 95) model.dict.compact(random.below(20_000))
    else if (operation < 97) model.dict.rehashStep(random.below(20))
    else if (operation < 99 || !random.oneIn(500)) {
      const ref = model.dict.randomRef(random.next)
      if (ref === 0) assert.strictEqual(model.dict.size, 0)
      else model.check(ref)
    } else model.clear()
  }
}

describe("Dict", () => {
  it("behaves as a Map through a million random operations", { timeout: 60_000 }, () => {
    const model = new Model(new Randomness(20261121))
    for (let round = 0; round < 100; round++) {
      // Few keys force collisions and resizes in both directions, many keys fill pages.
      operate(model, 10_000, [10, 5000, 200, 1000, 3, 20_000][round % 6]!)
      if (round % 5 === 4) model.checkAll()
    }
    assert.isAbove(model.moves.length, 1000)
  })

  it.prop(
    "behaves as a Map whatever the seed",
    seeds,
    ([seed]) => {
      const model = new Model(new Randomness(seed))
      for (const target of [4, 60, 400, 2]) {
        operate(model, 800, target)
        model.checkAll()
      }
    },
    { timeout: 20_000, arbitrary: { runs: 20 } }
  )

  it.prop(
    "SCAN visits every key that stays, whatever happens between the calls",
    seeds,
    ([seed]) => {
      const random = new Randomness(seed)
      const model = new Model(random)
      const staying = new Set(Array.from({ length: random.below(60) }, (_, i) => `stays:${i}`))
      for (const key of staying) model.set(key)
      for (let i = random.below(3) * 700; i > 0; i--) model.set(`goes:${i}`)
      const wanted = random.below(3) * 700
      const seen = new Set<string>()
      let cursor = 0
      do {
        cursor = model.dict.scan(cursor, (ref) => {
          const key = model.check(ref)
          seen.add(key)
          if (key.startsWith("goes") && random.oneIn(4)) model.removeRef(ref, key)
        })
        for (let i = random.below(40); i > 0; i--) {
          if (model.dict.size < wanted) model.set(`goes:${random.below(3000)}`)
          else model.remove(`goes:${random.below(3000)}`)
          if (random.oneIn(5)) model.resize(random.pick([...staying, "goes:1"]))
        }
        if (random.oneIn(3)) model.dict.compact(random.below(50_000))
        if (random.oneIn(3)) model.dict.rehashStep(random.below(100))
      } while (cursor !== 0)
      for (const key of staying) assert.isTrue(seen.has(key), `${key} was not visited`)
    },
    { timeout: 120_000, arbitrary: { runs: 60 } }
  )

  it("SCAN ends, and visits each key once, when nothing changes", () => {
    const model = new Model(new Randomness(5))
    for (let i = 0; i < 1000; i++) model.set(`key:${i}`)
    while (model.dict.rehashStep(10)) {}
    const seen: Array<string> = []
    let cursor = 0
    do cursor = model.dict.scan(cursor, (ref) => seen.push(model.check(ref)))
    while (cursor !== 0)
    assert.strictEqual(seen.length, 1000)
    assert.strictEqual(new Set(seen).size, 1000)
  })

  it("forEach stands the removal of the record it visits", () => {
    const model = new Model(new Randomness(7))
    for (let i = 0; i < 3000; i++) model.set(`key:${i}`)
    let visited = 0
    model.dict.forEach((ref) => {
      const key = model.check(ref)
      if (++visited % 3 !== 0) model.removeRef(ref, key)
    })
    assert.strictEqual(visited, 3000)
    model.checkAll()
    assert.strictEqual(model.dict.size, 1000)
  })

  it("picks every record as often, whatever the size of the table, also in the middle of a resize", () => {
    const random = new Randomness(99)
    // 20: most chains have one record. 130 and 700: some have several, and 700 is in the middle of a resize.
    for (const count of [2, 15, 20, 130, 700]) {
      const model = new Model(random)
      for (let i = 0; i < count; i++) model.set(`key:${i}`)
      const wanted = 300
      const picks = new Map<Ref, number>()
      for (let i = 0; i < count * wanted; i++) {
        const ref = model.dict.randomRef(random.next)
        picks.set(ref, (picks.get(ref) ?? 0) + 1)
      }
      assert.strictEqual(picks.size, count)
      const squares = [...picks.values()].reduce((sum, picked) => sum + (picked - wanted) ** 2 / wanted, 0)
      // A chi-squared variable: six standard deviations above its mean.
      assert.isBelow(squares, count - 1 + 6 * Math.sqrt(2 * (count - 1)), `among ${count}`)
    }
  })

  it("picks a record where nearly all buckets are empty", () => {
    const dict = new Dict<never>([1, 2])
    for (let i = 0; i < 50_000; i++) dict.insert(Slice.latin1(`key:${i}`), 0)
    let left = 50_000
    // Inside forEach the table does not shrink.
    dict.forEach((ref) => {
      if (left === 20) return
      dict.remove(ref)
      left--
    })
    const random = new Randomness(5)
    const picks = new Set(Array.from({ length: 2000 }, () => dict.randomRef(random.next)))
    assert.strictEqual(picks.size, 20)
    assert.isFalse(picks.has(0))
  })

  it("does not move a record when another one is inserted, found or resized", () => {
    const random = new Randomness(3)
    const model = new Model(random)
    for (let i = 0; i < 50; i++) model.set(`fixed:${i}`)
    const refs = Array.from({ length: 50 }, (_, i) => model.find(`fixed:${i}`))
    for (let i = 0; i < 5000; i++) {
      model.set(`other:${random.below(2000)}`)
      model.resize(`other:${random.below(2000)}`)
    }
    refs.forEach((ref, i) => {
      assert.strictEqual(model.find(`fixed:${i}`), ref)
    })
  })

  it("takes long keys, and values up to the inline limit", () => {
    const dict = new Dict<never>([1, 2])
    const key = new Slice(new Uint8Array(3_000_000).fill(7))
    const ref = dict.insert(key, INLINE_LIMIT - 1)
    assert.strictEqual(dict.find(key), ref)
    assert.strictEqual(dict.find(new Slice(key.buffer, 1)), 0)
    assert.isAbove(dict.memoryOf(ref), 3_065_000)
    dict.remove(dict.setExpiryId(dict.resizeValue(ref, 0), 1))
    assert.isBelow(dict.memory(), 1024)
  })

  it("takes a hash computed before", () => {
    const dict = new Dict<never>([1, 2])
    const key = Slice.latin1("key")
    const hash = dict.hash(key)
    assert.strictEqual(dict.find(key, hash), 0)
    const ref = dict.insert(key, 0, hash)
    assert.strictEqual(dict.find(key), ref)
    assert.strictEqual(dict.find(key, hash), ref)
  })

  it("orders keys by its seed", () => {
    const order = (seed: number) => {
      const dict = new Dict<never>([seed, 1])
      for (let i = 0; i < 100; i++) dict.insert(Slice.latin1(`key:${i}`), 0)
      const keys: Array<string> = []
      dict.forEach((ref) => {
        keys.push(dict.keySlice(ref, new Slice()).toString())
      })
      return keys
    }
    assert.deepStrictEqual(order(1), order(1))
    assert.notDeepEqual(order(1), order(2))
  })

  it("costs little when it is empty or small", () => {
    const dict = new Dict<never>([1, 2])
    assert.isBelow(dict.memory(), 1024)
    dict.insert(Slice.latin1("key"), 10)
    assert.isBelow(dict.memory(), 8192)
  })

  it("inside a collection starts with a few hundred bytes and grows with its content", () => {
    const dict = Dict.inside<never>([1, 2])
    dict.insert(Slice.latin1("key"), 10)
    assert.isBelow(dict.memory(), 300)
    for (let i = 0; i < 2000; i++) {
      dict.insert(Slice.latin1(`key:${String(i).padStart(12, "0")}`), 0)
      assert.isAtMost(dict.memory(), 300 + 2.4 * dict.memoryLive())
    }
    for (let i = 0; i < 2000; i++) {
      const key = `key:${String(i).padStart(12, "0")}`
      assert.strictEqual(dict.keySlice(dict.find(Slice.latin1(key)), new Slice()).toString(), key)
    }
  })

  it("inside a collection gives memory back by itself while records go", () => {
    const dict = Dict.inside<never>([1, 2])
    const count = 100_000
    const key = (i: number) => Slice.latin1(`key:${String(i).padStart(12, "0")}`)
    for (let i = 0; i < count; i++) dict.insert(key(i), 10)
    const full = dict.memory()
    // In an order that leaves holes everywhere.
    for (let i = 0; i < count; i++) {
      const n = (i * 7919) % count
      if (n % 100 === 0) continue
      dict.remove(dict.find(key(n)))
      dict.tidy()
      if (i % 10_000 === 9999) assert.isBelow(dict.memory(), 2 * (full * (dict.size / count)) + full / 10)
    }
    assert.strictEqual(dict.size, count / 100)
    assert.isBelow(dict.memory(), full / 20)
    for (let i = 0; i < count; i += 100) assert.notStrictEqual(dict.find(key(i)), 0)
  })

  it("leaves records where they are while they are visited, although told to be tidy", () => {
    const dict = Dict.inside<never>([1, 2])
    for (let i = 0; i < 5000; i++) dict.insert(Slice.latin1(`key:${i}`), 100)
    let visited = 0
    dict.forEach((ref) => {
      if (++visited % 10 !== 0) dict.remove(ref)
      dict.tidy()
    })
    assert.strictEqual(visited, 5000)
    assert.strictEqual(dict.size, 500)
    while (dict.compact(100_000)) {}
    for (let i = 0; i < 5000; i++) dict.find(Slice.latin1(`key:${i}`))
    assert.isBelow(dict.memory(), 4 * dict.memoryLive() + 20_000)
  })

  it("gives memory back after deletes", () => {
    const dict = new Dict<never>([1, 2])
    const count = 200_000
    for (let i = 0; i < count; i++) dict.insert(Slice.latin1(`key:${String(i).padStart(12, "0")}`), 32)
    const full = dict.memory()
    assert.isBelow(full / count, 84)
    for (let i = 0; i < count; i++) {
      if (i % 100 !== 0) dict.remove(dict.find(Slice.latin1(`key:${String(i).padStart(12, "0")}`)))
    }
    while (dict.compact(65_536)) {}
    while (dict.rehashStep(1000)) {}
    assert.strictEqual(dict.size, count / 100)
    assert.isBelow(dict.memory(), full / 40)
    for (let i = 0; i < count; i += 100) dict.remove(dict.find(Slice.latin1(`key:${String(i).padStart(12, "0")}`)))
    while (dict.rehashStep(1000)) {}
    assert.isBelow(dict.memory(), 32_768)
  })

  it("gives memory back when cleared", () => {
    const model = new Model(new Randomness(11))
    for (let i = 0; i < 5000; i++) model.set(`key:${i}`)
    model.clear()
    assert.isBelow(model.dict.memory(), 1024)
    model.checkAll()
  })
})
