import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { clientField, exchange, idOf } from "../support/exchange.ts"
import type { RespClient } from "../support/RespClient.ts"
import type { Words } from "../support/request.ts"
import { connect, must, mustFail, mustPush, mustRead, type TestServer, withServer } from "../support/TestServer.ts"

const invalidate = (...keys: ReadonlyArray<string>) =>
  `push["invalidate", [${keys.map((key) => `"${key}"`).join(", ")}]]`
const EVERYTHING = 'push["invalidate", (nil)]'

/** A RESP3 connection that tracks. */
const tracking = (server: TestServer, ...options: Words) =>
  Effect.tap(connect(server, 3), (client) => must(client, ["CLIENT", "TRACKING", "ON", ...options], "OK"))

/** The client has been sent no push but those that it has read. */
const mustBeQuiet = (client: RespClient) =>
  Effect.gen(function* () {
    yield* must(client, ["PING"], "PONG")
    assert.strictEqual(client.pushesWaiting, 0)
  })

describe("CLIENT TRACKING ON", () => {
  withServer("tells once of a key that was read and has changed", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server)
      yield* exchange(client, ["GET a", "MGET b c", "EXISTS d"], ["(nil)", "[(nil), (nil)]", "(integer) 0"])
      yield* exchange(c, ["SET a 1", "SET a 2", "DEL a"], ["OK", "OK", "(integer) 1"])
      yield* mustPush(client, invalidate("a"))
      yield* must(c, ["SET", "unread", "1"], "OK")
      yield* must(c, ["MSET", "c", "1", "d", "1"], "OK")
      yield* mustPush(client, invalidate("c"))
      yield* mustPush(client, invalidate("d"))
      yield* mustBeQuiet(client)
    })
  )

  withServer("tells the writer itself, behind the reply, unless NOLOOP", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server)
      yield* exchange(client, ["GET a", "SET a 1"], ["(nil)", "OK"])
      yield* mustPush(client, invalidate("a"))
      const deaf = yield* tracking(server, "NOLOOP")
      yield* exchange(deaf, ["GET a", "SET a 2"], ['"1"', "OK"])
      yield* must(c, ["SET", "a", "3"], "OK")
      yield* mustBeQuiet(deaf)
      yield* must(deaf, ["GET", "a"], '"3"')
      yield* must(c, ["SET", "a", "4"], "OK")
      yield* mustPush(deaf, invalidate("a"))
    })
  )

  withServer("tells of keys that expire when they do, and of everything by a flush", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server)
      yield* must(c, ["SET", "a", "1", "PX", "100"], "OK")
      yield* must(client, ["GET", "a"], '"1"')
      yield* TestClock.adjust(100)
      yield* mustPush(client, invalidate("a"))
      yield* must(client, ["GET", "a"], "(nil)")
      yield* must(c, ["FLUSHDB"], "OK")
      yield* mustPush(client, EVERYTHING)
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* mustBeQuiet(client)
    })
  )

  withServer("remembers what a transaction reads, and tells of what it writes after its reply", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server)
      yield* exchange(client, ["MULTI", "GET a", "SET b 1", "EXEC"], ["OK", "QUEUED", "QUEUED", "[(nil), OK]"])
      yield* exchange(c, ["MULTI", "SET a 1", "SET b 2", "EXEC"], ["OK", "QUEUED", "QUEUED", "[OK, OK]"])
      yield* mustPush(client, invalidate("a"))
      yield* mustBeQuiet(client)
    })
  )

  withServer("ends with OFF, RESET and the connection", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server)
      yield* must(client, ["GET", "a"], "(nil)")
      yield* must(client, ["CLIENT", "TRACKING", "OFF"], "OK")
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* mustBeQuiet(client)
      yield* must(client, ["CLIENT", "TRACKING", "ON", "BCAST"], "OK")
      yield* must(client, ["RESET"], "RESET")
      assert.strictEqual(yield* clientField(client, "flags"), "N")
      yield* must(c, ["SET", "a", "2"], "OK")
      yield* must(client, ["PING"], "PONG")
    })
  )
})

describe("CLIENT TRACKING ON BCAST", () => {
  withServer("tells of every change, read or not, once a batch", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server, "BCAST")
      yield* exchange(c, ["SET b 1", "SET a 1", "SET b 2"], ["OK", "OK", "OK"])
      yield* mustPush(client, invalidate("a", "b"))
      yield* must(client, ["SET", "own", "1"], "OK")
      yield* mustPush(client, invalidate("own"))
    })
  )

  withServer("tells of keys with its prefixes only, without its own with NOLOOP", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server, "BCAST", "NOLOOP", "PREFIX", "user:", "PREFIX", "item:")
      yield* exchange(c, ["SET user:1 x", "SET other x", "SET item:1 x"], ["OK", "OK", "OK"])
      yield* mustPush(client, invalidate("item:1"))
      yield* mustPush(client, invalidate("user:1"))
      yield* must(client, ["SET", "user:2", "x"], "OK")
      yield* mustBeQuiet(client)
      yield* must(
        client,
        ["CLIENT", "TRACKINGINFO"],
        '{"flags" => set["on", "bcast", "noloop"], "redirect" => (integer) 0, "prefixes" => ["item:", "user:"]}'
      )
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const overlaps = (prefix: string, which: string, other: string) =>
        `ERR Prefix '${prefix}' overlaps with ${which} prefix '${other}'. Prefixes for a single client must not overlap.`
      yield* mustFail(
        c,
        ["CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "a", "PREFIX", "ab"],
        overlaps("a", "another provided", "ab")
      )
      yield* mustFail(
        c,
        ["CLIENT", "TRACKING", "ON", "PREFIX", "a"],
        "ERR PREFIX option requires BCAST mode to be enabled"
      )
      yield* mustFail(
        c,
        ["CLIENT", "TRACKING", "ON", "BCAST", "OPTIN"],
        "ERR OPTIN and OPTOUT are not compatible with BCAST"
      )
      yield* must(c, ["CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "a"], "OK")
      yield* mustFail(c, ["CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "ab"], overlaps("ab", "an existing", "a"))
      yield* mustFail(
        c,
        ["CLIENT", "TRACKING", "ON"],
        "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode."
      )
    })
  )
})

describe("CLIENT CACHING", () => {
  withServer("YES makes OPTIN remember what the next command reads", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server, "OPTIN")
      yield* exchange(client, ["GET a", "CLIENT CACHING YES", "GET b", "GET c"], ["(nil)", "OK", "(nil)", "(nil)"])
      yield* must(c, ["MSET", "a", "1", "b", "1", "c", "1"], "OK")
      yield* mustPush(client, invalidate("b"))
      yield* mustBeQuiet(client)
    })
  )

  withServer("YES before MULTI counts for the whole transaction", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server, "OPTIN")
      const lines = ["CLIENT CACHING YES", "MULTI", "GET a", "GET b", "EXEC", "GET c"]
      yield* exchange(client, lines, ["OK", "OK", "QUEUED", "QUEUED", "[(nil), (nil)]", "(nil)"])
      yield* must(c, ["MSET", "a", "1", "b", "1", "c", "1"], "OK")
      yield* mustPush(client, invalidate("a"))
      yield* mustPush(client, invalidate("b"))
      yield* mustBeQuiet(client)
    })
  )

  withServer("NO makes OPTOUT forget what the next command reads", (c, server) =>
    Effect.gen(function* () {
      const client = yield* tracking(server, "OPTOUT")
      yield* exchange(client, ["CLIENT CACHING NO", "GET a", "GET b"], ["OK", "(nil)", "(nil)"])
      yield* must(c, ["MSET", "a", "1", "b", "1"], "OK")
      yield* mustPush(client, invalidate("b"))
      yield* mustBeQuiet(client)
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const notTracking =
        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled"
      yield* mustFail(c, ["CLIENT", "CACHING", "YES"], notTracking)
      yield* must(c, ["CLIENT", "TRACKING", "ON", "OPTIN"], "OK")
      yield* mustFail(c, ["CLIENT", "CACHING", "maybe"], "ERR syntax error")
      yield* mustFail(
        c,
        ["CLIENT", "CACHING", "NO"],
        "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode."
      )
    })
  )
})

describe("CLIENT TRACKING ON REDIRECT", () => {
  withServer("sends messages to a RESP2 connection that subscribes to __redis__:invalidate", (c, server) =>
    Effect.gen(function* () {
      const subscriber = yield* connect(server)
      const id = yield* idOf(subscriber)
      yield* must(subscriber, ["SUBSCRIBE", "__redis__:invalidate"], /subscribe/)
      const client = yield* connect(server)
      yield* must(client, ["CLIENT", "TRACKING", "ON", "REDIRECT", id], "OK")
      yield* must(client, ["CLIENT", "GETREDIR"], `(integer) ${id}`)
      yield* must(client, ["GET", "a"], "(nil)")
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* mustRead(subscriber, '["message", "__redis__:invalidate", ["a"]]')
      yield* must(c, ["FLUSHALL"], "OK")
      yield* mustRead(subscriber, '["message", "__redis__:invalidate", (nil)]')
    })
  )

  withServer("tells the tracking client when the other one has gone", (c, server) =>
    Effect.gen(function* () {
      const receiver = yield* connect(server, 3)
      const id = yield* idOf(receiver)
      const client = yield* tracking(server, "REDIRECT", id)
      yield* must(client, ["GET", "a"], "(nil)")
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* mustPush(receiver, invalidate("a"))
      yield* must(client, ["GET", "a"], '"1"')
      yield* must(c, ["CLIENT", "KILL", "ID", id], "(integer) 1")
      yield* must(c, ["SET", "a", "2"], "OK")
      yield* mustPush(client, `push["tracking-redir-broken", (integer) ${id}]`)
      yield* must(client, ["CLIENT", "TRACKINGINFO"], /"broken_redirect"/)
      assert.strictEqual(yield* clientField(client, "flags"), "tR")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const gone = "ERR The client ID you want redirect to does not exist"
      yield* mustFail(c, ["CLIENT", "TRACKING", "ON", "REDIRECT", "99"], gone)
      yield* mustFail(c, ["CLIENT", "TRACKING", "ON", "REDIRECT", "a"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["CLIENT", "TRACKING", "maybe"], "ERR syntax error")
      yield* must(c, ["CLIENT", "GETREDIR"], "(integer) -1")
    })
  )
})

describe("tracking-table-max-keys", () => {
  withServer(
    "lets the keys that were read first be forgotten, and says so",
    (_, server) =>
      Effect.gen(function* () {
        const client = yield* tracking(server)
        yield* exchange(client, ["GET a", "GET b", "GET c"], ["(nil)", "(nil)", "(nil)"])
        yield* mustPush(client, invalidate("a"))
        yield* mustBeQuiet(client)
      }),
    { trackingTableMaxKeys: 2 }
  )
})

describe("the order of pushes and replies", () => {
  withServer(
    "a change that a client learns of by reading is announced before the reply to what it sends next",
    (c, server) =>
      Effect.gen(function* () {
        const client = yield* tracking(server)
        for (let round = 0; round < 50; round++) {
          yield* must(client, ["GET", "a"], (text) => text.length > 0)
          yield* must(c, ["SET", "a", round], "OK")
          yield* must(client, ["PING"], "PONG")
          assert.strictEqual(client.pushesWaiting, 1)
          yield* mustPush(client, invalidate("a"))
        }
      })
  )
})
