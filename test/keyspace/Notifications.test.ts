import { assert, describe, it } from "@effect/vitest"
import { EventClass, KeyspaceEvents, parseEventClasses } from "../../src/keyspace/Notifications.ts"
import { Slice } from "../../src/values/Slice.ts"

/** Events with the given classes on, and what they published. */
function recorded(letters: string) {
  const published: Array<string> = []
  const events = new KeyspaceEvents()
  events.classes = parseEventClasses(letters)!
  events.sink = { idle: false, publish: (channel, message) => published.push(`${channel} ${message}`) }
  return { events, published }
}

describe("parseEventClasses", () => {
  it("gathers the letters' bits, in any order and number", () => {
    assert.strictEqual(parseEventClasses(""), 0)
    assert.strictEqual(parseEventClasses("mxm"), EventClass.KeyMiss | EventClass.Expired)
    assert.strictEqual(parseEventClasses("KEA"), parseEventClasses("Kg$lshzxetdE"))
  })

  it("leaves key misses and new keys out of A", () => {
    assert.strictEqual(parseEventClasses("A")! & (EventClass.KeyMiss | EventClass.New), 0)
  })

  it("refuses a letter that means nothing", () => {
    for (const letters of ["a", "K E", "D", "KEX"]) assert.isUndefined(parseEventClasses(letters), letters)
  })
})

describe("KeyspaceEvents", () => {
  it("publishes to the key's channel, then to the event's", () => {
    const { events, published } = recorded("KEA")
    events.notify(3, EventClass.String, "set", Slice.latin1("user:1"))
    assert.deepStrictEqual(published, ["__keyspace@3__:user:1 set", "__keyevent@3__:set user:1"])
  })

  it("keeps to the classes and channels that are on", () => {
    const { events, published } = recorded("Exg")
    events.notify(0, EventClass.String, "set", Slice.latin1("k"))
    events.notify(0, EventClass.Generic, "del", Slice.latin1("k"))
    events.notify(0, EventClass.Expired, "expired", Slice.latin1("k"))
    assert.deepStrictEqual(published, ["__keyevent@0__:del k", "__keyevent@0__:expired k"])
  })

  it("takes keys of any bytes and length", () => {
    const { events, published } = recorded("KA")
    const key = `\x00\xff ${"x".repeat(1000)}`
    events.notify(15, EventClass.Generic, "del", Slice.latin1(key))
    events.notify(15, EventClass.Generic, "del", Slice.latin1(""))
    assert.deepStrictEqual(published, [`__keyspace@15__:${key} del`, "__keyspace@15__: del"])
  })

  it("is disabled unless a class and a channel are on", () => {
    for (const [letters, enabled] of [
      ["", false],
      ["A", false],
      ["KE", false],
      ["Km", true],
      ["Eg", true]
    ] as const) {
      assert.strictEqual(recorded(letters).events.enabled, enabled, letters)
    }
  })

  it("puts nothing together while nobody listens", () => {
    const { events, published } = recorded("KEA")
    events.sink = { idle: true, publish: () => published.push("published") }
    events.notify(0, EventClass.String, "set", Slice.latin1("k"))
    assert.deepStrictEqual(published, [])
  })
})
