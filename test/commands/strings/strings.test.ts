import { describe } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { connect, must, mustFail, withServer } from "../../support/TestServer.ts"

const NOT_AN_INTEGER = "ERR value is not an integer or out of range"
const INT64_MAX = "9223372036854775807"

describe("GET and SET", () => {
  withServer("store any bytes under any key", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["GET", "nosuch"], "(nil)")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["GET", "k"], '"v"')
      yield* must(c, ["SET", "k", ""], "OK")
      yield* must(c, ["GET", "k"], '""')
      yield* must(c, ["SET", "", "\x00\r\n\xff"], "OK")
      yield* must(c, ["GET", ""], '"\\x00\\r\\n\\xff"')
      yield* must(c, ["SET", "long", "x".repeat(70_000)], "OK")
      yield* must(c, ["STRLEN", "long"], "(integer) 70000")
      yield* must(c, ["SET", "long", "short"], "OK")
      yield* must(c, ["GET", "long"], '"short"')
    })
  )

  withServer("answer with RESP3's null", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["GET", "nosuch"], "(nil)")
      yield* must(c, ["SET", "k", "v", "GET"], "(nil)")
    })
  )

  withServer("SET takes NX and XX", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "1", "XX"], "(nil)")
      yield* must(c, ["SET", "k", "1", "nx"], "OK")
      yield* must(c, ["SET", "k", "2", "NX"], "(nil)")
      yield* must(c, ["SET", "k", "3", "xX", "XX"], "OK")
      yield* must(c, ["GET", "k"], '"3"')
    })
  )

  withServer("SET GET answers with the value before, whether it stores or not", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "1", "GET"], "(nil)")
      yield* must(c, ["SET", "k", "2", "GET"], '"1"')
      yield* must(c, ["SET", "k", "3", "GET", "NX"], '"2"')
      yield* must(c, ["SET", "k", "4", "XX", "GET", "EX", "10"], '"2"')
      yield* must(c, ["SET", "other", "5", "XX", "GET"], "(nil)")
      yield* must(c, ["SET", "fresh", "6", "NX", "GET"], "(nil)")
      yield* must(c, ["MGET", "k", "other", "fresh"], '["4", (nil), "6"]')
    })
  )

  withServer("SET gives, replaces, keeps and drops the deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "EX", "10"], "OK")
      yield* must(c, ["PTTL", "k"], "(integer) 10000")
      yield* must(c, ["SET", "k", "v", "PX", "1500"], "OK")
      yield* must(c, ["PTTL", "k"], "(integer) 1500")
      yield* must(c, ["SET", "k", "w", "KEEPTTL"], "OK")
      yield* must(c, ["PTTL", "k"], "(integer) 1500")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["PTTL", "k"], "(integer) -1")
      yield* must(c, ["SET", "k", "v", "EXAT", "33177117420"], "OK")
      yield* must(c, ["EXPIRETIME", "k"], "(integer) 33177117420")
      yield* must(c, ["SET", "k", "v", "PXAT", "33177117420001"], "OK")
      yield* must(c, ["PEXPIRETIME", "k"], "(integer) 33177117420001")
      yield* must(c, ["SET", "k", "v", "PXAT", INT64_MAX], "OK")
      yield* must(c, ["PEXPIRETIME", "k"], `(integer) ${INT64_MAX}`)
      yield* must(c, ["SET", "k", "v", "EX", "1", "EX", "20"], "OK")
      yield* must(c, ["TTL", "k"], "(integer) 20")
    })
  )

  withServer("a value is gone the millisecond its time is over", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "PX", "1000"], "OK")
      yield* TestClock.adjust(999)
      yield* must(c, ["GET", "k"], '"v"')
      yield* TestClock.adjust(1)
      yield* must(c, ["GET", "k"], "(nil)")
      yield* must(c, ["SET", "k", "v", "XX"], "(nil)")
      yield* must(c, ["SET", "k", "w", "KEEPTTL"], "OK")
      yield* must(c, ["TTL", "k"], "(integer) -1")
    })
  )

  withServer("a deadline in the past is taken, and over at once", (c) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      yield* must(c, ["SET", "k", "v", "EXAT", "1"], "OK")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["GET"], "ERR wrong number of arguments for 'get' command")
      yield* mustFail(c, ["SET", "k"], "ERR wrong number of arguments for 'set' command")
      yield* mustFail(c, ["SET", "k", "v", "FOO"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "NX", "XX"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "EX"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "EX", "10", "PX", "10"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "KEEPTTL", "EX", "10"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "EXAT", "10", "KEEPTTL"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "PERSIST"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "EX", "ten"], NOT_AN_INTEGER)
      yield* mustFail(c, ["SET", "k", "v", "EX", "ten", "FOO"], "ERR syntax error")
      yield* mustFail(c, ["SET", "k", "v", "EX", "0"], "ERR invalid expire time in 'set' command")
      yield* mustFail(c, ["SET", "k", "v", "PXAT", "-1"], "ERR invalid expire time in 'set' command")
      yield* mustFail(c, ["SET", "k", "v", "EX", INT64_MAX], "ERR invalid expire time in 'set' command")
      yield* mustFail(c, ["SET", "k", "v", "EXAT", "9223372036854776"], "ERR invalid expire time in 'set' command")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )
})

describe("GETEX", () => {
  withServer("sets, takes away or leaves the deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["GETEX", "k", "EX", "10"], "(nil)")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["GETEX", "k", "EX", "10"], '"v"')
      yield* must(c, ["GETEX", "k"], '"v"')
      yield* must(c, ["TTL", "k"], "(integer) 10")
      yield* must(c, ["GETEX", "k", "PX", "2500"], '"v"')
      yield* must(c, ["PTTL", "k"], "(integer) 2500")
      yield* must(c, ["GETEX", "k", "PERSIST"], '"v"')
      yield* must(c, ["PTTL", "k"], "(integer) -1")
      yield* must(c, ["GETEX", "k", "PXAT", "33177117420001"], '"v"')
      yield* must(c, ["PEXPIRETIME", "k"], "(integer) 33177117420001")
    })
  )

  withServer("deletes the key for a moment that is over", (c) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      const now = yield* Clock.currentTimeMillis
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["GETEX", "k", "PXAT", now], '"v"')
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["GETEX", "k", "NX"], "ERR syntax error")
      yield* mustFail(c, ["GETEX", "k", "KEEPTTL"], "ERR syntax error")
      yield* mustFail(c, ["GETEX", "k", "PERSIST", "EX", "1"], "ERR syntax error")
      yield* must(c, ["GETEX", "k", "EX", "ten"], "(nil)")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* mustFail(c, ["GETEX", "k", "EX", "ten"], NOT_AN_INTEGER)
      yield* mustFail(c, ["GETEX", "k", "PX", "0"], "ERR invalid expire time in 'getex' command")
    })
  )
})

describe("GETDEL, GETSET, SETNX, SETEX and PSETEX", () => {
  withServer("GETDEL takes the key away", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["GETDEL", "k"], "(nil)")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["GETDEL", "k"], '"v"')
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )

  withServer("GETSET drops the deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["GETSET", "k", "1"], "(nil)")
      yield* must(c, ["EXPIRE", "k", "10"], "(integer) 1")
      yield* must(c, ["GETSET", "k", "2"], '"1"')
      yield* must(c, ["TTL", "k"], "(integer) -1")
    })
  )

  withServer("SETNX stores once", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SETNX", "k", "1"], "(integer) 1")
      yield* must(c, ["SETNX", "k", "2"], "(integer) 0")
      yield* must(c, ["GET", "k"], '"1"')
    })
  )

  withServer("SETEX and PSETEX store for a time", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SETEX", "k", "10", "v"], "OK")
      yield* must(c, ["PTTL", "k"], "(integer) 10000")
      yield* must(c, ["PSETEX", "k", "10", "w"], "OK")
      yield* must(c, ["PTTL", "k"], "(integer) 10")
      yield* TestClock.adjust(10)
      yield* must(c, ["GET", "k"], "(nil)")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1 hour")
      yield* mustFail(c, ["SETEX", "k", "0", "v"], "ERR invalid expire time in 'setex' command")
      yield* mustFail(c, ["SETEX", "k", "9223372036854776", "v"], "ERR invalid expire time in 'setex' command")
      yield* mustFail(c, ["SETEX", "k", "1.5", "v"], NOT_AN_INTEGER)
      yield* mustFail(c, ["PSETEX", "k", "-1", "v"], "ERR invalid expire time in 'psetex' command")
      yield* mustFail(c, ["PSETEX", "k", INT64_MAX, "v"], "ERR invalid expire time in 'psetex' command")
      yield* mustFail(c, ["GETSET", "k"], "ERR wrong number of arguments for 'getset' command")
    })
  )
})

describe("MGET, MSET and MSETNX", () => {
  withServer("work on several keys at once", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "1", "b", "2", "a", "3"], "OK")
      yield* must(c, ["MGET", "a", "nosuch", "b", "a"], '["3", (nil), "2", "3"]')
      yield* must(c, ["MSETNX", "c", "4", "a", "5"], "(integer) 0")
      yield* must(c, ["MSETNX", "c", "4", "c", "5"], "(integer) 1")
      yield* must(c, ["MGET", "a", "c"], '["3", "5"]')
    })
  )

  withServer("take more keys than there are slices at hand", (c) =>
    Effect.gen(function* () {
      const keys = Array.from({ length: 200 }, (_, i) => `key${i}`)
      yield* must(c, ["MSET", ...keys.flatMap((key) => [key, `${key}!`])], "OK")
      yield* must(c, ["MGET", ...keys], `[${keys.map((key) => `"${key}!"`).join(", ")}]`)
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["MSET", "a", "1", "b"], "ERR wrong number of arguments for 'mset' command")
      yield* mustFail(c, ["MSETNX", "a", "1", "b"], "ERR wrong number of arguments for 'msetnx' command")
      yield* mustFail(c, ["MGET"], "ERR wrong number of arguments for 'mget' command")
    })
  )
})

describe("OBJECT ENCODING of a string", () => {
  withServer("follows from how the string was made", (c) =>
    Effect.gen(function* () {
      const encodings = function* (expected: ReadonlyArray<readonly [string, string]>) {
        for (const [key, encoding] of expected) yield* must(c, ["OBJECT", "ENCODING", key], `"${encoding}"`)
      }
      yield* must(c, ["MSET", "int", "-12", "text", "x".repeat(44), "long", "x".repeat(45), "zero", "01"], "OK")
      yield* encodings([
        ["int", "int"],
        ["text", "embstr"],
        ["long", "raw"],
        ["zero", "embstr"]
      ])
      yield* must(c, ["APPEND", "int", ""], "(integer) 3")
      yield* must(c, ["APPEND", "appended", "7"], "(integer) 1")
      yield* must(c, ["SETRANGE", "range", "0", "7"], "(integer) 1")
      yield* must(c, ["SETBIT", "bit", "1", "0"], "(integer) 0")
      yield* must(c, ["BITOP", "OR", "or", "text"], "(integer) 44")
      yield* must(c, ["INCRBYFLOAT", "float", "3"], '"3"')
      yield* encodings([
        ["int", "raw"],
        ["appended", "int"],
        ["range", "raw"],
        ["bit", "raw"],
        ["or", "raw"],
        ["float", "embstr"]
      ])
      yield* must(c, ["INCR", "int"], "(integer) -11")
      yield* must(c, ["INCR", "float"], "(integer) 4")
      yield* must(c, ["SET", "or", "text"], "OK")
      yield* encodings([
        ["int", "int"],
        ["float", "int"],
        ["or", "embstr"]
      ])
    })
  )
})
