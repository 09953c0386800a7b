import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { exchange } from "../support/exchange.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

/** What is under way has arrived at the server. */
const underWay = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 30)))

describe("DEBUG", () => {
  withServer("SLEEP serves nobody meanwhile", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      const order: Array<string> = []
      const note = (name: string) => Effect.sync(() => void order.push(name))
      const slept = Effect.andThen(must(c, ["DEBUG", "SLEEP", "1.5"], "OK"), note("slept"))
      const sleeper = yield* Effect.forkChild(slept, { startImmediately: true })
      yield* underWay
      const served = Effect.andThen(must(other, ["PING"], "PONG"), note("served"))
      const client = yield* Effect.forkChild(served, { startImmediately: true })
      yield* underWay
      yield* TestClock.adjust(1499)
      yield* underWay
      assert.deepStrictEqual(order, [])
      yield* TestClock.adjust(1)
      yield* Fiber.join(sleeper)
      yield* Fiber.join(client)
      yield* must(c, ["DEBUG", "SLEEP", "0"], "OK")
      yield* must(c, ["DEBUG", "SLEEP", "x"], "OK")
    })
  )

  withServer("SLEEP counts as a slow command", (c) =>
    Effect.gen(function* () {
      const sleeper = yield* Effect.forkChild(must(c, ["DEBUG", "SLEEP", "0.05"], "OK"), { startImmediately: true })
      yield* underWay
      yield* TestClock.adjust(50)
      yield* Fiber.join(sleeper)
      yield* must(
        c,
        ["SLOWLOG", "GET"],
        /^\[\[\(integer\) 0, \(integer\) 0, \(integer\) 50000, \["DEBUG", "SLEEP", "0\.05"\]/
      )
    })
  )

  withServer("SET-ACTIVE-EXPIRE 0 leaves expired keys until somebody asks for them", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["DEBUG", "SET-ACTIVE-EXPIRE", "0"], "OK")
      yield* must(c, ["SET", "k", "v", "PX", "10"], "OK")
      yield* TestClock.adjust(100)
      yield* must(c, ["DBSIZE"], "(integer) 1")
      yield* must(c, ["DEBUG", "DIGEST-VALUE", "nosuch"], `[${"0".repeat(40)}]`)
      yield* must(c, ["GET", "k"], "(nil)")
      yield* must(c, ["DBSIZE"], "(integer) 0")
      yield* must(c, ["DEBUG", "SET-ACTIVE-EXPIRE", "1"], "OK")
    })
  )

  withServer("OBJECT tells encoding, references and idle time", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "123456"], "OK")
      yield* TestClock.adjust("7 seconds")
      yield* must(
        c,
        ["DEBUG", "OBJECT", "k"],
        /^Value at:0x[0-9a-f]+ refcount:1 encoding:int serializedlength:5 lru:0 lru_seconds_idle:7$/
      )
      yield* mustFail(c, ["DEBUG", "OBJECT", "nosuch"], "ERR no such key")
    })
  )

  withServer("CHANGE-REPL-ID draws a new one", (c) =>
    Effect.gen(function* () {
      const before = yield* call(c, ["INFO", "replication"])
      yield* must(c, ["DEBUG", "CHANGE-REPL-ID"], "OK")
      assert.notDeepEqual(yield* call(c, ["INFO", "replication"]), before)
    })
  )

  withServer("STRINGMATCH-LEN matches a glob, LOG writes to the log", (c) =>
    exchange(
      c,
      ["DEBUG STRINGMATCH-LEN h?l* hello", "DEBUG STRINGMATCH-LEN h?l hello", "DEBUG LOG hello"],
      ["(integer) 1", "(integer) 0", "OK"]
    )
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const unknown = (name: string) =>
        `ERR unknown subcommand or wrong number of arguments for '${name}'. Try DEBUG HELP.`
      yield* mustFail(c, ["DEBUG"], "ERR wrong number of arguments for 'debug' command")
      yield* mustFail(c, ["DEBUG", "NoSuch"], unknown("NoSuch"))
      for (const name of ["sleep", "object", "log", "set-active-expire"])
        yield* mustFail(c, ["DEBUG", name], unknown(name))
      yield* mustFail(c, ["DEBUG", "digest", "x"], unknown("digest"))
      yield* exchange(
        c,
        ["MULTI", "DEBUG SLEEP 1", "EXEC"],
        ["OK", "QUEUED", "[(error) ERR DEBUG SLEEP isn't allowed for a DENY BLOCKING client]"]
      )
    })
  )
})

describe("enable-debug-command", () => {
  const refusal =
    'ERR DEBUG command not allowed. If the enable-debug-command option is set to "local", you can run it from a local connection, ' +
    "otherwise you need to set this option in the configuration file, and then restart the server."
  withServer("no refuses", (c) => mustFail(c, ["DEBUG", "DIGEST"], refusal), { enableDebugCommand: "no" })
  withServer("local lets this machine's clients", (c) => must(c, ["DEBUG", "SLEEP", "0"], "OK"), {
    enableDebugCommand: "local"
  })
})
