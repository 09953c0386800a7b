import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { allCommands, CommandTable } from "../../src/commands/all.ts"
import type { CommandDefinition } from "../../src/commands/Command.ts"
import type { Context } from "../../src/commands/Context.ts"
import { block } from "../../src/commands/Suspend.ts"
import { clientField, closed, eventually, exchange, idOf } from "../support/exchange.ts"
import type { RespClient } from "../support/RespClient.ts"
import { encodeCommands } from "../support/request.ts"
import { connect, must, mustAll, mustFail, mustRead, startServer, withServer } from "../support/TestServer.ts"

const confirmation = (verb: string, name: string, count: number) => `["${verb}", "${name}", (integer) ${count}]`

describe("CLIENT ID, GETNAME, SETNAME, SETINFO", () => {
  withServer("ids count up, names are kept until they are taken away", (c, server) =>
    Effect.gen(function* () {
      const d = yield* connect(server)
      assert.strictEqual((yield* idOf(d)) - (yield* idOf(c)), 1)
      yield* must(c, ["CLIENT", "GETNAME"], "(nil)")
      yield* must(c, ["CLIENT", "SETNAME", "me"], "OK")
      yield* must(c, ["CLIENT", "GETNAME"], '"me"')
      yield* must(c, ["CLIENT", "SETNAME", ""], "OK")
      yield* must(c, ["CLIENT", "GETNAME"], "(nil)")
    })
  )

  withServer("SETINFO is shown, and outlives RESET, which takes the name", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CLIENT", "SETINFO", "lib-name", "me(v1)"], "OK")
      yield* must(c, ["CLIENT", "SETINFO", "LIB-VER", "1.2"], "OK")
      yield* must(c, ["CLIENT", "SETNAME", "n"], "OK")
      yield* must(c, ["CLIENT", "INFO"], / name=n .* resp=2 lib-name=me\(v1\) lib-ver=1\.2\\n"$/)
      yield* must(c, ["RESET"], "RESET")
      yield* must(c, ["CLIENT", "INFO"], / name= .* lib-name=me\(v1\) lib-ver=1\.2\\n"$/)
      yield* must(c, ["CLIENT", "SETINFO", "lib-ver", ""], "OK")
      yield* must(c, ["CLIENT", "INFO"], / lib-ver=\\n"$/)
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const badName = "ERR Client names cannot contain spaces, newlines or special characters."
      yield* mustFail(c, ["CLIENT", "SETNAME", "a b"], badName)
      yield* mustFail(c, ["CLIENT", "SETNAME", "a\n"], badName)
      yield* mustFail(c, ["CLIENT", "SETNAME", "\xe4"], badName)
      yield* mustFail(
        c,
        ["CLIENT", "SETINFO", "Lib-Name", "a b"],
        "ERR Lib-Name cannot contain spaces, newlines or special characters."
      )
      yield* mustFail(c, ["CLIENT", "SETINFO", "constructor", "x"], "ERR Unrecognized option 'constructor'")
      yield* mustFail(c, ["CLIENT", "ID", "x"], "ERR wrong number of arguments for 'client|id' command")
      yield* mustFail(c, ["CLIENT"], "ERR wrong number of arguments for 'client' command")
      yield* mustFail(c, ["CLIENT", "NOPE"], "ERR unknown subcommand 'NOPE'. Try CLIENT HELP.")
    })
  )
})

describe("CLIENT LIST and INFO", () => {
  withServer("a line has every field of 7.2, in order", (c, server) =>
    Effect.gen(function* () {
      const line =
        /^"id=(\d+) addr=127\.0\.0\.1:\d+ laddr=127\.0\.0\.1:PORT fd=\d+ name= age=0 idle=0 flags=N db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=\d+ qbuf-free=0 argv-mem=10 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=\d+ events=r cmd=client\|info user=default redir=-1 resp=2 lib-name= lib-ver=\\n"$/
      yield* must(c, ["CLIENT", "INFO"], new RegExp(line.source.replace("PORT", String(server.port))))
    })
  )

  withServer("LIST takes a type or ids, and is verbatim text on RESP3", (c, server) =>
    Effect.gen(function* () {
      const d = yield* connect(server, 3)
      const [idC, idD] = [yield* idOf(c), yield* idOf(d)]
      yield* must(c, ["CLIENT", "LIST", "ID", idD, 99, idC, idD], (text) => {
        const ids = [...text.matchAll(/(?:"|\\n)id=(\d+) /g)].map(([, id]) => Number(id))
        return ids.join() === [idD, idC, idD].join()
      })
      yield* must(c, ["CLIENT", "LIST", "TYPE", "MASTER"], '""')
      yield* must(c, ["CLIENT", "LIST", "TYPE", "slave"], '""')
      yield* must(d, ["CLIENT", "LIST"], /^txt:"id=/)
    })
  )

  withServer("age and idle are the server's clock's", (c, server) =>
    Effect.gen(function* () {
      const d = yield* connect(server)
      const id = yield* idOf(d)
      yield* TestClock.adjust("12 seconds")
      assert.strictEqual(yield* clientField(c, "idle", id), "12")
      assert.strictEqual(yield* clientField(c, "age"), "12")
      assert.strictEqual(yield* clientField(c, "idle"), "0")
    })
  )

  withServer("flags and numbers tell what the client is in", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["HELLO", "3"], /proto/)
      yield* must(c, ["CLIENT", "TRACKING", "ON", "BCAST"], "OK")
      yield* must(c, ["CLIENT", "NO-EVICT", "ON"], "OK")
      yield* must(c, ["CLIENT", "NO-TOUCH", "ON"], "OK")
      yield* must(c, ["WATCH", "k"], "OK")
      yield* must(c, ["SET", "k", "v"], "OK")
      assert.strictEqual(yield* clientField(c, "flags"), "tBdeT")
      assert.strictEqual(yield* clientField(c, "redir"), "0")
      yield* must(c, ["RESET"], "RESET")
      assert.strictEqual(yield* clientField(c, "flags"), "N")
      assert.strictEqual(yield* clientField(c, "redir"), "-1")
      assert.strictEqual(yield* clientField(c, "resp"), "2")

      const id = yield* idOf(c)
      const other = yield* connect(server)
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["SELECT", "3"], "QUEUED")
      assert.strictEqual(yield* clientField(other, "flags", id), "x")
      assert.strictEqual(yield* clientField(other, "multi", id), "1")
      assert.strictEqual(yield* clientField(other, "multi-mem", id), "7")
      assert.strictEqual(yield* clientField(other, "cmd", id), "select")
      yield* must(c, ["EXEC"], "[OK]")
      assert.strictEqual(yield* clientField(other, "db", id), "3")

      yield* mustAll(c, ["SUBSCRIBE", "a", "b"], [confirmation("subscribe", "a", 1), confirmation("subscribe", "b", 2)])
      yield* must(c, ["PSUBSCRIBE", "p"], confirmation("psubscribe", "p", 3))
      yield* must(c, ["SSUBSCRIBE", "s"], confirmation("ssubscribe", "s", 1))
      const numbers = ["flags", "sub", "psub", "ssub", "cmd"].map((field) => clientField(other, field, id))
      assert.deepStrictEqual(yield* Effect.all(numbers), ["P", "2", "1", "1", "ssubscribe"])
      yield* must(other, ["CLIENT", "LIST", "TYPE", "pubsub"], new RegExp(`^"id=${id} `))
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["CLIENT", "LIST", "x"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "LIST", "ID"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "LIST", "TYPE", "normal", "x"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "LIST", "ID", "a"], "ERR Invalid client ID")
      yield* mustFail(c, ["CLIENT", "LIST", "TYPE", "constructor"], "ERR Unknown client type 'constructor'")
    })
  )
})

describe("CLIENT REPLY", () => {
  withServer("OFF silences replies and errors until ON, which answers", (c) =>
    exchange(c, ["CLIENT REPLY OFF", "PING", "NOPE", "GET", "SET k v", "CLIENT REPLY ON", "GET k"], ["OK", '"v"'])
  )

  withServer("SKIP silences one command, whatever it is", (c) =>
    Effect.gen(function* () {
      yield* exchange(c, ["CLIENT REPLY SKIP", "ECHO a", "ECHO b"], ['"b"'])
      yield* exchange(c, ["CLIENT REPLY SKIP", "NOPE", "ECHO b"], ['"b"'])
      yield* exchange(c, ["CLIENT REPLY SKIP", "CLIENT REPLY SKIP", "ECHO a", "ECHO b"], ['"b"'])
      yield* exchange(c, ["CLIENT REPLY SKIP", "CLIENT REPLY ON", "ECHO b"], ["OK", '"b"'])
      yield* exchange(c, ["CLIENT REPLY SKIP", "CLIENT REPLY OFF", "ECHO b", "CLIENT REPLY ON"], ["OK"])
      yield* exchange(c, ["CLIENT REPLY OFF", "CLIENT REPLY SKIP", "ECHO b", "CLIENT REPLY ON"], ["OK"])
      yield* exchange(c, ["CLIENT REPLY SKIP", "RESET", "ECHO b"], ['"b"'])
      yield* exchange(c, ["CLIENT REPLY OFF", "RESET", "ECHO b"], ["RESET", '"b"'])
    })
  )

  withServer("silences QUEUED and the replies of a transaction, one by one", (c) =>
    Effect.gen(function* () {
      yield* exchange(c, ["CLIENT REPLY SKIP", "MULTI", "ECHO a", "EXEC"], ["QUEUED", '["a"]'])
      yield* exchange(
        c,
        ["CLIENT REPLY OFF", "MULTI", "ECHO a", "CLIENT REPLY ON", "ECHO b", "EXEC", "ECHO c"],
        ["OK", '"b"', '"c"']
      )
    })
  )

  withServer("leaves messages and the confirmations of subscriptions alone", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      const lines = ["CLIENT REPLY OFF", "SUBSCRIBE a", "PING"]
      c.write(encodeCommands(lines.map((line) => line.split(" "))))
      yield* mustRead(c, confirmation("subscribe", "a", 1))
      yield* must(other, ["PUBLISH", "a", "m"], "(integer) 1")
      yield* mustRead(c, '["message", "a", "m"]')
      yield* exchange(c, ["UNSUBSCRIBE", "CLIENT REPLY ON"], [confirmation("unsubscribe", "a", 0), "OK"])
    })
  )

  withServer("errors", (c) => mustFail(c, ["CLIENT", "REPLY", "maybe"], "ERR syntax error"))
})

describe("CLIENT NO-TOUCH and NO-EVICT", () => {
  withServer("what a client that does not touch reads grows older", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["CLIENT", "NO-TOUCH", "ON"], "OK")
      yield* TestClock.adjust("10 seconds")
      yield* must(c, ["GET", "k"], '"v"')
      yield* must(c, ["OBJECT", "IDLETIME", "k"], "(integer) 10")
      yield* exchange(c, ["CLIENT NO-TOUCH OFF", "GET k", "OBJECT IDLETIME k"], ["OK", '"v"', "(integer) 0"])
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["CLIENT", "NO-TOUCH", "maybe"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "NO-EVICT", "maybe"], "ERR syntax error")
    })
  )
})

describe("CLIENT KILL", () => {
  withServer("by id, address and type; the killed are gone at once", (c, server) =>
    Effect.gen(function* () {
      const [byId, byAddress, subscriber] = [yield* connect(server), yield* connect(server), yield* connect(server)]
      const id = yield* idOf(byId)
      const address = yield* clientField(byAddress, "addr")
      yield* must(subscriber, ["SUBSCRIBE", "s"], confirmation("subscribe", "s", 1))
      yield* must(byId, ["SUBSCRIBE", "s"], confirmation("subscribe", "s", 2).replace("2", "1"))
      yield* exchange(
        c,
        [`CLIENT KILL ID ${id}`, "PUBLISH s m", `CLIENT LIST ID ${id}`, `CLIENT KILL ID ${id}`],
        ["(integer) 1", "(integer) 1", '""', "(integer) 0"]
      )
      yield* must(c, ["CLIENT", "KILL", address], "OK")
      yield* mustFail(c, ["CLIENT", "KILL", address], "ERR No such client")
      yield* must(c, ["CLIENT", "KILL", "TYPE", "pubsub", "LADDR", `127.0.0.1:${server.port}`], "(integer) 1")
      yield* Effect.all([closed(byId), closed(byAddress), closed(subscriber)])
      yield* must(c, ["CLIENT", "LIST"], (text) => text.split("id=").length === 2)
    })
  )

  withServer("spares the caller unless told not to, and the last of two same filters counts", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      const [own, others] = [yield* idOf(c), yield* idOf(other)]
      yield* must(c, ["CLIENT", "KILL", "ID", own], "(integer) 0")
      yield* must(c, ["CLIENT", "KILL", "ID", own, "ID", others, "USER", "default"], "(integer) 1")
      yield* closed(other)
    })
  )

  withServer("of itself answers, closes, and runs nothing more", (c, server) =>
    Effect.gen(function* () {
      const witness = yield* connect(server)
      const address = yield* clientField(c, "addr")
      c.write(
        encodeCommands([
          ["CLIENT", "KILL", address],
          ["SET", "k", "v"]
        ])
      )
      yield* mustRead(c, "OK")
      yield* closed(c)
      const d = yield* connect(server)
      const id = yield* idOf(d)
      d.write(
        encodeCommands([
          ["CLIENT", "KILL", "ID", id, "SKIPME", "no"],
          ["SET", "k", "v"]
        ])
      )
      yield* mustRead(d, "(integer) 1")
      yield* closed(d)
      yield* must(witness, ["EXISTS", "k"], "(integer) 0")
    })
  )

  withServer("forgets what the killed watched, tracked and had paused", (c, server) =>
    Effect.gen(function* () {
      const doomed = yield* connect(server, 3)
      const id = yield* idOf(doomed)
      yield* must(doomed, ["CLIENT", "TRACKING", "ON", "BCAST"], "OK")
      yield* must(c, ["CLIENT", "PAUSE", "10000", "WRITE"], "OK")
      doomed.write(encodeCommands([["SET", "k", "v"]]))
      yield* eventually(clientField(c, "flags", id), "btB")
      yield* must(c, ["CLIENT", "KILL", "ID", id], "(integer) 1")
      yield* closed(doomed)
      yield* exchange(c, ["CLIENT UNPAUSE", "GET k"], ["OK", "(nil)"])
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const notPositive = "ERR client-id should be greater than 0"
      yield* mustFail(c, ["CLIENT", "KILL"], "ERR wrong number of arguments for 'client|kill' command")
      yield* mustFail(c, ["CLIENT", "KILL", "1.2.3.4:5"], "ERR No such client")
      yield* mustFail(c, ["CLIENT", "KILL", "x", "y"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "KILL", "constructor", "y"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "KILL", "ID", "5", "SKIPME"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "KILL", "SKIPME", "maybe"], "ERR syntax error")
      yield* mustFail(c, ["CLIENT", "KILL", "ID", "0"], notPositive)
      yield* mustFail(c, ["CLIENT", "KILL", "ID", "a"], notPositive)
      yield* mustFail(c, ["CLIENT", "KILL", "TYPE", "x"], "ERR Unknown client type 'x'")
      yield* mustFail(c, ["CLIENT", "KILL", "USER", "nobody"], "ERR No such user 'nobody'")
    })
  )
})

/** What a blocking command would be: waits 10 seconds for nothing. */
const waitCommand: CommandDefinition = {
  name: "waitfor",
  summary: "Wait for nothing",
  since: "7.2.0",
  group: "generic",
  complexity: "O(1)",
  arity: 1,
  flags: ["blocking"],
  run: () => {
    const timedOut = ({ reply }: Context) => reply.nullArray()
    return block(Effect.as(Effect.sleep("10 seconds"), timedOut), timedOut)
  }
}

describe("CLIENT UNBLOCK", () => {
  const test = (name: string, body: (c: RespClient, waiting: RespClient, id: number) => Effect.Effect<void>) =>
    it.effect(name, () =>
      Effect.gen(function* () {
        const server = yield* startServer()
        const [c, waiting] = [yield* connect(server), yield* connect(server)]
        const id = yield* idOf(waiting)
        waiting.write(encodeCommands([["WAITFOR"], ["ECHO", "after"]]))
        yield* eventually(clientField(c, "flags", id), "b")
        yield* body(c, waiting, id)
        yield* mustRead(waiting, '"after"')
        assert.strictEqual(yield* clientField(c, "flags", id), "N")
        yield* must(c, ["CLIENT", "UNBLOCK", id], "(integer) 0")
      }).pipe(Effect.provideService(CommandTable, [...allCommands, waitCommand]))
    )

  test("ends the wait as if it had timed out", (c, waiting, id) =>
    Effect.gen(function* () {
      yield* exchange(c, [`CLIENT UNBLOCK ${id}`, `CLIENT UNBLOCK ${id}`], ["(integer) 1", "(integer) 0"])
      yield* mustRead(waiting, "(nil)")
    }))

  test("ends the wait with an error", (c, waiting, id) =>
    Effect.gen(function* () {
      yield* must(c, ["CLIENT", "UNBLOCK", id, "error"], "(integer) 1")
      yield* mustRead(waiting, "(error) UNBLOCKED client unblocked via CLIENT UNBLOCK")
    }))

  it.effect("is not the only end: CLIENT KILL closes a client that waits", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const [c, waiting] = [yield* connect(server), yield* connect(server)]
      const id = yield* idOf(waiting)
      waiting.write(encodeCommands([["WAITFOR"], ["SET", "k", "v"]]))
      yield* eventually(clientField(c, "flags", id), "b")
      yield* must(c, ["INFO", "clients"], /blocked_clients:1\\r/)
      yield* must(c, ["CLIENT", "KILL", "ID", id], "(integer) 1")
      yield* closed(waiting)
      yield* TestClock.adjust("20 seconds")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
      yield* must(c, ["INFO", "clients"], /blocked_clients:0\\r/)
    }).pipe(Effect.provideService(CommandTable, [...allCommands, waitCommand]))
  )

  test("has nothing to do when the timeout came first", (_, waiting) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("10 seconds")
      yield* mustRead(waiting, "(nil)")
    }))

  withServer("does not end a pause", (c, server) =>
    Effect.gen(function* () {
      const paused = yield* connect(server)
      const id = yield* idOf(paused)
      yield* must(c, ["CLIENT", "PAUSE", "10000", "WRITE"], "OK")
      paused.write(encodeCommands([["SET", "k", "v"]]))
      yield* eventually(clientField(c, "flags", id), "b")
      yield* must(c, ["CLIENT", "UNBLOCK", id], "(integer) 0")
      yield* must(c, ["CLIENT", "UNPAUSE"], "OK")
      yield* mustRead(paused, "OK")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const reason = "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"
      yield* mustFail(c, ["CLIENT", "UNBLOCK", "a", "x"], reason)
      yield* mustFail(c, ["CLIENT", "UNBLOCK", "a"], "ERR value is not an integer or out of range")
      yield* mustFail(
        c,
        ["CLIENT", "UNBLOCK", "1", "ERROR", "x"],
        "ERR unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP."
      )
      yield* must(c, ["CLIENT", "UNBLOCK", "999", "TIMEOUT"], "(integer) 0")
    })
  )
})

describe("CLIENT HELP", () => {
  withServer("names every subcommand", (c) =>
    must(c, ["CLIENT", "HELP"], (text) =>
      ["KILL", "LIST", "SETINFO", "NO-TOUCH", "TRACKING (?:<status>|ON)", "UNBLOCK <client-id>"].every((line) =>
        new RegExp(`\\b${line}`).test(text)
      )
    )
  )
})
