import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { connect, must, mustFail, withServer } from "../../support/TestServer.ts"

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"
const NOT_AN_INTEGER = "ERR value is not an integer or out of range"
const SYNTAX = "ERR syntax error"

describe("LPUSH and RPUSH", () => {
  withServer("add elements one after the other", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "b"], "(integer) 2")
      yield* must(c, ["LPUSH", "k", "c", "d"], "(integer) 4")
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["d", "c", "a", "b"]')
      yield* must(c, ["TYPE", "k"], "list")
      yield* must(c, ["LLEN", "k"], "(integer) 4")
      yield* must(c, ["RPUSH", "binary", "", "\x00\xff", "007", "-0", "9223372036854775808"], "(integer) 5")
      yield* must(c, ["LRANGE", "binary", "0", "-1"], '["", "\\x00\\xff", "007", "-0", "9223372036854775808"]')
      yield* must(c, ["RPUSH", "long", "x".repeat(70_000)], "(integer) 1")
      yield* must(c, ["LRANGE", "long", "0", "0"], `["${"x".repeat(70_000)}"]`)
    })
  )

  withServer("with an X do nothing where there is no list", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["LPUSHX", "k", "a"], "(integer) 0")
      yield* must(c, ["RPUSHX", "k", "a", "b"], "(integer) 0")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
      yield* must(c, ["RPUSH", "k", "a"], "(integer) 1")
      yield* must(c, ["LPUSHX", "k", "b", "c"], "(integer) 3")
      yield* must(c, ["RPUSHX", "k", "d"], "(integer) 4")
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["c", "b", "a", "d"]')
    })
  )

  withServer("keep keys longer than the ring of words", (c) =>
    Effect.gen(function* () {
      const values = Array.from({ length: 100 }, (_, i) => `v${i}`)
      yield* must(c, ["RPUSH", "k", ...values], "(integer) 100")
      yield* must(c, ["LINDEX", "k", "-1"], '"v99"')
    })
  )
})

describe("LPOP and RPOP", () => {
  withServer("take elements, and the key when none is left", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "1", "b", "c", "d"], "(integer) 5")
      yield* must(c, ["LPOP", "k"], '"a"')
      yield* must(c, ["RPOP", "k"], '"d"')
      yield* must(c, ["RPOP", "k", "2"], '["c", "b"]')
      yield* must(c, ["LPOP", "k", "0"], "[]")
      yield* must(c, ["LPOP", "k", "9223372036854775807"], '["1"]')
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
      yield* must(c, ["LPOP", "k"], "(nil)")
      yield* must(c, ["RPOP", "k", "3"], "(nil)")
    })
  )

  withServer("are refused", (c) =>
    Effect.gen(function* () {
      for (const count of ["-1", "x", "9223372036854775808"]) {
        yield* mustFail(c, ["LPOP", "k", count], "ERR value is out of range, must be positive")
      }
      yield* mustFail(c, ["LPOP", "k", "1", "2"], "ERR wrong number of arguments for 'lpop' command")
      yield* mustFail(c, ["RPOP", "k", "1", "2"], "ERR wrong number of arguments for 'rpop' command")
    })
  )
})

describe("LMPOP", () => {
  withServer("takes from the first list there is", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "b", "1", "2", "3"], "(integer) 3")
      yield* must(c, ["LMPOP", "2", "a", "b", "LEFT"], '["b", ["1"]]')
      yield* must(c, ["LMPOP", "2", "a", "b", "right", "count", "10"], '["b", ["3", "2"]]')
      yield* must(c, ["LMPOP", "2", "a", "b", "LEFT"], "(nil)")
    })
  )

  withServer("is refused", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "v"], "OK")
      yield* mustFail(c, ["LMPOP", "0", "a", "LEFT"], "ERR numkeys should be greater than 0")
      yield* mustFail(c, ["LMPOP", "x", "a", "LEFT"], "ERR numkeys should be greater than 0")
      yield* mustFail(c, ["LMPOP", "2", "a", "LEFT"], SYNTAX)
      yield* mustFail(c, ["LMPOP", "9223372036854775807", "a", "LEFT"], SYNTAX)
      yield* mustFail(c, ["LMPOP", "1", "a", "UP"], SYNTAX)
      yield* mustFail(c, ["LMPOP", "1", "a", "LEFT", "COUNT"], SYNTAX)
      yield* mustFail(c, ["LMPOP", "1", "a", "LEFT", "COUNT", "0"], "ERR count should be greater than 0")
      yield* mustFail(c, ["LMPOP", "1", "a", "LEFT", "COUNT", "1", "COUNT", "1"], SYNTAX)
      yield* mustFail(c, ["LMPOP", "2", "a", "s", "LEFT"], WRONG_TYPE)
    })
  )
})

describe("elements by index", () => {
  withServer("LINDEX and LSET count from either end", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "b", "c"], "(integer) 3")
      yield* must(c, ["LINDEX", "k", "0"], '"a"')
      yield* must(c, ["LINDEX", "k", "-1"], '"c"')
      yield* must(c, ["LINDEX", "k", "3"], "(nil)")
      yield* must(c, ["LINDEX", "k", "-4"], "(nil)")
      yield* must(c, ["LINDEX", "nosuch", "x"], "(nil)")
      yield* must(c, ["LSET", "k", "1", "17"], "OK")
      yield* must(c, ["LSET", "k", "-1", ""], "OK")
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["a", "17", ""]')
      yield* mustFail(c, ["LINDEX", "k", "x"], NOT_AN_INTEGER)
      yield* mustFail(c, ["LSET", "k", "3", "v"], "ERR index out of range")
      yield* mustFail(c, ["LSET", "k", "4294967296", "v"], "ERR index out of range")
      yield* mustFail(c, ["LSET", "k", "x", "v"], NOT_AN_INTEGER)
      yield* mustFail(c, ["LSET", "nosuch", "x", "v"], "ERR no such key")
    })
  )

  withServer("LRANGE and LTRIM take what there is between two of them", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "b", "c", "d", "e"], "(integer) 5")
      for (const [first, last, wanted] of [
        ["1", "2", '["b", "c"]'],
        ["-2", "-1", '["d", "e"]'],
        ["-100", "100", '["a", "b", "c", "d", "e"]'],
        ["3", "1", "[]"],
        ["5", "10", "[]"],
        ["0", "-6", "[]"],
        ["0", "-5", '["a"]'],
        ["-9223372036854775808", "9223372036854775807", '["a", "b", "c", "d", "e"]']
      ] as const) {
        yield* must(c, ["LRANGE", "k", first, last], wanted)
        yield* must(c, ["COPY", "k", "copy", "REPLACE"], "(integer) 1")
        yield* must(c, ["LTRIM", "copy", first, last], "OK")
        yield* must(c, ["LRANGE", "copy", "0", "-1"], wanted)
        yield* must(c, ["EXISTS", "copy"], wanted === "[]" ? "(integer) 0" : "(integer) 1")
      }
      yield* must(c, ["LRANGE", "nosuch", "0", "-1"], "[]")
      yield* must(c, ["LTRIM", "nosuch", "0", "-1"], "OK")
      yield* mustFail(c, ["LRANGE", "nosuch", "0", "x"], NOT_AN_INTEGER)
      yield* mustFail(c, ["LTRIM", "nosuch", "1.5", "0"], NOT_AN_INTEGER)
    })
  )
})

describe("elements by value", () => {
  withServer("LINSERT puts one beside the first that is equal", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "1", "a"], "(integer) 3")
      yield* must(c, ["LINSERT", "k", "BEFORE", "1", "x"], "(integer) 4")
      yield* must(c, ["LINSERT", "k", "after", "a", "y"], "(integer) 5")
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["a", "y", "x", "1", "a"]')
      yield* must(c, ["LINSERT", "k", "AFTER", "nosuch", "y"], "(integer) -1")
      yield* must(c, ["LINSERT", "nosuch", "AFTER", "a", "y"], "(integer) 0")
      yield* mustFail(c, ["LINSERT", "nosuch", "BESIDE", "a", "y"], SYNTAX)
    })
  )

  withServer("LREM removes them from either end", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "b", "a", "1", "a", "b"], "(integer) 6")
      yield* must(c, ["LREM", "k", "1", "a"], "(integer) 1")
      yield* must(c, ["LREM", "k", "-1", "a"], "(integer) 1")
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["b", "a", "1", "b"]')
      yield* must(c, ["LREM", "k", "0", "nosuch"], "(integer) 0")
      yield* must(c, ["LREM", "k", "0", "b"], "(integer) 2")
      yield* must(c, ["LREM", "k", "5", "1"], "(integer) 1")
      yield* must(c, ["LREM", "k", "-9223372036854775808", "a"], "(integer) 1")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
      yield* must(c, ["LREM", "k", "0", "a"], "(integer) 0")
      yield* mustFail(c, ["LREM", "k", "x", "a"], NOT_AN_INTEGER)
    })
  )

  withServer("LPOS finds them", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "b", "c", "1", "2", "3", "c", "c"], "(integer) 8")
      yield* must(c, ["LPOS", "k", "a"], "(integer) 0")
      yield* must(c, ["LPOS", "k", "c", "RANK", "2"], "(integer) 6")
      yield* must(c, ["LPOS", "k", "c", "RANK", "-1"], "(integer) 7")
      yield* must(c, ["LPOS", "k", "c", "RANK", "4"], "(nil)")
      yield* must(c, ["LPOS", "k", "c", "COUNT", "2"], "[(integer) 2, (integer) 6]")
      yield* must(c, ["LPOS", "k", "c", "count", "0", "rank", "-2"], "[(integer) 6, (integer) 2]")
      yield* must(c, ["LPOS", "k", "c", "COUNT", "0", "MAXLEN", "3"], "[(integer) 2]")
      yield* must(c, ["LPOS", "k", "c", "COUNT", "0", "MAXLEN", "2"], "[]")
      yield* must(c, ["LPOS", "k", "c", "MAXLEN", "2"], "(nil)")
      yield* must(c, ["LPOS", "k", "2"], "(integer) 4")
      yield* must(c, ["LPOS", "nosuch", "a"], "(nil)")
      yield* must(c, ["LPOS", "nosuch", "a", "COUNT", "1"], "[]")
    })
  )

  withServer("LPOS is refused", (c) =>
    Effect.gen(function* () {
      const zero =
        "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
        "or use negative to start from the end of the list"
      yield* mustFail(c, ["LPOS", "k", "a", "RANK", "0"], zero)
      yield* mustFail(c, ["LPOS", "k", "a", "RANK", "x"], NOT_AN_INTEGER)
      const range = "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"
      yield* mustFail(c, ["LPOS", "k", "a", "RANK", "-9223372036854775808"], range)
      yield* mustFail(c, ["LPOS", "k", "a", "COUNT", "-1"], "ERR COUNT can't be negative")
      yield* mustFail(c, ["LPOS", "k", "a", "MAXLEN", "-1"], "ERR MAXLEN can't be negative")
      yield* mustFail(c, ["LPOS", "k", "a", "COUNT"], SYNTAX)
      yield* mustFail(c, ["LPOS", "k", "a", "FIRST", "1"], SYNTAX)
    })
  )
})

describe("LMOVE and RPOPLPUSH", () => {
  withServer("move an element from list to list", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "a", "1", "2", "x"], "(integer) 3")
      yield* must(c, ["LMOVE", "a", "b", "LEFT", "RIGHT"], '"1"')
      yield* must(c, ["RPOPLPUSH", "a", "b"], '"x"')
      yield* must(c, ["LMOVE", "a", "b", "right", "right"], '"2"')
      yield* must(c, ["LRANGE", "b", "0", "-1"], '["x", "1", "2"]')
      yield* must(c, ["EXISTS", "a"], "(integer) 0")
      yield* must(c, ["LMOVE", "a", "b", "LEFT", "LEFT"], "(nil)")
      yield* must(c, ["RPOPLPUSH", "a", "b"], "(nil)")
    })
  )

  withServer("turn a list round that is both", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "1"], "(integer) 1")
      yield* must(c, ["RPOPLPUSH", "k", "k"], '"1"')
      yield* must(c, ["RPUSH", "k", "2", "3"], "(integer) 3")
      yield* must(c, ["RPOPLPUSH", "k", "k"], '"3"')
      yield* must(c, ["LMOVE", "k", "k", "LEFT", "LEFT"], '"3"')
      yield* must(c, ["LMOVE", "k", "k", "LEFT", "RIGHT"], '"3"')
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["1", "2", "3"]')
    })
  )

  withServer("are refused, and then nothing was moved", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "v"], "OK")
      yield* must(c, ["RPUSH", "k", "1"], "(integer) 1")
      yield* mustFail(c, ["LMOVE", "k", "s", "LEFT", "LEFT"], WRONG_TYPE)
      yield* mustFail(c, ["RPOPLPUSH", "s", "k"], WRONG_TYPE)
      yield* mustFail(c, ["LMOVE", "k", "s", "LEFT", "UP"], SYNTAX)
      yield* must(c, ["RPOPLPUSH", "nosuch", "s"], "(nil)")
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["1"]')
    })
  )
})

describe("a key of another type", () => {
  const commands = [
    ...[
      "LPUSH s 1",
      "RPUSH s 1",
      "LPUSHX s 1",
      "RPUSHX s 1",
      "LPOP s",
      "RPOP s 0",
      "LLEN s",
      "LINDEX s x",
      "LSET s x 1"
    ],
    ...["LINSERT s BEFORE a b", "LRANGE s 0 1", "LTRIM s 0 1", "LREM s 0 a", "LPOS s a", "LPOS s a COUNT 1"],
    ...["LMPOP 1 s LEFT", "BLPOP s 0", "BRPOP a s 0", "BLMPOP 0 1 s LEFT", "BLMOVE s a LEFT LEFT 0", "BRPOPLPUSH s a 0"]
  ]
  withServer("is no list to any command", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "v"], "OK")
      for (const line of commands) yield* mustFail(c, line.split(" "), WRONG_TYPE)
      yield* must(c, ["GET", "s"], '"v"')
    })
  )
})

describe("the forms of a list", () => {
  withServer("follow list-max-listpack-size, with half of it on the way back", (c) =>
    Effect.gen(function* () {
      const encoding = ["OBJECT", "ENCODING", "k"]
      yield* must(c, ["CONFIG", "SET", "list-max-listpack-size", "4"], "OK")
      yield* must(c, ["RPUSH", "k", "1", "2", "3", "4"], "(integer) 4")
      yield* must(c, encoding, '"listpack"')
      yield* must(c, ["LINSERT", "k", "BEFORE", "nosuch", "5"], "(integer) -1")
      yield* must(c, encoding, '"quicklist"')
      yield* must(c, ["LPOP", "k"], '"1"')
      yield* must(c, encoding, '"quicklist"')
      yield* must(c, ["LTRIM", "k", "0", "1"], "OK")
      yield* must(c, encoding, '"listpack"')
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["2", "3"]')
      yield* must(c, ["CONFIG", "SET", "list-max-listpack-size", "-1"], "OK")
      yield* must(c, ["LSET", "k", "0", "x".repeat(4080)], "OK")
      yield* must(c, encoding, '"listpack"')
      yield* must(c, ["LSET", "k", "1", "y".repeat(100)], "OK")
      yield* must(c, encoding, '"quicklist"')
      yield* must(c, ["LSET", "k", "0", ""], "OK")
      yield* must(c, encoding, '"listpack"')
    })
  )

  withServer("answer alike when many elements stand alone", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "list-max-listpack-size", "2"], "OK")
      yield* must(c, ["DEBUG", "QUICKLIST-PACKED-THRESHOLD", "5b"], "OK")
      yield* must(c, ["RPUSH", "k", "hello", "1", "world", "2"], "(integer) 4")
      yield* must(c, ["LSET", "k", "1", "wonderful"], "OK")
      yield* must(c, ["LSET", "k", "0", "3"], "OK")
      yield* must(c, ["LINSERT", "k", "AFTER", "world", "again"], "(integer) 5")
      yield* must(c, ["LRANGE", "k", "0", "-1"], '["3", "wonderful", "world", "again", "2"]')
      yield* must(c, ["LREM", "k", "-1", "world"], "(integer) 1")
      yield* must(c, ["RPOP", "k", "2"], '["2", "again"]')
      yield* must(c, ["DEBUG", "QUICKLIST-PACKED-THRESHOLD", "0"], "OK")
      const refusal = "ERR argument must be a memory value bigger than 1 and smaller than 4gb"
      for (const size of ["x", "-1", "4gb"]) yield* mustFail(c, ["DEBUG", "QUICKLIST-PACKED-THRESHOLD", size], refusal)
    })
  )

  withServer("answer alike in RESP3", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["LPOP", "k"], "(nil)")
      yield* must(c, ["LPOP", "k", "1"], "(nil)")
      yield* must(c, ["LMPOP", "1", "k", "LEFT"], "(nil)")
      yield* must(c, ["RPUSH", "k", "a", "b"], "(integer) 2")
      yield* must(c, ["LMPOP", "1", "k", "LEFT"], '["k", ["a"]]')
      yield* must(c, ["LPOS", "k", "b", "COUNT", "0"], "[(integer) 0]")
    })
  )
})

describe("DEBUG DIGEST-VALUE", () => {
  withServer("says of a list what Redis says", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "k", "a", "1"], "(integer) 2")
      yield* must(c, ["DEBUG", "DIGEST-VALUE", "k"], "[a4b574dfd44a241b7583aa0f4da11ef31ee0b995]")
    })
  )
})
