import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { show } from "../support/showReply.ts"
import { call, must, mustFail, withServer } from "../support/TestServer.ts"

const NOT_DOUBLES = "ERR One or more scores can't be converted into double"

describe("SORT", () => {
  withServer("orders numbers, or bytes", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "l", "10", "9", "-1.5", "1e1", "0x10"], "(integer) 5")
      yield* must(c, ["SORT", "l"], '["-1.5", "9", "10", "1e1", "0x10"]')
      yield* must(c, ["SORT", "l", "DESC"], '["0x10", "1e1", "10", "9", "-1.5"]')
      yield* must(c, ["SORT", "l", "ALPHA"], '["-1.5", "0x10", "10", "1e1", "9"]')
      yield* must(c, ["SORT", "l", "desc", "asc", "alpha", "LIMIT", "1", "2"], '["0x10", "10"]')
      yield* must(c, ["SORT", "l", "LIMIT", "-5", "2"], '["-1.5", "9"]')
      yield* must(c, ["SORT", "l", "LIMIT", "3", "-1"], '["1e1", "0x10"]')
      yield* must(c, ["SORT", "l", "LIMIT", "5", "10"], "[]")
      yield* must(c, ["SORT", "nosuch"], "[]")
      yield* must(c, ["SORT_RO", "l", "LIMIT", "0", "1"], '["-1.5"]')
      yield* must(c, ["SADD", "s", "3", "1", "2"], "(integer) 3")
      yield* must(c, ["SORT", "s", "DESC"], '["3", "2", "1"]')
    })
  )

  withServer("orders by, and answers with, what belongs to the elements", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "l", "1", "2", "3", "4"], "(integer) 4")
      yield* must(c, ["MSET", "w1", "30", "w2", "10", "w3", "20", "n1", "one", "n3", "three"], "OK")
      yield* must(c, ["HSET", "h1", "f", "a", "g", "1"], "(integer) 2")
      yield* must(c, ["HSET", "h2", "f", "b"], "(integer) 1")
      yield* must(c, ["SORT", "l", "BY", "w*"], '["4", "2", "3", "1"]')
      yield* must(c, ["SORT", "l", "BY", "w*", "GET", "n*"], '[(nil), (nil), "three", "one"]')
      yield* must(c, ["SORT", "l", "GET", "#", "GET", "h*->f"], '["1", "a", "2", "b", "3", (nil), "4", (nil)]')
      yield* must(c, ["SORT", "l", "BY", "h*->f", "ALPHA", "DESC", "LIMIT", "0", "2"], '["2", "1"]')
      yield* must(c, ["SORT", "l", "GET", "w1", "LIMIT", "0", "1"], "[(nil)]")
      yield* must(c, ["SORT", "l", "GET", "h*", "LIMIT", "0", "1"], "[(nil)]")
      yield* must(c, ["SORT", "l", "GET", "w*->f", "LIMIT", "0", "1"], "[(nil)]")
    })
  )

  withServer("leaves the order as it is when BY is a constant", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "l", "b", "c", "a"], "(integer) 3")
      yield* must(c, ["SORT", "l", "BY", "nosort"], '["b", "c", "a"]')
      yield* must(c, ["SORT", "l", "BY", "nosort", "DESC", "LIMIT", "0", "2"], '["a", "c"]')
      yield* must(c, ["ZADD", "z", "3", "a", "1", "b", "2", "c"], "(integer) 3")
      yield* must(c, ["SORT", "z", "BY", "nosort"], '["b", "c", "a"]')
      yield* must(c, ["SORT", "z", "BY", "nosort", "DESC"], '["a", "c", "b"]')
      for (const key of ["l", "z"]) {
        const [all] = [yield* call(c, ["SORT", key, "BY", "nosort"])].map(show)
        for (const limit of [
          ["0", "3"],
          ["0", "-1"],
          ["-7", "9223372036854775807"]
        ]) {
          yield* must(c, ["SORT", key, "BY", "nosort", "LIMIT", ...limit], all!)
        }
        for (const limit of [
          ["3", "1"],
          ["9223372036854775807", "1"],
          ["1", "0"]
        ]) {
          yield* must(c, ["SORT", key, "BY", "nosort", "LIMIT", ...limit], "[]")
          yield* must(c, ["SORT", key, "BY", "nosort", "DESC", "LIMIT", ...limit], "[]")
        }
      }
      yield* must(c, ["SORT", "z", "BY", "nosort", "LIMIT", "1", "1"], '["c"]')
      yield* must(c, ["SORT", "z", "BY", "nosort", "DESC", "LIMIT", "1", "5"], '["c", "b"]')
      yield* must(c, ["SORT", "l", "BY", "nosort", "DESC", "LIMIT", "1", "5"], '["c", "b"]')
      yield* must(c, ["SORT", "z", "ALPHA"], '["a", "b", "c"]')
      yield* must(c, ["SADD", "s", "b", "c", "a"], "(integer) 3")
      yield* must(c, ["SORT", "s", "BY", "nosort", "STORE", "to"], "(integer) 3")
      yield* must(c, ["LRANGE", "to", "0", "-1"], '["a", "b", "c"]')
    })
  )

  withServer("stores a list", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "l", "3", "1", "2"], "(integer) 3")
      yield* must(c, ["SET", "to", "x", "EX", "100"], "OK")
      yield* must(c, ["SORT", "l", "STORE", "to", "GET", "#", "GET", "nosuch*"], "(integer) 6")
      yield* must(c, ["LRANGE", "to", "0", "-1"], '["1", "", "2", "", "3", ""]')
      yield* must(c, ["TTL", "to"], "(integer) -1")
      yield* must(c, ["OBJECT", "ENCODING", "to"], '"listpack"')
      yield* must(c, ["SORT", "l", "STORE", "l"], "(integer) 3")
      yield* must(c, ["LRANGE", "l", "0", "-1"], '["1", "2", "3"]')
      yield* must(c, ["SORT", "l", "LIMIT", "5", "1", "STORE", "to"], "(integer) 0")
      yield* must(c, ["EXISTS", "to"], "(integer) 0")
    })
  )

  withServer("refuses what it cannot order", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "l", "1", "a"], "(integer) 2")
      yield* must(c, ["SET", "string", "x"], "OK")
      yield* mustFail(c, ["SORT", "l"], NOT_DOUBLES)
      yield* mustFail(c, ["SORT", "l", "STORE", "to"], NOT_DOUBLES)
      yield* mustFail(c, ["SORT", "string"], "WRONGTYPE Operation against a key holding the wrong kind of value")
      yield* mustFail(c, ["SORT", "string", "LIMIT", "1"], "ERR syntax error")
      yield* mustFail(c, ["SORT", "l", "LIMIT", "a", "1"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["SORT", "l", "BY"], "ERR syntax error")
      yield* mustFail(c, ["SORT", "l", "GET"], "ERR syntax error")
      yield* mustFail(c, ["SORT_RO", "l", "STORE", "to"], "ERR syntax error")
      yield* must(c, ["COMMAND", "GETKEYS", "SORT", "l", "GET", "store", "STORE", "a", "STORE", "b"], '["l", "b"]')
    })
  )
})
