import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import type { Reply } from "../../src/protocol/ReplyDecoder.ts"
import type { RespClient } from "../support/RespClient.ts"
import type { Words } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, must, mustFail, withServer } from "../support/TestServer.ts"

const items = (reply: Reply) => (reply._tag === "Array" ? reply.items : [])

/** The words of the newest entries, newest first. */
const logged = (c: RespClient, count: number): Effect.Effect<ReadonlyArray<string>> =>
  Effect.map(call(c, ["SLOWLOG", "GET", count]), (reply) => items(reply).map((entry) => show(items(entry)[3]!)))

/** Runs a command, and says how the slow log shows it. */
const shown = (c: RespClient, words: Words): Effect.Effect<string | undefined> =>
  Effect.andThen(
    call(c, words),
    Effect.map(logged(c, 1), ([newest]) => newest)
  )

const LOG_ALL = { slowlogLogSlowerThan: 0 }

describe("SLOWLOG", () => {
  withServer("tells id, time, duration, words, address and name", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CLIENT", "SETNAME", "me"], "OK")
      yield* must(c, ["CONFIG", "SET", "slowlog-log-slower-than", "0"], "OK")
      yield* must(c, ["GET", "k"], "(nil)")
      yield* must(
        c,
        ["SLOWLOG", "GET", "1"],
        /^\[\[\(integer\) 1, \(integer\) 0, \(integer\) \d+, \["GET", "k"\], "127\.0\.0\.1:\d+", "me"\]\]$/
      )
    })
  )

  withServer(
    "gives ten entries, as many as wanted, or all",
    (c) =>
      Effect.gen(function* () {
        for (let i = 0; i < 15; i++) yield* must(c, ["PING"], "PONG")
        yield* must(c, ["SLOWLOG", "LEN"], "(integer) 15")
        assert.strictEqual(items(yield* call(c, ["SLOWLOG", "GET"])).length, 10)
        assert.strictEqual((yield* logged(c, 3)).length, 3)
        assert.strictEqual((yield* logged(c, 0)).length, 0)
        assert.strictEqual((yield* logged(c, -1)).length, 19)
        yield* must(c, ["SLOWLOG", "RESET"], "OK")
        assert.deepStrictEqual(yield* logged(c, -1), ['["SLOWLOG", "RESET"]'])
      }),
    LOG_ALL
  )

  withServer(
    "shows no secrets",
    (c) =>
      Effect.gen(function* () {
        assert.strictEqual(yield* shown(c, ["AUTH", "s3cret"]), '["AUTH", "(redacted)"]')
        assert.strictEqual(
          yield* shown(c, ["HELLO", "2", "AUTH", "default", "s3cret"]),
          '["HELLO", "2", "AUTH", "(redacted)", "(redacted)"]'
        )
        assert.strictEqual(
          yield* shown(c, ["CONFIG", "SET", "timeout", "1", "requirepass", "s3cret"]),
          '["CONFIG", "SET", "timeout", "1", "requirepass", "(redacted)"]'
        )
      }),
    LOG_ALL
  )

  withServer(
    "shortens long words and long rows of words",
    (c) =>
      Effect.gen(function* () {
        assert.strictEqual(
          yield* shown(c, ["ECHO", "x".repeat(130)]),
          `["ECHO", "${"x".repeat(128)}... (2 more bytes)"]`
        )
        assert.strictEqual(yield* shown(c, ["ECHO", "x".repeat(128)]), `["ECHO", "${"x".repeat(128)}"]`)
        const keys = Array.from({ length: 40 }, (_, i) => `k${i}`)
        const all = (from: ReadonlyArray<string>) => `[${["DEL", ...from].map((word) => `"${word}"`).join(", ")}]`
        assert.strictEqual(yield* shown(c, ["DEL", ...keys]), all([...keys.slice(0, 30), "... (10 more arguments)"]))
        assert.strictEqual(yield* shown(c, ["DEL", ...keys.slice(0, 31)]), all(keys.slice(0, 31)))
      }),
    LOG_ALL
  )

  withServer(
    "keeps no more than slowlog-max-len, and nothing below its threshold",
    (c) =>
      Effect.gen(function* () {
        for (let i = 0; i < 4; i++) yield* must(c, ["PING"], "PONG")
        yield* must(c, ["SLOWLOG", "LEN"], "(integer) 2")
        yield* must(c, ["CONFIG", "SET", "slowlog-log-slower-than", "-1"], "OK")
        yield* must(c, ["SLOWLOG", "RESET"], "OK")
        yield* must(c, ["PING"], "PONG")
        yield* must(c, ["SLOWLOG", "LEN"], "(integer) 0")
      }),
    { ...LOG_ALL, slowlogMaxLen: 2 }
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["SLOWLOG"], "ERR wrong number of arguments for 'slowlog' command")
      yield* mustFail(c, ["SLOWLOG", "NOSUCH"], "ERR unknown subcommand 'NOSUCH'. Try SLOWLOG HELP.")
      yield* mustFail(c, ["SLOWLOG", "LEN", "1"], "ERR wrong number of arguments for 'slowlog|len' command")
      yield* mustFail(c, ["SLOWLOG", "GET", "x"], "ERR count should be greater than or equal to -1")
      yield* mustFail(c, ["SLOWLOG", "GET", "-2"], "ERR count should be greater than or equal to -1")
      yield* mustFail(
        c,
        ["SLOWLOG", "GET", "1", "2"],
        "ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP."
      )
    })
  )
})
