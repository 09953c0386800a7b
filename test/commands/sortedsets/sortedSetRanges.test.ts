import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { must, mustFail, withServer } from "../../support/TestServer.ts"

const NOT_A_SCORE = "ERR min or max is not a float"
const NOT_LEX = "ERR min or max not valid string range item"

/** Both forms of a sorted set are to answer alike. */
const inBothForms = (name: string, body: Parameters<typeof withServer>[1]): void => {
  withServer(name, body)
  withServer(`${name}, large as well`, body, { zsetMaxListpackEntries: 0 })
}

describe("ZRANGE and its kin", () => {
  inBothForms("take ranks from either end", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "1", "a", "2", "b", "3", "c", "4", "d"], "(integer) 4")
      yield* must(c, ["ZRANGE", "z", "0", "-1"], '["a", "b", "c", "d"]')
      yield* must(c, ["ZRANGE", "z", "1", "2"], '["b", "c"]')
      yield* must(c, ["ZRANGE", "z", "-2", "100"], '["c", "d"]')
      yield* must(c, ["ZRANGE", "z", "-100", "0"], '["a"]')
      yield* must(c, ["ZRANGE", "z", "0", "-5"], "[]")
      yield* must(c, ["ZRANGE", "z", "4", "9"], "[]")
      yield* must(c, ["ZRANGE", "z", "0", "1", "REV"], '["d", "c"]')
      yield* must(c, ["ZREVRANGE", "z", "0", "0", "WITHSCORES"], '["d", "4"]')
      yield* must(c, ["ZREVRANGE", "z", "-1", "9"], '["a"]')
      yield* must(c, ["ZRANGE", "nosuch", "0", "-1"], "[]")
    })
  )

  inBothForms("take scores", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "-inf", "a", "1", "b", "1", "c", "2.5", "d", "inf", "e"], "(integer) 5")
      yield* must(c, ["ZRANGEBYSCORE", "z", "-inf", "+inf"], '["a", "b", "c", "d", "e"]')
      yield* must(c, ["ZRANGEBYSCORE", "z", "(-inf", "(inf", "WITHSCORES"], '["b", "1", "c", "1", "d", "2.5"]')
      yield* must(c, ["ZRANGEBYSCORE", "z", "(1", "2.5"], '["d"]')
      yield* must(c, ["ZRANGEBYSCORE", "z", "1", "(2.5", "LIMIT", "1", "5"], '["c"]')
      yield* must(c, ["ZRANGEBYSCORE", "z", "-inf", "inf", "LIMIT", "1", "-1"], '["b", "c", "d", "e"]')
      yield* must(c, ["ZRANGEBYSCORE", "z", "-inf", "inf", "LIMIT", "-1", "2"], "[]")
      yield* must(c, ["ZRANGEBYSCORE", "z", "2", "1"], "[]")
      yield* must(c, ["ZREVRANGEBYSCORE", "z", "2.5", "1", "LIMIT", "0", "2"], '["d", "c"]')
      yield* must(c, ["ZRANGE", "z", "(2.5", "-inf", "BYSCORE", "REV", "LIMIT", "1", "1"], '["b"]')
      yield* must(c, ["ZCOUNT", "z", "1", "2.5"], "(integer) 3")
      yield* must(c, ["ZCOUNT", "z", "(1", "(2.5"], "(integer) 0")
      yield* must(c, ["ZCOUNT", "nosuch", "1", "2"], "(integer) 0")
      yield* must(c, ["ZREMRANGEBYSCORE", "z", "(-inf", "1"], "(integer) 2")
      yield* must(c, ["ZRANGE", "z", "0", "-1"], '["a", "d", "e"]')
    })
  )

  inBothForms("take members", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "0", "a", "0", "aa", "0", "b", "0", "c", "0", ""], "(integer) 5")
      yield* must(c, ["ZRANGEBYLEX", "z", "-", "+"], '["", "a", "aa", "b", "c"]')
      yield* must(c, ["ZRANGEBYLEX", "z", "[a", "(b"], '["a", "aa"]')
      yield* must(c, ["ZRANGEBYLEX", "z", "(", "+", "LIMIT", "1", "2"], '["aa", "b"]')
      yield* must(c, ["ZREVRANGEBYLEX", "z", "(c", "[a"], '["b", "aa", "a"]')
      yield* must(c, ["ZRANGE", "z", "+", "(aa", "BYLEX", "REV"], '["c", "b"]')
      yield* must(c, ["ZRANGEBYLEX", "z", "+", "-"], "[]")
      yield* must(c, ["ZLEXCOUNT", "z", "[a", "[b"], "(integer) 3")
      yield* must(c, ["ZLEXCOUNT", "z", "(a", "(a"], "(integer) 0")
      yield* must(c, ["ZREMRANGEBYLEX", "z", "-", "(b"], "(integer) 3")
      yield* must(c, ["ZRANGE", "z", "0", "-1"], '["b", "c"]')
    })
  )

  withServer(
    "lose the sign of a zero that ZRANGESTORE meets while its result is packed",
    (c) =>
      Effect.gen(function* () {
        yield* must(c, ["ZADD", "z", "-3", "a", "-2", "b", "-1", "c", "-0", "d"], "(integer) 4")
        for (const [key, range, score] of [
          ["ranks", ["0", "-1", "REV"], "-0"],
          ["up", ["-inf", "+inf", "BYSCORE"], "-0"],
          ["down", ["+inf", "-inf", "BYSCORE", "REV"], "0"]
        ] as const) {
          yield* must(c, ["ZRANGESTORE", key, "z", ...range], "(integer) 4")
          yield* must(c, ["ZSCORE", key, "d"], `"${score}"`)
        }
      }),
    { zsetMaxListpackEntries: 2 }
  )

  withServer("are stored by ZRANGESTORE", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["ZADD", "z", "1", "a", "2", "b", "3", "c"], "(integer) 3")
      yield* must(c, ["SET", "d", "v", "EX", "10"], "OK")
      yield* must(c, ["ZRANGESTORE", "d", "z", "1", "-1"], "(integer) 2")
      yield* must(c, ["ZRANGE", "d", "0", "-1", "WITHSCORES"], '["b", "2", "c", "3"]')
      yield* must(c, ["TTL", "d"], "(integer) -1")
      yield* must(c, ["ZRANGESTORE", "d", "z", "inf", "1", "BYSCORE", "REV", "LIMIT", "0", "1"], "(integer) 1")
      yield* must(c, ["ZRANGESTORE", "z", "z", "0", "0"], "(integer) 1")
      yield* must(c, ["ZRANGE", "z", "0", "-1"], '["a"]')
      yield* must(c, ["ZRANGESTORE", "d", "nosuch", "0", "0"], "(integer) 0")
      yield* must(c, ["EXISTS", "d"], "(integer) 0")
      yield* mustFail(c, ["ZRANGESTORE", "d", "z", "0", "0", "WITHSCORES"], "ERR syntax error")
    })
  )

  withServer("refuse ends and options that do not fit", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["ZRANGE", "z", "a", "1"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["ZRANGEBYSCORE", "z", "a", "1"], NOT_A_SCORE)
      yield* mustFail(c, ["ZCOUNT", "z", "1", "(nan"], NOT_A_SCORE)
      yield* mustFail(c, ["ZREMRANGEBYSCORE", "z", "1", "[1"], NOT_A_SCORE)
      yield* mustFail(c, ["ZRANGEBYLEX", "z", "a", "+"], NOT_LEX)
      yield* mustFail(c, ["ZLEXCOUNT", "z", "-", "++"], NOT_LEX)
      yield* mustFail(c, ["ZREMRANGEBYLEX", "z", "", "+"], NOT_LEX)
      const limit = "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"
      yield* mustFail(c, ["ZRANGE", "z", "0", "1", "LIMIT", "0", "1"], limit)
      const scores = "ERR syntax error, WITHSCORES not supported in combination with BYLEX"
      yield* mustFail(c, ["ZRANGE", "z", "-", "+", "BYLEX", "WITHSCORES"], scores)
      yield* mustFail(c, ["ZRANGE", "z", "0", "1", "REV", "REV"], "ERR syntax error")
      yield* mustFail(c, ["ZREVRANGE", "z", "0", "1", "REV"], "ERR syntax error")
      yield* must(c, ["SET", "s", "v"], "OK")
      const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"
      yield* mustFail(c, ["ZRANGE", "s", "0", "1"], wrongType)
      yield* mustFail(c, ["ZRANGESTORE", "d", "s", "0", "1"], wrongType)
      yield* mustFail(c, ["ZREMRANGEBYRANK", "s", "0", "1"], wrongType)
    })
  )
})
