/** Consumers that wait for entries: who gets which, and what ends the wait. */
import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { exchange, waiting } from "../../support/exchange.ts"
import type { RespClient } from "../../support/RespClient.ts"
import { show } from "../../support/showReply.ts"
import { call, must, mustRead, type TestServer, withServer } from "../../support/TestServer.ts"

const reads = (consumer: string, options = "BLOCK 0") => `XREADGROUP GROUP g ${consumer} ${options} STREAMS s >`
const entry = (id: string) => `[["s", [["${id}", ["f", "v"]]]]]`
const make = (c: RespClient) => must(c, ["XGROUP", "CREATE", "s", "g", "0", "MKSTREAM"], "OK")
const add = (c: RespClient, id: string) => must(c, ["XADD", "s", id, "f", "v"], `"${id}"`)

describe("consumers of a group that wait", () => {
  withServer("get the entries in the order in which they came", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      const first = yield* waiting(c, server, reads("a"))
      const second = yield* waiting(c, server, reads("b"))
      yield* add(c, "1-0")
      yield* mustRead(first, entry("1-0"))
      const third = yield* waiting(c, server, reads("a"))
      yield* add(c, "2-0")
      yield* mustRead(second, entry("2-0"))
      yield* add(c, "3-0")
      yield* mustRead(third, entry("3-0"))
      yield* must(c, ["XPENDING", "s", "g"], '[(integer) 3, "1-0", "3-0", [["a", "2"], ["b", "1"]]]')
    })
  )

  withServer("share what one transaction adds, as far as they leave something", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      const first = yield* waiting(c, server, reads("a", "COUNT 1 BLOCK 0"))
      const second = yield* waiting(c, server, reads("b"))
      const third = yield* waiting(c, server, reads("c"))
      const added = ['"1-0"', '"2-0"', '"3-0"']
      yield* exchange(
        c,
        ["MULTI", ...["1-0", "2-0", "3-0"].map((id) => `XADD s ${id} f v`), "EXEC"],
        ["OK", ...added.map(() => "QUEUED"), `[${added.join(", ")}]`]
      )
      yield* mustRead(first, entry("1-0"))
      yield* mustRead(second, '[["s", [["2-0", ["f", "v"]], ["3-0", ["f", "v"]]]]]')
      yield* add(c, "4-0")
      yield* mustRead(third, entry("4-0"))
    })
  )

  withServer("take nothing from other groups, nor from XREAD", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      yield* call(c, ["XGROUP", "CREATE", "s", "h", "$"])
      const ours = yield* waiting(c, server, reads("a"))
      const theirs = yield* waiting(c, server, "XREADGROUP GROUP h a BLOCK 0 STREAMS s >")
      const readers = [
        yield* waiting(c, server, "XREAD BLOCK 0 STREAMS s $"),
        yield* waiting(c, server, "XREAD BLOCK 0 STREAMS s $")
      ]
      yield* add(c, "1-0")
      for (const client of [ours, theirs, ...readers]) yield* mustRead(client, entry("1-0"))
    })
  )

  withServer("with NOACK leave nothing pending", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      const client = yield* waiting(c, server, reads("a", "NOACK BLOCK 0"))
      yield* add(c, "1-0")
      yield* mustRead(client, entry("1-0"))
      yield* must(c, ["XPENDING", "s", "g"], "[(integer) 0, (nil), (nil), (nil)]")
    })
  )

  withServer("wait for the first of several streams", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      yield* call(c, ["XGROUP", "CREATE", "t", "g", "0", "MKSTREAM"])
      const client = yield* waiting(c, server, "XREADGROUP GROUP g a BLOCK 0 STREAMS t s > >")
      yield* add(c, "1-0")
      yield* mustRead(client, entry("1-0"))
    })
  )

  withServer("are told of what a moved group has not read yet, once an entry comes", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      yield* add(c, "1-0")
      yield* call(c, ["XGROUP", "SETID", "s", "g", "$"])
      const client = yield* waiting(c, server, reads("a"))
      yield* call(c, ["XGROUP", "SETID", "s", "g", "0"])
      yield* add(c, "2-0")
      yield* mustRead(client, '[["s", [["1-0", ["f", "v"]], ["2-0", ["f", "v"]]]]]')
    })
  )

  withServer("were seen when they began to wait, and active when they got something", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      yield* TestClock.adjust(1000)
      const client = yield* waiting(c, server, reads("a"))
      yield* TestClock.adjust(1000)
      yield* must(c, ["XINFO", "CONSUMERS", "s", "g"], /"idle", \(integer\) 1000, "inactive", \(integer\) -1\]\]$/)
      yield* add(c, "1-0")
      yield* mustRead(client, entry("1-0"))
      yield* must(c, ["XINFO", "CONSUMERS", "s", "g"], /"idle", \(integer\) 0, "inactive", \(integer\) 0\]\]$/)
    })
  )
})

describe("the wait for entries", () => {
  withServer("ends with null at its time", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      const client = yield* waiting(c, server, reads("a", "BLOCK 100"))
      yield* TestClock.adjust(99)
      yield* must(c, ["INFO", "clients"], /blocked_clients:1/)
      yield* TestClock.adjust(1)
      yield* mustRead(client, "(nil)")
      yield* add(c, "1-0")
      yield* must(c, ["XPENDING", "s", "g"], "[(integer) 0, (nil), (nil), (nil)]")
    })
  )

  withServer("is none in a transaction, nor for a consumer's own pending entries", (c) =>
    Effect.gen(function* () {
      yield* make(c)
      yield* exchange(c, ["MULTI", reads("a"), "EXEC"], ["OK", "QUEUED", "[(nil)]"])
      yield* must(c, "XREADGROUP GROUP g a BLOCK 0 STREAMS s 0".split(" "), '[["s", []]]')
    })
  )

  const noGroup = "(error) NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option"

  /** Two consumers wait, the commands run, and both are answered this. */
  const ends = (how: string, commands: ReadonlyArray<string>, reply: string) =>
    withServer(how, (c, server) =>
      Effect.gen(function* () {
        yield* make(c)
        const clients = [yield* waiting(c, server, reads("a")), yield* waiting(c, server, reads("b"))]
        for (const line of commands) yield* succeeds(c, line)
        for (const client of clients) yield* mustRead(client, reply)
        yield* isServed(c, server)
      })
    )

  const succeeds = (c: RespClient, line: string) =>
    Effect.map(call(c, line.split(" ")), (reply) =>
      assert.notStrictEqual(reply._tag, "Error", `${line}: ${show(reply)}`)
    )

  /** Nobody waits any more; whoever waits anew is served. */
  const isServed = (c: RespClient, server: TestServer) =>
    Effect.gen(function* () {
      yield* must(c, ["INFO", "clients"], /blocked_clients:0/)
      yield* call(c, ["DEL", "s"])
      yield* make(c)
      const client = yield* waiting(c, server, reads("a"))
      yield* add(c, "9-0")
      yield* mustRead(client, entry("9-0"))
    })

  ends("ends when the group is destroyed", ["XGROUP DESTROY s g"], noGroup)
  ends("ends when the stream is deleted", ["DEL s"], noGroup)
  ends("ends when the stream goes elsewhere", ["RENAME s t"], noGroup)
  ends("ends when another stream comes in its place", ["XADD t 1-0 f v", "RENAME t s"], noGroup)
  ends("ends when the database is emptied", ["FLUSHDB"], noGroup)
  ends("ends when all databases are emptied", ["FLUSHALL"], noGroup)
  ends("ends when another database comes in its place", ["SWAPDB 0 1"], noGroup)
  const wrongType = "(error) WRONGTYPE Operation against a key holding the wrong kind of value"
  ends("ends when the key gets another type", ["SET s v"], wrongType)
  ends("ends when a key of another type comes in its place", ["SET t v", "RENAME t s"], wrongType)

  withServer("ends when the stream expires", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      yield* call(c, ["PEXPIRE", "s", "100"])
      const client = yield* waiting(c, server, reads("a"))
      yield* TestClock.adjust(100)
      yield* mustRead(client, noGroup)
    })
  )

  withServer("goes on when another group is destroyed", (c, server) =>
    Effect.gen(function* () {
      yield* make(c)
      yield* call(c, ["XGROUP", "CREATE", "s", "h", "0"])
      const client = yield* waiting(c, server, reads("a"))
      yield* must(c, ["XGROUP", "DESTROY", "s", "h"], "(integer) 1")
      yield* add(c, "1-0")
      yield* mustRead(client, entry("1-0"))
    })
  )
})
