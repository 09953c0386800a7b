import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { must, mustFail, withServer } from "../../support/TestServer.ts"

const NOT_AN_INTEGER = "ERR value is not an integer or out of range"
const TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)"

describe("APPEND and STRLEN", () => {
  withServer("grow a string from nothing", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["STRLEN", "k"], "(integer) 0")
      yield* must(c, ["APPEND", "k", ""], "(integer) 0")
      yield* must(c, ["EXISTS", "k"], "(integer) 1")
      yield* must(c, ["APPEND", "k", "Hello"], "(integer) 5")
      yield* must(c, ["APPEND", "k", " World"], "(integer) 11")
      yield* must(c, ["GET", "k"], '"Hello World"')
      yield* must(c, ["STRLEN", "k"], "(integer) 11")
    })
  )

  withServer("carry a string past the size that lies inside its record", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "x", "EX", "10"], "OK")
      for (let length = 1; length < 200_000; length *= 2) {
        yield* must(c, ["APPEND", "k", "y".repeat(length)], `(integer) ${2 * length}`)
      }
      yield* must(c, ["GETRANGE", "k", "0", "3"], '"xyyy"')
      yield* must(c, ["GETRANGE", "k", "-3", "-1"], '"yyy"')
      yield* must(c, ["TTL", "k"], "(integer) 10")
    })
  )

  withServer(
    "errors",
    (c) =>
      Effect.gen(function* () {
        yield* must(c, ["SET", "k", "x".repeat(1024 * 1024)], "OK")
        yield* mustFail(c, ["APPEND", "k", "y"], TOO_LONG)
        yield* must(c, ["APPEND", "k", ""], "(integer) 1048576")
        yield* mustFail(c, ["APPEND", "k"], "ERR wrong number of arguments for 'append' command")
        yield* mustFail(c, ["STRLEN"], "ERR wrong number of arguments for 'strlen' command")
      }),
    { protoMaxBulkLen: 1024 * 1024 }
  )
})

describe("SETRANGE", () => {
  withServer("overwrites in place and fills gaps with zeros", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "Hello World", "EX", "10"], "OK")
      yield* must(c, ["SETRANGE", "k", "6", "Redis"], "(integer) 11")
      yield* must(c, ["GET", "k"], '"Hello Redis"')
      yield* must(c, ["SETRANGE", "k", "13", "!"], "(integer) 14")
      yield* must(c, ["GET", "k"], '"Hello Redis\\x00\\x00!"')
      yield* must(c, ["TTL", "k"], "(integer) 10")
      yield* must(c, ["SETRANGE", "fresh", "3", "x"], "(integer) 4")
      yield* must(c, ["GET", "fresh"], '"\\x00\\x00\\x00x"')
      yield* must(c, ["SETRANGE", "far", "70000", "x"], "(integer) 70001")
      yield* must(c, ["GETRANGE", "far", "69998", "-1"], '"\\x00\\x00x"')
    })
  )

  withServer("leaves everything alone for an empty value", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SETRANGE", "k", "10", ""], "(integer) 0")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
      yield* must(c, ["SET", "k", "abc"], "OK")
      yield* must(c, ["SETRANGE", "k", "10", ""], "(integer) 3")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["SETRANGE", "k", "-1", "x"], "ERR offset is out of range")
      yield* mustFail(c, ["SETRANGE", "k", "one", "x"], NOT_AN_INTEGER)
      yield* mustFail(c, ["SETRANGE", "k", "536870912", "x"], TOO_LONG)
      yield* mustFail(c, ["SETRANGE", "k", "9223372036854775807", "x"], TOO_LONG)
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )
})

describe("GETRANGE and SUBSTR", () => {
  withServer("count from either end and cut what lies outside", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "This is a string"], "OK")
      yield* must(c, ["GETRANGE", "k", "0", "3"], '"This"')
      yield* must(c, ["GETRANGE", "k", "-3", "-1"], '"ing"')
      yield* must(c, ["GETRANGE", "k", "0", "-1"], '"This is a string"')
      yield* must(c, ["GETRANGE", "k", "10", "100"], '"string"')
      yield* must(c, ["GETRANGE", "k", "-100", "0"], '"T"')
      yield* must(c, ["GETRANGE", "k", "5", "3"], '""')
      yield* must(c, ["GETRANGE", "k", "-1", "-5"], '""')
      yield* must(c, ["GETRANGE", "k", "-50", "-100"], '""')
      yield* must(c, ["GETRANGE", "k", "16", "20"], '""')
      yield* must(c, ["GETRANGE", "k", "-9223372036854775808", "9223372036854775807"], '"This is a string"')
      yield* must(c, ["GETRANGE", "nosuch", "0", "-1"], '""')
      yield* must(c, ["SUBSTR", "k", "5", "6"], '"is"')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["GETRANGE", "nosuch", "a", "1"], NOT_AN_INTEGER)
      yield* mustFail(c, ["GETRANGE", "nosuch", "1", "1.5"], NOT_AN_INTEGER)
      yield* mustFail(c, ["SUBSTR", "k", "1"], "ERR wrong number of arguments for 'substr' command")
    })
  )
})
