/** BLPOP BRPOP BLMPOP BLMOVE BRPOPLPUSH: each with something there, with something that comes, and with nothing. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { exchange, waiting } from "../../support/exchange.ts"
import { logged } from "../../support/journaled.ts"
import { connect, must, mustFail, mustRead, withServer } from "../../support/TestServer.ts"

const WRONG_TYPE = "(error) WRONGTYPE Operation against a key holding the wrong kind of value"

/** Each command on the key `k`, what it answers when `RPUSH k 1 2 3` came, and what it leaves there. */
const COMMANDS: ReadonlyArray<readonly [line: string, reply: string, left: string]> = [
  ["BLPOP k", '["k", "1"]', '["2", "3"]'],
  ["BRPOP a k", '["k", "3"]', '["1", "2"]'],
  ["BLMOVE k l LEFT LEFT", '"1"', '["2", "3"]'],
  ["BLMOVE k k RIGHT LEFT", '"3"', '["3", "1", "2"]'],
  ["BRPOPLPUSH k l", '"3"', '["1", "2"]']
]

const multiPop = (timeout: number): string => `BLMPOP ${timeout} 2 a k RIGHT COUNT 2`
const LINES = [
  ...COMMANDS.map(([line, reply, left]) => [(timeout: number) => `${line} ${timeout}`, reply, left] as const),
  [multiPop, '["k", ["3", "2"]]', '["1"]'] as const
]

describe("a command that may wait", () => {
  for (const [line, reply, left] of LINES) {
    const name = line(0).split(" ")[0]!

    withServer(`${name} need not where there is something`, (c) =>
      exchange(c, ["RPUSH k 1 2 3", line(0), "LRANGE k 0 -1"], ["(integer) 3", reply, left])
    )

    withServer(`${name} gets what comes`, (c, server) =>
      Effect.gen(function* () {
        const client = yield* waiting(c, server, line(0))
        yield* exchange(c, ["RPUSH k 1 2 3", "LRANGE k 0 -1"], ["(integer) 3", left])
        yield* mustRead(client, reply)
      })
    )

    withServer(`${name} waits no longer than its timeout`, (c, server) =>
      Effect.gen(function* () {
        const client = yield* waiting(c, server, line(1.5), "PING")
        yield* TestClock.adjust("1499 millis")
        yield* must(c, ["INFO", "clients"], /blocked_clients:1/)
        yield* TestClock.adjust("1 millis")
        yield* mustRead(client, "(nil)")
        yield* mustRead(client, "PONG")
        yield* exchange(c, ["RPUSH k 1 2 3", "LLEN k"], ["(integer) 3", "(integer) 3"])
      })
    )

    withServer(`${name} does not wait inside a transaction`, (c) =>
      exchange(c, ["MULTI", line(0), "RPUSH k 1", "EXEC"], ["OK", "QUEUED", "QUEUED", "[(nil), (integer) 1]"])
    )
  }

  withServer("is refused before it waits", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["BLMOVE", "a", "b", "LEFT", "UP", "x"], "ERR syntax error")
      yield* mustFail(c, ["BLMOVE", "a", "b", "LEFT", "LEFT", "x"], "ERR timeout is not a float or out of range")
      yield* mustFail(c, ["BRPOPLPUSH", "a", "b", "-1"], "ERR timeout is negative")
      yield* mustFail(c, ["BLMPOP", "x", "0", "a", "LEFT"], "ERR numkeys should be greater than 0")
      yield* mustFail(c, ["BLMPOP", "x", "1", "a", "LEFT"], "ERR timeout is not a float or out of range")
      yield* mustFail(c, ["BLMPOP", "0", "1", "a", "LEFT", "COUNT", "0"], "ERR count should be greater than 0")
    })
  )
})

describe("while a client waits for a list", () => {
  withServer("the key may become something else, and it waits on", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLPOP k 0")
      yield* exchange(c, ["SET k v", "DEL k", "RPUSH k 1"], ["OK", "(integer) 1", "(integer) 1"])
      yield* mustRead(client, '["k", "1"]')
    })
  )

  withServer("a destination that is no list is refused when the element comes, which stays", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "BLMOVE k l LEFT LEFT 0")
      yield* exchange(c, ["SET l v", "RPUSH k 1", "LRANGE k 0 -1"], ["OK", "(integer) 1", '["1"]'])
      yield* mustRead(client, WRONG_TYPE)
    })
  )

  withServer("one that moves elements on wakes the next", (c, server) =>
    Effect.gen(function* () {
      const first = yield* waiting(c, server, "BRPOPLPUSH a b 0")
      const second = yield* waiting(c, server, "BLMOVE b c LEFT RIGHT 0")
      const third = yield* waiting(c, server, "BLPOP c 0")
      yield* exchange(c, ["RPUSH a 1", "EXISTS a b c"], ["(integer) 1", "(integer) 0"])
      yield* mustRead(first, '"1"')
      yield* mustRead(second, '"1"')
      yield* mustRead(third, '["c", "1"]')
    })
  )

  withServer("two that hand an element to each other do so once", (c, server) =>
    Effect.gen(function* () {
      const first = yield* waiting(c, server, "BRPOPLPUSH a b 0")
      const second = yield* waiting(c, server, "BRPOPLPUSH b a 0")
      yield* exchange(c, ["RPUSH a 1", "LRANGE a 0 -1", "EXISTS b"], ["(integer) 1", '["1"]', "(integer) 0"])
      yield* mustRead(first, '"1"')
      yield* mustRead(second, '"1"')
    })
  )

  withServer("one that takes many leaves the rest to the others", (c, server) =>
    Effect.gen(function* () {
      const many = yield* waiting(c, server, "BLMPOP 0 1 k LEFT COUNT 2")
      const one = yield* waiting(c, server, "BRPOP k 0")
      yield* exchange(c, ["RPUSH k 1 2 3 4", "LRANGE k 0 -1"], ["(integer) 4", '["3"]'])
      yield* mustRead(many, '["k", ["1", "2"]]')
      yield* mustRead(one, '["k", "4"]')
    })
  )

  withServer("RESP3 answers with its one null", (c, server) =>
    Effect.gen(function* () {
      const client = yield* connect(server, 3)
      yield* must(client, ["RPUSH", "other", "1"], "(integer) 1")
      yield* must(client, ["BLPOP", "other", "0"], '["other", "1"]')
      yield* exchange(client, ["MULTI", "BLPOP k 0", "EXEC"], ["OK", "QUEUED", "[(nil)]"])
      yield* must(c, ["LLEN", "k"], "(integer) 0")
    })
  )
})

describe("what is journaled of clients that waited", () => {
  const dir = mkdtempSync(join(tmpdir(), "fibredis-"))
  afterAll(() => rmSync(dir, { recursive: true }))
  withServer(
    "follows what made it possible",
    (c, server) =>
      Effect.gen(function* () {
        const clients = [
          yield* waiting(c, server, "BLPOP a k 0"),
          yield* waiting(c, server, "BLMOVE k l LEFT RIGHT 0"),
          yield* waiting(c, server, "BLMPOP 0 1 k RIGHT COUNT 5")
        ]
        yield* must(c, ["RPUSH", "k", "1", "2", "3", "4"], "(integer) 4")
        for (const [i, reply] of ['["k", "1"]', '"2"', '["k", ["4", "3"]]'].entries())
          yield* mustRead(clients[i]!, reply)
        yield* must(c, ["EXISTS", "k"], "(integer) 0")
        const lines = ["SELECT 0", "RPUSH k 1 2 3 4", "LPOP k", "LMOVE k l LEFT RIGHT", "RPOP k 2"]
        assert.deepStrictEqual(logged(dir), lines)
      }),
    { appendonly: true, appendfsync: "always", dir }
  )
})
