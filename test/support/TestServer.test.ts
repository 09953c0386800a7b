import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { connect, must, startServer } from "./TestServer.ts"

describe("a server in a test", () => {
  it.effect("answers over a real socket", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* startServer())
      yield* must(client, ["SET", "k", "v"], "OK")
      yield* must(client, ["GET", "k"], '"v"')
      yield* must(client, ["INCR", "k"], "(error) ERR value is not an integer or out of range")
    })
  )

  it.effect("obeys the test's clock", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* startServer(), 3)
      yield* must(client, ["SET", "k", "v", "PX", 1000], "OK")
      yield* TestClock.adjust(999)
      yield* must(client, ["GET", "k"], '"v"')
      yield* TestClock.adjust(1)
      yield* must(client, ["GET", "k"], "(nil)")
    })
  )

  it.effect("stands alone: two servers share nothing", () =>
    Effect.gen(function* () {
      const [first, second] = [yield* startServer(), yield* startServer()]
      assert.notStrictEqual(first.port, second.port)
      yield* must(yield* connect(first), ["SET", "k", "v"], "OK")
      yield* must(yield* connect(second), ["EXISTS", "k"], "(integer) 0")
    })
  )
})
