import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { closed, eventually, exchange, idOf } from "../support/exchange.ts"
import { leaves } from "../support/journaled.ts"
import type { RespClient } from "../support/RespClient.ts"
import { encodeCommands } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, mustFail, mustRead, withServer } from "../support/TestServer.ts"

const ABORTED = "(error) EXECABORT Transaction discarded because of previous errors."

describe("MULTI, EXEC and DISCARD", () => {
  withServer("run what was queued, all together", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["SET", "k", "1"], "QUEUED")
      yield* must(c, ["INCR", "k"], "QUEUED")
      yield* must(other, ["GET", "k"], "(nil)")
      yield* must(c, ["EXEC"], "[OK, (integer) 2]")
      yield* must(other, ["GET", "k"], '"2"')
      yield* exchange(c, ["MULTI", "EXEC"], ["OK", "[]"])
      yield* exchange(c, ["MULTI", "INCR k", "DISCARD", "GET k"], ["OK", "QUEUED", "OK", '"2"'])
    })
  )

  withServer("go on after a command that fails when it runs", (c) =>
    exchange(
      c,
      ["MULTI", "SET k a", "INCR k", "SETRANGE k -1 x", "GET k", "EXEC"],
      [
        "OK",
        ...Array<string>(4).fill("QUEUED"),
        '[OK, (error) ERR value is not an integer or out of range, (error) ERR offset is out of range, "a"]'
      ]
    )
  )

  withServer("abort when a command is refused while queueing", (c) =>
    Effect.gen(function* () {
      const unknown = "(error) ERR unknown command 'NOPE', with args beginning with: "
      const arity = "(error) ERR wrong number of arguments for 'get' command"
      yield* exchange(c, ["MULTI", "SET k 1", "NOPE", "SET k 2", "EXEC"], ["OK", "QUEUED", unknown, "QUEUED", ABORTED])
      yield* exchange(c, ["MULTI", "GET", "EXEC", "EXISTS k"], ["OK", arity, ABORTED, "(integer) 0"])
      yield* exchange(
        c,
        ["MULTI", "CLIENT NOPE", "EXEC"],
        ["OK", "(error) ERR unknown subcommand 'NOPE'. Try CLIENT HELP.", ABORTED]
      )
    })
  )

  withServer("end when EXEC itself is refused", (c) => {
    const refused = "(error) EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command"
    return exchange(
      c,
      ["MULTI", "SET k 1", "EXEC now", "GET k", "EXEC", "EXEC now"],
      ["OK", "QUEUED", refused, "(nil)", "(error) ERR EXEC without MULTI", refused]
    )
  })

  withServer("are not aborted by a second MULTI or a WATCH", (c) =>
    exchange(
      c,
      ["MULTI", "MULTI", "WATCH k", "UNWATCH", "EXEC"],
      [
        "OK",
        "(error) ERR MULTI calls can not be nested",
        "(error) ERR WATCH inside MULTI is not allowed",
        "QUEUED",
        "[OK]"
      ]
    )
  )

  withServer("refuse what may not or cannot run there", (c) =>
    exchange(
      c,
      ["MULTI", "MONITOR", "SSUBSCRIBE s", "EXEC"],
      [
        "OK",
        "QUEUED",
        "QUEUED",
        "[(error) ERR MONITOR isn't allowed for DENY BLOCKING client, " +
          "(error) ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client]"
      ]
    )
  )

  withServer("refuse while queueing what never runs there", (c) =>
    exchange(
      c,
      ["MULTI", "SHUTDOWN NOSAVE", "EXEC"],
      ["OK", "(error) ERR Command not allowed inside a transaction", ABORTED]
    )
  )

  const dir = mkdtempSync(join(tmpdir(), "fibredis-"))
  withServer(
    "end when writes are refused since they were queued",
    (c, server) =>
      Effect.gen(function* () {
        const other = yield* connect(server)
        yield* must(c, ["MULTI"], "OK")
        yield* must(c, ["SET", "k", "v"], "QUEUED")
        rmSync(dir, { recursive: true })
        yield* must(other, ["BGSAVE"], "Background saving started")
        const status = Effect.map(call(other, ["INFO", "persistence"]), (reply) =>
          show(reply).includes("rdb_last_bgsave_status:err") ? "err" : "ok"
        )
        yield* eventually(status, "err")
        yield* must(c, ["EXEC"], /^\(error\) EXECABORT Transaction discarded because of: MISCONF /)
        yield* must(c, ["GET", "k"], "(nil)")
        yield* mustFail(c, ["EXEC"], "ERR EXEC without MULTI")
      }),
    { dir, save: [{ seconds: 3600, changes: 1 }] }
  )

  withServer("change protocol and database in the middle", (c) =>
    Effect.gen(function* () {
      yield* exchange(
        c,
        ["MULTI", "SET k zero", "SELECT 1", "GET k", "SET k one", "EXEC", "GET k"],
        ["OK", ...Array<string>(4).fill("QUEUED"), "[OK, OK, (nil), OK]", '"one"']
      )
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["HELLO", "3"], "QUEUED")
      yield* must(c, ["CLIENT", "TRACKINGINFO"], "QUEUED")
      yield* must(c, ["EXEC"], /^\[\{"server" => .*\}, \{"flags" => set\["off"\]/)
    })
  )

  withServer("are ended by RESET, QUIT and CLIENT KILL", (c, server) =>
    Effect.gen(function* () {
      yield* exchange(
        c,
        ["MULTI", "SET k 1", "RESET", "EXEC"],
        ["OK", "QUEUED", "RESET", "(error) ERR EXEC without MULTI"]
      )
      const quitting = yield* connect(server)
      quitting.write(encodeCommands([["MULTI"], ["SET", "k", "1"], ["QUIT"], ["EXEC"]]))
      for (const reply of ["OK", "QUEUED", "OK"]) yield* mustRead(quitting, reply)
      yield* closed(quitting)
      const dying = yield* connect(server)
      const id = yield* idOf(dying)
      const kill = ["CLIENT", "KILL", "ID", id, "SKIPME", "no"]
      dying.write(encodeCommands([["MULTI"], ["SET", "k", "1"], kill, ["SET", "k", "2"], ["EXEC"], ["SET", "k", "3"]]))
      for (const reply of ["OK", "QUEUED", "QUEUED", "QUEUED"]) yield* mustRead(dying, reply)
      yield* closed(dying)
      yield* must(c, ["GET", "k"], '"2"')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["EXEC"], "ERR EXEC without MULTI")
      yield* mustFail(c, ["DISCARD"], "ERR DISCARD without MULTI")
      yield* mustFail(c, ["MULTI", "x"], "ERR wrong number of arguments for 'multi' command")
      yield* mustFail(c, ["WATCH"], "ERR wrong number of arguments for 'watch' command")
    })
  )
})

/** Watches `k`, sends the commands over another connection, and sees what EXEC says. */
const watched =
  (lines: ReadonlyArray<string>, replies: ReadonlyArray<string>, exec: "[PONG]" | "(nil)") =>
  (c: RespClient, server: { readonly host: string; readonly port: number }) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      yield* exchange(c, ["SET k v", "WATCH k"], ["OK", "OK"])
      yield* exchange(other, lines, replies)
      yield* exchange(c, ["MULTI", "PING", "EXEC", "UNWATCH"], ["OK", "QUEUED", exec, "OK"])
    })

describe("WATCH lets EXEC fail after", () => {
  withServer("a write", watched(["APPEND k x"], ["(integer) 2"], "(nil)"))
  withServer("a write of the same value", watched(["SET k v"], ["OK"], "(nil)"))
  withServer(
    "a deletion, even if the key is there again",
    watched(["DEL k", "SET k v"], ["(integer) 1", "OK"], "(nil)")
  )
  withServer("a new deadline", watched(["EXPIRE k 100"], ["(integer) 1"], "(nil)"))
  withServer("RENAME from it", watched(["RENAME k l"], ["OK"], "(nil)"))
  withServer("RENAME to it", watched(["SET l w", "RENAME l k"], ["OK", "OK"], "(nil)"))
  withServer("FLUSHALL", watched(["FLUSHALL"], ["OK"], "(nil)"))
  withServer("SWAPDB", watched(["SWAPDB 0 1"], ["OK"], "(nil)"))

  withServer("the client's own write before MULTI, not inside", (c) =>
    Effect.gen(function* () {
      yield* exchange(c, ["WATCH k", "SET k 1", "MULTI", "GET k", "EXEC"], ["OK", "OK", "OK", "QUEUED", "(nil)"])
      yield* exchange(c, ["WATCH k", "MULTI", "SET k 2", "EXEC"], ["OK", "OK", "QUEUED", "[OK]"])
    })
  )

  withServer("the key's deadline has passed", (c) =>
    Effect.gen(function* () {
      yield* exchange(c, ["SET k v PX 100", "WATCH k"], ["OK", "OK"])
      yield* TestClock.adjust(99)
      yield* exchange(c, ["MULTI", "GET k", "EXEC", "WATCH k"], ["OK", "QUEUED", '["v"]', "OK"])
      yield* TestClock.adjust(1)
      yield* exchange(c, ["MULTI", "GET k", "EXEC"], ["OK", "QUEUED", "(nil)"])
    })
  )
})

describe("WATCH does not mind", () => {
  withServer("reads", watched(["GET k", "TOUCH k", "TTL k"], ['"v"', "(integer) 1", "(integer) -1"], "[PONG]"))
  withServer("the same key of another database", watched(["SELECT 1", "SET k w"], ["OK", "OK"], "[PONG]"))
  withServer(
    "writes that change nothing",
    watched(["SETNX k w", "PERSIST k"], ["(integer) 0", "(integer) 0"], "[PONG]")
  )

  withServer("that a key which is not there is flushed, swapped or deleted", (c) =>
    exchange(
      c,
      ["WATCH k", "DEL k", "SWAPDB 0 1", "FLUSHALL", "MULTI", "PING", "EXEC"],
      ["OK", "(integer) 0", "OK", "OK", "OK", "QUEUED", "[PONG]"]
    )
  )

  withServer("what happened before UNWATCH, DISCARD, EXEC or RESET", (c) =>
    Effect.gen(function* () {
      const transaction = ["MULTI", "PING", "EXEC"]
      const done = ["OK", "QUEUED", "[PONG]"]
      yield* exchange(c, ["WATCH k", "SET k 1", "UNWATCH", ...transaction], ["OK", "OK", "OK", ...done])
      yield* exchange(c, ["WATCH k", "SET k 1", "MULTI", "DISCARD", ...transaction], ["OK", "OK", "OK", "OK", ...done])
      yield* exchange(c, ["WATCH k", "SET k 1", "MULTI", "EXEC", ...transaction], ["OK", "OK", "OK", "(nil)", ...done])
      yield* exchange(c, ["WATCH k", "SET k 1", "RESET", ...transaction], ["OK", "OK", "RESET", ...done])
    })
  )
})

describe("what is journaled of transactions", () => {
  leaves(
    "is one unit, each command with its database",
    ["MULTI", "SET a 1", "GET a", "SELECT 1", "SET a 2", "EXEC", "SET b 3"],
    ["MULTI", "SET a 1", "SELECT 1", "SET a 2", "EXEC", "SET b 3"]
  )
  leaves(
    "is no unit for one write, and nothing for none",
    ["MULTI", "SET a 1", "GET a", "EXEC", "MULTI", "GET a", "EXEC"],
    ["SET a 1"]
  )
})
