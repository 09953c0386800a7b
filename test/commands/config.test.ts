import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ChildServer, freePort } from "../support/ChildServer.ts"
import { fibredisCommand } from "../support/Fibredis.ts"
import { RespClient } from "../support/RespClient.ts"
import { show } from "../support/showReply.ts"
import { connect, must, mustFail, startServer, withServer } from "../support/TestServer.ts"

const dir = mkdtempSync(join(tmpdir(), "fibredis-"))
afterAll(() => rmSync(dir, { recursive: true }))

describe("CONFIG GET", () => {
  withServer("gives names and values, in RESP3 as a map", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "GET", "maxclients"], '["maxclients", "10000"]')
      yield* must(c, ["CONFIG", "GET", "slowlog-*", "TIMEOUT"], /^\["slowlog-log-slower-than", .*"TIMEOUT", "0"\]$/)
      yield* must(c, ["CONFIG", "GET", "nosuch"], "[]")
      const other = yield* connect(server, 3)
      yield* must(other, ["CONFIG", "GET", "timeout"], '{"timeout" => "0"}')
    })
  )
})

describe("CONFIG SET", () => {
  withServer("sets all of several settings or none", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "timeout", "5", "slowlog-max-len", "3"], "OK")
      yield* must(c, ["CONFIG", "GET", "timeout", "slowlog-max-len"], '["timeout", "5", "slowlog-max-len", "3"]')
      yield* mustFail(
        c,
        ["CONFIG", "SET", "timeout", "7", "slowlog-max-len", "x"],
        "ERR CONFIG SET failed (possibly related to argument 'slowlog-max-len') - argument couldn't be parsed into an integer"
      )
      yield* must(c, ["CONFIG", "GET", "timeout"], '["timeout", "5"]')
    })
  )

  withServer("requirepass is for clients that come later, and without one nobody need log in", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "requirepass", "s"], "OK")
      yield* must(c, ["PING"], "PONG")
      const other = yield* connect(server)
      yield* mustFail(other, ["PING"], "NOAUTH Authentication required.")
      yield* must(c, ["CONFIG", "SET", "requirepass", ""], "OK")
      yield* must(other, ["PING"], "PONG")
    })
  )

  withServer("slowlog-max-len shortens the log at once", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["CONFIG", "SET", "slowlog-log-slower-than", "0"], "OK")
      for (let i = 0; i < 5; i++) yield* must(c, ["PING"], "PONG")
      yield* must(c, ["CONFIG", "SET", "slowlog-log-slower-than", "-1", "slowlog-max-len", "2"], "OK")
      yield* must(c, ["SLOWLOG", "LEN"], "(integer) 2")
    })
  )

  withServer("port and bind listen elsewhere, and stay where they are if that fails", (c, { port }) =>
    Effect.gen(function* () {
      const taken =
        "ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port. Check server logs."
      const other = yield* startServer()
      yield* mustFail(c, ["CONFIG", "SET", "timeout", "9", "port", other.port], taken)
      yield* must(c, ["CONFIG", "GET", "timeout"], '["timeout", "0"]')
      const stays = yield* connect({ host: "127.0.0.1", port })
      yield* must(stays, ["PING"], "PONG")
      const free = yield* Effect.promise(() => freePort())
      yield* must(c, ["CONFIG", "SET", "port", free], "OK")
      const moved = yield* connect({ host: "127.0.0.1", port: free })
      yield* must(moved, ["INFO", "server"], new RegExp(`tcp_port:${free}`))
    })
  )

  withServer(
    "appendonly begins with what there is and ends with all there was",
    (c) =>
      Effect.gen(function* () {
        const file = join(dir, "appendonly.aof")
        const lines = () =>
          readFileSync(file, "latin1")
            .replaceAll(/\$\d+\r\n/g, "")
            .replaceAll("\r\n", " ")
        yield* must(c, ["SET", "before", "1", "PXAT", "5000"], "OK")
        yield* must(c, ["CONFIG", "SET", "appendonly", "yes"], "OK")
        assert.strictEqual(lines(), "*2 SELECT 0 *3 SET before 1 *3 PEXPIREAT before 5000 ")
        yield* must(c, ["SET", "after", "2"], "OK")
        yield* must(c, ["CONFIG", "SET", "appendonly", "no"], "OK")
        yield* must(c, ["SET", "later", "3"], "OK")
        assert.include(lines(), "*3 SET after 2 ")
        assert.notInclude(lines(), "later")
      }),
    { dir }
  )

  withServer(
    "appendonly stays off when the file cannot be written",
    (c) =>
      Effect.gen(function* () {
        yield* mustFail(
          c,
          ["CONFIG", "SET", "timeout", "9", "appendonly", "yes"],
          "ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on AOF. Check server logs."
        )
        yield* must(c, ["CONFIG", "GET", "appendonly", "timeout"], '["appendonly", "no", "timeout", "0"]')
      }),
    { dir: join(dir, "nosuch") }
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const failed = (name: string, reason: string) =>
        `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`
      yield* mustFail(c, ["CONFIG"], "ERR wrong number of arguments for 'config' command")
      yield* mustFail(c, ["CONFIG", "NOSUCH"], "ERR unknown subcommand 'NOSUCH'. Try CONFIG HELP.")
      yield* mustFail(c, ["CONFIG", "GET"], "ERR wrong number of arguments for 'config|get' command")
      yield* mustFail(c, ["CONFIG", "SET", "a"], "ERR wrong number of arguments for 'config|set' command")
      yield* mustFail(c, ["CONFIG", "SET", "a", "b", "c"], "ERR syntax error")
      yield* mustFail(
        c,
        ["CONFIG", "SET", "nosuch", "1"],
        "ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'"
      )
      yield* mustFail(c, ["CONFIG", "SET", "databases", "4"], failed("databases", "can't set immutable config"))
      yield* mustFail(c, ["CONFIG", "SET", "dir", "/"], failed("dir", "can't set protected config"))
      yield* mustFail(c, ["CONFIG", "SET", "timeout", "1", "timeout", "2"], failed("timeout", "duplicate parameter"))
      yield* mustFail(c, ["CONFIG", "REWRITE"], "ERR The server is running without a config file")
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["CONFIG", "REWRITE"], "QUEUED")
      yield* must(c, ["CONFIG", "SET", "timeout", "5"], "QUEUED")
      yield* must(c, ["CONFIG", "SET", "timeout", "9", "port", "1"], "QUEUED")
      const tooSlow = failed("port", "it takes time, which a transaction does not have")
      yield* must(
        c,
        ["EXEC"],
        `[(error) ERR CONFIG REWRITE isn't allowed for a DENY BLOCKING client, OK, (error) ${tooSlow}]`
      )
      yield* must(c, ["CONFIG", "GET", "timeout"], '["timeout", "5"]')
    })
  )
})

describe("CONFIG REWRITE", () => {
  it("brings the file up to date", async () => {
    const file = join(dir, "fibredis.conf")
    writeFileSync(file, "# mine\ntimeout 3\n")
    await using server = await ChildServer.start({
      name: "fibredis",
      command: process.execPath,
      args: (port) => [...fibredisCommand(false), file, "--port", String(port)]
    })
    await using client = await RespClient.connect(server)
    assert.strictEqual(show(await client.call("CONFIG", "SET", "timeout", "8", "loglevel", "warning")), "OK")
    assert.strictEqual(show(await client.call("CONFIG", "REWRITE")), "OK")
    const text = readFileSync(file, "latin1")
    assert.match(text, /^# mine\ntimeout 8\n# Generated by CONFIG REWRITE\n/)
    assert.include(text, "\nloglevel warning\n")
  })
})

describe("CONFIG RESETSTAT", () => {
  withServer("begins to count anew", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["GET", "missing"], "(nil)")
      yield* must(c, ["NOSUCH"], /^\(error\)/)
      yield* must(c, ["CONFIG", "RESETSTAT"], "OK")
      yield* must(c, ["INFO", "stats"], /keyspace_misses:0\\r\\n/)
      yield* must(c, ["INFO", "errorstats"], '"# Errorstats\\r\\n"')
      yield* must(c, ["INFO", "commandstats"], (text) => !text.includes("cmdstat_get:"))
      yield* must(c, ["INFO", "commandstats"], /cmdstat_config\|resetstat:calls=1,/)
    })
  )
})
