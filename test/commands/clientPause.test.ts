import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { clientField, eventually, exchange, idOf, waiting } from "../support/exchange.ts"
import { encodeCommands } from "../support/request.ts"
import { connect, must, mustFail, mustRead, withServer } from "../support/TestServer.ts"

describe("CLIENT PAUSE WRITE", () => {
  withServer("lets reads go on and holds writes until its end, in their order", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["CLIENT", "PAUSE", "1000", "WRITE"], "OK")
      const writer = yield* waiting(c, server, "SET k 1", "GET k", "APPEND k 2")
      const publisher = yield* waiting(c, server, "PUBLISH channel message")
      const counter = yield* waiting(c, server, "PFCOUNT counted")
      yield* exchange(c, ["GET k", "MULTI", "GET k", "EXEC"], ["(nil)", "OK", "QUEUED", "[(nil)]"])
      yield* TestClock.adjust(999)
      yield* must(c, ["GET", "k"], "(nil)")
      yield* TestClock.adjust(1)
      for (const reply of ["OK", '"1"', "(integer) 2"]) yield* mustRead(writer, reply)
      yield* mustRead(publisher, "(integer) 0")
      yield* mustRead(counter, "(integer) 0")
      yield* must(c, ["GET", "k"], '"12"')
    })
  )

  withServer("counts those whom it holds back as blocked, whom CLIENT UNBLOCK cannot help", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["CLIENT", "PAUSE", "1000", "WRITE"], "OK")
      const writer = yield* connect(server)
      const id = yield* idOf(writer)
      writer.write(encodeCommands([["SET", "k", "1"]]))
      yield* eventually(clientField(c, "flags", id), "b")
      yield* must(c, ["INFO", "clients"], /blocked_clients:1/)
      yield* must(c, ["CLIENT", "UNBLOCK", String(id)], "(integer) 0")
      yield* TestClock.adjust(1000)
      yield* mustRead(writer, "OK")
      yield* must(c, ["INFO", "clients"], /blocked_clients:0/)
    })
  )

  withServer("stays a pause of writes after DEBUG SLEEP", (c) =>
    Effect.gen(function* () {
      c.write(
        encodeCommands([
          ["CLIENT", "PAUSE", "60000", "WRITE"],
          ["DEBUG", "SLEEP", "1"],
          ["GET", "k"]
        ])
      )
      yield* mustRead(c, "OK")
      yield* TestClock.adjust(1000)
      yield* mustRead(c, "OK")
      yield* mustRead(c, "(nil)")
    })
  )

  withServer("holds a write where MULTI would queue it, and an EXEC that writes", (c, server) =>
    Effect.gen(function* () {
      const queued = yield* connect(server)
      const id = yield* idOf(queued)
      yield* must(queued, ["MULTI"], "OK")
      yield* must(queued, ["APPEND", "k", "1"], "QUEUED")
      yield* must(c, ["CLIENT", "PAUSE", "1000", "WRITE"], "OK")
      queued.write(encodeCommands([["EXEC"]]))
      yield* eventually(clientField(c, "flags", id), "xb")
      const late = yield* connect(server)
      late.write(encodeCommands([["MULTI"], ["GET", "k"], ["APPEND", "k", "2"], ["EXEC"]]))
      yield* mustRead(late, "OK")
      yield* mustRead(late, "QUEUED")
      yield* must(c, ["CLIENT", "UNPAUSE"], "OK")
      yield* mustRead(queued, "[(integer) 1]")
      yield* mustRead(late, "QUEUED")
      yield* mustRead(late, '["1", (integer) 2]')
    })
  )

  withServer("does not use up CLIENT REPLY SKIP", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["CLIENT", "PAUSE", "1000", "WRITE"], "OK")
      const client = yield* waiting(c, server, "CLIENT REPLY SKIP", "SET k v", "GET k")
      yield* must(c, ["CLIENT", "UNPAUSE"], "OK")
      yield* mustRead(client, '"v"')
    })
  )
})

describe("CLIENT PAUSE ALL", () => {
  withServer("holds everything but monitors, even CLIENT UNPAUSE", (c, server) =>
    Effect.gen(function* () {
      const [monitor, other] = [yield* connect(server), yield* connect(server)]
      const [id, otherId] = [yield* idOf(c), yield* idOf(other)]
      yield* must(monitor, ["MONITOR"], "OK")
      yield* must(c, ["CLIENT", "PAUSE", "1000"], "OK")
      c.write(encodeCommands([["ECHO", "x"]]))
      other.write(encodeCommands([["CLIENT", "UNPAUSE"]]))
      yield* eventually(clientField(monitor, "flags", id), "b")
      yield* eventually(clientField(monitor, "flags", otherId), "b")
      yield* TestClock.adjust(999)
      assert.strictEqual(yield* clientField(monitor, "flags", id), "b")
      yield* TestClock.adjust(1)
      yield* mustRead(c, '"x"')
      yield* mustRead(other, "OK")
    })
  )

  withServer("refuses what is no command at once", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CLIENT", "PAUSE", "1000", "ALL"], "OK")
      yield* mustFail(c, ["NOPE"], "ERR unknown command 'NOPE', with args beginning with: ")
      yield* mustFail(c, ["GET"], "ERR wrong number of arguments for 'get' command")
    })
  )
})

describe("a second CLIENT PAUSE", () => {
  withServer("makes the first longer, never shorter", (c, server) =>
    Effect.gen(function* () {
      yield* exchange(c, ["CLIENT PAUSE 1000 WRITE", "CLIENT PAUSE 100 WRITE"], ["OK", "OK"])
      const writer = yield* waiting(c, server, "SET k v")
      yield* TestClock.adjust(500)
      yield* must(c, ["CLIENT", "PAUSE", "1000", "WRITE"], "OK")
      yield* TestClock.adjust(999)
      yield* must(c, ["GET", "k"], "(nil)")
      yield* TestClock.adjust(1)
      yield* mustRead(writer, "OK")
    })
  )

  withServer("makes the first stricter, never milder", (c, server) =>
    Effect.gen(function* () {
      const monitor = yield* connect(server)
      const id = yield* idOf(c)
      yield* must(monitor, ["MONITOR"], "OK")
      yield* must(c, ["CLIENT", "PAUSE", "1000", "WRITE"], "OK")
      yield* must(c, ["CLIENT", "PAUSE", "10", "ALL"], "OK")
      c.write(
        encodeCommands([
          ["ECHO", "x"],
          ["ECHO", "y"]
        ])
      )
      yield* eventually(clientField(monitor, "flags", id), "b")
      yield* must(monitor, ["CLIENT", "PAUSE", "2000", "WRITE"], "OK")
      yield* TestClock.adjust(1999)
      assert.strictEqual(yield* clientField(monitor, "flags", id), "b")
      yield* TestClock.adjust(1)
      yield* mustRead(c, '"x"')
    })
  )
})

describe("while the server is paused", () => {
  withServer(
    "expired keys are invisible but stay, until it goes on",
    (c, server) =>
      Effect.gen(function* () {
        const listener = yield* connect(server)
        yield* must(listener, ["SUBSCRIBE", "__keyevent@0__:expired"], /subscribe/)
        yield* must(c, ["SET", "k", "v", "PX", "100"], "OK")
        yield* must(c, ["CLIENT", "PAUSE", "1000", "WRITE"], "OK")
        yield* TestClock.adjust(999)
        const questions = ["GET k", "EXISTS k", "TTL k", "KEYS *", "SCAN 0", "DBSIZE", "RANDOMKEY"]
        const answers = ["(nil)", "(integer) 0", "(integer) -2", "[]", '["0", []]', "(integer) 1", '"k"']
        yield* exchange(c, questions, answers)
        yield* must(listener, ["PING"], '["pong", ""]')
        yield* TestClock.adjust(1)
        yield* mustRead(listener, '["message", "__keyevent@0__:expired", "k"]')
        yield* must(c, ["DBSIZE"], "(integer) 0")
      }),
    { notifyKeyspaceEvents: "Ex" }
  )

  withServer("CLIENT UNPAUSE lets the very next command replace an expired key", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "PX", "100"], "OK")
      yield* must(c, ["CLIENT", "PAUSE", "100000", "WRITE"], "OK")
      yield* TestClock.adjust(200)
      yield* exchange(c, ["CLIENT UNPAUSE", "SET k w", "DBSIZE", "GET k"], ["OK", "OK", "(integer) 1", '"w"'])
    })
  )

  withServer("a watched key that expires lets EXEC fail", (c) =>
    Effect.gen(function* () {
      yield* exchange(c, ["SET k v PX 100", "WATCH k", "CLIENT PAUSE 100000 WRITE"], ["OK", "OK", "OK"])
      yield* TestClock.adjust(200)
      yield* exchange(c, ["MULTI", "GET k", "EXEC"], ["OK", "QUEUED", "(nil)"])
    })
  )
})

describe("CLIENT PAUSE and UNPAUSE", () => {
  withServer("errors", (c) =>
    Effect.gen(function* () {
      const arity = (name: string) =>
        `ERR unknown subcommand or wrong number of arguments for '${name}'. Try CLIENT HELP.`
      yield* mustFail(c, ["CLIENT", "PAUSE", "a", "x"], "ERR CLIENT PAUSE mode must be WRITE or ALL")
      yield* mustFail(c, ["CLIENT", "PAUSE", "1.5"], "ERR timeout is not an integer or out of range")
      yield* mustFail(c, ["CLIENT", "PAUSE", "-1"], "ERR timeout is negative")
      yield* TestClock.adjust(1)
      yield* mustFail(c, ["CLIENT", "PAUSE", "9223372036854775807"], "ERR timeout is out of range")
      yield* mustFail(c, ["CLIENT", "pause", "1", "WRITE", "x"], arity("pause"))
      yield* mustFail(c, ["CLIENT", "UNPAUSE", "x"], "ERR wrong number of arguments for 'client|unpause' command")
      yield* exchange(c, ["CLIENT PAUSE 0", "SET k v", "CLIENT UNPAUSE"], ["OK", "OK", "OK"])
    })
  )
})
