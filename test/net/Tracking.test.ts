import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { ReplyError } from "../../src/Errors.ts"
import {
  redirectionOf,
  type Tracking,
  type TrackingClient,
  type TrackingOptions,
  TrackingTable,
  trackingFlags
} from "../../src/net/Tracking.ts"
import { HubService } from "../../src/pubsub/Hub.ts"
import { Slice } from "../../src/values/Slice.ts"
import { push, TestInbox } from "../pubsub/support.ts"

class TestClient implements TrackingClient {
  readonly inbox = new TestInbox()
  tracking: Tracking | undefined

  constructor(
    readonly id: number,
    public protocol: 2 | 3 = 3
  ) {}

  openInbox(): TestInbox {
    return this.inbox
  }

  received(): string {
    return this.inbox.drained(this.protocol)
  }
}

const plain: TrackingOptions = { bcast: false, optin: false, optout: false, noloop: false, redirect: 0, prefixes: [] }

/** A server with clients 1, 2 and 3, which run commands as the dispatcher does. */
class World {
  readonly clients = new Map([1, 2, 3].map((id) => [id, new TestClient(id)]))
  maxKeys = 0
  readonly table = new TrackingTable(
    (id) => this.clients.get(id),
    () => this.maxKeys
  )

  client(id: number): TestClient {
    return this.clients.get(id)!
  }

  track(id: number, options: Partial<TrackingOptions> = {}): void {
    this.table.enable(this.client(id), { ...plain, ...options })
  }

  /** One command of the client. */
  command(id: number, body: () => void, keepsCaching = false): void {
    this.table.caller = this.client(id)
    body()
    this.table.endCommand(keepsCaching)
  }

  /** One command, alone in its batch. */
  run(id: number, body: () => void): void {
    this.command(id, body)
    this.table.endBatch()
  }

  read(id: number, ...keys: ReadonlyArray<string>): void {
    this.run(id, () => {
      for (const key of keys) this.table.remember(this.client(id), Slice.latin1(key))
    })
  }

  write(id: number, ...keys: ReadonlyArray<string>): void {
    this.run(id, () => {
      for (const key of keys) this.table.changed(Slice.latin1(key))
    })
  }

  caching(id: number, yes: boolean): void {
    this.command(id, () => this.table.caching(this.client(id), yes), true)
    this.table.endBatch()
  }
}

const array = (keys: ReadonlyArray<string>) => push(keys, "*")
const invalidate = (...keys: ReadonlyArray<string>) => `>2\r\n$10\r\ninvalidate\r\n${array(keys)}`
const FORGET_ALL = ">2\r\n$10\r\ninvalidate\r\n_\r\n"

const refusal = (body: () => void): string => {
  try {
    body()
  } catch (error) {
    if (error instanceof ReplyError) return error.text
    throw error
  }
  return "OK"
}

describe("default mode", () => {
  it("tells who read a key once when it changes", () => {
    const world = new World()
    world.track(1)
    world.read(1, "k", "other")
    world.write(2, "k", "k")
    world.write(2, "k")
    assert.strictEqual(world.client(1).received(), invalidate("k"))
    assert.strictEqual(world.table.totalKeys, 1)
  })

  it("tells the writer too, after its reply, unless NOLOOP", () => {
    const world = new World()
    world.track(1)
    world.read(1, "a", "b")
    world.command(1, () => {
      world.table.changed(Slice.latin1("a"))
      world.table.changed(Slice.latin1("b"))
      assert.isFalse(world.client(1).inbox.hasPending)
    })
    assert.strictEqual(world.client(1).received(), invalidate("a") + invalidate("b"))
    world.track(1, { noloop: true })
    world.read(1, "a")
    world.write(1, "a")
    assert.strictEqual(world.client(1).received(), "")
  })

  it("tells of keys that the server removes", () => {
    const world = new World()
    world.track(1)
    world.read(1, "k")
    world.table.removed(Slice.latin1("k"))
    assert.strictEqual(world.client(1).received(), invalidate("k"))
  })

  it("forgets everything at FLUSHALL and says so to every tracking client", () => {
    const world = new World()
    world.track(1)
    world.track(2, { bcast: true, noloop: true })
    world.read(1, "k")
    world.run(2, () => world.table.flushed())
    for (const id of [1, 2]) assert.strictEqual(world.client(id).received(), FORGET_ALL)
    assert.strictEqual(world.client(3).received(), "")
    world.write(3, "k")
    assert.strictEqual(world.client(1).received(), "")
    assert.strictEqual(world.table.totalItems, 0)
  })

  it("says nothing on RESP2 without redirection", () => {
    const world = new World()
    world.client(1).protocol = 2
    world.track(1)
    world.read(1, "k")
    world.write(2, "k")
    assert.strictEqual(world.client(1).received(), "")
  })

  it("says nothing after CLIENT TRACKING OFF, though the table keeps the key until it changes", () => {
    const world = new World()
    world.track(1)
    world.read(1, "k")
    world.table.forget(world.client(1))
    assert.isFalse(world.table.active)
    assert.strictEqual(world.table.totalItems, 1)
    world.write(2, "k")
    assert.strictEqual(world.client(1).received(), "")
    assert.strictEqual(world.table.totalItems, 0)
  })
})

describe("OPTIN and OPTOUT", () => {
  it("OPTIN remembers only what follows CLIENT CACHING YES", () => {
    const world = new World()
    world.track(1, { optin: true })
    world.read(1, "a")
    world.caching(1, true)
    world.read(1, "b")
    world.read(1, "c")
    world.write(2, "a", "b", "c")
    assert.strictEqual(world.client(1).received(), invalidate("b"))
  })

  it("OPTOUT remembers all but what follows CLIENT CACHING NO", () => {
    const world = new World()
    world.track(1, { optout: true })
    world.read(1, "a")
    world.caching(1, false)
    world.read(1, "b")
    world.read(1, "c")
    world.write(2, "a", "b", "c")
    assert.strictEqual(world.client(1).received(), invalidate("a") + invalidate("c"))
  })

  it("CLIENT CACHING is refused where it means nothing", () => {
    const world = new World()
    const { table } = world
    const client = world.client(1)
    assert.match(
      refusal(() => table.caching(client, true)),
      /^ERR CLIENT CACHING can be called only when/
    )
    world.track(1)
    assert.match(
      refusal(() => table.caching(client, true)),
      /^ERR CLIENT CACHING YES is only valid when/
    )
    world.track(1, { optin: true })
    assert.match(
      refusal(() => table.caching(client, false)),
      /^ERR CLIENT CACHING NO is only valid when/
    )
  })
})

describe("BCAST", () => {
  it("tells once a batch, prefix by prefix, in the order of the bytes", () => {
    const world = new World()
    world.track(1, { bcast: true, prefixes: ["foo", "bar"] })
    world.track(1, { bcast: true, prefixes: ["z"] })
    world.track(1, { bcast: true })
    for (const key of ["z1", "foo2", "foo1", "foo1", "bar", "none"]) {
      world.command(2, () => world.table.changed(Slice.latin1(key)))
    }
    assert.strictEqual(world.client(1).received(), "")
    world.table.endBatch()
    assert.strictEqual(
      world.client(1).received(),
      invalidate("bar", "foo1", "foo2", "none", "z1") +
        invalidate("bar") +
        invalidate("foo1", "foo2") +
        invalidate("z1")
    )
    assert.strictEqual(world.table.totalPrefixes, 4)
    world.table.endBatch()
    assert.strictEqual(world.client(1).received(), "")
  })

  it("NOLOOP leaves out the keys whose last writer is the client itself", () => {
    const world = new World()
    world.track(1, { bcast: true, noloop: true })
    world.track(2, { bcast: true })
    world.command(1, () => world.table.changed(Slice.latin1("own")))
    world.command(1, () => world.table.changed(Slice.latin1("both")))
    world.command(3, () => world.table.changed(Slice.latin1("both")))
    world.command(1, () => world.table.removed(Slice.latin1("expired")))
    world.table.endBatch()
    assert.strictEqual(world.client(1).received(), invalidate("both", "expired"))
    assert.strictEqual(world.client(2).received(), invalidate("both", "expired", "own"))
  })

  it("ends with the client", () => {
    const world = new World()
    world.track(1, { bcast: true, prefixes: ["a", "b"] })
    world.track(2, { bcast: true, prefixes: ["b"] })
    world.command(3, () => world.table.changed(Slice.latin1("a1")))
    world.table.forget(world.client(1))
    world.table.endBatch()
    assert.strictEqual(world.client(1).received(), "")
    assert.strictEqual(world.table.totalPrefixes, 1)
  })
})

describe("options that do not go together", () => {
  it("are refused with Redis' words", () => {
    const world = new World()
    const track = (options: Partial<TrackingOptions>) => refusal(() => world.track(1, options))
    assert.strictEqual(track({ prefixes: ["a"] }), "ERR PREFIX option requires BCAST mode to be enabled")
    assert.strictEqual(track({ bcast: true, optin: true }), "ERR OPTIN and OPTOUT are not compatible with BCAST")
    assert.strictEqual(track({ optin: true, optout: true }), "ERR You can't specify both OPTIN mode and OPTOUT mode")
    assert.isFalse(world.table.active)
    world.track(1, { optin: true })
    assert.match(track({ bcast: true }), /^ERR You can't switch BCAST mode on\/off before/)
    assert.match(track({ optout: true }), /^ERR You can't switch OPTIN\/OPTOUT mode before/)
    assert.strictEqual(track({}), "OK")
    assert.strictEqual(track({ optout: true }), "OK")
  })

  it("include prefixes that overlap", () => {
    const world = new World()
    const track = (...prefixes: ReadonlyArray<string>) => refusal(() => world.track(1, { bcast: true, prefixes }))
    const overlaps = (prefix: string, which: string, other: string) =>
      `ERR Prefix '${prefix}' overlaps with ${which} prefix '${other}'. Prefixes for a single client must not overlap.`
    assert.strictEqual(track("foo", "bar", "foobar"), overlaps("foo", "another provided", "foobar"))
    assert.strictEqual(world.table.totalPrefixes, 0)
    assert.strictEqual(track("foo", "bar"), "OK")
    assert.strictEqual(track("foob"), overlaps("foob", "an existing", "foo"))
    assert.strictEqual(track("f"), overlaps("f", "an existing", "foo"))
    assert.strictEqual(track("z"), "OK")
    assert.strictEqual(track(), "OK")
    assert.strictEqual(track("q"), overlaps("q", "an existing", ""))
  })
})

describe("REDIRECT", () => {
  it("sends messages to a RESP2 client that is subscribed to something", () => {
    const world = new World()
    const target = world.client(2)
    target.protocol = 2
    world.track(1, { redirect: 2 })
    world.read(1, "a")
    world.write(1, "a")
    assert.strictEqual(target.received(), "")
    new HubService().channels.subscribe(target.inbox, "__redis__:invalidate")
    world.read(1, "a")
    world.write(1, "a")
    world.run(3, () => world.table.flushed())
    const head = "*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n"
    assert.strictEqual(target.received(), `${head}${array(["a"])}${head}$-1\r\n`)
    assert.strictEqual(world.client(1).received(), "")
  })

  it("sends pushes to a RESP3 client", () => {
    const world = new World()
    world.client(1).protocol = 2
    world.track(1, { redirect: 2, bcast: true })
    world.write(3, "b", "a")
    assert.strictEqual(world.client(2).received(), invalidate("a", "b"))
  })

  it("tells when the client that should receive is gone", () => {
    const world = new World()
    const client = world.client(1)
    world.track(1, { redirect: 2 })
    world.read(1, "a", "b")
    world.clients.delete(2)
    world.write(3, "a", "b")
    assert.strictEqual(client.received(), ">2\r\n$21\r\ntracking-redir-broken\r\n:2\r\n".repeat(2))
    assert.deepStrictEqual(trackingFlags(client.tracking), ["on", "broken_redirect"])
    world.track(1)
    assert.deepStrictEqual(trackingFlags(client.tracking), ["on"])
  })
})

describe("CLIENT TRACKINGINFO's facts", () => {
  it("name the mode and what was given", () => {
    const world = new World()
    const client = world.client(1)
    assert.deepStrictEqual(trackingFlags(client.tracking), ["off"])
    assert.strictEqual(redirectionOf(client.tracking), -1)
    world.track(1, { optin: true, noloop: true })
    world.caching(1, true)
    assert.deepStrictEqual(trackingFlags(client.tracking), ["on", "optin", "caching-yes", "noloop"])
    assert.strictEqual(redirectionOf(client.tracking), 0)
    world.read(1, "k")
    assert.deepStrictEqual(trackingFlags(client.tracking), ["on", "optin", "noloop"])
    world.table.forget(client)
    world.track(1, { bcast: true, redirect: 3 })
    assert.deepStrictEqual(trackingFlags(client.tracking), ["on", "bcast"])
    assert.strictEqual(redirectionOf(client.tracking), 3)
  })
})

describe("tracking-table-max-keys", () => {
  it("drops the keys cached for longest and says so", () => {
    const world = new World()
    world.maxKeys = 3
    world.track(1)
    world.read(1, "a", "b", "c")
    world.read(1, "a", "d", "e")
    assert.strictEqual(world.client(1).received(), invalidate("a") + invalidate("b"))
    assert.strictEqual(world.table.totalKeys, 3)
  })

  it("works off a surplus in bounded steps that grow", () => {
    const world = new World()
    world.track(1)
    world.read(1, ...Array.from({ length: 1000 }, (_, i) => `k${i}`))
    world.maxKeys = 10
    const sizes = [1, 2, 3, 4, 5].map(() => {
      world.read(1)
      return world.table.totalKeys
    })
    assert.deepStrictEqual(sizes, [900, 700, 400, 10, 10])
  })
})

const KEYS = ["a", "ab", "b", "c"]

const Step = Schema.Struct({
  verb: Schema.Literals(["read", "read", "write", "write", "remove", "flush", "on", "noloop", "off"]),
  client: Schema.Literals([1, 2, 3]),
  key: Schema.Literals(KEYS)
})

/** CLIENT TRACKING without a table: every client's cached keys. */
class Model {
  readonly cached = new Map<number, Set<string>>()
  readonly tracking = new Map<number, { noloop: boolean }>()
  readonly told = new Map([1, 2, 3].map((id) => [id, ""]))

  read(id: number, key: string): void {
    if (!this.tracking.has(id)) return
    if (!this.cached.has(id)) this.cached.set(id, new Set())
    this.cached.get(id)!.add(key)
  }

  change(writer: number, key: string): void {
    for (const [id, keys] of this.cached) {
      const tracking = this.tracking.get(id)
      const isTold = tracking !== undefined && !(tracking.noloop && id === writer)
      if (keys.delete(key) && isTold) this.tell(id, invalidate(key))
    }
  }

  flush(): void {
    this.cached.clear()
    for (const id of this.tracking.keys()) this.tell(id, FORGET_ALL)
  }

  tell(id: number, text: string): void {
    this.told.set(id, this.told.get(id)! + text)
  }

  get items(): number {
    return [...this.cached.values()].reduce((sum, keys) => sum + keys.size, 0)
  }

  get keys(): number {
    return new Set([...this.cached.values()].flatMap((keys) => [...keys])).size
  }
}

describe("the table", () => {
  it.prop(
    "tells and counts as a naive model does",
    [Schema.Array(Step).check(Schema.isMinLength(40), Schema.isMaxLength(150))],
    ([steps]) => {
      const world = new World()
      const model = new Model()
      for (const { verb, client: id, key } of steps) {
        if (verb === "read") {
          world.read(id, key)
          model.read(id, key)
        } else if (verb === "write") {
          world.write(id, key)
          model.change(id, key)
        } else if (verb === "remove") {
          world.table.removed(Slice.latin1(key))
          model.change(0, key)
        } else if (verb === "flush") {
          world.run(id, () => world.table.flushed())
          model.flush()
        } else if (verb === "off") {
          world.table.forget(world.client(id))
          model.tracking.delete(id)
        } else {
          world.track(id, { noloop: verb === "noloop" })
          model.tracking.set(id, { noloop: verb === "noloop" })
        }
        assert.strictEqual(world.table.totalItems, model.items)
        assert.strictEqual(world.table.totalKeys, model.keys)
        assert.strictEqual(world.table.clients, model.tracking.size)
      }
      for (const [id, text] of model.told) assert.strictEqual(world.client(id).received(), text)
    }
  )
})
