import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { exchange } from "../../support/exchange.ts"
import { call, connect, must, mustFail, withServer } from "../../support/TestServer.ts"

const SYNTAX = "ERR syntax error"
const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"

describe("ZADD and ZINCRBY", () => {
  withServer("add members and change their scores", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "1", "a", "2", "b"], "(integer) 2")
      yield* must(c, ["ZADD", "z", "3", "a", "4", "c"], "(integer) 1")
      yield* must(c, ["ZRANGE", "z", "0", "-1", "WITHSCORES"], '["b", "2", "a", "3", "c", "4"]')
      yield* must(c, ["ZADD", "z", "CH", "3", "a", "5", "c", "6", "d"], "(integer) 2")
      yield* must(c, ["ZADD", "z", "NX", "9", "a", "9", "e"], "(integer) 1")
      yield* must(c, ["ZADD", "z", "XX", "9", "a", "9", "f"], "(integer) 0")
      yield* must(c, ["ZSCORE", "z", "f"], "(nil)")
      yield* must(c, ["ZADD", "z", "GT", "CH", "8", "a", "10", "b", "1", "new"], "(integer) 2")
      yield* must(c, ["ZADD", "z", "LT", "CH", "8", "a", "11", "b"], "(integer) 1")
      yield* must(c, ["ZMSCORE", "z", "a", "b", "nosuch"], '["8", "10", (nil)]')
      yield* must(c, ["ZADD", "nosuch", "XX", "1", "a"], "(integer) 0")
      yield* must(c, ["EXISTS", "nosuch"], "(integer) 0")
    })
  )

  withServer("INCR answers with the new score, or null where an option forbids it", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "INCR", "1.5", "a"], '"1.5"')
      yield* must(c, ["ZADD", "z", "INCR", "CH", "2", "a"], '"3.5"')
      yield* must(c, ["ZADD", "z", "NX", "INCR", "2", "a"], "(nil)")
      yield* must(c, ["ZADD", "z", "XX", "INCR", "2", "b"], "(nil)")
      yield* must(c, ["ZADD", "z", "GT", "INCR", "-2", "a"], "(nil)")
      yield* must(c, ["ZADD", "z", "LT", "INCR", "-2", "a"], '"1.5"')
      yield* must(c, ["ZADD", "z", "INCR", "0", "a"], '"1.5"')
      yield* must(c, ["ZINCRBY", "z", "0.1", "a"], '"1.6000000000000001"')
      yield* must(c, ["ZINCRBY", "z", "inf", "a"], '"inf"')
      yield* mustFail(c, ["ZINCRBY", "z", "-inf", "a"], "ERR resulting score is not a number (NaN)")
      yield* must(c, ["ZSCORE", "z", "a"], '"inf"')
    })
  )

  withServer("answer with RESP3's doubles", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["ZINCRBY", "z", "1.5", "a"], "(double) 1.5")
      yield* must(c, ["ZADD", "z", "-inf", "b"], "(integer) 1")
      yield* must(c, ["ZMSCORE", "z", "b", "c"], "[(double) -inf, (nil)]")
      yield* must(c, ["ZRANGE", "z", "0", "-1", "WITHSCORES"], '[["b", (double) -inf], ["a", (double) 1.5]]')
    })
  )

  withServer("order ties by the members' bytes", (c) =>
    exchange(
      c,
      ["ZADD z 0 b 0 a 0 aa 0 B 0 10 0 9", "ZRANGE z 0 -1", "ZRANK z 9"],
      ["(integer) 6", '["10", "9", "B", "a", "aa", "b"]', "(integer) 1"]
    )
  )

  withServer("refuse what makes no sense, before anything is done", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["ZADD", "z", "1"], "ERR wrong number of arguments for 'zadd' command")
      yield* mustFail(c, ["ZADD", "z", "1", "a", "2"], SYNTAX)
      yield* mustFail(c, ["ZADD", "z", "NX", "CH"], SYNTAX)
      yield* mustFail(c, ["ZADD", "z", "1", "a", "x", "b"], "ERR value is not a valid float")
      yield* mustFail(c, ["ZADD", "z", "nan", "a"], "ERR value is not a valid float")
      yield* mustFail(
        c,
        ["ZADD", "z", "NX", "XX", "1", "a"],
        "ERR XX and NX options at the same time are not compatible"
      )
      const conflict = "ERR GT, LT, and/or NX options at the same time are not compatible"
      yield* mustFail(c, ["ZADD", "z", "NX", "GT", "1", "a"], conflict)
      yield* mustFail(c, ["ZADD", "z", "LT", "GT", "1", "a"], conflict)
      const pair = "ERR INCR option supports a single increment-element pair"
      yield* mustFail(c, ["ZADD", "z", "INCR", "1", "a", "2", "b"], pair)
      yield* mustFail(c, ["ZINCRBY", "z", "NX", "a"], SYNTAX)
      yield* must(c, ["EXISTS", "z"], "(integer) 0")
      yield* must(c, ["SET", "s", "v"], "OK")
      yield* mustFail(c, ["ZADD", "s", "1", "a"], WRONG_TYPE)
      yield* mustFail(c, ["ZADD", "s", "x", "a"], "ERR value is not a valid float")
    })
  )
})

describe("a sorted set", () => {
  withServer(
    "becomes large with its many members or a long one, and stays so",
    (c) =>
      Effect.gen(function* () {
        yield* must(c, ["ZADD", "z", "1", "a", "2", "b", "3", "c"], "(integer) 3")
        yield* must(c, ["OBJECT", "ENCODING", "z"], '"listpack"')
        yield* must(c, ["ZADD", "z", "0.5", "d"], "(integer) 1")
        yield* must(c, ["OBJECT", "ENCODING", "z"], '"skiplist"')
        yield* must(c, ["ZREM", "z", "a", "b"], "(integer) 2")
        yield* must(c, ["OBJECT", "ENCODING", "z"], '"skiplist"')
        yield* must(c, ["ZRANGE", "z", "0", "-1", "WITHSCORES"], '["d", "0.5", "c", "3"]')
        yield* must(c, ["ZADD", "long", "1", "123456789"], "(integer) 1")
        yield* must(c, ["OBJECT", "ENCODING", "long"], '"skiplist"')
        yield* must(c, ["ZUNIONSTORE", "small", "1", "z"], "(integer) 2")
        yield* must(c, ["OBJECT", "ENCODING", "small"], '"listpack"')
        yield* must(c, ["COPY", "z", "copy"], "(integer) 1")
        yield* must(c, ["ZADD", "copy", "9", "c"], "(integer) 0")
        yield* must(c, ["ZSCORE", "z", "c"], '"3"')
      }),
    { zsetMaxListpackEntries: 3, zsetMaxListpackValue: 8 }
  )

  withServer("goes with its last member", (c) =>
    Effect.gen(function* () {
      const empty = [
        ["ZREM", "z", "a", "b"],
        ["ZPOPMIN", "z", "5"],
        ["ZPOPMAX", "z", "5"],
        ["ZREMRANGEBYRANK", "z", "0", "-1"],
        ["ZREMRANGEBYSCORE", "z", "-inf", "inf"],
        ["ZREMRANGEBYLEX", "z", "-", "+"],
        ["ZDIFFSTORE", "z", "1", "nosuch"],
        ["ZRANGESTORE", "z", "z", "5", "9"]
      ]
      for (const command of empty) {
        yield* must(c, ["ZADD", "z", "1", "a", "1", "b"], "(integer) 2")
        yield* call(c, command)
        yield* must(c, ["EXISTS", "z"], "(integer) 0")
      }
    })
  )

  withServer("tells where its members stand", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "1", "a", "2", "b", "3", "c"], "(integer) 3")
      yield* must(c, ["ZCARD", "z"], "(integer) 3")
      yield* must(c, ["ZCARD", "nosuch"], "(integer) 0")
      yield* must(c, ["ZRANK", "z", "c"], "(integer) 2")
      yield* must(c, ["ZREVRANK", "z", "c"], "(integer) 0")
      yield* must(c, ["ZRANK", "z", "c", "withscore"], '[(integer) 2, "3"]')
      yield* must(c, ["ZREVRANK", "z", "a", "WITHSCORE"], '[(integer) 2, "1"]')
      yield* must(c, ["ZRANK", "z", "x"], "(nil)")
      yield* must(c, ["ZRANK", "z", "x", "WITHSCORE"], "(nil)")
      yield* mustFail(c, ["ZRANK", "z", "x", "WITHSCORES"], SYNTAX)
      yield* mustFail(c, ["ZRANK", "z", "x", "y", "z"], "ERR wrong number of arguments for 'zrank' command")
      yield* must(c, ["SET", "s", "v"], "OK")
      for (const command of ["ZSCORE", "ZMSCORE", "ZRANK", "ZREM"]) yield* mustFail(c, [command, "s", "a"], WRONG_TYPE)
    })
  )

  withServer("is walked through by ZSCAN", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "1", "a", "0.1", "b"], "(integer) 2")
      yield* must(c, ["ZSCAN", "z", "0"], '["0", ["b", "0.10000000000000001", "a", "1"]]')
      yield* must(c, ["ZSCAN", "z", "0", "MATCH", "a*"], '["0", ["a", "1"]]')
      yield* must(c, ["ZSCAN", "nosuch", "0"], '["0", []]')
      yield* mustFail(c, ["ZSCAN", "z", "x"], "ERR invalid cursor")
    })
  )
})

describe("ZRANDMEMBER", () => {
  withServer("gives members by chance", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "1", "a"], "(integer) 1")
      yield* must(c, ["ZRANDMEMBER", "z"], '"a"')
      yield* must(c, ["ZRANDMEMBER", "z", "-3"], '["a", "a", "a"]')
      yield* must(c, ["ZRANDMEMBER", "z", "3", "WITHSCORES"], '["a", "1"]')
      yield* must(c, ["ZADD", "z", "2", "b", "3", "c"], "(integer) 2")
      yield* must(c, ["ZRANDMEMBER", "z", "10"], '["c", "b", "a"]')
      yield* must(c, ["ZRANDMEMBER", "z", "2"], (text) => new Set(text.match(/\w/g)).size === 2)
      yield* must(c, ["ZRANDMEMBER", "nosuch"], "(nil)")
      yield* must(c, ["ZRANDMEMBER", "nosuch", "1"], "[]")
      yield* must(c, ["ZRANDMEMBER", "z", "0"], "[]")
      const resp3 = yield* connect(server, 3)
      yield* must(resp3, ["ZRANDMEMBER", "z", "5", "WITHSCORES"], (text) => text.includes('["c", (double) 3]'))
      yield* mustFail(c, ["ZRANDMEMBER", "z", "x"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["ZRANDMEMBER", "z", "1", "x"], SYNTAX)
      yield* mustFail(c, ["ZRANDMEMBER", "z", "-9223372036854775807", "WITHSCORES"], "ERR value is out of range")
      yield* mustFail(c, ["ZRANDMEMBER", "z", "-200000000"], "ERR value is out of range")
    })
  )
})
