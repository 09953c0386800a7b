import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type { RespClient } from "../../support/RespClient.ts"
import { show } from "../../support/showReply.ts"
import { call, connect, must, mustFail, withServer } from "../../support/TestServer.ts"

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"

const encoding = (c: RespClient, key: string, wanted: string) => must(c, ["OBJECT", "ENCODING", key], `"${wanted}"`)

describe("HSET, HMSET and HSETNX", () => {
  withServer("set fields and say how many are new", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["HSET", "h", "a", "1"], "(integer) 1")
      yield* must(c, ["HSET", "h", "a", "2", "b", "3", "b", "4"], "(integer) 1")
      yield* must(c, ["HGETALL", "h"], '["a", "2", "b", "4"]')
      yield* must(c, ["HMSET", "h", "c", "5", "a", ""], "OK")
      yield* must(c, ["HGETALL", "h"], '["a", "", "b", "4", "c", "5"]')
      yield* must(c, ["HSETNX", "h", "a", "9"], "(integer) 0")
      yield* must(c, ["HSETNX", "h", "d", "9"], "(integer) 1")
      yield* must(c, ["HSETNX", "other", "d", "9"], "(integer) 1")
      yield* must(c, ["TYPE", "other"], "hash")
    })
  )

  withServer("keep the deadline of the key", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["HSET", "h", "a", "1"], "(integer) 1")
      yield* must(c, ["PEXPIRE", "h", "5000"], "(integer) 1")
      yield* must(c, ["HSET", "h", "long", "x".repeat(100)], "(integer) 1")
      yield* must(c, ["PTTL", "h"], "(integer) 5000")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "v"], "OK")
      yield* mustFail(c, ["HSET", "s", "f", "v"], WRONG_TYPE)
      yield* mustFail(c, ["HSETNX", "s", "f", "v"], WRONG_TYPE)
      yield* mustFail(c, ["HSET", "h", "f"], "ERR wrong number of arguments for 'hset' command")
      yield* mustFail(c, ["HSET", "s", "f", "v", "g"], "ERR wrong number of arguments for 'hset' command")
      yield* mustFail(c, ["HMSET", "s", "f", "v", "g"], "ERR wrong number of arguments for 'hmset' command")
      yield* mustFail(c, ["HSETNX", "h", "f", "v", "g"], "ERR wrong number of arguments for 'hsetnx' command")
      yield* must(c, ["EXISTS", "h"], "(integer) 0")
    })
  )
})

describe("the encoding of a hash", () => {
  withServer("is a listpack up to the limits, and never again once it was a table", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "hash-max-listpack-entries", "3", "hash-max-listpack-value", "5"], "OK")
      yield* must(c, ["HSET", "h", "a", "12345", "12345", "2", "c", "3"], "(integer) 3")
      yield* encoding(c, "h", "listpack")
      yield* must(c, ["HSET", "h", "d", "4"], "(integer) 1")
      yield* encoding(c, "h", "hashtable")
      yield* must(c, ["HDEL", "h", "a", "d", "c"], "(integer) 3")
      yield* must(c, ["HGETALL", "h"], '["12345", "2"]')
      yield* encoding(c, "h", "hashtable")
      yield* must(c, ["HSET", "value", "a", "123456"], "(integer) 1")
      yield* encoding(c, "value", "hashtable")
      yield* must(c, ["HSETNX", "field", "123456", "a"], "(integer) 1")
      yield* encoding(c, "field", "hashtable")
      yield* must(c, ["HINCRBY", "sum", "a", "99999"], "(integer) 99999")
      yield* encoding(c, "sum", "listpack")
      yield* must(c, ["HINCRBY", "sum", "a", "1"], "(integer) 100000")
      yield* encoding(c, "sum", "hashtable")
    })
  )

  withServer("goes by how many pairs a command has, even if fields repeat", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "hash-max-listpack-entries", "3"], "OK")
      yield* must(c, ["HSET", "h", "a", "1", "a", "2", "a", "3"], "(integer) 1")
      yield* encoding(c, "h", "listpack")
      yield* must(c, ["HSET", "h", "a", "1", "a", "2", "a", "3", "a", "4"], "(integer) 0")
      yield* encoding(c, "h", "hashtable")
      yield* must(c, ["HGETALL", "h"], '["a", "4"]')
    })
  )

  withServer("shows nothing of itself in what commands answer", (c) =>
    Effect.gen(function* () {
      for (const limit of ["100", "0"]) {
        yield* must(c, ["CONFIG", "SET", "hash-max-listpack-entries", limit], "OK")
        yield* must(c, ["DEL", "h"], /integer/)
        yield* must(c, ["HSET", "h", "n", "42", "", "empty", "t", "text"], "(integer) 3")
        yield* encoding(c, "h", limit === "0" ? "hashtable" : "listpack")
        yield* must(c, ["HGET", "h", "n"], '"42"')
        yield* must(c, ["HGET", "h", ""], '"empty"')
        yield* must(c, ["HMGET", "h", "t", "no", "n"], '["text", (nil), "42"]')
        yield* must(c, ["HSTRLEN", "h", "n"], "(integer) 2")
        yield* must(c, ["HEXISTS", "h", ""], "(integer) 1")
        yield* must(c, ["HEXISTS", "h", "no"], "(integer) 0")
        yield* must(c, ["HLEN", "h"], "(integer) 3")
        yield* must(c, ["HINCRBY", "h", "n", "-43"], "(integer) -1")
        yield* must(c, ["HDEL", "h", "no", "n", "n", "t"], "(integer) 2")
        yield* must(c, ["DEBUG", "DIGEST-VALUE", "h"], "[63d91cfc15e7f3fb396e530b4c7df5ba8483a735]")
        yield* must(c, ["HDEL", "h", ""], "(integer) 1")
        yield* must(c, ["EXISTS", "h"], "(integer) 0")
      }
    })
  )

  withServer("takes values of any length", (c) =>
    Effect.gen(function* () {
      const long = "x".repeat(100_000)
      yield* must(c, ["HSET", "h", "a", long, "b", "short"], "(integer) 2")
      yield* must(c, ["HGET", "h", "a"], `"${long}"`)
      yield* must(c, ["COPY", "h", "copy"], "(integer) 1")
      yield* must(c, ["HSET", "h", "a", "1", "b", long], "(integer) 0")
      yield* must(c, ["HSTRLEN", "h", "b"], "(integer) 100000")
      yield* must(c, ["HGET", "h", "a"], '"1"')
      yield* must(c, ["HSTRLEN", "copy", "a"], "(integer) 100000")
      yield* must(c, ["HGET", "copy", "b"], '"short"')
    })
  )
})

describe("reading a hash", () => {
  withServer("gives nothing where there is no key", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["HGET", "no", "f"], "(nil)")
      yield* must(c, ["HMGET", "no", "f", "g"], "[(nil), (nil)]")
      yield* must(c, ["HGETALL", "no"], "[]")
      yield* must(c, ["HKEYS", "no"], "[]")
      yield* must(c, ["HVALS", "no"], "[]")
      yield* must(c, ["HLEN", "no"], "(integer) 0")
      yield* must(c, ["HSTRLEN", "no", "f"], "(integer) 0")
      yield* must(c, ["HEXISTS", "no", "f"], "(integer) 0")
      yield* must(c, ["HDEL", "no", "f"], "(integer) 0")
      yield* must(c, ["HRANDFIELD", "no"], "(nil)")
      yield* must(c, ["HRANDFIELD", "no", "3", "WITHVALUES"], "[]")
      yield* must(c, ["HSCAN", "no", "0"], '["0", []]')
    })
  )

  withServer("gives maps and pairs in RESP3", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["HSET", "h", "a", "1", "b", "2"], "(integer) 2")
      yield* must(c, ["HGETALL", "h"], (text) => text.startsWith("{") && text.includes('"a"'))
      yield* must(c, ["HGETALL", "no"], "{}")
      yield* must(c, ["HKEYS", "h"], '["a", "b"]')
      yield* must(c, ["HVALS", "h"], '["1", "2"]')
      yield* must(c, ["HRANDFIELD", "h", "2", "WITHVALUES"], '[["a", "1"], ["b", "2"]]')
      yield* must(c, ["HRANDFIELD", "h", "-1", "WITHVALUES"], /^\[\["[ab]", "[12]"\]\]$/)
      yield* must(c, ["HSCAN", "h", "0"], '["0", ["a", "1", "b", "2"]]')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "v"], "OK")
      for (const words of [
        ...[
          ["HGET", "s", "f"],
          ["HMGET", "s", "f"],
          ["HGETALL", "s"],
          ["HKEYS", "s"],
          ["HVALS", "s"],
          ["HLEN", "s"]
        ],
        ...[
          ["HSTRLEN", "s", "f"],
          ["HEXISTS", "s", "f"],
          ["HDEL", "s", "f"],
          ["HSCAN", "s", "0"],
          ["HRANDFIELD", "s"]
        ],
        ...[
          ["HINCRBY", "s", "f", "1"],
          ["HINCRBYFLOAT", "s", "f", "1"],
          ["HRANDFIELD", "s", "0"]
        ]
      ])
        yield* mustFail(c, words, WRONG_TYPE)
    })
  )
})

describe("HINCRBY and HINCRBYFLOAT", () => {
  withServer("count in a field", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["HINCRBY", "h", "n", "5"], "(integer) 5")
      yield* must(c, ["HINCRBY", "h", "n", "9007199254740991"], "(integer) 9007199254740996")
      yield* must(c, ["HINCRBY", "h", "n", "9007199254740993"], "(integer) 18014398509481989")
      yield* must(c, ["HINCRBY", "h", "n", "-18014398509481990"], "(integer) -1")
      yield* must(c, ["HINCRBYFLOAT", "h", "n", "1.5"], '"0.5"')
      yield* must(c, ["HINCRBYFLOAT", "h", "f", "1e3"], '"1000"')
      yield* must(c, ["HINCRBYFLOAT", "h", "f", "0.5"], '"1000.5"')
      yield* must(c, ["HGETALL", "h"], '["n", "0.5", "f", "1000.5"]')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "v"], "OK")
      yield* mustFail(c, ["HINCRBY", "s", "f", "x"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["HINCRBYFLOAT", "s", "f", "x"], "ERR value is not a valid float")
      yield* mustFail(c, ["HINCRBYFLOAT", "s", "f", "inf"], "ERR value is NaN or Infinity")
      yield* must(c, ["HSET", "h", "t", "text", "max", "9223372036854775807", "inf", "inf"], "(integer) 3")
      yield* mustFail(c, ["HINCRBY", "h", "t", "1"], "ERR hash value is not an integer")
      yield* mustFail(c, ["HINCRBY", "h", "inf", "9223372036854775807"], "ERR hash value is not an integer")
      yield* mustFail(c, ["HINCRBY", "h", "max", "1"], "ERR increment or decrement would overflow")
      yield* mustFail(c, ["HINCRBYFLOAT", "h", "t", "1"], "ERR hash value is not a float")
      yield* mustFail(c, ["HINCRBYFLOAT", "h", "inf", "1"], "ERR increment would produce NaN or Infinity")
      yield* mustFail(c, ["HINCRBY", "new", "f", "1.0"], "ERR value is not an integer or out of range")
      yield* must(c, ["EXISTS", "new"], "(integer) 0")
    })
  )
})

describe("HRANDFIELD", () => {
  const fields = (c: RespClient, ...words: ReadonlyArray<string>) =>
    Effect.map(call(c, ["HRANDFIELD", "h", ...words]), (reply) =>
      reply._tag === "Array" ? reply.items.map(show) : [show(reply)]
    )

  withServer("draws different fields, or, for a negative count, as many as it is asked for", (c) =>
    Effect.gen(function* () {
      for (const limit of ["100", "0"]) {
        yield* must(c, ["CONFIG", "SET", "hash-max-listpack-entries", limit], "OK")
        yield* must(c, ["DEL", "h"], /integer/)
        const all = Array.from({ length: 20 }, (_, i) => [`f${i}`, `v${i}`])
        yield* must(c, ["HSET", "h", ...all.flat()], "(integer) 20")
        assert.match((yield* fields(c))[0]!, /^"f\d+"$/)
        for (const count of ["1", "3", "7", "19"]) {
          const drawn = yield* fields(c, count)
          assert.strictEqual(drawn.length, Number(count))
          assert.strictEqual(new Set(drawn).size, Number(count))
        }
        assert.strictEqual(new Set(yield* fields(c, "25")).size, 20)
        assert.strictEqual(new Set(yield* fields(c, "-400")).size, 20)
        assert.strictEqual((yield* fields(c, "-400")).length, 400)
        const pairs = yield* fields(c, "7", "withvalues")
        assert.strictEqual(pairs.length, 14)
        for (let i = 0; i < 14; i += 2) assert.strictEqual(pairs[i]!.replace("f", "v"), pairs[i + 1])
        assert.deepStrictEqual(yield* fields(c, "0"), [])
      }
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["HRANDFIELD", "h", "x"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["HRANDFIELD", "h", "1", "x"], "ERR syntax error")
      yield* mustFail(c, ["HRANDFIELD", "h", "1", "WITHVALUES", "x"], "ERR syntax error")
      yield* mustFail(c, ["HRANDFIELD", "h", "4611686018427387904", "WITHVALUES"], "ERR value is out of range")
      yield* must(c, ["HSET", "large", "f", "v"], "(integer) 1")
      yield* mustFail(c, ["HRANDFIELD", "large", "-200000000"], "ERR value is out of range")
      yield* mustFail(
        c,
        ["HRANDFIELD", "h", "-9223372036854775808"],
        "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"
      )
    })
  )
})

describe("HSCAN", () => {
  withServer("shows a packed hash at once, and a table some fields at a time", (c) =>
    Effect.gen(function* () {
      const all = Array.from({ length: 200 }, (_, i) => [`f${i}`, `v${i}`])
      yield* must(c, ["HSET", "packed", ...all.flat()], "(integer) 200")
      yield* must(c, ["HSCAN", "packed", "0", "COUNT", "1"], (text) => text.startsWith('["0", ["f0", "v0", '))
      yield* must(c, ["HSCAN", "packed", "0", "MATCH", "f19?", "COUNT", "1"], /^\["0", \["f190", .*"v199"\]\]$/)
      yield* must(c, ["CONFIG", "SET", "hash-max-listpack-entries", "10"], "OK")
      yield* must(c, ["HSET", "table", ...all.flat()], "(integer) 200")
      const seen = new Set<string>()
      let cursor = "0"
      do {
        const reply = show(yield* call(c, ["HSCAN", "table", cursor, "COUNT", "20"]))
        cursor = /^\["(\d+)"/.exec(reply)![1]!
        for (const [, field, value] of reply.matchAll(/"f(\d+)", "v(\d+)"/g)) {
          assert.strictEqual(field, value)
          seen.add(field!)
        }
      } while (cursor !== "0")
      assert.strictEqual(seen.size, 200)
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["HSET", "h", "f", "v"], "(integer) 1")
      yield* mustFail(c, ["HSCAN", "h", "x"], "ERR invalid cursor")
      yield* mustFail(c, ["HSCAN", "h", "0", "COUNT", "0"], "ERR syntax error")
      yield* mustFail(c, ["HSCAN", "h", "0", "TYPE", "hash"], "ERR syntax error")
    })
  )
})
