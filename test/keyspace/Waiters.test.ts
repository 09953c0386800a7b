import { assert, describe, it } from "@effect/vitest"
import { KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { ValueType } from "../../src/keyspace/Value.ts"
import type { Lane, Waiter } from "../../src/keyspace/Waiters.ts"
import { Slice } from "../../src/values/Slice.ts"

const key = Slice.latin1("k")
const other = Slice.latin1("other")

const taking: Lane = { name: "taking", type: ValueType.String, shares: false, minds: false }

/** A keyspace with waiters that write down when they are asked. */
class Scene {
  readonly state = new KeyspaceState(2, [1, 2], () => 0.5)
  readonly asked: Array<string> = []

  /** A waiter at `keys` of database 0; what it does when asked may end its wait. What comes back ends it, too. */
  waiter(name: string, lane: Lane, act: () => boolean, keys: ReadonlyArray<Slice> = [key]): () => void {
    const waiter: Waiter = {
      lane,
      retry: () => {
        this.asked.push(name)
        const done = act()
        if (done) leave()
        return done
      }
    }
    const leave = this.state.waiters.add(waiter, 0, keys)
    return leave
  }

  /** Takes the key as BLPOP would the only element. */
  readonly take = (): boolean => this.state.databases[0]!.delete(key)

  put(database = 0): void {
    this.state.databases[database]!.setString(key, Slice.latin1("v"))
    this.serve()
  }

  serve(): void {
    this.state.waiters.serve(this.state.databases)
  }
}

describe("waiters", () => {
  it("of one lane are asked until the key is gone, and ten thousand behind cost nothing", () => {
    const scene = new Scene()
    for (let i = 0; i < 10_000; i++) scene.waiter(String(i), taking, scene.take)
    scene.put()
    scene.put()
    assert.deepStrictEqual(scene.asked, ["0", "1"])
  })

  it("of one lane are not asked behind one that is left waiting", () => {
    const scene = new Scene()
    for (const name of ["a", "b"]) scene.waiter(name, taking, () => false)
    scene.put()
    assert.deepStrictEqual(scene.asked, ["a"])
  })

  it("that share are all asked, once", () => {
    const scene = new Scene()
    for (const name of ["a", "b", "c"]) scene.waiter(name, { ...taking, shares: true }, () => name === "b")
    scene.put()
    assert.deepStrictEqual(scene.asked, ["a", "b", "c"])
    scene.state.ready(scene.state.databases[0]!, key)
    scene.serve()
    assert.deepStrictEqual(scene.asked, ["a", "b", "c", "a", "c"])
  })

  it("are not asked about another database, another key or another type", () => {
    const scene = new Scene()
    scene.waiter("string", taking, scene.take)
    scene.waiter("list", { ...taking, name: "list", type: ValueType.List }, scene.take)
    scene.put(1)
    scene.state.databases[0]!.setString(other, Slice.latin1("v"))
    scene.serve()
    assert.deepStrictEqual(scene.asked, [])
    scene.put()
    assert.deepStrictEqual(scene.asked, ["string"])
  })

  it("may leave from anywhere in their queue, whose order stays", () => {
    const scene = new Scene()
    const lane = { ...taking, shares: true }
    const leave = ["a", "b", "c", "d", "e"].map((name) => scene.waiter(name, lane, () => false))
    for (const index of [2, 0, 4]) leave[index]!()
    scene.waiter("f", lane, () => false)
    scene.put()
    assert.deepStrictEqual(scene.asked, ["b", "d", "f"])
  })

  it("that come while others are asked are not asked before the next time", () => {
    const scene = new Scene()
    const lane = { ...taking, shares: true }
    scene.waiter("a", lane, () => {
      scene.waiter("a again", lane, () => false)
      return true
    })
    scene.put()
    assert.deepStrictEqual(scene.asked, ["a"])
  })

  it("that do not mind are not asked when something takes the place of what was there, as in Redis", () => {
    const scene = new Scene()
    scene.put()
    scene.waiter("does not", taking, () => true)
    scene.put()
    assert.deepStrictEqual(scene.asked, [])
  })

  it("that mind are asked when the key goes", () => {
    const scene = new Scene()
    scene.put()
    scene.waiter("minds", { ...taking, minds: true }, () => true)
    scene.waiter("does not", { ...taking, name: "indifferent" }, () => true)
    scene.take()
    scene.serve()
    assert.deepStrictEqual(scene.asked, ["minds"])
  })

  it("of several keys are asked at the first that is ready, and not at the others once they have gone", () => {
    const scene = new Scene()
    scene.waiter("both", taking, scene.take, [other, key])
    scene.put()
    scene.state.ready(scene.state.databases[0]!, other)
    scene.serve()
    assert.deepStrictEqual(scene.asked, ["both"])
    assert.isFalse(scene.state.waiters.active)
  })

  it("are asked when their database is emptied or changes places, if there is something then", () => {
    const scene = new Scene()
    scene.put(1)
    scene.waiter("a", taking, scene.take)
    scene.state.flush([scene.state.databases[0]!])
    scene.serve()
    assert.deepStrictEqual(scene.asked, [])
    scene.state.swap(0, 1)
    scene.serve()
    assert.deepStrictEqual(scene.asked, ["a"])
  })

  it("are served in turn when serving one makes another key ready", () => {
    const scene = new Scene()
    scene.waiter("second", taking, () => scene.state.databases[0]!.delete(other), [other])
    scene.waiter("first", taking, () => {
      scene.state.databases[0]!.setString(other, Slice.latin1("v"))
      return scene.take()
    })
    scene.put()
    assert.deepStrictEqual(scene.asked, ["first", "second"])
  })
})
