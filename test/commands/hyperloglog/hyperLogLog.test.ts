import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { leaves } from "../../support/journaled.ts"
import { call, must, mustFail, withServer } from "../../support/TestServer.ts"

const NOT_ONE = "WRONGTYPE Key is not a valid HyperLogLog string value."
const CORRUPT = "INVALIDOBJ Corrupted HLL object detected"

const many = (count: number) => Array.from({ length: count }, (_, i) => `element:${i}`)

describe("PFADD and PFCOUNT", () => {
  withServer("count different elements", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["PFCOUNT", "k"], "(integer) 0")
      yield* must(c, ["PFADD", "k"], "(integer) 1")
      yield* must(c, ["PFADD", "k"], "(integer) 0")
      yield* must(c, ["GET", "k"], '"HYLL\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\\x7f\\xff"')
      yield* must(c, ["PFADD", "k", "a", "b", "c"], "(integer) 1")
      yield* must(c, ["PFADD", "k", "a", "b"], "(integer) 0")
      yield* must(c, ["PFCOUNT", "k"], "(integer) 3")
      yield* must(
        c,
        ["GET", "k"],
        '"HYLL\\x01\\x00\\x00\\x00\\x03\\x00\\x00\\x00\\x00\\x00\\x00\\x00`\\xf3\\x80P\\xb1\\x84K\\xfb\\x80BZ"'
      )
      yield* must(c, ["PFCOUNT", "k", "nosuch"], "(integer) 3")
      yield* must(c, ["OBJECT", "ENCODING", "k"], '"raw"')
      yield* must(c, ["TYPE", "k"], "string")
      yield* must(c, ["PFADD", "big", ...many(10_000)], "(integer) 1")
      yield* must(c, ["STRLEN", "big"], "(integer) 12304")
      yield* must(c, ["PFCOUNT", "big"], "(integer) 10017")
    })
  )

  withServer("become dense past hll-sparse-max-bytes", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "hll-sparse-max-bytes", "30"], "OK")
      yield* must(c, ["PFADD", "k", "a", "b", "c"], "(integer) 1")
      yield* must(c, ["PFDEBUG", "ENCODING", "k"], "sparse")
      yield* must(c, ["PFADD", "k", "d", "e", "f", "g"], "(integer) 1")
      yield* must(c, ["PFDEBUG", "ENCODING", "k"], "dense")
      yield* must(c, ["PFCOUNT", "k"], "(integer) 7")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "HYLL"], "OK")
      yield* mustFail(c, ["PFADD", "s", "a"], NOT_ONE)
      yield* mustFail(c, ["PFCOUNT", "s"], NOT_ONE)
      yield* mustFail(c, ["PFCOUNT", "nosuch", "s"], NOT_ONE)
      yield* must(c, ["SET", "n", "12"], "OK")
      yield* mustFail(c, ["PFADD", "n"], NOT_ONE)
      yield* must(c, ["PFADD", "k", "a"], "(integer) 1")
      yield* must(c, ["SETRANGE", "k", "16", "\x00\x00"], "(integer) 21")
      yield* mustFail(c, ["PFCOUNT", "k"], CORRUPT)
      yield* mustFail(c, ["PFCOUNT", "k", "k"], CORRUPT)
      yield* mustFail(c, ["PFMERGE", "other", "k"], CORRUPT)
      yield* must(c, ["EXISTS", "other"], "(integer) 0")
      yield* must(c, ["SETRANGE", "k", "4", "\x02"], "(integer) 21")
      yield* mustFail(c, ["PFCOUNT", "k"], NOT_ONE)
      yield* must(c, ["SETRANGE", "k", "4", "\x00"], "(integer) 21")
      yield* mustFail(c, ["PFCOUNT", "k"], NOT_ONE)
      yield* must(c, ["SET", "bare", `HYLL\x01${"\x00".repeat(10)}\x80`], "OK")
      yield* mustFail(c, ["PFADD", "bare", "a"], CORRUPT)
      yield* must(c, ["OBJECT", "ENCODING", "bare"], '"raw"')
    })
  )
})

describe("PFMERGE", () => {
  withServer("takes the union", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["PFADD", "a", "1", "2", "3"], "(integer) 1")
      yield* must(c, ["PFADD", "b", "3", "4"], "(integer) 1")
      yield* must(c, ["PFMERGE", "u", "a", "b", "nosuch"], "OK")
      yield* must(c, ["PFCOUNT", "u"], "(integer) 4")
      yield* must(c, ["PFCOUNT", "a", "b"], "(integer) 4")
      yield* must(c, ["PFMERGE", "a", "b"], "OK")
      yield* must(c, ["PFCOUNT", "a"], "(integer) 4")
      yield* must(c, ["PFMERGE", "new"], "OK")
      yield* must(c, ["PFCOUNT", "new"], "(integer) 0")
      yield* must(c, ["PFDEBUG", "TODENSE", "b"], "(integer) 1")
      yield* must(c, ["PFMERGE", "new", "b"], "OK")
      yield* must(c, ["PFDEBUG", "ENCODING", "new"], "dense")
      yield* must(c, ["PFCOUNT", "new"], "(integer) 2")
      yield* must(c, ["PFMERGE", "u", "s"], "OK")
      yield* must(c, ["SET", "s", "x"], "OK")
      yield* mustFail(c, ["PFMERGE", "u", "s"], NOT_ONE)
    })
  )
})

describe("PFDEBUG and PFSELFTEST", () => {
  withServer("look inside", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["PFADD", "k", "a", "b", "c"], "(integer) 1")
      yield* must(c, ["PFDEBUG", "DECODE", "k"], '"Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603"')
      yield* must(c, ["PFDEBUG", "encoding", "k"], "sparse")
      yield* must(c, ["PFDEBUG", "GETREG", "k"], (text) => text.split(",").length === 16_384)
      yield* must(c, ["PFDEBUG", "ENCODING", "k"], "dense")
      yield* must(c, ["PFDEBUG", "TODENSE", "k"], "(integer) 0")
      yield* mustFail(c, ["PFDEBUG", "DECODE", "k"], "ERR HLL encoding is not sparse")
      yield* mustFail(c, ["PFDEBUG", "NoSuch", "k"], "ERR Unknown PFDEBUG subcommand 'NoSuch'")
      yield* mustFail(c, ["PFDEBUG", "NoSuch", "nosuch"], "ERR The specified key does not exist")
      yield* mustFail(c, ["PFDEBUG", "DECODE"], "ERR wrong number of arguments for 'pfdebug' command")
      yield* must(c, ["PFSELFTEST"], "OK")
    })
  )
})

describe("the writes that HyperLogLogs are", () => {
  withServer("count every element that changed one", (c) =>
    Effect.gen(function* () {
      const unsaved = (count: number) =>
        must(c, ["INFO", "persistence"], (text) => text.includes(`rdb_changes_since_last_save:${count}\\r`))
      yield* call(c, ["PFADD", "k", "a", "b", "a"])
      yield* unsaved(3)
      yield* call(c, ["PFADD", "k", "a"])
      yield* unsaved(3)
      yield* call(c, ["PFCOUNT", "k"])
      yield* unsaved(4)
      yield* call(c, ["PFCOUNT", "k"])
      yield* unsaved(4)
      yield* call(c, ["PFMERGE", "k", "k"])
      yield* unsaved(5)
    })
  )

  leaves(
    "are journaled as they came, and PFCOUNT when it keeps its result",
    ["PFADD k a", "PFADD k a", "PFCOUNT k", "PFCOUNT k", "PFMERGE l k", "PFCOUNT k l", "PFDEBUG TODENSE l"],
    ["PFADD k a", "PFCOUNT k", "PFMERGE l k", "PFDEBUG TODENSE l"]
  )
})
