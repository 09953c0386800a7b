import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type { RespClient } from "../support/RespClient.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

const usage = (c: RespClient, key: string): Effect.Effect<number> =>
  Effect.map(call(c, ["MEMORY", "USAGE", key]), (reply) => (reply._tag === "Integer" ? Number(reply.value) : -1))

describe("MEMORY", () => {
  withServer("USAGE grows with the value and its deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MEMORY", "USAGE", "nosuch"], "(nil)")
      yield* must(c, ["SET", "k", "v"], "OK")
      const small = yield* usage(c, "k")
      assert.isAtLeast(small, 26)
      assert.isBelow(small, 64)
      yield* must(c, ["EXPIRE", "k", "100"], "(integer) 1")
      assert.isAbove(yield* usage(c, "k"), small)
      yield* must(c, ["SET", "k", "x".repeat(1000)], "OK")
      assert.isAbove(yield* usage(c, "k"), 1000)
      assert.isBelow(yield* usage(c, "k"), 1200)
      yield* must(c, ["SET", "k", "x".repeat(100_000)], "OK")
      assert.isAbove(yield* usage(c, "k"), 100_000)
      yield* must(c, ["MEMORY", "USAGE", "k", "SAMPLES", "0"], /^\(integer\) 100\d\d\d$/)
    })
  )

  withServer("STATS is a map of true figures", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["MSET", "a", "1", "b", "2"], "OK")
      yield* must(c, ["MEMORY", "STATS"], (text) => {
        const keys = /"keys\.count" => \(integer\) (\d+)/.exec(text)?.[1]
        return keys === "2" && /"db\.0" => \{"overhead\.hashtable\.main" => \(integer\) [1-9]/.test(text)
      })
      yield* must(c, ["MEMORY", "STATS"], /"peak\.percentage" => \(double\) /)
    })
  )

  withServer("PURGE gives back what removed keys have left", (c) =>
    Effect.gen(function* () {
      for (let i = 0; i < 200; i++) yield* call(c, ["MSET", ...Array.from({ length: 40 }, (_, j) => `key:${i}:${j}`)])
      for (let i = 0; i < 200; i++) {
        if (i % 10 !== 0) yield* call(c, ["DEL", ...Array.from({ length: 40 }, (_, j) => `key:${i}:${j}`)])
      }
      yield* must(c, ["MEMORY", "PURGE"], "OK")
      yield* must(c, ["GET", "key:10:0"], '"key:10:1"')
      yield* must(c, ["DBSIZE"], "(integer) 400")
    })
  )

  withServer("DOCTOR and MALLOC-STATS are for people", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MEMORY", "DOCTOR"], /hardly any data|wrong|better/)
      yield* must(c, ["MEMORY", "MALLOC-STATS"], /used_heap_size:\d+/)
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["MEMORY"], "ERR wrong number of arguments for 'memory' command")
      yield* mustFail(c, ["MEMORY", "USAGE"], "ERR wrong number of arguments for 'memory|usage' command")
      yield* mustFail(c, ["MEMORY", "USAGE", "k", "SAMPLES"], "ERR syntax error")
      yield* mustFail(c, ["MEMORY", "USAGE", "k", "NOSUCH", "1"], "ERR syntax error")
      yield* mustFail(c, ["MEMORY", "USAGE", "k", "SAMPLES", "-1"], "ERR syntax error")
      yield* mustFail(c, ["MEMORY", "USAGE", "k", "SAMPLES", "x"], "ERR value is not an integer or out of range")
    })
  )
})
