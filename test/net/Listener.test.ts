/** Where clients come in, over real sockets. */
import * as FS from "node:fs"
import * as Net from "node:net"
import { networkInterfaces, tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import { Server } from "../../src/effect.ts"
import { RespClient } from "../support/RespClient.ts"
import { connect, must, mustRead, startServer } from "../support/TestServer.ts"

/** An address of this machine that is not a loopback one. */
const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find((each) => each !== undefined && !each.internal && each.family === "IPv4")?.address

const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => FS.mkdtempSync(join(tmpdir(), "fibredis-"))),
  (path) => Effect.sync(() => FS.rmSync(path, { recursive: true }))
)

/** Another program listens there until the scope closes; gives the port. */
const occupy = (host: string, port = 0) =>
  Effect.acquireRelease(
    Effect.callback<Net.Server>((resume) => {
      const server = Net.createServer((socket) => socket.destroy())
      server.listen(port, host, () => resume(Effect.succeed(server)))
    }),
    (server) => Effect.sync(() => void server.close())
  ).pipe(
    Effect.map((server) => {
      const address = server.address()
      return address !== null && typeof address === "object" ? address.port : 0
    })
  )

const refuses = (host: string, port: number): Effect.Effect<boolean> =>
  Effect.promise(() =>
    RespClient.connect({ host, port }).then(
      async (client) => {
        await client.close()
        return false
      },
      () => true
    )
  )

const DENIED = /^\(error\) DENIED Redis is running in protected mode because protected mode is enabled and no password/

describe("addresses", () => {
  it.effect("are all listened on, on the port that was drawn for the first", () =>
    Effect.gen(function* () {
      const { port } = yield* startServer({ bind: ["127.0.0.1", "::1", "127.0.0.2", "-10.9.8.7"] })
      for (const host of ["127.0.0.1", "::1", "127.0.0.2"]) {
        const client = yield* connect({ host, port })
        yield* must(client, ["PING"], "PONG")
        yield* must(client, ["CLIENT", "INFO"], (text) =>
          text.includes(`laddr=${host === "::1" ? "[::1]" : host}:${port} `)
        )
      }
    })
  )

  it.effect("that are missing keep the server from starting, unless they are optional", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(startServer({ bind: ["127.0.0.1", "10.9.8.7"] }))
      assert.include(error.message, "Could not listen on 10.9.8.7")
      assert.include(error.message, "Cannot assign requested address")
      const none = yield* Effect.flip(startServer({ bind: ["-10.9.8.7"] }))
      assert.strictEqual(none._tag, "ListenError")
    })
  )

  it.effect("that are taken keep the server from starting and are not kept", () =>
    Effect.gen(function* () {
      const port = yield* occupy("127.0.0.2")
      const error = yield* Effect.flip(startServer({ port, bind: ["127.0.0.1", "127.0.0.2"] }))
      assert.strictEqual(error.message, `Could not listen on 127.0.0.2:${port}: Address already in use`)
      assert.isTrue(yield* refuses("127.0.0.1", port))
    })
  )

  it.effect("are free again as soon as the server has stopped", () =>
    Effect.gen(function* () {
      let port = 0
      for (let round = 0; round < 100; round++) {
        yield* Effect.scoped(
          Effect.gen(function* () {
            const server = yield* startServer({ port })
            port = server.port
            const client = yield* connect(server)
            yield* must(client, ["PING"], "PONG")
          })
        )
      }
    })
  )

  it.effect("may change while the server runs", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const client = yield* connect(server)
      const free = yield* Effect.scoped(occupy("127.0.0.1"))
      yield* must(client, ["CONFIG", "SET", "port", free], "OK")
      assert.isTrue(yield* refuses("127.0.0.1", server.port))
      yield* must(yield* connect({ host: "127.0.0.1", port: free }), ["PING"], "PONG")
      yield* must(client, ["CONFIG", "SET", "bind", "0.0.0.0 ::1"], "OK")
      yield* must(yield* connect({ host: "127.0.0.2", port: free }), ["PING"], "PONG")
      yield* must(yield* connect({ host: "::1", port: free }), ["PING"], "PONG")
      yield* must(client, ["CONFIG", "SET", "bind", "127.0.0.1", "port", server.port], "OK")
      assert.isTrue(yield* refuses("::1", free))
      yield* must(yield* connect(server), ["PING"], "PONG")
    })
  )

  it.effect("stay as they are when others cannot be had", () =>
    Effect.gen(function* () {
      const server = yield* startServer()
      const client = yield* connect(server)
      const taken = yield* occupy("127.0.0.1")
      yield* must(
        client,
        ["CONFIG", "SET", "port", taken],
        "(error) ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this port. Check server logs."
      )
      yield* must(
        client,
        ["CONFIG", "SET", "bind", "127.0.0.1 10.9.8.7"],
        "(error) ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified addresses."
      )
      yield* occupy("127.0.0.2", server.port)
      yield* must(client, ["CONFIG", "SET", "bind", "0.0.0.0"], /Failed to bind/)
      yield* must(client, ["CONFIG", "GET", "bind"], '["bind", "127.0.0.1"]')
      yield* must(yield* connect(server), ["PING"], "PONG")
    })
  )
})

describe("a Unix socket", () => {
  it.effect("has its permissions, replaces a stale one and goes with the server", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryDirectory, "f.sock")
      for (let round = 0; round < 2; round++) {
        yield* Effect.scoped(
          Effect.gen(function* () {
            yield* startServer({ unixsocket: path, unixsocketperm: 0o700, requirepass: "" })
            assert.strictEqual(FS.statSync(path).mode & 0o777, 0o700)
            const client = yield* connect({ path })
            yield* must(
              client,
              ["CLIENT", "INFO"],
              (text) => text.includes(`addr=${path}:0 `) && text.includes("flags=U ")
            )
          })
        )
        assert.isFalse(FS.existsSync(path))
        // What a killed server leaves behind.
        const other = Net.createServer().listen(path)
        yield* Effect.promise(() => new Promise((resolve) => other.once("listening", resolve)))
        FS.renameSync(path, `${path}.kept`)
        other.close()
        FS.renameSync(`${path}.kept`, path)
      }
    })
  )

  it.effect("does not take the place of another file", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryDirectory, "f.sock")
      FS.writeFileSync(path, "precious")
      const error = yield* Effect.flip(startServer({ unixsocket: path }))
      assert.strictEqual(error.message, `Could not listen on ${path}: Address already in use`)
      assert.strictEqual(FS.readFileSync(path, "latin1"), "precious")
    })
  )

  it.effect("may be all there is", () =>
    Effect.gen(function* () {
      const path = join(yield* temporaryDirectory, "f.sock")
      const server = Context.get(yield* Layer.build(Server.layer({ port: 0, unixsocket: path })), Server)
      assert.deepStrictEqual(server.addresses, [{ _tag: "Unix", path }])
      assert.strictEqual(server.url, `redis+unix://${path}`)
      yield* must(yield* connect({ path }), ["PING"], "PONG")
    })
  )

  it.effect("is in the directory of the data when its path is relative", () =>
    Effect.gen(function* () {
      const dir = yield* temporaryDirectory
      yield* startServer({ dir, unixsocket: "./f.sock" })
      const client = yield* connect({ path: join(dir, "f.sock") })
      yield* must(client, ["CLIENT", "INFO"], (text) => text.includes(" addr=./f.sock:0 "))
    })
  )
})

describe("who may come in", () => {
  it.effect("is limited by maxclients, which may change", () =>
    Effect.gen(function* () {
      const server = yield* startServer({ maxclients: 2 })
      const [first] = [yield* connect(server), yield* connect(server)]
      const third = yield* connect(server)
      yield* mustRead(third, "(error) ERR max number of clients reached")
      yield* Effect.promise(() => third.closed)
      yield* must(first, ["CONFIG", "SET", "maxclients", 3], "OK")
      const another = yield* connect(server)
      yield* must(another, ["PING"], "PONG")
      yield* must(first, ["CONFIG", "SET", "maxclients", 1], "OK")
      yield* Effect.promise(() => another.close())
      yield* mustRead(yield* connect(server), "(error) ERR max number of clients reached")
      yield* must(first, ["INFO", "stats"], /rejected_connections:2\\r\\n/)
    })
  )

  it.effect.skipIf(ownAddress === undefined)("is only this machine while there is no password", () =>
    Effect.gen(function* () {
      const host = ownAddress ?? ""
      const server = yield* startServer({ bind: ["127.0.0.1", host] })
      const stranger = yield* connect({ host, port: server.port })
      yield* Effect.map(
        Effect.promise(() => stranger.read()),
        (reply) => assert.match(`(error) ${reply._tag === "Error" ? reply.text : ""}`, DENIED)
      )
      yield* Effect.promise(() => stranger.closed)
      const local = yield* connect(server)
      yield* must(local, ["CONFIG", "SET", "protected-mode", "no"], "OK")
      yield* must(yield* connect({ host, port: server.port }), ["PING"], "PONG")
      yield* must(local, ["CONFIG", "SET", "protected-mode", "yes", "requirepass", "p"], "OK")
      yield* must(yield* connect({ host, port: server.port }), ["AUTH", "p"], "OK")
    })
  )
})

describe("a server's scope", () => {
  it.effect("may be closed twice", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const server = yield* Scope.provide(startServer(), scope)
      yield* Scope.close(scope, Exit.void)
      yield* Scope.close(scope, Exit.void)
      assert.isTrue(yield* refuses("127.0.0.1", server.port))
    })
  )
})
