import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { connect, must, mustFail, withServer } from "../../support/TestServer.ts"

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"

const sorted = (wanted: ReadonlyArray<string>) => (text: string) =>
  [...text.matchAll(/"([^"]*)"/g)]
    .map(([, word]) => word)
    .sort()
    .join() === [...wanted].sort().join()

const numbers = (count: number, from = 0): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => String(from + i))

describe("sets", () => {
  withServer("hold each member once", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SADD", "s", "a", "b", "a"], "(integer) 2")
      yield* must(c, ["SADD", "s", "a"], "(integer) 0")
      yield* must(c, ["SCARD", "s"], "(integer) 2")
      yield* must(c, ["SISMEMBER", "s", "a"], "(integer) 1")
      yield* must(c, ["SISMEMBER", "s", "c"], "(integer) 0")
      yield* must(c, ["SMISMEMBER", "s", "b", "c", "a"], "[(integer) 1, (integer) 0, (integer) 1]")
      yield* must(c, ["SMISMEMBER", "nosuch", "b", "c"], "[(integer) 0, (integer) 0]")
      yield* must(c, ["SMEMBERS", "s"], '["a", "b"]')
      yield* must(c, ["SMEMBERS", "nosuch"], "[]")
      yield* must(c, ["SREM", "s", "c", "a", "a"], "(integer) 1")
      yield* must(c, ["SREM", "s", "b"], "(integer) 1")
      yield* must(c, ["EXISTS", "s"], "(integer) 0")
      yield* must(c, ["SREM", "s", "b"], "(integer) 0")
      yield* must(c, ["SADD", "s", "", "\x00\xff"], "(integer) 2")
      yield* must(c, ["SISMEMBER", "s", "\x00\xff"], "(integer) 1")
    })
  )

  withServer("are sets in RESP3", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["SADD", "s", "1", "2"], "(integer) 2")
      for (const words of [
        ["SMEMBERS", "s"],
        ["SINTER", "s"],
        ["SUNION", "s"],
        ["SDIFF", "s", "t"]
      ]) {
        yield* must(c, words, 'set["1", "2"]')
      }
      yield* must(c, ["SRANDMEMBER", "s", "2"], '["1", "2"]')
      yield* must(c, ["SPOP", "s", "0"], "set[]")
      yield* must(c, ["SPOP", "s", "2"], 'set["1", "2"]')
      yield* must(c, ["SPOP", "s", "2"], "set[]")
      yield* must(c, ["SPOP", "s"], "(nil)")
      yield* must(c, ["SRANDMEMBER", "s"], "(nil)")
      yield* must(c, ["SRANDMEMBER", "s", "3"], "[]")
    })
  )

  withServer("refuse what is not for them", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "string", "x"], "OK")
      yield* must(c, ["SADD", "s", "1"], "(integer) 1")
      for (const words of [
        ["SADD", "string", "1"],
        ["SREM", "string", "1"],
        ["SMEMBERS", "string"],
        ["SISMEMBER", "string", "1"],
        ["SMISMEMBER", "string", "1"],
        ["SCARD", "string"],
        ["SMOVE", "string", "s", "1"],
        ["SMOVE", "s", "string", "1"],
        ["SPOP", "string"],
        ["SPOP", "string", "0"],
        ["SRANDMEMBER", "string"],
        ["SRANDMEMBER", "string", "0"],
        ["SINTER", "nosuch", "string"],
        ["SINTERSTORE", "to", "nosuch", "string"],
        ["SINTERCARD", "2", "nosuch", "string"],
        ["SUNION", "s", "string"],
        ["SUNIONSTORE", "to", "s", "string"],
        ["SDIFF", "nosuch", "string"],
        ["SDIFFSTORE", "to", "nosuch", "string"],
        ["SSCAN", "string", "0"]
      ]) {
        yield* mustFail(c, words, WRONG_TYPE)
      }
      yield* must(c, ["SMOVE", "nosuch", "string", "1"], "(integer) 0")
      yield* mustFail(c, ["SPOP", "s", "-1"], "ERR value is out of range, must be positive")
      yield* mustFail(c, ["SPOP", "s", "a"], "ERR value is out of range, must be positive")
      yield* mustFail(c, ["SPOP", "s", "1", "1"], "ERR syntax error")
      yield* mustFail(c, ["SRANDMEMBER", "s", "a"], "ERR value is not an integer or out of range")
      yield* mustFail(
        c,
        ["SRANDMEMBER", "s", "-9223372036854775808"],
        "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"
      )
      yield* mustFail(c, ["SRANDMEMBER", "s", "1", "1"], "ERR syntax error")
      yield* mustFail(c, ["SRANDMEMBER", "s", "-200000000"], "ERR value is out of range")
      yield* mustFail(c, ["SINTERCARD", "0", "s"], "ERR numkeys should be greater than 0")
      yield* mustFail(c, ["SINTERCARD", "a", "s"], "ERR numkeys should be greater than 0")
      yield* mustFail(c, ["SINTERCARD", "2", "s"], "ERR Number of keys can't be greater than number of args")
      yield* mustFail(c, ["SINTERCARD", "1", "s", "LIMIT", "-1"], "ERR LIMIT can't be negative")
      yield* mustFail(c, ["SINTERCARD", "1", "s", "LIMIT"], "ERR syntax error")
      yield* mustFail(c, ["SINTERCARD", "1", "s", "s"], "ERR syntax error")
    })
  )

  withServer("move members", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SADD", "from", "1", "2"], "(integer) 2")
      yield* must(c, ["SMOVE", "from", "to", "3"], "(integer) 0")
      yield* must(c, ["SMOVE", "from", "to", "1"], "(integer) 1")
      yield* must(c, ["SMOVE", "from", "from", "2"], "(integer) 1")
      yield* must(c, ["SMOVE", "from", "from", "1"], "(integer) 0")
      yield* must(c, ["SMOVE", "from", "to", "2"], "(integer) 1")
      yield* must(c, ["EXISTS", "from"], "(integer) 0")
      yield* must(c, ["SMEMBERS", "to"], '["1", "2"]')
    })
  )
})

describe("the forms of a set", () => {
  withServer("follow what is added", (c) =>
    Effect.gen(function* () {
      const encoding = (key: string, wanted: string) => must(c, ["OBJECT", "ENCODING", key], `"${wanted}"`)
      yield* must(c, ["SADD", "s", ...numbers(512)], "(integer) 512")
      yield* encoding("s", "intset")
      yield* must(c, ["SADD", "s", "512"], "(integer) 1")
      yield* encoding("s", "hashtable")
      yield* must(c, ["SADD", "mixed", ...numbers(127)], "(integer) 127")
      yield* must(c, ["SADD", "mixed", "text"], "(integer) 1")
      yield* encoding("mixed", "listpack")
      yield* must(c, ["SADD", "mixed", "text"], "(integer) 0")
      yield* encoding("mixed", "listpack")
      yield* must(c, ["SADD", "mixed", "more"], "(integer) 1")
      yield* encoding("mixed", "hashtable")
      yield* must(c, ["SCARD", "mixed"], "(integer) 129")
      yield* must(c, ["SADD", "many", ...numbers(128)], "(integer) 128")
      yield* must(c, ["SADD", "many", "text"], "(integer) 1")
      yield* encoding("many", "hashtable")
      yield* must(c, ["SADD", "long", "x".repeat(64)], "(integer) 1")
      yield* encoding("long", "listpack")
      yield* must(c, ["SADD", "long", "x".repeat(65)], "(integer) 1")
      yield* encoding("long", "hashtable")
      yield* must(c, ["SADD", "longer", "1", "x".repeat(65)], "(integer) 2")
      yield* encoding("longer", "hashtable")
      yield* must(c, ["SADD", "beyond", "9223372036854775808"], "(integer) 1")
      yield* encoding("beyond", "listpack")
    })
  )

  withServer("begin with what is asked for at once", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "set-max-intset-entries", "2", "set-max-listpack-entries", "4"], "OK")
      yield* must(c, ["SADD", "s", "1", "1", "1"], "(integer) 1")
      yield* must(c, ["OBJECT", "ENCODING", "s"], '"listpack"')
      yield* must(c, ["SADD", "t", "1", "1", "1", "1", "1"], "(integer) 1")
      yield* must(c, ["OBJECT", "ENCODING", "t"], '"hashtable"')
      yield* must(c, ["SADD", "u", "1"], "(integer) 1")
      yield* must(c, ["SADD", "u", "1", "1", "1"], "(integer) 0")
      yield* must(c, ["OBJECT", "ENCODING", "u"], '"hashtable"')
    })
  )

  withServer("are those of what a result holds", (c) =>
    Effect.gen(function* () {
      const encoding = (wanted: string) => must(c, ["OBJECT", "ENCODING", "to"], `"${wanted}"`)
      yield* must(c, ["SADD", "mixed", "1", "2", "a", "b"], "(integer) 4")
      yield* must(c, ["SADD", "large", ...numbers(200), "a"], "(integer) 201")
      yield* must(c, ["SADD", "integers", "1", "2", "3"], "(integer) 3")
      yield* must(c, ["SINTERSTORE", "to", "mixed", "large"], "(integer) 3")
      yield* encoding("listpack")
      yield* must(c, ["SINTERSTORE", "to", "mixed", "integers"], "(integer) 2")
      yield* encoding("intset")
      yield* must(c, ["SDIFFSTORE", "to", "mixed", "large"], "(integer) 1")
      yield* encoding("listpack")
      yield* must(c, ["SREM", "large", "a"], "(integer) 1")
      yield* must(c, ["SINTERSTORE", "to", "large", "large"], "(integer) 200")
      yield* encoding("intset")
      yield* must(c, ["SUNIONSTORE", "to", "large", "integers"], "(integer) 200")
      yield* encoding("intset")
      yield* must(c, ["SUNIONSTORE", "to", "large", "mixed"], "(integer) 202")
      yield* encoding("hashtable")
    })
  )

  withServer("become small by SPOP of nearly all", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SADD", "s", ...numbers(1000)], "(integer) 1000")
      yield* must(c, ["SPOP", "s", "990"], (text) => text.split(",").length === 990)
      yield* must(c, ["OBJECT", "ENCODING", "s"], '"listpack"')
      yield* must(c, ["SCARD", "s"], "(integer) 10")
    })
  )
})

describe("what comes of several sets", () => {
  withServer("is answered or stored", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SADD", "a", "1", "2", "3", "x"], "(integer) 4")
      yield* must(c, ["SADD", "b", "2", "3", "y"], "(integer) 3")
      yield* must(c, ["SADD", "c", "3", "x", "y"], "(integer) 3")
      yield* must(c, ["SINTER", "a", "b", "c"], '["3"]')
      yield* must(c, ["SINTER", "a", "nosuch"], "[]")
      yield* must(c, ["SINTERCARD", "2", "a", "b"], "(integer) 2")
      yield* must(c, ["SINTERCARD", "2", "a", "b", "LIMIT", "1"], "(integer) 1")
      yield* must(c, ["SINTERCARD", "2", "a", "b", "limit", "0"], "(integer) 2")
      yield* must(c, ["SINTERCARD", "2", "a", "nosuch"], "(integer) 0")
      yield* must(c, ["SUNION", "a", "nosuch", "b", "c"], sorted(["1", "2", "3", "x", "y"]))
      yield* must(c, ["SDIFF", "a", "b", "c"], '["1"]')
      yield* must(c, ["SDIFF", "a", "b", "a"], "[]")
      yield* must(c, ["SDIFF", "nosuch", "a"], "[]")
      yield* must(c, ["SUNIONSTORE", "a", "a", "b"], "(integer) 5")
      yield* must(c, ["SINTERSTORE", "b", "b", "c"], "(integer) 2")
      yield* must(c, ["SMEMBERS", "b"], sorted(["3", "y"]))
      yield* must(c, ["SET", "string", "x", "EX", "100"], "OK")
      yield* must(c, ["SDIFFSTORE", "string", "a", "b"], "(integer) 3")
      yield* must(c, ["TTL", "string"], "(integer) -1")
      yield* must(c, ["SDIFFSTORE", "string", "b", "a"], "(integer) 0")
      yield* must(c, ["EXISTS", "string"], "(integer) 0")
    })
  )

  withServer("is the same whichever way SDIFF works", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SADD", "large", ...numbers(1000)], "(integer) 1000")
      const others = ["a", "b", "c", "d"]
      for (const [at, key] of others.entries()) {
        yield* must(c, ["SADD", key, ...numbers(100, 100 * at)], "(integer) 100")
      }
      yield* must(c, ["SDIFF", "large", ...others], sorted(numbers(600, 400)))
      yield* must(c, ["SDIFF", "a", "large"], "[]")
      yield* must(c, ["SDIFF", "large", "a"], sorted(numbers(900, 100)))
    })
  )
})

describe("random members", () => {
  withServer("are members, and different ones unless that is not asked for", (c) =>
    Effect.gen(function* () {
      const words = (text: string) => [...text.matchAll(/"([^"]*)"/g)].map(([, word]) => word!)
      for (const members of [numbers(20), [...numbers(20), "x"], numbers(700)]) {
        yield* must(c, ["DEL", "s"], /integer/)
        yield* must(c, ["SADD", "s", ...members], /integer/)
        const drawn = (count: number, different: boolean) => (text: string) => {
          const given = words(text)
          const known = given.every((member) => members.includes(member))
          return known && given.length === count && (!different || new Set(given).size === count)
        }
        for (const count of [1, 2, 10, 19]) yield* must(c, ["SRANDMEMBER", "s", String(count)], drawn(count, true))
        yield* must(c, ["SRANDMEMBER", "s"], drawn(1, true))
        yield* must(c, ["SRANDMEMBER", "s", "1000"], drawn(members.length, true))
        yield* must(c, ["SRANDMEMBER", "s", "-100"], drawn(100, false))
        yield* must(c, ["SPOP", "s"], drawn(1, true))
        yield* must(c, ["SPOP", "s", "5"], drawn(5, true))
        yield* must(c, ["SCARD", "s"], `(integer) ${members.length - 6}`)
        yield* must(c, ["SPOP", "s", "1000"], drawn(members.length - 6, true))
        yield* must(c, ["EXISTS", "s"], "(integer) 0")
      }
    })
  )
})

describe("SSCAN", () => {
  withServer("visits every member", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SADD", "small", "1", "2", "a"], "(integer) 3")
      yield* must(c, ["SSCAN", "small", "0", "COUNT", "1"], '["0", ["1", "2", "a"]]')
      yield* must(c, ["SSCAN", "small", "0", "MATCH", "[12]"], '["0", ["1", "2"]]')
      yield* must(
        c,
        ["SSCAN", "small", "0", "MATCH", "a", ...numbers(20).flatMap(() => ["COUNT", "1"])],
        '["0", ["a"]]'
      )
      yield* must(c, ["SSCAN", "small", "0", "MATCH", "a", "MATCH", "*"], '["0", ["1", "2", "a"]]')
      yield* must(c, ["SSCAN", "nosuch", "0"], '["0", []]')
      yield* mustFail(c, ["SSCAN", "small", "a"], "ERR invalid cursor")
      yield* mustFail(c, ["SSCAN", "small", "0", "TYPE", "set"], "ERR syntax error")
    })
  )
})
