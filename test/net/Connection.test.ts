/** One connection over a real socket: what runs, what is answered and when it ends. */
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Logger, Scope } from "effect"
import { TestClock } from "effect/testing"
import { allCommands, CommandTable } from "../../src/commands/all.ts"
import type { CommandDefinition } from "../../src/commands/Command.ts"
import { awaitThen, block } from "../../src/commands/Suspend.ts"
import { Server } from "../../src/Server.ts"
import { clientField, closed, eventually, idOf, waiting } from "../support/exchange.ts"
import { startFibredis } from "../support/Fibredis.ts"
import { RespClient } from "../support/RespClient.ts"
import { encodeCommand, encodeCommands, type Words } from "../support/request.ts"
import { residentMegabytes } from "../support/residentMemory.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, mustRead, startServer } from "../support/TestServer.ts"

const FACTS = { summary: "", since: "7.2.0", group: "server", complexity: "O(1)", arity: 1, flags: [] } as const

/** Commands that no server has: two that fail, and one that blocks for ever. */
const misbehaving: ReadonlyArray<CommandDefinition> = [
  {
    ...FACTS,
    name: "fails",
    run: ({ reply }) => {
      reply.array(3)
      reply.bulkText("half a reply")
      throw new TypeError("a bug")
    }
  },
  {
    ...FACTS,
    name: "failslater",
    run: () =>
      awaitThen(
        Effect.succeed(() => {
          throw new TypeError("a late bug")
        })
      )
  },
  { ...FACTS, name: "blocks", run: () => block(Effect.never, ({ reply }) => reply.null()) }
]

/** A server with them, and what it logs. */
const startMisbehaving = Effect.gen(function* () {
  const logged: Array<string> = []
  const log = Logger.layer([Logger.make(({ cause, message }) => void logged.push(`${message} ${String(cause)}`))])
  const layer = Server.layer({ port: 0, bind: ["127.0.0.1"] }).pipe(
    Layer.provide(Layer.succeed(CommandTable, [...allCommands, ...misbehaving])),
    Layer.provide(log)
  )
  return { server: Context.get(yield* Layer.build(layer), Server), logged }
})

const replies = (client: RespClient, count: number): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(async () => {
    const found: Array<string> = []
    while (found.length < count) found.push(show(await client.read()))
    return found
  })

const send = (client: RespClient, ...commands: ReadonlyArray<Words>) =>
  Effect.sync(() => client.write(encodeCommands(commands)))

/** How many clients the server knows of. */
const clientCount = (client: RespClient): Effect.Effect<string> =>
  Effect.map(call(client, ["CLIENT", "LIST"]), (list) => String(show(list).split("id=").length - 1))

/** The connection is over and nothing more came. */
const nothingMore = (client: RespClient): Effect.Effect<void> =>
  Effect.andThen(
    closed(client),
    Effect.promise(async () => {
      const more = await client.read().then(show, () => "nothing")
      assert.strictEqual(more, "nothing")
    })
  )

describe("a half-closed client", () => {
  it.effect("gets all its replies", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* startServer())
      yield* send(client, ["SET", "k", "v"], ["GET", "k"], ["INCR", "n"])
      client.halfClose()
      assert.deepStrictEqual(yield* replies(client, 3), ["OK", '"v"', "(integer) 1"])
      yield* nothingMore(client)
    })
  )

  it.effect("gets those for which others have to be waited, too", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const [client, other] = [yield* connect(server), yield* connect(server)]
      const id = yield* idOf(client)
      yield* must(other, ["CLIENT", "PAUSE", 1000, "WRITE"], "OK")
      yield* send(client, ["GET", "k"], ["SET", "k", "v"], ["GET", "k"])
      client.halfClose()
      yield* eventually(clientField(other, "flags", id), "b")
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(yield* replies(client, 3), ["(nil)", "OK", '"v"'])
      yield* nothingMore(client)
    })
  )
})

describe("what stands behind a command that waits", () => {
  it.effect("runs as it was sent, whatever others have sent since", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const other = yield* connect(server)
      const client = yield* waiting(other, server, "BLPOP q 0", "SET first 1", "ECHO hello")
      yield* send(client, ["SET", "second", "2"], ["ECHO", "bye"])
      yield* must(other, ["ECHO", "x".repeat(1000)], `"${"x".repeat(1000)}"`)
      yield* must(other, ["RPUSH", "q", "element"], "(integer) 1")
      assert.deepStrictEqual(yield* replies(client, 5), ['["q", "element"]', "OK", '"hello"', "OK", '"bye"'])
      yield* must(other, ["MGET", "first", "second"], '["1", "2"]')
    })
  )
})

describe("a client that is to go", () => {
  it.effect("runs nothing more, wherever its requests are cut", () =>
    Effect.gen(function* () {
      const server = yield* startServer({ requirepass: "p" })
      const other = yield* connect(server)
      yield* must(other, ["AUTH", "p"], "OK")
      for (const first of ["QUIT\r\nAUTH p\r\nINCR n\r\n", "QUIT"]) {
        const client = yield* connect(server)
        client.write(first)
        if (first === "QUIT") client.write("\r\nAUTH p\r\nINCR n\r\n")
        yield* mustRead(client, "OK")
        yield* nothingMore(client)
      }
      yield* must(other, ["EXISTS", "n"], "(integer) 0")
    })
  )

  it.effect("runs nothing more when it is killed while it waits", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const [client, other] = [yield* connect(server), yield* connect(server)]
      const id = yield* idOf(client)
      yield* must(other, ["CLIENT", "PAUSE", 1000, "WRITE"], "OK")
      yield* send(client, ["INCR", "n"], ["INCR", "n"])
      yield* eventually(clientField(other, "flags", id), "b")
      yield* must(other, ["CLIENT", "KILL", "ID", id], "(integer) 1")
      yield* nothingMore(client)
      yield* TestClock.adjust(1000)
      yield* must(other, ["EXISTS", "n"], "(integer) 0")
    })
  )

  it.effect("is noticed when it hangs up while it waits, however much it has sent", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const [client, other] = [yield* connect(server), yield* connect(server)]
      const id = yield* idOf(client)
      yield* must(other, ["CLIENT", "PAUSE", 1000, "WRITE"], "OK")
      yield* send(client, ["SET", "k", "v"], ["SET", "k", "x".repeat(1_000_000)])
      yield* eventually(clientField(other, "qbuf", id), "1000032")
      client.destroy()
      yield* eventually(clientCount(other), "1")
      yield* TestClock.adjust(1000)
      yield* must(other, ["EXISTS", "k"], "(integer) 0")
    })
  )

  it.effect("is gone for a command that blocks as soon as it sends no more", () =>
    Effect.gen(function* () {
      const { server } = yield* startMisbehaving
      const [client, other] = [yield* connect(server), yield* connect(server)]
      yield* send(client, ["BLOCKS"], ["SET", "k", "v"])
      yield* eventually(
        Effect.map(call(other, ["INFO", "clients"]), (info) => String(show(info).includes("blocked_clients:1"))),
        "true"
      )
      client.halfClose()
      yield* nothingMore(client)
      yield* must(other, ["EXISTS", "k"], "(integer) 0")
      yield* must(other, ["INFO", "clients"], /blocked_clients:0/)
    })
  )
})

describe("a client that does not read", () => {
  it.live("may send ten megabytes of requests first", () =>
    Effect.gen(function* () {
      const client = yield* connect(yield* startServer())
      yield* must(client, ["SET", "k", "value"], "OK")
      const get = encodeCommand(["GET", "k"])
      const count = Math.ceil((10 * 1024 * 1024) / get.length)
      client.pause()
      client.write(Buffer.concat(Array.from({ length: count }, () => get)))
      client.resume()
      const found = yield* replies(client, count)
      assert.isTrue(found.every((reply) => reply === '"value"'))
    })
  )
})

describe("a command that fails as none should", () => {
  it.effect("costs its client the connection and nobody else anything", () =>
    Effect.gen(function* () {
      const { server, logged } = yield* startMisbehaving
      const other = yield* connect(server)
      for (const command of ["FAILS", "FAILSLATER"]) {
        const client = yield* connect(server)
        yield* send(client, ["SET", command, "v"], [command], ["SET", command, "w"])
        assert.deepStrictEqual(yield* replies(client, 1), ["OK"])
        yield* nothingMore(client)
        yield* must(other, ["GET", command], '"v"')
      }
      const inTransaction = yield* connect(server)
      yield* send(inTransaction, ["MULTI"], ["SET", "k", "v"], ["FAILS"], ["EXEC"])
      assert.deepStrictEqual(yield* replies(inTransaction, 3), ["OK", "QUEUED", "QUEUED"])
      yield* nothingMore(inTransaction)
      yield* must(other, ["PING"], "PONG")
      assert.strictEqual(yield* clientCount(other), "1")
      assert.lengthOf(
        logged.filter((line) => line.startsWith("A command failed as none should")),
        3
      )
      assert.isTrue(logged.some((line) => line.includes("a late bug")))
    })
  )
})

describe("client-query-buffer-limit", () => {
  it.effect("cuts a client whose request never ends", () =>
    Effect.gen(function* () {
      const server = yield* startServer({ clientQueryBufferLimit: 1024 * 1024 })
      const [client, other] = [yield* connect(server), yield* connect(server)]
      client.write(`*2\r\n$4\r\nECHO\r\n$2000000\r\n${"x".repeat(900_000)}`)
      yield* must(other, ["PING"], "PONG")
      client.write("x".repeat(200_000))
      yield* closed(client)
      yield* must(other, ["INFO", "stats"], /client_query_buffer_limit_disconnections:1\\r\\n/)
    })
  )

  it.effect("counts what MULTI has queued", () =>
    Effect.gen(function* () {
      const server = yield* startServer({ clientQueryBufferLimit: 1024 * 1024 })
      const [client, other] = [yield* connect(server), yield* connect(server)]
      yield* must(client, ["MULTI"], "OK")
      yield* must(client, ["SET", "k", "x".repeat(600_000)], "QUEUED")
      yield* send(client, ["SET", "k", "x".repeat(600_000)], ["EXEC"])
      yield* closed(client)
      yield* must(other, ["EXISTS", "k"], "(integer) 0")
    })
  )

  it.effect("counts what comes while a command waits", () =>
    Effect.gen(function* () {
      const server = yield* startServer({ clientQueryBufferLimit: 1024 * 1024 })
      const [client, other] = [yield* connect(server), yield* connect(server)]
      yield* must(other, ["CLIENT", "PAUSE", 1000, "WRITE"], "OK")
      yield* send(client, ["SET", "k", "v"], ["SET", "k", "x".repeat(1_100_000)])
      yield* closed(client)
      yield* TestClock.adjust(1000)
      yield* must(other, ["EXISTS", "k"], "(integer) 0")
    })
  )
})

describe("proto-max-bulk-len", () => {
  it.effect("holds from the next request on, for every connection", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const [client, other] = [yield* connect(server), yield* connect(server)]
      yield* must(client, ["ECHO", "x".repeat(1_500_000)], (text) => text.length === 1_500_002)
      yield* must(other, ["CONFIG", "SET", "proto-max-bulk-len", "1mb"], "OK")
      client.write("*2\r\n$4\r\nECHO\r\n$1048577\r\n")
      yield* mustRead(client, "(error) ERR Protocol error: invalid bulk length")
      yield* closed(client)
      yield* must(other, ["CONFIG", "SET", "proto-max-bulk-len", "2mb"], "OK")
      yield* must(other, ["ECHO", "x".repeat(1_500_000)], (text) => text.length === 1_500_002)
    })
  )
})

describe("the end of the server", () => {
  /** A server in a scope of its own. */
  const startScoped = Effect.gen(function* () {
    const scope = yield* Scope.make()
    return { scope, server: yield* Scope.provide(startServer(), scope) }
  })

  it.effect("comes after the replies of the batch in hand", () =>
    Effect.gen(function* () {
      const { scope, server } = yield* startScoped
      const client = yield* connect(server)
      yield* must(client, ["SET", "k", "x".repeat(100_000)], "OK")
      client.pause()
      yield* send(client, ...Array.from({ length: 100 }, () => ["GET", "k"]))
      yield* eventually(
        Effect.map(call(yield* connect(server), ["INFO", "stats"]), (info) =>
          String(show(info).includes("total_commands_processed:101\\r"))
        ),
        "true"
      )
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      client.resume()
      const found = yield* replies(client, 100)
      assert.isTrue(found.every((reply) => reply.length === 100_002))
      yield* nothingMore(client)
      yield* Fiber.join(closing)
    })
  )

  it.effect("releases who waits", () =>
    Effect.gen(function* () {
      const { scope, server } = yield* startScoped
      const [client, other] = [yield* connect(server), yield* connect(server)]
      const id = yield* idOf(client)
      yield* must(other, ["CLIENT", "PAUSE", 1_000_000, "WRITE"], "OK")
      yield* send(client, ["SET", "k", "v"])
      yield* eventually(clientField(other, "flags", id), "b")
      yield* Scope.close(scope, Exit.void)
      yield* nothingMore(client)
    })
  )

  it.effect("waits for nobody longer than shutdown-timeout", () =>
    Effect.gen(function* () {
      const { scope, server } = yield* startScoped
      const client = yield* connect(server)
      yield* must(client, ["SET", "k", "x".repeat(1_000_000)], "OK")
      client.pause()
      yield* send(client, ...Array.from({ length: 30 }, () => ["GET", "k"]))
      const other = yield* connect(server)
      const id = 1
      yield* eventually(
        Effect.map(clientField(other, "omem", id), (omem) => String(Number(omem) > 0)),
        "true"
      )
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void), { startImmediately: true })
      yield* nothingMore(other)
      yield* TestClock.adjust(9_999)
      assert.isUndefined(closing.pollUnsafe())
      yield* TestClock.adjust(1)
      yield* Fiber.join(closing)
    })
  )
})

describe("connections", () => {
  it.live("that are cut in the middle of anything end nothing else", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      yield* must(yield* connect(server), ["SET", "k", "x".repeat(100_000)], "OK")
      for (let round = 0; round < 200; round++) {
        const client = yield* Effect.promise(() => RespClient.connect(server))
        client.write(encodeCommands(Array.from({ length: 20 }, () => ["GET", "k"])))
        if (round % 2 === 0) yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, round % 7)))
        client.destroy()
      }
      const other = yield* connect(server)
      yield* eventually(clientCount(other), "2")
    })
  )

  it("leave nothing behind, ten thousand of them", { timeout: 120_000 }, async () => {
    await using server = await startFibredis()
    const round = (count: number) =>
      Promise.all(
        Array.from({ length: count }, async () => {
          await using client = await RespClient.connect(server)
          await client.call("PING")
        })
      )
    for (let warm = 0; warm < 30; warm++) await round(100)
    const before = residentMegabytes(server.pid)
    // What garbage there is at one moment says nothing: the least that the second half of them was seen to need does.
    let after = Number.POSITIVE_INFINITY
    for (let left = 10_000; left > 0; left -= 100) {
      await round(100)
      if (left <= 5000) after = Math.min(after, residentMegabytes(server.pid))
    }
    assert.isBelow(after - before, 40)
    await using client = await RespClient.connect(server)
    assert.match(show(await client.call("INFO", "clients")), /connected_clients:1\\r/)
  })
})
