import { assert, describe, it } from "@effect/vitest"
import { HubService } from "../../src/pubsub/Hub.ts"
import type { Delivery } from "../../src/pubsub/Inbox.ts"
import { Slice } from "../../src/values/Slice.ts"
import { push, TestInbox } from "./support.ts"

const line = (text: string): Delivery => ({ write: (reply) => reply.simple(text) })
const message = Slice.latin1("x".repeat(1000))
const channel = Slice.latin1("c")

describe("Inbox", () => {
  it("wakes its owner when something waits where nothing did, and not again before it is drained", () => {
    const inbox = new TestInbox()
    inbox.offer(line("1"), 4)
    inbox.offer(line("2"), 4)
    assert.strictEqual(inbox.calls.woken, 1)
    assert.strictEqual(inbox.pendingBytes, 8)
    assert.strictEqual(inbox.drained(), "+1\r\n+2\r\n")
    assert.isFalse(inbox.hasPending)
    assert.strictEqual(inbox.pendingBytes, 0)
    inbox.offer(line("3"), 4)
    assert.strictEqual(inbox.calls.woken, 2)
  })

  it("keeps other deliveries in order with messages", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    hub.channels.subscribe(inbox, "c")
    hub.publish(channel, Slice.latin1("1"))
    inbox.offer(line("2"), 4)
    hub.publish(channel, Slice.latin1("3"))
    assert.strictEqual(inbox.drained(), `${push(["message", "c", "1"])}+2\r\n${push(["message", "c", "3"])}`)
  })

  it("estimates the size of messages well", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    hub.channels.subscribe(inbox, "c")
    for (let i = 0; i < 100; i++) hub.publish(channel, message)
    const estimated = inbox.pendingBytes
    assert.approximately(estimated / inbox.drained().length, 1, 0.02)
  })
})

describe("a slow subscriber", () => {
  it("is cut at its limit while publishing goes on for the others", () => {
    const hub = new HubService()
    const [slow, quick] = [new TestInbox(10_000), new TestInbox(10_000)]
    for (const inbox of [slow, quick]) {
      hub.channels.subscribe(inbox, "c")
      hub.patterns.subscribe(inbox, "*")
    }
    let most = 0
    for (let i = 0; i < 100; i++) {
      hub.publish(channel, message)
      most = Math.max(most, slow.pendingBytes)
      quick.drained()
    }
    assert.isAtMost(most, 10_000)
    assert.deepStrictEqual(slow.calls, { woken: 1, killed: 1 })
    assert.strictEqual(quick.calls.killed, 0)
    assert.strictEqual(slow.drained(), "")
    assert.isFalse(slow.isSubscribed)
    assert.strictEqual(hub.publish(channel, message), 2)
  })

  it("holds nothing back in the channels it leaves", () => {
    const hub = new HubService()
    const slow = new TestInbox(10_000)
    hub.channels.subscribe(slow, "c")
    for (let i = 0; i < 100; i++) hub.publish(channel, message)
    assert.isTrue(hub.idle)
  })
})

describe("a closed inbox", () => {
  it("has left everything and takes nothing", () => {
    const hub = new HubService()
    const inbox = new TestInbox()
    hub.channels.subscribe(inbox, "c")
    hub.patterns.subscribe(inbox, "*")
    hub.shardChannels.subscribe(inbox, "c")
    hub.publish(channel, message)
    inbox.close()
    assert.strictEqual(hub.publish(channel, message), 0)
    inbox.offer(line("1"), 4)
    assert.strictEqual(inbox.drained(), "")
    assert.isTrue(hub.idle)
    assert.strictEqual(hub.shardChannels.size, 0)
  })
})
