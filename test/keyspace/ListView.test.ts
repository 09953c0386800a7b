import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { defaultLimits } from "../../src/keyspace/limits.ts"
import { PointInTime } from "../../src/keyspace/PointInTime.ts"
import { encodingName, facetsOf } from "../../src/keyspace/types/valueTypes.ts"
import { ListView } from "../../src/keyspace/views/ListView.ts"
import { QuickList } from "../../src/values/list/QuickList.ts"
import { QuickListLimit } from "../../src/values/list/QuickListLimit.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]
const key = Slice.latin1("list")

const VALUES = ["", "a", "b", "0", "-1", "4096", "9223372036854775807", "\x00\xff", "x".repeat(70), "x".repeat(5000)]
const CHANGES = ["push", "push", "push", "push", "drop", "replace", "insert", "insert", "remove"] as const

function keyspaceOf(setting: number): KeyspaceState {
  const keyspace = new KeyspaceState(1, [1, 2], () => 0.5)
  keyspace.limits = { ...defaultLimits, listMaxListpackSize: setting }
  return keyspace
}

/** A list under a key, and the plain array that it should be. */
class Compared {
  private readonly view = new ListView()
  private readonly keyspace: KeyspaceState
  private readonly model: Array<string> = []

  constructor(setting: number) {
    this.keyspace = keyspaceOf(setting)
  }

  private get db() {
    return this.keyspace.databases[0]!
  }

  /** The view on the list, which has at least one element or gets one. */
  private open(): ListView {
    if (!this.view.write(this.db, key)) this.view.create(this.db, key)
    return this.view
  }

  change(random: Randomness): void {
    const change = this.model.length === 0 ? "push" : random.pick(CHANGES)
    const text = random.pick(VALUES)
    this[change](random, Slice.latin1(text), text)
    if (this.model.length > 0) return
    if (this.view.write(this.db, key)) this.view.remove()
  }

  private push(random: Randomness, value: Slice, text: string): void {
    const view = this.open()
    if (random.oneIn(2)) {
      view.append(value)
      this.model.push(text)
    } else {
      view.prepend(value)
      this.model.unshift(text)
    }
  }

  private drop(random: Randomness): void {
    const view = this.open()
    const count = random.oneIn(3) ? random.below(8) : 1
    const atFront = random.oneIn(2)
    assert.strictEqual(view.peek(atFront).toString(), atFront ? this.model[0] : this.model.at(-1))
    view.drop(count, atFront)
    this.model.splice(atFront ? 0 : Math.max(0, this.model.length - count), count)
    if (view.length > 0) view.shrink()
  }

  private replace(random: Randomness, value: Slice, text: string): void {
    const view = this.open()
    const index = random.below(this.model.length)
    view.expect(1, value.length)
    assert.isTrue(view.seek(random.oneIn(2) ? index : index - this.model.length))
    view.replace(value)
    view.shrink()
    this.model[index] = text
  }

  private insert(random: Randomness, value: Slice, text: string): void {
    const view = this.open()
    const index = random.below(this.model.length)
    const after = random.oneIn(2)
    view.expect(1, value.length)
    view.seek(index)
    if (after) view.insertAfter(value)
    else view.insertBefore(value)
    this.model.splice(after ? index + 1 : index, 0, text)
  }

  private remove(random: Randomness): void {
    const view = this.open()
    const backward = random.oneIn(2)
    const index = random.below(this.model.length)
    view.seek(index)
    const more = backward ? view.removeBackward() : view.removeForward()
    this.model.splice(index, 1)
    const next = backward ? index - 1 : index
    assert.strictEqual(more, next >= 0 && next < this.model.length)
    if (more) assert.strictEqual(view.current().toString(), this.model[next])
    if (view.length > 0) view.shrink()
  }

  check(): void {
    const { db, model, view } = this
    if (model.length === 0) {
      assert.strictEqual(db.size, 0)
      return
    }
    view.open(db, db.peek(key))
    assert.strictEqual(view.length, model.length)
    const forward: Array<string> = []
    view.forEach((element) => {
      forward.push(element.toString())
    })
    assert.deepStrictEqual(forward, model)
    const backward: Array<string> = []
    for (let more = view.seek(-1); more; more = view.previous()) backward.unshift(view.current().toString())
    assert.deepStrictEqual(backward, model)
    assert.isFalse(view.seek(model.length))
    assert.isFalse(view.seek(-model.length - 1))
  }
}

describe("a list under a key", () => {
  for (const setting of [0, 1, 4, -1, -2, -5]) {
    it.prop(`holds what an array would, with list-max-listpack-size ${setting}`, seeds, ([seed]) => {
      const random = new Randomness(seed)
      const compared = new Compared(setting)
      for (let round = 0; round < 150; round++) {
        compared.change(random)
        if (round % 5 === 0) compared.check()
      }
      compared.check()
    })
  }

  it("becomes large before it exceeds the limit, and small when half of that is enough", () => {
    const keyspace = keyspaceOf(4)
    const db = keyspace.databases[0]!
    const view = new ListView()
    const encoding = () => encodingName(db, db.peek(key))
    view.create(db, key)
    for (let i = 0; i < 4; i++) view.append(Slice.latin1("a"))
    assert.strictEqual(encoding(), "listpack")
    view.append(Slice.latin1("a"))
    assert.strictEqual(encoding(), "quicklist")
    view.drop(2, true)
    view.shrink()
    assert.strictEqual(encoding(), "quicklist")
    view.drop(1, false)
    view.shrink()
    assert.strictEqual(encoding(), "listpack")
  })

  it("takes over a list in the form that fits it, whatever was there", () => {
    const keyspace = keyspaceOf(3)
    const db = keyspace.databases[0]!
    const view = new ListView()
    db.setString(key, Slice.latin1("v"))
    for (const [length, wanted] of [
      [3, "listpack"],
      [4, "quicklist"]
    ] as const) {
      const list = new QuickList(new QuickListLimit(10))
      for (let i = 0; i < length; i++) list.append(Slice.latin1(`${i}`))
      view.store(db, key, list)
      assert.strictEqual(view.length, length)
      assert.strictEqual(encodingName(db, db.peek(key)), wanted)
    }
  })

  it("is shown to a snapshot as it was, in either form", () => {
    for (const length of [3, 100]) {
      const keyspace = keyspaceOf(10)
      const db = keyspace.databases[0]!
      const view = new ListView()
      view.create(db, key)
      for (let i = 0; i < length; i++) view.append(Slice.latin1("a"))
      const shown: Array<number> = []
      const snapshot = new PointInTime(keyspace, (_, ref) => {
        shown.push(new ListView().open(db, ref).length)
        return undefined
      })
      view.drop(1, true)
      assert.deepStrictEqual(shown, [length])
      view.append(Slice.latin1("b"))
      while (snapshot.step());
      assert.deepStrictEqual(shown, [length])
    }
  })

  it("is built up again by commands of 64 elements", () => {
    for (const setting of [10, -2]) {
      const keyspace = keyspaceOf(setting)
      const db = keyspace.databases[0]!
      const view = new ListView()
      view.create(db, key)
      for (let i = 0; i < 130; i++) view.append(Slice.latin1(i % 2 === 0 ? `${i}` : `v${i}`))
      const lines: Array<string> = []
      const ref = db.peek(key)
      facetsOf(db, ref).rebuild(db, ref, key, (words) => lines.push(words.map((word) => word.toString()).join(" ")))
      const wanted = Array.from({ length: 130 }, (_, i) => (i % 2 === 0 ? `${i}` : `v${i}`))
      const commands = [wanted.slice(0, 64), wanted.slice(64, 128), wanted.slice(128)]
      assert.deepStrictEqual(
        lines,
        commands.map((elements) => `RPUSH list ${elements.join(" ")}`)
      )
    }
  })
})
