/** The directive `timeout`, by the test's clock. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { clientField, closed, eventually, idOf } from "../support/exchange.ts"
import { encodeCommand } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, startServer } from "../support/TestServer.ts"

describe("an idle client", () => {
  it.effect("is closed when it has been silent for longer than the timeout", () =>
    Effect.gen(function* () {
      const server = yield* startServer({ timeout: 10 })
      const [idle, busy] = [yield* connect(server), yield* connect(server)]
      yield* must(idle, ["PING"], "PONG")
      yield* TestClock.adjust(9_000)
      yield* must(busy, ["PING"], "PONG")
      yield* TestClock.adjust(1_000)
      yield* must(idle, ["PING"], "PONG")
      yield* TestClock.adjust(10_000)
      yield* must(idle, ["PING"], "PONG")
      yield* closed(busy)
      yield* TestClock.adjust(10_001)
      yield* closed(idle)
    })
  )

  it.effect("stays as long as it waits for what others do", () =>
    Effect.gen(function* () {
      const server = yield* startServer({ timeout: 10 })
      const [subscriber, monitor, paused] = [yield* connect(server), yield* connect(server), yield* connect(server)]
      yield* call(subscriber, ["SUBSCRIBE", "c"])
      yield* must(monitor, ["MONITOR"], "OK")
      const id = yield* idOf(paused)
      const other = yield* connect(server)
      yield* must(other, ["CLIENT", "PAUSE", 50_000, "WRITE"], "OK")
      paused.write(encodeCommand(["SET", "k", "v"]))
      yield* eventually(clientField(other, "flags", id), "b")
      yield* TestClock.adjust(40_000)
      yield* closed(other)
      const late = yield* connect(server)
      yield* must(late, ["CLIENT", "LIST"], (list) => list.split("id=").length - 1 === 4)
      yield* TestClock.adjust(10_000)
      assert.strictEqual(show(yield* Effect.promise(() => paused.read())), "OK")
      yield* TestClock.adjust(10_001)
      yield* closed(paused)
    })
  )

  it.effect("is safe again when CONFIG SET says so, and watched when it says so", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* startServer())
      yield* must(client, ["PING"], "PONG")
      yield* TestClock.adjust(1_000_000)
      yield* must(client, ["CONFIG", "SET", "timeout", 5], "OK")
      yield* TestClock.adjust(5_000)
      yield* must(client, ["CONFIG", "SET", "timeout", 0], "OK")
      yield* TestClock.adjust(1_000_000)
      yield* must(client, ["CONFIG", "SET", "timeout", 5], "OK")
      yield* TestClock.adjust(5_001)
      yield* closed(client)
    })
  )
})
