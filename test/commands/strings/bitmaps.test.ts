import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { must, mustFail, withServer } from "../../support/TestServer.ts"

const NOT_AN_INTEGER = "ERR value is not an integer or out of range"
const BAD_OFFSET = "ERR bit offset is not an integer or out of range"

describe("SETBIT and GETBIT", () => {
  withServer("change one bit and say what it was", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SETBIT", "k", "7", "1"], "(integer) 0")
      yield* must(c, ["SETBIT", "k", "7", "1"], "(integer) 1")
      yield* must(c, ["GET", "k"], '"\\x01"')
      yield* must(c, ["SETBIT", "k", "17", "1"], "(integer) 0")
      yield* must(c, ["GET", "k"], '"\\x01\\x00@"')
      yield* must(c, ["SETBIT", "k", "7", "0"], "(integer) 1")
      yield* must(c, ["GETBIT", "k", "7"], "(integer) 0")
      yield* must(c, ["GETBIT", "k", "17"], "(integer) 1")
      yield* must(c, ["GETBIT", "k", "24"], "(integer) 0")
      yield* must(c, ["GETBIT", "nosuch", "0"], "(integer) 0")
      yield* must(c, ["SETBIT", "zero", "100", "0"], "(integer) 0")
      yield* must(c, ["STRLEN", "zero"], "(integer) 13")
      yield* must(c, ["SETBIT", "far", "8388607", "1"], "(integer) 0")
      yield* must(c, ["STRLEN", "far"], "(integer) 1048576")
      yield* must(c, ["GETBIT", "far", "8388607"], "(integer) 1")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["SETBIT", "k", "-1", "1"], BAD_OFFSET)
      yield* mustFail(c, ["SETBIT", "k", "4294967296", "1"], BAD_OFFSET)
      yield* mustFail(c, ["SETBIT", "k", "#1", "1"], BAD_OFFSET)
      yield* mustFail(c, ["SETBIT", "k", "one", "2"], BAD_OFFSET)
      yield* mustFail(c, ["SETBIT", "k", "0", "2"], "ERR bit is not an integer or out of range")
      yield* mustFail(c, ["GETBIT", "k", "1.5"], BAD_OFFSET)
      yield* must(c, ["GETBIT", "k", "4294967295"], "(integer) 0")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )
})

describe("BITCOUNT", () => {
  withServer("counts whole strings and ranges of bytes and bits", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "foobar"], "OK")
      yield* must(c, ["BITCOUNT", "k"], "(integer) 26")
      yield* must(c, ["BITCOUNT", "k", "0", "0"], "(integer) 4")
      yield* must(c, ["BITCOUNT", "k", "1", "1", "BYTE"], "(integer) 6")
      yield* must(c, ["BITCOUNT", "k", "5", "30", "bit"], "(integer) 17")
      yield* must(c, ["BITCOUNT", "k", "-2", "-1"], "(integer) 7")
      yield* must(c, ["BITCOUNT", "k", "2", "1"], "(integer) 0")
      yield* must(c, ["BITCOUNT", "k", "-50", "-100"], "(integer) 0")
      yield* must(c, ["BITCOUNT", "nosuch"], "(integer) 0")
      yield* must(c, ["SET", "big", "\x55".repeat(100_003)], "OK")
      yield* must(c, ["BITCOUNT", "big"], "(integer) 400012")
      yield* must(c, ["BITCOUNT", "big", "3", "-4", "BIT"], "(integer) 400009")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["BITCOUNT", "nosuch", "a"], "(integer) 0")
      yield* must(c, ["SET", "k", "foobar"], "OK")
      yield* mustFail(c, ["BITCOUNT", "k", "1"], "ERR syntax error")
      yield* mustFail(c, ["BITCOUNT", "k", "0", "1", "NIBBLE"], "ERR syntax error")
      yield* mustFail(c, ["BITCOUNT", "k", "0", "1", "BIT", "BIT"], "ERR syntax error")
      yield* mustFail(c, ["BITCOUNT", "k", "a", "1"], NOT_AN_INTEGER)
    })
  )
})

describe("BITPOS", () => {
  withServer("finds the first set or clear bit", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "\xff\xf0\x00"], "OK")
      yield* must(c, ["BITPOS", "k", "0"], "(integer) 12")
      yield* must(c, ["SET", "k", "\x00\xff\xf0"], "OK")
      yield* must(c, ["BITPOS", "k", "1"], "(integer) 8")
      yield* must(c, ["BITPOS", "k", "1", "2"], "(integer) 16")
      yield* must(c, ["BITPOS", "k", "0", "1", "-1", "BYTE"], "(integer) 20")
      yield* must(c, ["BITPOS", "k", "1", "9", "15", "BIT"], "(integer) 9")
      yield* must(c, ["BITPOS", "k", "1", "0", "7", "BIT"], "(integer) -1")
      yield* must(c, ["SET", "big", `${"\x00".repeat(99_999)}\x10`], "OK")
      yield* must(c, ["BITPOS", "big", "1"], "(integer) 799995")
      yield* must(c, ["BITPOS", "big", "1", "0", "-2"], "(integer) -1")
    })
  )

  withServer("takes a string as followed by clear bits unless an end is given", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "\xff\xff\xff"], "OK")
      yield* must(c, ["BITPOS", "k", "0"], "(integer) 24")
      yield* must(c, ["BITPOS", "k", "0", "1"], "(integer) 24")
      yield* must(c, ["BITPOS", "k", "0", "0", "-1"], "(integer) -1")
      yield* must(c, ["BITPOS", "k", "0", "3"], "(integer) -1")
      yield* must(c, ["BITPOS", "nosuch", "0"], "(integer) 0")
      yield* must(c, ["BITPOS", "nosuch", "1"], "(integer) -1")
      yield* must(c, ["SET", "empty", ""], "OK")
      yield* must(c, ["BITPOS", "empty", "0"], "(integer) -1")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["BITPOS", "k", "2"], "ERR The bit argument must be 1 or 0.")
      yield* mustFail(c, ["BITPOS", "k", "x"], NOT_AN_INTEGER)
      yield* must(c, ["BITPOS", "nosuch", "1", "a"], "(integer) -1")
      yield* must(c, ["SET", "k", "foobar"], "OK")
      yield* mustFail(c, ["BITPOS", "k", "1", "a"], NOT_AN_INTEGER)
      yield* mustFail(c, ["BITPOS", "k", "1", "0", "a", "NIBBLE"], "ERR syntax error")
      yield* mustFail(c, ["BITPOS", "k", "1", "0", "1", "BIT", "BIT"], "ERR syntax error")
    })
  )
})

describe("BITOP", () => {
  withServer("combines strings of different lengths as if padded with zeros", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "foobar", "b", "abcdef", "c", "\xff\x0f"], "OK")
      yield* must(c, ["BITOP", "AND", "d", "a", "b"], "(integer) 6")
      yield* must(c, ["GET", "d"], '"`bc`ab"')
      yield* must(c, ["BITOP", "and", "d", "a", "c"], "(integer) 6")
      yield* must(c, ["GET", "d"], '"f\\x0f\\x00\\x00\\x00\\x00"')
      yield* must(c, ["BITOP", "OR", "d", "c", "a"], "(integer) 6")
      yield* must(c, ["GET", "d"], '"\\xffoobar"')
      yield* must(c, ["BITOP", "XOR", "d", "a", "a", "a", "nosuch"], "(integer) 6")
      yield* must(c, ["GET", "d"], '"foobar"')
      yield* must(c, ["BITOP", "NOT", "d", "c"], "(integer) 2")
      yield* must(c, ["GET", "d"], '"\\x00\\xf0"')
      yield* must(c, ["BITOP", "NOT", "c", "c"], "(integer) 2")
      yield* must(c, ["GET", "c"], '"\\x00\\xf0"')
    })
  )

  withServer("works on more keys than there are slices at hand", (c) =>
    Effect.gen(function* () {
      const keys = Array.from({ length: 65 }, (_, i) => `key${i}`)
      yield* must(c, ["MSET", ...keys.flatMap((key, i) => [key, `${"\x00".repeat(i)}\x01`])], "OK")
      yield* must(c, ["BITOP", "OR", "all", ...keys], "(integer) 65")
      yield* must(c, ["BITCOUNT", "all"], "(integer) 65")
    })
  )

  withServer("stores long results and drops the deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "x".repeat(70_001), "EX", "10"], "OK")
      yield* must(c, ["BITOP", "NOT", "a", "a"], "(integer) 70001")
      yield* must(c, ["BITCOUNT", "a"], "(integer) 280004")
      yield* must(c, ["TTL", "a"], "(integer) -1")
    })
  )

  withServer("deletes the destination when there is nothing to store", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "d", "v"], "OK")
      yield* must(c, ["BITOP", "AND", "d", "nosuch", "nosuch"], "(integer) 0")
      yield* must(c, ["EXISTS", "d"], "(integer) 0")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["BITOP", "NAND", "d", "a"], "ERR syntax error")
      yield* mustFail(c, ["BITOP", "NOT", "d", "a", "b"], "ERR BITOP NOT must be called with a single source key.")
      yield* mustFail(c, ["BITOP", "AND", "d"], "ERR wrong number of arguments for 'bitop' command")
    })
  )
})
