import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { must, mustFail, withServer } from "../../support/TestServer.ts"

const NOT_AN_INTEGER = "ERR value is not an integer or out of range"
const NOT_A_FLOAT = "ERR value is not a valid float"
const OVERFLOW = "ERR increment or decrement would overflow"
const INT64_MAX = "9223372036854775807"
const INT64_MIN = "-9223372036854775808"

describe("INCR, DECR, INCRBY and DECRBY", () => {
  withServer("count from 0 where there is no key", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["INCR", "k"], "(integer) 1")
      yield* must(c, ["INCRBY", "k", "9"], "(integer) 10")
      yield* must(c, ["DECR", "k"], "(integer) 9")
      yield* must(c, ["DECRBY", "k", "10"], "(integer) -1")
      yield* must(c, ["DECRBY", "k", "-101"], "(integer) 100")
      yield* must(c, ["GET", "k"], '"100"')
      yield* must(c, ["DECRBY", "other", "0"], "(integer) 0")
      yield* must(c, ["GET", "other"], '"0"')
    })
  )

  withServer("are exact over 64 bits, below and beyond what a double holds", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "9007199254740991"], "OK")
      yield* must(c, ["INCR", "k"], "(integer) 9007199254740992")
      yield* must(c, ["INCR", "k"], "(integer) 9007199254740993")
      yield* must(c, ["DECRBY", "k", "9007199254740993"], "(integer) 0")
      yield* must(c, ["INCRBY", "k", INT64_MAX], `(integer) ${INT64_MAX}`)
      yield* must(c, ["DECR", "k"], "(integer) 9223372036854775806")
      yield* must(c, ["GET", "k"], '"9223372036854775806"')
      yield* must(c, ["SET", "k", "-1"], "OK")
      yield* must(c, ["DECRBY", "k", INT64_MAX], `(integer) ${INT64_MIN}`)
      yield* must(c, ["GET", "k"], `"${INT64_MIN}"`)
    })
  )

  withServer("keep the deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "9", "PX", "5000"], "OK")
      yield* must(c, ["INCR", "k"], "(integer) 10")
      yield* must(c, ["PTTL", "k"], "(integer) 5000")
      yield* must(c, ["INCRBY", "k", INT64_MIN], "(integer) -9223372036854775798")
      yield* must(c, ["PTTL", "k"], "(integer) 5000")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "max", INT64_MAX, "min", INT64_MIN, "text", "1 "], "OK")
      yield* must(c, ["SET", "huge", "x".repeat(70_000)], "OK")
      yield* mustFail(c, ["INCR", "max"], OVERFLOW)
      yield* mustFail(c, ["INCRBY", "max", "1"], OVERFLOW)
      yield* mustFail(c, ["DECR", "min"], OVERFLOW)
      yield* mustFail(c, ["DECRBY", "nosuch", INT64_MIN], "ERR decrement would overflow")
      yield* mustFail(c, ["INCR", "text"], NOT_AN_INTEGER)
      yield* mustFail(c, ["INCR", "huge"], NOT_AN_INTEGER)
      yield* mustFail(c, ["INCRBY", "k", "1.0"], NOT_AN_INTEGER)
      yield* mustFail(c, ["INCRBY", "k", "9223372036854775808"], NOT_AN_INTEGER)
      yield* mustFail(c, ["DECRBY", "k", ""], NOT_AN_INTEGER)
      yield* mustFail(c, ["INCR"], "ERR wrong number of arguments for 'incr' command")
      yield* must(c, ["MGET", "max", "min", "text"], `["${INT64_MAX}", "${INT64_MIN}", "1 "]`)
    })
  )
})

describe("INCRBYFLOAT", () => {
  withServer("adds with 17 digits and prints the shortest of them", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["INCRBYFLOAT", "k", "10.50"], '"10.5"')
      yield* must(c, ["INCRBYFLOAT", "k", "0.1"], '"10.6"')
      yield* must(c, ["INCRBYFLOAT", "k", "-5"], '"5.6"')
      yield* must(c, ["SET", "k", "5.0e3"], "OK")
      yield* must(c, ["INCRBYFLOAT", "k", "2.0e2"], '"5200"')
      yield* must(c, ["SET", "k", "3"], "OK")
      yield* must(c, ["INCRBYFLOAT", "k", "1.000000000000000005"], '"4.00000000000000001"')
      yield* must(c, ["INCRBYFLOAT", "big", "1e18"], '"1000000000000000000"')
    })
  )

  withServer("keeps the deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "1", "EX", "10"], "OK")
      yield* must(c, ["INCRBYFLOAT", "k", "1.5"], '"2.5"')
      yield* must(c, ["PTTL", "k"], "(integer) 10000")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "text", "abc", "one", "1"], "OK")
      yield* mustFail(c, ["INCRBYFLOAT", "text", "1"], NOT_A_FLOAT)
      yield* mustFail(c, ["INCRBYFLOAT", "one", "one"], NOT_A_FLOAT)
      yield* mustFail(c, ["INCRBYFLOAT", "one", " 1"], NOT_A_FLOAT)
      yield* mustFail(c, ["INCRBYFLOAT", "one", "nan"], NOT_A_FLOAT)
      yield* mustFail(c, ["INCRBYFLOAT", "one", "inf"], "ERR increment would produce NaN or Infinity")
      yield* must(c, ["GET", "one"], '"1"')
    })
  )
})
