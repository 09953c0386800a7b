import { describe } from "@effect/vitest"
import { Effect } from "effect"
import type { RespClient } from "../../support/RespClient.ts"
import { call, connect, must, mustFail, withServer } from "../../support/TestServer.ts"

const prepare = (c: RespClient) =>
  Effect.gen(function* () {
    yield* must(c, ["ZADD", "a", "1", "x", "2", "y", "3", "z"], "(integer) 3")
    yield* must(c, ["ZADD", "b", "10", "y", "20", "z", "30", "w"], "(integer) 3")
    yield* call(c, ["SADD", "s", "x", "y"])
  })

describe("sorted sets combined", () => {
  withServer("are united, intersected and subtracted", (c, server) =>
    Effect.gen(function* () {
      yield* prepare(c)
      yield* must(c, ["ZUNION", "2", "a", "b", "WITHSCORES"], '["x", "1", "y", "12", "z", "23", "w", "30"]')
      yield* must(c, ["ZINTER", "2", "a", "b", "WITHSCORES"], '["y", "12", "z", "23"]')
      yield* must(c, ["ZDIFF", "2", "a", "b", "WITHSCORES"], '["x", "1"]')
      yield* must(c, ["ZDIFF", "2", "nosuch", "b"], "[]")
      yield* must(c, ["ZINTER", "2", "a", "nosuch"], "[]")
      yield* must(c, ["ZUNION", "3", "a", "a", "nosuch"], '["x", "y", "z"]')
      yield* must(c, ["ZDIFF", "2", "a", "a"], "[]")
      yield* must(
        yield* connect(server, 3),
        ["ZINTER", "2", "a", "b", "WITHSCORES"],
        '[["y", (double) 12], ["z", (double) 23]]'
      )
    })
  )

  withServer("are weighed and aggregated", (c) =>
    Effect.gen(function* () {
      yield* prepare(c)
      yield* must(
        c,
        ["ZUNION", "2", "a", "b", "WEIGHTS", "2", "0.5", "AGGREGATE", "MAX", "WITHSCORES"],
        '["x", "2", "y", "5", "z", "10", "w", "15"]'
      )
      yield* must(c, ["ZINTER", "2", "a", "b", "AGGREGATE", "min", "WITHSCORES"], '["y", "2", "z", "3"]')
      yield* must(c, ["ZADD", "p", "inf", "m"], "(integer) 1")
      yield* must(c, ["ZADD", "n", "-inf", "m"], "(integer) 1")
      yield* must(c, ["ZUNION", "2", "p", "n", "WITHSCORES"], '["m", "0"]')
      yield* must(c, ["ZUNION", "1", "p", "WEIGHTS", "0", "WITHSCORES"], '["m", "0"]')
      yield* must(c, ["ZINTER", "2", "p", "n", "WITHSCORES"], '["m", "0"]')
    })
  )

  withServer("may be sets, whose members score 1", (c) =>
    Effect.gen(function* () {
      yield* prepare(c)
      yield* must(c, ["ZUNION", "2", "a", "s", "WITHSCORES"], '["x", "2", "y", "3", "z", "3"]')
      yield* must(c, ["ZINTER", "2", "a", "s", "WEIGHTS", "1", "10", "WITHSCORES"], '["x", "11", "y", "12"]')
      yield* must(c, ["ZDIFF", "2", "s", "b", "WITHSCORES"], '["x", "1"]')
      yield* must(c, ["ZINTERCARD", "2", "a", "s"], "(integer) 2")
    })
  )

  withServer("are stored over whatever is there", (c) =>
    Effect.gen(function* () {
      yield* prepare(c)
      yield* must(c, ["SET", "d", "v", "EX", "10"], "OK")
      yield* must(c, ["ZUNIONSTORE", "d", "2", "a", "b"], "(integer) 4")
      yield* must(c, ["TTL", "d"], "(integer) -1")
      yield* must(c, ["ZINTERSTORE", "a", "2", "a", "b", "WEIGHTS", "1", "0"], "(integer) 2")
      yield* must(c, ["ZRANGE", "a", "0", "-1", "WITHSCORES"], '["y", "2", "z", "3"]')
      yield* must(c, ["ZDIFFSTORE", "d", "2", "d", "b"], "(integer) 1")
      yield* must(c, ["ZDIFFSTORE", "d", "1", "nosuch"], "(integer) 0")
      yield* must(c, ["EXISTS", "d"], "(integer) 0")
    })
  )

  withServer("ZINTERCARD counts up to a limit", (c) =>
    Effect.gen(function* () {
      yield* prepare(c)
      yield* must(c, ["ZINTERCARD", "2", "a", "b"], "(integer) 2")
      yield* must(c, ["ZINTERCARD", "2", "a", "b", "LIMIT", "1"], "(integer) 1")
      yield* must(c, ["ZINTERCARD", "2", "a", "b", "LIMIT", "0"], "(integer) 2")
      const many = Array.from({ length: 400 }, (_, i) => [String(i), `m${i}`]).flat()
      for (const key of ["c", "d"]) yield* must(c, ["ZADD", key, ...many], "(integer) 400")
      yield* must(c, ["ZINTERCARD", "2", "c", "d"], "(integer) 400")
      for (const limit of [1, 128, 129, 399]) {
        yield* must(c, ["ZINTERCARD", "2", "c", "d", "LIMIT", String(limit)], `(integer) ${limit}`)
      }
      yield* mustFail(c, ["ZINTERCARD", "1", "a", "LIMIT", "-1"], "ERR LIMIT can't be negative")
    })
  )

  withServer("refuse what makes no sense", (c) =>
    Effect.gen(function* () {
      yield* prepare(c)
      yield* mustFail(c, ["ZUNION", "x", "a"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["ZUNION", "0", "a"], "ERR at least 1 input key is needed for 'zunion' command")
      yield* mustFail(
        c,
        ["ZINTERSTORE", "d", "-1", "a"],
        "ERR at least 1 input key is needed for 'zinterstore' command"
      )
      yield* mustFail(c, ["ZUNION", "2", "a"], "ERR syntax error")
      yield* mustFail(c, ["ZUNION", "1", "a", "WEIGHTS"], "ERR syntax error")
      yield* mustFail(c, ["ZUNION", "1", "a", "WEIGHTS", "x"], "ERR weight value is not a float")
      yield* mustFail(c, ["ZUNION", "1", "a", "AGGREGATE", "AVG"], "ERR syntax error")
      yield* mustFail(c, ["ZDIFF", "1", "a", "WEIGHTS", "1"], "ERR syntax error")
      yield* mustFail(c, ["ZUNIONSTORE", "d", "1", "a", "WITHSCORES"], "ERR syntax error")
      yield* must(c, ["SET", "t", "v"], "OK")
      yield* mustFail(c, ["ZUNION", "2", "a", "t"], "WRONGTYPE Operation against a key holding the wrong kind of value")
    })
  )
})
