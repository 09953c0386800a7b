import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { clientField, closed, eventually, exchange } from "../support/exchange.ts"
import { encodeCommands } from "../support/request.ts"
import { connect, must, mustFail, mustRead, withServer } from "../support/TestServer.ts"

const NOAUTH = "NOAUTH Authentication required."
const WRONGPASS = "WRONGPASS invalid username-password pair or user is disabled."

describe("PING and ECHO", () => {
  withServer("answer, in subscribe mode with an array", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["PING"], "PONG")
      yield* must(c, ["ping", "a\x00b"], '"a\\x00b"')
      yield* must(c, ["ECHO", ""], '""')
      yield* must(c, ["SUBSCRIBE", "s"], /subscribe/)
      yield* must(c, ["PING"], '["pong", ""]')
      yield* must(c, ["PING", "x"], '["pong", "x"]')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["PING", "a", "b"], "ERR wrong number of arguments for 'ping' command")
      yield* mustFail(c, ["ECHO"], "ERR wrong number of arguments for 'echo' command")
    })
  )
})

describe("HELLO", () => {
  withServer("tells who the server is and changes the protocol", (c) =>
    Effect.gen(function* () {
      yield* must(
        c,
        ["HELLO"],
        /^\["server", "redis", "version", "7\.2\.\d+", "proto", \(integer\) 2, "id", \(integer\) \d+, "mode", "standalone", "role", "master", "modules", \[\]\]$/
      )
      yield* must(c, ["HELLO", "3", "SETNAME", "me"], /^\{"server" => "redis", .* "proto" => \(integer\) 3, /)
      yield* must(c, ["CLIENT", "GETNAME"], '"me"')
      yield* must(c, ["HELLO"], /"proto" => \(integer\) 3/)
      yield* must(c, ["HELLO", "2"], /^\["server"/)
    })
  )

  withServer("errors leave everything as it was", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["HELLO", "4"], "NOPROTO unsupported protocol version")
      yield* mustFail(c, ["HELLO", "x"], "ERR Protocol version is not an integer or out of range")
      yield* mustFail(c, ["HELLO", "3", "SETNAME"], "ERR Syntax error in HELLO option 'SETNAME'")
      yield* mustFail(c, ["HELLO", "3", "AUTH", "x"], "ERR Syntax error in HELLO option 'AUTH'")
      yield* mustFail(
        c,
        ["HELLO", "3", "SETNAME", "a b"],
        "ERR Client names cannot contain spaces, newlines or special characters."
      )
      yield* mustFail(c, ["HELLO", "3", "AUTH", "nobody", "x", "SETNAME", "me"], WRONGPASS)
      yield* must(c, ["HELLO"], /"proto", \(integer\) 2/)
      yield* must(c, ["CLIENT", "GETNAME"], "(nil)")
    })
  )
})

describe("AUTH", () => {
  withServer(
    "lets in whoever knows the password",
    (c, server) =>
      Effect.gen(function* () {
        yield* mustFail(c, ["PING"], NOAUTH)
        yield* must(c, ["HELLO", "3"], /^\(error\) NOAUTH HELLO must be called with the client already authenticated/)
        yield* mustFail(c, ["AUTH", "wrong"], WRONGPASS)
        yield* mustFail(c, ["AUTH", "nobody", "secret"], WRONGPASS)
        yield* mustFail(c, ["AUTH", "a", "b", "c"], "ERR syntax error")
        yield* must(c, ["AUTH", "secret"], "OK")
        yield* must(c, ["PING"], "PONG")
        yield* mustFail(c, ["AUTH", "wrong"], WRONGPASS)
        yield* must(c, ["PING"], "PONG")
        yield* must(c, ["RESET"], "RESET")
        yield* mustFail(c, ["PING"], NOAUTH)
        yield* must(c, ["AUTH", "default", "secret"], "OK")
        const other = yield* connect(server)
        yield* must(other, ["HELLO", "3", "AUTH", "default", "secret"], /^\{"server"/)
      }),
    { requirepass: "secret" }
  )

  withServer("without a password to know", (c) =>
    Effect.gen(function* () {
      yield* mustFail(
        c,
        ["AUTH", "x"],
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?"
      )
      yield* must(c, ["AUTH", "default", "anything"], "OK")
    })
  )

  withServer(
    "of an EXEC that nobody may run ends the transaction",
    (c) => mustFail(c, ["EXEC"], `EXECABORT Transaction discarded because of: ${NOAUTH}`),
    { requirepass: "secret" }
  )
})

describe("QUIT", () => {
  withServer("answers and closes; what follows does not run", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      c.write(encodeCommands([["SET", "a", "1"], ["QUIT"], ["SET", "b", "1"]]))
      yield* mustRead(c, "OK")
      yield* mustRead(c, "OK")
      yield* closed(c)
      yield* must(other, ["EXISTS", "a", "b"], "(integer) 1")
    })
  )

  withServer("closes a client that wants no replies, without one", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      c.write(encodeCommands([["CLIENT", "REPLY", "OFF"], ["QUIT"]]))
      yield* closed(c)
      yield* must(other, ["PING"], "PONG")
    })
  )
})

describe("RESET", () => {
  withServer("brings back the state of a new connection", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      yield* must(c, ["HELLO", "3", "SETNAME", "me"], /server/)
      yield* must(c, ["SELECT", "3"], "OK")
      yield* must(c, ["CLIENT", "TRACKING", "ON"], "OK")
      yield* must(c, ["CLIENT", "NO-EVICT", "ON"], "OK")
      yield* must(c, ["WATCH", "k"], "OK")
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["RESET"], "RESET")
      yield* must(c, ["CLIENT", "INFO"], / name= .* flags=N db=0 .* multi=-1 .* redir=-1 resp=2 /)
      yield* exchange(c, ["SUBSCRIBE s", "RESET"], ['["subscribe", "s", (integer) 1]', "RESET"])
      yield* must(other, ["PUBLISH", "s", "m"], "(integer) 0")
      yield* eventually(clientField(c, "sub"), "0")
    })
  )
})
