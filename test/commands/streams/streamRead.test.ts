import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { exchange, waiting } from "../../support/exchange.ts"
import type { RespClient } from "../../support/RespClient.ts"
import { call, connect, must, mustFail, mustRead, withServer } from "../../support/TestServer.ts"

const add = (c: RespClient, key: string, ...ids: ReadonlyArray<string>) =>
  Effect.forEach(ids, (id) => must(c, ["XADD", key, id, "f", id], `"${id}"`), { discard: true })

const entries = (...ids: ReadonlyArray<string>) => `[${ids.map((id) => `["${id}", ["f", "${id}"]]`).join(", ")}]`
const stream = (key: string, ...ids: ReadonlyArray<string>) => `["${key}", ${entries(...ids)}]`

describe("XREAD", () => {
  withServer("gives what is behind the ids", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XREAD", "STREAMS", "s", "0"], "(nil)")
      yield* add(c, "s", "1-1", "1-2", "2-0")
      yield* add(c, "t", "5-5")
      yield* must(c, ["XREAD", "STREAMS", "s", "0"], `[${stream("s", "1-1", "1-2", "2-0")}]`)
      yield* must(c, ["XREAD", "STREAMS", "s", "1-1"], `[${stream("s", "1-2", "2-0")}]`)
      yield* must(
        c,
        ["XREAD", "COUNT", "2", "STREAMS", "s", "t", "0", "0"],
        `[${stream("s", "1-1", "1-2")}, ${stream("t", "5-5")}]`
      )
      yield* must(c, ["XREAD", "COUNT", "0", "STREAMS", "nosuch", "t", "0", "5"], `[${stream("t", "5-5")}]`)
      yield* must(c, ["XREAD", "count", "-1", "streams", "t", "t", "5-4", "5-5"], `[${stream("t", "5-5")}]`)
      yield* must(c, ["XREAD", "STREAMS", "s", "2"], "(nil)")
      yield* must(c, ["XREAD", "STREAMS", "s", "t", "$", "$"], "(nil)")
      yield* must(c, ["XREAD", "STREAMS", "s", "18446744073709551615-18446744073709551615"], "(nil)")
    })
  )

  withServer("passes over what was deleted", (c) =>
    Effect.gen(function* () {
      yield* add(c, "s", "1-1", "1-2", "1-3")
      yield* must(c, ["XDEL", "s", "1-2", "1-3"], "(integer) 2")
      yield* must(c, ["XREAD", "STREAMS", "s", "0"], `[${stream("s", "1-1")}]`)
      yield* must(c, ["XREAD", "STREAMS", "s", "1-1"], "(nil)")
    })
  )

  withServer("answers with a map in RESP3", (c, server) =>
    Effect.gen(function* () {
      const r = yield* connect(server, 3)
      yield* add(c, "s", "1-1")
      yield* add(c, "t", "2-0")
      yield* must(r, ["XREAD", "STREAMS", "s", "t", "0", "0"], `{"s" => ${entries("1-1")}, "t" => ${entries("2-0")}}`)
      yield* must(r, ["XREAD", "STREAMS", "s", "1-1"], "(nil)")
    })
  )

  withServer("is refused what it does not understand", (c) =>
    Effect.gen(function* () {
      const unbalanced = "ERR Unbalanced 'xread' list of streams: for each stream key an ID or '$' must be specified."
      yield* mustFail(c, ["XREAD", "STREAMS", "s", "t", "0"], unbalanced)
      yield* mustFail(c, ["XREAD", "COUNT", "5", "x", "y"], "ERR syntax error")
      yield* mustFail(c, ["XREAD", "COUNT", "x", "STREAMS", "s", "0"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["XREAD", "STREAMS", "s", "x"], "ERR Invalid stream ID specified as stream command argument")
      yield* mustFail(c, ["XREAD", "STREAMS", "s", "+"], "ERR Invalid stream ID specified as stream command argument")
      yield* mustFail(
        c,
        ["XREAD", "STREAMS", "s", ">"],
        "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option."
      )
      yield* mustFail(
        c,
        ["XREAD", "GROUP", "g", "c", "STREAMS", "s", "0"],
        "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead."
      )
      yield* mustFail(
        c,
        ["XREAD", "NOACK", "STREAMS", "s", "0"],
        "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead."
      )
      yield* mustFail(c, ["XREAD", "BLOCK", "-1", "STREAMS", "s", "0"], "ERR timeout is negative")
      yield* mustFail(
        c,
        ["XREAD", "BLOCK", "1.5", "STREAMS", "s", "0"],
        "ERR timeout is not an integer or out of range"
      )
    })
  )
})

describe("XREAD BLOCK", () => {
  withServer("does not wait for what is there", (c) =>
    Effect.gen(function* () {
      yield* add(c, "s", "1-1")
      yield* must(c, ["XREAD", "BLOCK", "0", "STREAMS", "s", "0"], `[${stream("s", "1-1")}]`)
    })
  )

  withServer("waits for entries behind what was the last one", (c, server) =>
    Effect.gen(function* () {
      yield* add(c, "s", "1-1")
      const client = yield* waiting(c, server, "XREAD BLOCK 0 STREAMS s $", "PING")
      yield* add(c, "s", "1-2")
      yield* mustRead(client, `[${stream("s", "1-2")}]`)
      yield* mustRead(client, "PONG")
    })
  )

  withServer("gives all who wait the same", (c, server) =>
    Effect.gen(function* () {
      const first = yield* waiting(c, server, "XREAD BLOCK 0 STREAMS s $")
      const second = yield* waiting(c, server, "XREAD BLOCK 0 STREAMS other s 0 0")
      const third = yield* waiting(c, server, "XREAD BLOCK 0 STREAMS s 1-1")
      yield* add(c, "s", "1-1")
      yield* mustRead(first, `[${stream("s", "1-1")}]`)
      yield* mustRead(second, `[${stream("s", "1-1")}]`)
      yield* add(c, "s", "1-2")
      yield* mustRead(third, `[${stream("s", "1-2")}]`)
    })
  )

  withServer("gives what a transaction added, as much as COUNT says, of all streams", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "XREAD COUNT 2 BLOCK 0 STREAMS s t $ $")
      yield* exchange(
        c,
        ["MULTI", "XADD t 5 f 5-0", "XADD s 1 f 1-0", "XADD s 2 f 2-0", "XADD s 3 f 3-0", "EXEC"],
        ["OK", "QUEUED", "QUEUED", "QUEUED", "QUEUED", '["5-0", "1-0", "2-0", "3-0"]']
      )
      yield* mustRead(client, `[${stream("s", "1-0", "2-0")}, ${stream("t", "5-0")}]`)
    })
  )

  withServer("waits on when what came went at once, or is of another type", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "XREAD BLOCK 0 STREAMS s $")
      yield* call(c, ["XADD", "s", "MAXLEN", "0", "1-1", "f", "v"])
      yield* call(c, ["DEL", "s"])
      yield* call(c, ["SET", "s", "v"])
      yield* call(c, ["DEL", "s"])
      yield* add(c, "s", "7-0")
      yield* mustRead(client, `[${stream("s", "7-0")}]`)
    })
  )

  withServer("finds a stream that comes by another name", (c, server) =>
    Effect.gen(function* () {
      yield* add(c, "t", "1-1")
      const client = yield* waiting(c, server, "XREAD BLOCK 0 STREAMS s 0")
      yield* must(c, ["RENAME", "t", "s"], "OK")
      yield* mustRead(client, `[${stream("s", "1-1")}]`)
    })
  )

  withServer("waits so many milliseconds", (c, server) =>
    Effect.gen(function* () {
      const client = yield* waiting(c, server, "XREAD BLOCK 1500 STREAMS s $", "PING")
      yield* TestClock.adjust(1499)
      yield* must(c, ["PING"], "PONG")
      yield* TestClock.adjust(1)
      yield* mustRead(client, "(nil)")
      yield* mustRead(client, "PONG")
    })
  )

  withServer("waits not at all in a transaction", (c) =>
    exchange(c, ["MULTI", "XREAD BLOCK 0 STREAMS s $", "EXEC"], ["OK", "QUEUED", "[(nil)]"])
  )
})
