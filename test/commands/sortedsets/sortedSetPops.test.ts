import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { exchange, waiting } from "../../support/exchange.ts"
import { leaves } from "../../support/journaled.ts"
import { connect, must, mustFail, mustRead, withServer } from "../../support/TestServer.ts"

describe("ZPOPMIN, ZPOPMAX and ZMPOP", () => {
  withServer("take members from either end", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "1", "a", "2", "b", "3", "c", "4", "d", "5", "e", "6", "f"], "(integer) 6")
      yield* must(c, ["ZPOPMIN", "z"], '["a", "1"]')
      yield* must(c, ["ZPOPMAX", "z", "2"], '["f", "6", "e", "5"]')
      yield* must(c, ["ZPOPMIN", "z", "0"], "[]")
      yield* must(c, ["ZPOPMIN", "nosuch"], "[]")
      yield* must(c, ["ZMPOP", "2", "nosuch", "z", "MAX"], '["z", [["d", "4"]]]')
      const resp3 = yield* connect(server, 3)
      yield* must(resp3, ["ZPOPMIN", "z"], '["b", (double) 2]')
      yield* must(resp3, ["ZPOPMIN", "z", "5"], '[["c", (double) 3]]')
      yield* must(c, ["ZMPOP", "1", "z", "MIN"], "(nil)")
      yield* must(c, ["EXISTS", "z"], "(integer) 0")
    })
  )

  withServer("refuse what makes no sense", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["ZPOPMIN", "z", "-1"], "ERR value is out of range, must be positive")
      yield* mustFail(c, ["ZPOPMIN", "z", "1", "2"], "ERR syntax error")
      yield* mustFail(c, ["ZMPOP", "0", "z", "MIN"], "ERR numkeys should be greater than 0")
      yield* mustFail(c, ["ZMPOP", "1", "z", "MID"], "ERR syntax error")
      yield* mustFail(c, ["ZMPOP", "2", "z", "MIN"], "ERR syntax error")
      yield* mustFail(c, ["ZMPOP", "1", "z", "MIN", "COUNT", "0"], "ERR count should be greater than 0")
      yield* mustFail(c, ["ZMPOP", "1", "z", "MIN", "COUNT", "1", "COUNT", "1"], "ERR syntax error")
      yield* must(c, ["SET", "s", "v"], "OK")
      yield* mustFail(
        c,
        ["ZMPOP", "2", "s", "z", "MIN"],
        "WRONGTYPE Operation against a key holding the wrong kind of value"
      )
      yield* mustFail(
        c,
        ["BZPOPMIN", "s", "z", "0"],
        "WRONGTYPE Operation against a key holding the wrong kind of value"
      )
    })
  )
})

describe("BZPOPMIN, BZPOPMAX and BZMPOP", () => {
  withServer("take what is there at once", (c) =>
    exchange(
      c,
      ["ZADD z 1 a 2 b 3 c 4 d", "BZPOPMIN x z 0", "BZPOPMAX x z 0", "BZMPOP 0 2 x z MIN COUNT 9"],
      ["(integer) 4", '["z", "a", "1"]', '["z", "d", "4"]', '["z", [["b", "2"], ["c", "3"]]]']
    )
  )

  for (const [command, reply] of [
    ["BZPOPMIN x z 0", '["z", "a", "1"]'],
    ["BZPOPMAX x z 0", '["z", "c", "3"]'],
    ["BZMPOP 0 2 x z MIN", '["z", [["a", "1"]]]'],
    ["BZMPOP 0 2 x z MAX COUNT 2", '["z", [["c", "3"], ["b", "2"]]]']
  ] as const) {
    withServer(`${command} waits for members`, (c, server) =>
      Effect.gen(function* () {
        const client = yield* waiting(c, server, command)
        yield* must(c, ["ZADD", "z", "1", "a", "2", "b", "3", "c"], "(integer) 3")
        yield* mustRead(client, reply)
      })
    )
  }

  for (const command of ["BZPOPMIN z 1.5", "BZPOPMAX z 1.5", "BZMPOP 1.5 1 z MIN"]) {
    withServer(`${command} ends with null when its time is over`, (c, server) =>
      Effect.gen(function* () {
        const client = yield* waiting(c, server, command, "PING")
        yield* TestClock.adjust(1500)
        yield* mustRead(client, "(nil)")
        yield* mustRead(client, "PONG")
        yield* exchange(c, ["ZADD z 1 a", "ZCARD z"], ["(integer) 1", "(integer) 1"])
      })
    )
  }

  withServer("are served by what other commands store", (c, server) =>
    Effect.gen(function* () {
      for (const command of ["ZUNIONSTORE z 1 from", "ZRANGESTORE z from 0 -1", "RENAME from z"]) {
        const client = yield* waiting(c, server, "BZPOPMIN z 0")
        yield* exchange(c, ["ZADD from 1 a"], ["(integer) 1"])
        yield* must(c, command.split(" "), /.*/)
        yield* mustRead(client, '["z", "a", "1"]')
        yield* exchange(c, ["DEL from"], [command.startsWith("RENAME") ? "(integer) 0" : "(integer) 1"])
      }
    })
  )

  withServer("do not wait inside a transaction", (c) =>
    exchange(c, ["MULTI", "BZPOPMIN z 0", "BZMPOP 0 1 z MIN", "EXEC"], ["OK", "QUEUED", "QUEUED", "[(nil), (nil)]"])
  )
})

describe("what is journaled of commands on sorted sets", () => {
  const deterministic = [
    "ZADD z 1 a 2 b 3 c 4 d 5 e 6 f",
    "ZADD z INCR 1.5 a",
    "ZINCRBY z 1 a",
    "ZUNIONSTORE d 1 z WEIGHTS 2",
    "ZRANGESTORE d z 0 1",
    "ZREM z a",
    "ZPOPMIN z",
    "ZPOPMAX z 2",
    "ZREMRANGEBYRANK z 0 0"
  ]
  leaves("is the request itself where repeating it does the same", deterministic, deterministic)

  leaves(
    "is the pop alone, from the key that had members",
    ["ZADD z 1 a 2 b 3 c 4 d 5 e", "BZPOPMIN x z 0", "BZPOPMAX z 0", "ZMPOP 2 x z MIN", "BZMPOP 0 1 z MAX COUNT 9"],
    ["ZADD z 1 a 2 b 3 c 4 d 5 e", "ZPOPMIN z", "ZPOPMAX z", "ZPOPMIN z 1", "ZPOPMAX z 2"]
  )

  leaves(
    "is nothing when nothing was changed",
    [
      "ZADD z 1 a",
      "ZADD z 1 a",
      "ZADD z NX 2 a",
      "ZADD n XX 1 a",
      "ZINCRBY z 0 a",
      "ZREM z x",
      "ZPOPMIN z 0",
      "ZDIFFSTORE d 1 n"
    ],
    ["ZADD z 1 a"]
  )
})
