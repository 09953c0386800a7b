import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { clientField, closed, eventually, exchange, idOf } from "../support/exchange.ts"
import type { RespClient } from "../support/RespClient.ts"
import { encodeCommands } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { connect, must, mustRead, type TestServer, withServer } from "../support/TestServer.ts"

/** A connection that monitors. */
const monitoring = (server: TestServer) => Effect.tap(connect(server), (monitor) => must(monitor, ["MONITOR"], "OK"))

/** The next lines of a monitor, from their database on and without the client's address. */
const mustSee = (monitor: RespClient, ...lines: ReadonlyArray<string>) =>
  Effect.promise(async () => {
    const seen: Array<string> = []
    for (const _ of lines)
      seen.push(
        show(await monitor.read())
          .replace(/^[\d.]+ /, "")
          .replace(/ 127\.0\.0\.1:\d+\]/, "]")
      )
    assert.deepStrictEqual(seen, lines)
  })

describe("MONITOR", () => {
  withServer("shows the time, the database, the client and the words, quoted", (c, server) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("1234567 millis")
      const address = yield* clientField(c, "addr")
      const monitor = yield* monitoring(server)
      yield* must(c, ["SET", "k", 'a"b\\\n\r\t\x07\x08\x00\x7f\xff'], "OK")
      yield* mustRead(monitor, `1234.567000 [0 ${address}] "SET" "k" "a\\"b\\\\\\n\\r\\t\\a\\b\\x00\\x7f\\xff"`)
    })
  )

  withServer("shows commands as they have run: EXEC last, SELECT with its database", (c, server) =>
    Effect.gen(function* () {
      const monitor = yield* monitoring(server)
      yield* exchange(
        c,
        ["MULTI", "SELECT 2", "GET k", "EXEC", "NOPE", "GET", "MULTI", "NOPE", "EXEC"],
        [
          ...["OK", "QUEUED", "QUEUED", "[OK, (nil)]"],
          "(error) ERR unknown command 'NOPE', with args beginning with: ",
          "(error) ERR wrong number of arguments for 'get' command",
          ...["OK", "(error) ERR unknown command 'NOPE', with args beginning with: "],
          "(error) EXECABORT Transaction discarded because of previous errors."
        ]
      )
      const transaction = ['[0] "MULTI"', '[2] "SELECT" "2"', '[2] "GET" "k"', '[2] "EXEC"']
      yield* mustSee(monitor, ...transaction, '[2] "MULTI"', '[2] "EXEC"', '[2] "PING"')
    })
  )

  withServer("hides passwords and administration", (c, server) =>
    Effect.gen(function* () {
      const monitor = yield* monitoring(server)
      yield* must(c, ["AUTH", "default", "secret"], "OK")
      yield* must(c, ["AUTH", "wrong", "secret"], /^\(error\) WRONGPASS/)
      yield* must(c, ["AUTH", "secret"], /^\(error\) ERR AUTH <password> called without any password/)
      yield* must(c, ["HELLO", "2", "AUTH", "default", "secret", "SETNAME", "me"], /server/)
      yield* must(c, ["CLIENT", "LIST"], /id=/)
      yield* must(c, ["CLIENT", "GETNAME"], '"me"')
      yield* mustSee(
        monitor,
        '[0] "AUTH" "(redacted)" "(redacted)"',
        '[0] "AUTH" "(redacted)" "(redacted)"',
        '[0] "AUTH" "(redacted)"',
        '[0] "HELLO" "2" "AUTH" "(redacted)" "(redacted)" "SETNAME" "me"',
        '[0] "CLIENT" "GETNAME"'
      )
    })
  )

  withServer("shows a monitor's own commands after their replies, from the very next one on", (c) =>
    Effect.gen(function* () {
      c.write(encodeCommands([["MONITOR"], ["ECHO", "a"], ["MONITOR"], ["ECHO", "b"]]))
      yield* mustRead(c, "OK")
      yield* mustRead(c, '"a"')
      yield* mustSee(c, '[0] "ECHO" "a"')
      // A second MONITOR has no reply.
      yield* mustRead(c, '"b"')
      yield* mustSee(c, '[0] "ECHO" "b"')
    })
  )

  withServer("sends the same lines on RESP3, keys are out of reach, and CLIENT LIST shows it", (c, server) =>
    Effect.gen(function* () {
      const monitor = yield* connect(server, 3)
      const id = yield* idOf(monitor)
      yield* must(monitor, ["MONITOR"], "OK")
      yield* must(c, ["ECHO", "x"], '"x"')
      yield* mustSee(monitor, '[0] "ECHO" "x"')
      const refusal = "(error) ERR Replica can't interact with the keyspace"
      yield* must(monitor, ["GET", "k"], refusal)
      yield* must(monitor, ["SET", "k", "v"], refusal)
      assert.strictEqual(yield* clientField(c, "flags", id), "O")
      yield* must(c, ["CLIENT", "LIST", "TYPE", "normal"], (text) => text.includes(`id=${id} `))
    })
  )

  withServer("ends with RESET, QUIT and the connection", (c, server) =>
    Effect.gen(function* () {
      const [resetting, quitting, leaving] = [
        yield* monitoring(server),
        yield* monitoring(server),
        yield* monitoring(server)
      ]
      yield* must(resetting, ["RESET"], "RESET")
      yield* must(c, ["ECHO", "x"], '"x"')
      yield* must(resetting, ["ECHO", "y"], '"y"')
      yield* mustSee(quitting, '[0] "RESET"', '[0] "ECHO" "x"', '[0] "ECHO" "y"')
      yield* must(quitting, ["QUIT"], "OK")
      yield* closed(quitting)
      yield* Effect.promise(() => leaving.close())
      const others = Effect.map(
        Effect.promise(() => c.call("CLIENT", "LIST")),
        (reply) => String(show(reply).split("flags=O").length - 1)
      )
      yield* eventually(others, "0")
    })
  )

  withServer(
    "cuts a monitor that does not read at its output limit, and makes nobody wait",
    (c, server) =>
      Effect.gen(function* () {
        const monitor = yield* monitoring(server)
        monitor.pause()
        const word = "x".repeat(500_000)
        for (let sent = 0; sent < 60; sent++) yield* must(c, ["ECHO", word], (text) => text.length > word.length)
        yield* must(c, ["CLIENT", "LIST"], (text) => !text.includes("flags=O"))
      }),
    {
      clientOutputBufferLimit: {
        normal: { hard: 2_000_000, soft: 0, softSeconds: 0 },
        replica: { hard: 0, soft: 0, softSeconds: 0 },
        pubsub: { hard: 0, soft: 0, softSeconds: 0 }
      }
    }
  )

  withServer("is not for transactions", (c) =>
    exchange(
      c,
      ["MULTI", "MONITOR", "EXEC"],
      ["OK", "QUEUED", "[(error) ERR MONITOR isn't allowed for DENY BLOCKING client]"]
    )
  )
})
