/** Clients that block, in what all blocking commands have in common: order, wake-ups, timeouts, and how the wait may end. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { closed, eventually, exchange, waiting } from "../support/exchange.ts"
import type { RespClient } from "../support/RespClient.ts"
import { encodeCommands } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, mustFail, mustRead, withServer } from "../support/TestServer.ts"

const blockedClients = (c: RespClient) =>
  Effect.map(call(c, ["INFO", "clients"]), (reply) => /blocked_clients:(\d+)/.exec(show(reply))![1]!)

describe("clients that block on the same key", () => {
  withServer("are served in the order in which they came", (c, server) =>
    Effect.gen(function* () {
      const first = yield* waiting(c, server, "BLPOP k 0")
      const second = yield* waiting(c, server, "BLPOP k 0")
      const third = yield* waiting(c, server, "BRPOP k 0")
      yield* exchange(c, ["RPUSH k 1 2"], ["(integer) 2"])
      yield* mustRead(first, '["k", "1"]')
      yield* mustRead(second, '["k", "2"]')
      yield* exchange(c, ["EXISTS k", "RPUSH k 3 4 5", "LRANGE k 0 -1"], ["(integer) 0", "(integer) 3", '["3", "4"]'])
      yield* mustRead(third, '["k", "5"]')
    })
  )

  withServer("are served before the writer's next command", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP k 0")
      yield* exchange(
        c,
        ["RPUSH k 1", "LLEN k", "RPUSH k 2", "LLEN k"],
        ["(integer) 1", "(integer) 0", "(integer) 1", "(integer) 1"]
      )
      yield* mustRead(client, '["k", "1"]')
    })
  )

  withServer("wait for the type they asked for", (c, server) =>
    Effect.gen(function* () {
      const list = yield* waiting(c, server, "BLPOP k 0")
      const zset = yield* waiting(c, server, "BZPOPMIN k 0")
      yield* exchange(c, ["SET k v", "DEL k", "ZADD k 1 m", "TYPE k"], ["OK", "(integer) 1", "(integer) 1", "none"])
      yield* mustRead(zset, '["k", "m", "1"]')
      yield* must(c, ["RPUSH", "k", "e"], "(integer) 1")
      yield* mustRead(list, '["k", "e"]')
    })
  )

  withServer("see nothing of what a transaction takes away again", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP k 0")
      const ok = ["OK", "QUEUED", "QUEUED", "QUEUED", "QUEUED"]
      yield* exchange(
        c,
        ["MULTI", "RPUSH k 1", "DEL k", "RPUSH k 2", "LLEN k", "EXEC"],
        [...ok, "[(integer) 1, (integer) 1, (integer) 1, (integer) 1]"]
      )
      yield* mustRead(client, '["k", "2"]')
    })
  )

  withServer("are as many as are blocked, and one less for each that is served", (c, server) =>
    Effect.gen(function* () {
      for (let i = 0; i < 100; i++) (yield* connect(server)).write(encodeCommands([["BLPOP", "k", "0"]]))
      yield* eventually(blockedClients(c), "100")
      yield* must(c, ["RPUSH", "k", "1"], "(integer) 1")
      yield* eventually(blockedClients(c), "99")
    })
  )
})

describe("a client that blocks on several keys", () => {
  withServer("gets what is there at the first of them that has something", (c) =>
    exchange(c, ["RPUSH b 1", "RPUSH c 2", "BLPOP a b c 0"], ["(integer) 1", "(integer) 1", '["b", "1"]'])
  )

  withServer("is served by the first key that becomes ready, and then waits for none of them", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP a b 0")
      yield* exchange(c, ["RPUSH b 1", "RPUSH a 2", "LLEN a"], ["(integer) 1", "(integer) 1", "(integer) 1"])
      yield* mustRead(client, '["b", "1"]')
    })
  )

  withServer("is served by the first of its own keys if one transaction fills both", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP a b 0")
      yield* exchange(
        c,
        ["MULTI", "RPUSH b 1", "RPUSH a 2", "EXEC"],
        ["OK", "QUEUED", "QUEUED", "[(integer) 1, (integer) 1]"]
      )
      yield* mustRead(client, '["a", "2"]')
      yield* must(c, ["LLEN", "b"], "(integer) 1")
    })
  )

  withServer("may name a key twice", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP a a 0", "PING")
      yield* must(c, ["RPUSH", "a", "1", "2"], "(integer) 2")
      yield* mustRead(client, '["a", "1"]')
      yield* mustRead(client, "PONG")
      yield* must(c, ["LLEN", "a"], "(integer) 1")
    })
  )
})

describe("a key becomes ready", () => {
  const wakes = (how: string, before: ReadonlyArray<string>, commands: ReadonlyArray<string>) =>
    withServer(how, (c, server) =>
      Effect.gen(function* () {
        for (const line of before) yield* call(c, line.split(" "))
        const client = yield* waiting(c, server, "BLPOP k 0")
        for (const line of commands) yield* call(c, line.split(" "))
        yield* mustRead(client, '["k", "1"]')
      })
    )

  wakes("by RENAME", ["RPUSH other 1"], ["RENAME other k"])
  wakes("by RENAME over a key of another type", ["RPUSH other 1", "SET k v", "DEL k"], ["SET k v", "RENAME other k"])
  wakes("by COPY", ["RPUSH other 1"], ["COPY other k"])
  wakes("by MOVE", ["SELECT 1", "RPUSH k 1"], ["MOVE k 0"])
  wakes("by SWAPDB", ["SELECT 1", "RPUSH k 1", "SELECT 0"], ["SWAPDB 0 1"])
  wakes("by SORT with STORE", ["SADD other 1"], ["SORT other STORE k"])
  wakes("by LMOVE", ["RPUSH other 1"], ["LMOVE other k LEFT LEFT"])
  wakes("by LINSERT after it was made in a transaction", [], ["MULTI", "RPUSH k 2", "LINSERT k BEFORE 2 1", "EXEC"])

  withServer("in its own database only", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "SELECT 1", "BLPOP k 0")
      yield* mustRead(client, "OK")
      yield* exchange(c, ["RPUSH k 0", "SELECT 1", "RPUSH k 1"], ["(integer) 1", "OK", "(integer) 1"])
      yield* mustRead(client, '["k", "1"]')
    })
  )
})

describe("a timeout", () => {
  withServer("ends the wait with null, at its time and not before", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP k 1.5", "PING")
      yield* TestClock.adjust(1499)
      yield* must(c, ["PING"], "PONG")
      assert.strictEqual(yield* blockedClients(c), "1")
      yield* TestClock.adjust(1)
      yield* mustRead(client, "(nil)")
      yield* mustRead(client, "PONG")
      yield* exchange(c, ["RPUSH k 1", "LLEN k"], ["(integer) 1", "(integer) 1"])
      assert.strictEqual(yield* blockedClients(c), "0")
    })
  )

  for (const [seconds, milliseconds] of [
    ["0.001", 1],
    ["0.0001", 1],
    ["0.07", 70],
    ["1.001", 1001],
    ["0x1p-4", 63]
  ] as const) {
    withServer(`of ${seconds} seconds is ${milliseconds} milliseconds`, (c, server) =>
      Effect.gen(function* () {
        const client = yield* waiting(c, server, `BLPOP k ${seconds}`)
        yield* TestClock.adjust(milliseconds - 1)
        yield* must(c, ["PING"], "PONG")
        assert.strictEqual(yield* blockedClients(c), "1")
        yield* TestClock.adjust(1)
        yield* mustRead(client, "(nil)")
      })
    )
  }

  withServer("of 0 never ends it", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP k 0")
      yield* TestClock.adjust("1000 days")
      yield* must(c, ["RPUSH", "k", "1"], "(integer) 1")
      yield* mustRead(client, '["k", "1"]')
    })
  )

  withServer("is refused when it is no number of seconds", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["BLPOP", "k", "x"], "ERR timeout is not a float or out of range")
      yield* mustFail(c, ["BLPOP", "k", "nan"], "ERR timeout is not a float or out of range")
      yield* mustFail(c, ["BLPOP", "k", "-1"], "ERR timeout is negative")
      yield* mustFail(c, ["BLPOP", "k", "inf"], "ERR timeout is out of range")
      yield* mustFail(c, ["BLPOP", "k", "9223372036854775807"], "ERR timeout is out of range")
    })
  )
})

describe("a wait ends without having been served", () => {
  withServer("inside a transaction, at once", (c) =>
    exchange(
      c,
      ["MULTI", "BLPOP k 0", "BLMOVE k l LEFT LEFT 0", "BRPOPLPUSH k l 0", "BZPOPMIN z 0", "EXEC"],
      ["OK", "QUEUED", "QUEUED", "QUEUED", "QUEUED", "[(nil), (nil), (nil), (nil)]"]
    )
  )

  withServer("by CLIENT UNBLOCK, as if it had timed out or with an error", (c, server) =>
    Effect.gen(function* () {
      for (const [how, reply] of [
        ["TIMEOUT", "(nil)"],
        ["ERROR", "(error) UNBLOCKED client unblocked via CLIENT UNBLOCK"]
      ] as const) {
        const client = yield* waiting(c, server, "BLPOP k 0")
        yield* must(c, ["CLIENT", "UNBLOCK", yield* newestClient(c), how], "(integer) 1")
        yield* mustRead(client, reply)
        yield* exchange(c, ["RPUSH k 1", "LLEN k", "DEL k"], ["(integer) 1", "(integer) 1", "(integer) 1"])
      }
    })
  )

  withServer("when its client hangs up, and then nothing is lost", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP k 0")
      yield* Effect.promise(() => client.close())
      yield* eventually(blockedClients(c), "0")
      yield* exchange(c, ["RPUSH k 1", "LLEN k"], ["(integer) 1", "(integer) 1"])
    })
  )

  withServer("when its client is killed, and then nothing is lost", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP k 0")
      const kill = ["CLIENT", "KILL", "ID", yield* newestClient(c)]
      c.write(encodeCommands([kill, ["RPUSH", "k", "1"], ["LLEN", "k"], ["INFO", "clients"]]))
      for (const reply of ["(integer) 1", "(integer) 1", "(integer) 1"]) yield* mustRead(c, reply)
      yield* mustRead(c, /blocked_clients:0/)
      yield* closed(client)
    })
  )
})

/** The id of the client that connected last. */
const newestClient = (c: RespClient) =>
  Effect.map(call(c, ["CLIENT", "LIST"]), (reply) =>
    Math.max(...[...show(reply).matchAll(/(?:^"|\\n)id=(\d+)/g)].map(([, id]) => Number(id)))
  )
