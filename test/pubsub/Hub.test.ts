import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Hub, HubService } from "../../src/pubsub/Hub.ts"
import { Slice } from "../../src/values/Slice.ts"
import { push, TestInbox } from "./support.ts"

const publish = (hub: HubService, channel: string, payload: string) =>
  hub.publish(Slice.latin1(channel), Slice.latin1(payload))

describe("publishing", () => {
  it("reaches a channel's subscribers and those of every matching pattern, and counts them", () => {
    const hub = new HubService()
    const [both, pattern] = [new TestInbox(), new TestInbox()]
    hub.patterns.subscribe(both, "n*")
    hub.patterns.subscribe(both, "*s")
    hub.channels.subscribe(both, "news")
    hub.patterns.subscribe(pattern, "n*")
    assert.strictEqual(publish(hub, "news", "hello"), 4)
    const pmessage = push(["pmessage", "n*", "news", "hello"])
    assert.strictEqual(
      both.drained(),
      push(["message", "news", "hello"]) + pmessage + push(["pmessage", "*s", "news", "hello"])
    )
    assert.strictEqual(pattern.drained(), pmessage)
  })

  it("writes arrays on RESP2", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    hub.channels.subscribe(inbox, "c")
    publish(hub, "c", "m")
    assert.strictEqual(inbox.drained(2), push(["message", "c", "m"], "*"))
  })

  it("to nobody creates nothing and counts nobody", () => {
    const hub = new HubService()
    assert.strictEqual(publish(hub, "c", "m"), 0)
    hub.channels.subscribe(new TestInbox(), "other")
    assert.strictEqual(publish(hub, "c", "m"), 0)
    assert.deepStrictEqual([...hub.channels.names()], ["other"])
  })

  it("to shard channels is apart from channels and patterns", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    hub.shardChannels.subscribe(inbox, "c")
    hub.patterns.subscribe(inbox, "*")
    assert.strictEqual(hub.publishShard(Slice.latin1("c"), Slice.latin1("m")), 1)
    assert.strictEqual(inbox.drained(), push(["smessage", "c", "m"]))
    assert.strictEqual(inbox.subscriptions, 1)
    assert.isTrue(inbox.isSubscribed)
  })

  it("keeps the bytes when the request's buffer is used again", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    hub.patterns.subscribe(inbox, "*")
    const request = Buffer.from("\xff\x00chan\r\npayload", "latin1")
    hub.publish(new Slice(request, 0, 6), new Slice(request, 6, 9))
    request.fill(0)
    assert.strictEqual(inbox.drained(), push(["pmessage", "*", "\xff\x00chan", "\r\npayload"]))
  })

  it("keeps one order over all channels", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    const channels = Array.from({ length: 50 }, (_, i) => `c${i}`)
    for (const channel of channels) hub.channels.subscribe(inbox, channel)
    let expected = ""
    for (let i = 0; i < 1000; i++) {
      const channel = channels[(i * 17) % 50]!
      publish(hub, channel, String(i))
      expected += push(["message", channel, String(i)])
    }
    assert.strictEqual(inbox.drained(), expected)
  })
})

describe("unsubscribing", () => {
  it("still delivers what had arrived, in its place", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    hub.channels.subscribe(inbox, "a")
    hub.channels.subscribe(inbox, "b")
    for (const [channel, payload] of ["a1", "b1", "a2"]) publish(hub, channel!, payload!)
    assert.isTrue(hub.channels.unsubscribe(inbox, "a"))
    publish(hub, "a", "3")
    hub.channels.subscribe(inbox, "a")
    publish(hub, "a", "4")
    assert.strictEqual(
      inbox.drained(),
      ["a1", "b1", "a2", "a4"].map(([channel, payload]) => push(["message", channel!, payload!])).join("")
    )
  })

  it("says whether anything changed", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    assert.isFalse(hub.channels.unsubscribe(inbox, "c"))
    assert.isTrue(hub.channels.subscribe(inbox, "c"))
    assert.isFalse(hub.channels.subscribe(inbox, "c"))
    assert.isTrue(hub.channels.unsubscribe(inbox, "c"))
    assert.isTrue(hub.idle)
  })
})

describe("a closed hub", () => {
  it.effect("delivers nothing more, and its subscribers may still leave", () =>
    Effect.gen(function* () {
      const inbox = new TestInbox()
      const hub = yield* Effect.provide(
        Effect.tap(Hub, (hub) => Effect.sync(() => hub.channels.subscribe(inbox, "c"))),
        Hub.layer
      )
      assert.strictEqual(publish(hub, "c", "m"), 0)
      hub.channels.unsubscribe(inbox, "c")
      inbox.close()
      assert.strictEqual(inbox.drained(), "")
    })
  )
})

const CHANNELS = ["a", "ab", "b", ""]
/** In Redis no pattern matches the empty text, not even `*`. */
const PATTERNS: Record<string, (channel: string) => boolean> = {
  "*": (channel) => channel !== "",
  "a*": (channel) => channel.startsWith("a"),
  "[ab]": (channel) => channel === "a" || channel === "b",
  "?b": (channel) => channel === "ab"
}
const INBOXES = 3

const Step = Schema.Struct({
  verb: Schema.Literals([
    "publish",
    "publish",
    "subscribe",
    "unsubscribe",
    "psubscribe",
    "punsubscribe",
    "drain",
    "close"
  ]),
  inbox: Schema.Literals([0, 1, 2]),
  channel: Schema.Literals(CHANNELS),
  pattern: Schema.Literals(Object.keys(PATTERNS))
})

/** What pub/sub means, without any sharing: a list of subscriptions in their order and a text for each subscriber. */
class Model {
  channels: Array<{ readonly inbox: number; readonly name: string }> = []
  patterns: Array<{ readonly name: string; readonly inboxes: Set<number> }> = []
  readonly texts = Array.from({ length: INBOXES }, () => "")

  publish(channel: string, payload: string): number {
    let receivers = 0
    const deliver = (inbox: number, words: ReadonlyArray<string>) => {
      this.texts[inbox] += push(words)
      receivers++
    }
    for (const { inbox, name } of this.channels) if (name === channel) deliver(inbox, ["message", channel, payload])
    for (const { name, inboxes } of this.patterns) {
      if (PATTERNS[name]!(channel)) for (const inbox of inboxes) deliver(inbox, ["pmessage", name, channel, payload])
    }
    return receivers
  }

  subscribe(inbox: number, name: string): boolean {
    if (this.channels.some((s) => s.inbox === inbox && s.name === name)) return false
    this.channels.push({ inbox, name })
    return true
  }

  unsubscribe(inbox: number, name: string): boolean {
    const before = this.channels.length
    this.channels = this.channels.filter((s) => s.inbox !== inbox || s.name !== name)
    return this.channels.length < before
  }

  psubscribe(inbox: number, name: string): boolean {
    let pattern = this.patterns.find((p) => p.name === name)
    if (pattern === undefined) {
      pattern = { name, inboxes: new Set() }
      this.patterns.push(pattern)
    }
    const before = pattern.inboxes.size
    return pattern.inboxes.add(inbox).size > before
  }

  punsubscribe(inbox: number, name: string): boolean {
    const left = this.patterns.find((p) => p.name === name)?.inboxes.delete(inbox) ?? false
    this.patterns = this.patterns.filter((p) => p.inboxes.size > 0)
    return left
  }

  close(inbox: number): void {
    for (const channel of CHANNELS) this.unsubscribe(inbox, channel)
    for (const pattern of Object.keys(PATTERNS)) this.punsubscribe(inbox, pattern)
    this.texts[inbox] = ""
  }
}

describe("the hub", () => {
  it.prop(
    "delivers, orders and counts as a naive model does",
    [Schema.Array(Step).check(Schema.isMinLength(40), Schema.isMaxLength(120))],
    ([steps]) => {
      const hub = new HubService()
      const model = new Model()
      const inboxes = model.texts.map(() => new TestInbox())
      steps.forEach(({ verb, inbox: i, channel, pattern }, step) => {
        const inbox = inboxes[i]!
        const payload = String(step)
        if (verb === "publish") assert.strictEqual(publish(hub, channel, payload), model.publish(channel, payload))
        else if (verb === "subscribe") {
          assert.strictEqual(hub.channels.subscribe(inbox, channel), model.subscribe(i, channel))
        } else if (verb === "unsubscribe") {
          assert.strictEqual(hub.channels.unsubscribe(inbox, channel), model.unsubscribe(i, channel))
        } else if (verb === "psubscribe") {
          assert.strictEqual(hub.patterns.subscribe(inbox, pattern), model.psubscribe(i, pattern))
        } else if (verb === "punsubscribe") {
          assert.strictEqual(hub.patterns.unsubscribe(inbox, pattern), model.punsubscribe(i, pattern))
        } else if (verb === "close") {
          inbox.close()
          model.close(i)
          inboxes[i] = new TestInbox()
        } else {
          assert.strictEqual(inbox.drained(), model.texts[i])
          model.texts[i] = ""
        }
        for (const name of CHANNELS) {
          assert.strictEqual(hub.channels.subscribers(name), model.channels.filter((s) => s.name === name).length)
        }
        assert.deepStrictEqual(
          [...hub.patterns].map((topic) => [topic.name.toString(), topic.subscribers]),
          model.patterns.map(({ name, inboxes }) => [name, inboxes.size])
        )
      })
      for (const [i, inbox] of inboxes.entries()) assert.strictEqual(inbox.drained(), model.texts[i])
      for (const inbox of inboxes) inbox.close()
      assert.isTrue(hub.idle)
    }
  )
})
