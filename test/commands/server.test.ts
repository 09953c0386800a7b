import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

describe("TIME", () => {
  withServer("is the server's clock", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["TIME"], '["0", "0"]')
      yield* TestClock.adjust(61_234)
      yield* must(c, ["TIME"], '["61", "234000"]')
      yield* mustFail(c, ["TIME", "x"], "ERR wrong number of arguments for 'time' command")
    })
  )
})

describe("ROLE", () => {
  withServer("is a master without replicas", (c) => must(c, ["ROLE"], '["master", (integer) 0, []]'))
})

describe("LOLWUT", () => {
  withServer("ends with the version's line, and is art before it", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["LOLWUT"], /\|.*\\nRedis ver\. 7\.2\.\d+\\n"$/)
      yield* must(c, ["LOLWUT", "VERSION", "9"], /^"Redis ver\. 7\.2\.\d+\\n"$/)
      yield* must(c, ["LOLWUT", "VERSION", "5", "4", "3"], (text) => text.split("\\n").length === 6)
      yield* must(c, ["LOLWUT", "VERSION", "7", "x"], /\|.*\\nRedis ver\. 7\.2\.\d+\\n"$/)
      yield* mustFail(c, ["LOLWUT", "VERSION", "x"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["LOLWUT", "VERSION", "5", "x"], "ERR value is not an integer or out of range")
      const other = yield* connect(server, 3)
      assert.strictEqual((yield* call(other, ["LOLWUT"]))._tag, "Verbatim")
    })
  )
})
