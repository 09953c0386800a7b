import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { must, mustFail, withServer } from "../../support/TestServer.ts"

const BAD_TYPE = "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."
const INT64_MIN = "-9223372036854775808"

/** A reply of integers and nulls. */
const fields = (...values: ReadonlyArray<number | string | null>): string =>
  `[${values.map((value) => (value === null ? "(nil)" : `(integer) ${value}`)).join(", ")}]`

describe("BITFIELD", () => {
  withServer("reads, writes and adds to integers of any width at any bit", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["BITFIELD", "k", "INCRBY", "i5", "100", "1", "GET", "u4", "0"], fields(1, 0))
      yield* must(c, ["STRLEN", "k"], "(integer) 14")
      yield* must(c, ["BITFIELD", "k", "SET", "u8", "#0", "255", "SET", "u8", "#1", "16"], fields(0, 0))
      yield* must(
        c,
        ["BITFIELD", "k", "GET", "i8", "0", "GET", "u12", "4", "GET", "i64", "0"],
        fields(-1, 3856, "-67553994410557440")
      )
      yield* must(c, ["BITFIELD", "w", "SET", "i64", "3", INT64_MIN, "GET", "i64", "3"], fields(0, INT64_MIN))
      yield* must(c, ["GET", "w"], '"\\x10\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00"')
      yield* must(c, ["BITFIELD", "w", "SET", "u63", "1", "9223372036854775807"], fields("1152921504606846976"))
      yield* must(c, ["BITFIELD", "w", "GET", "u63", "#0", "GET", "u1", "63"], fields("4611686018427387903", 1))
    })
  )

  withServer("answers reads beyond the string, and without one, with zeros", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["BITFIELD", "nosuch", "GET", "u8", "0"], fields(0))
      yield* must(c, ["BITFIELD", "nosuch"], "[]")
      yield* must(c, ["SET", "k", "\xff"], "OK")
      yield* must(c, ["BITFIELD", "k", "GET", "u8", "4", "GET", "u8", "100"], fields(240, 0))
      yield* must(c, ["EXISTS", "nosuch"], "(integer) 0")
    })
  )

  withServer("wraps, saturates or fails as OVERFLOW says, for what stands behind it", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["BITFIELD", "k", "SET", "u2", "0", "3", "SET", "i4", "4", "7"], fields(0, 0))
      yield* must(
        c,
        ["BITFIELD", "k", "INCRBY", "u2", "0", "1", "OVERFLOW", "SAT", "INCRBY", "i4", "4", "1"],
        fields(0, 7)
      )
      yield* must(
        c,
        ["BITFIELD", "k", "overflow", "fail", "INCRBY", "u2", "0", "-1", "GET", "u2", "0"],
        fields(null, 0)
      )
      yield* must(c, ["BITFIELD", "k", "OVERFLOW", "SAT", "INCRBY", "i4", "4", INT64_MIN], fields(-8))
      yield* must(c, ["BITFIELD", "k", "OVERFLOW", "SAT", "SET", "u8", "0", "-1", "GET", "u8", "0"], fields(8, 255))
      yield* must(c, ["BITFIELD", "k", "OVERFLOW", "WRAP", "SET", "i8", "0", "300", "GET", "i8", "0"], fields(-1, 44))
    })
  )

  withServer("makes room for a write that fails", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["BITFIELD", "k", "OVERFLOW", "FAIL", "SET", "u8", "#3", "256"], fields(null))
      yield* must(c, ["STRLEN", "k"], "(integer) 4")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["BITFIELD", "k", "GET", "u64", "0"], BAD_TYPE)
      yield* mustFail(c, ["BITFIELD", "k", "GET", "i65", "0"], BAD_TYPE)
      yield* mustFail(c, ["BITFIELD", "k", "GET", "I8", "0"], BAD_TYPE)
      yield* mustFail(c, ["BITFIELD", "k", "GET", "u08", "0"], BAD_TYPE)
      yield* mustFail(c, ["BITFIELD", "k", "GET", "u8", "-1"], "ERR bit offset is not an integer or out of range")
      yield* mustFail(c, ["BITFIELD", "k", "GET", "u8", "#"], "ERR bit offset is not an integer or out of range")
      yield* mustFail(
        c,
        ["BITFIELD", "k", "GET", "u8", "#536870912"],
        "ERR bit offset is not an integer or out of range"
      )
      yield* mustFail(c, ["BITFIELD", "k", "SET", "u8", "0", "one"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["BITFIELD", "k", "SET", "u8", "0"], "ERR syntax error")
      yield* mustFail(c, ["BITFIELD", "k", "PUT", "u8", "0", "1"], "ERR syntax error")
      yield* mustFail(c, ["BITFIELD", "k", "OVERFLOW", "BURST"], "ERR Invalid OVERFLOW type specified")
      yield* mustFail(c, ["BITFIELD", "k", "OVERFLOW"], "ERR syntax error")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )
})

describe("BITFIELD_RO", () => {
  withServer("reads only", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "\x12\x34"], "OK")
      yield* must(c, ["BITFIELD_RO", "k", "GET", "u4", "#1", "get", "i8", "8"], fields(2, 52))
      yield* mustFail(
        c,
        ["BITFIELD_RO", "k", "SET", "u4", "0", "1"],
        "ERR BITFIELD_RO only supports the GET subcommand"
      )
      yield* mustFail(c, ["BITFIELD_RO", "k", "GET", "u4"], "ERR syntax error")
    })
  )
})
