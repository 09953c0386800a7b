import * as Net from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Effect, References, type Scope } from "effect"
import { defaults, type ServerConfig } from "../../src/config/ServerConfig.ts"
import { Server } from "../../src/Server.ts"
import { push } from "../pubsub/support.ts"
import { encodeCommands } from "../support/request.ts"

/** A connection that shows replies and pushes as they come, in their order. */
class Client {
  private received = ""

  constructor(readonly socket: Net.Socket) {
    socket.on("data", (chunk) => {
      this.received += chunk.toString("latin1")
    })
  }

  /** Sends the commands in one write; exactly these bytes have to come back. */
  says(commands: ReadonlyArray<string>, replies: string): Effect.Effect<void> {
    this.socket.write(encodeCommands(commands.map((line) => line.split(" "))))
    return this.hears(replies)
  }

  /** Exactly these bytes have to come. */
  hears(expected: string): Effect.Effect<void> {
    return Effect.map(this.take(expected.length), (text) => assert.strictEqual(text, expected))
  }

  /** What has come, as soon as it is at least so long. */
  take(length: number): Effect.Effect<string> {
    return Effect.callback<string>((resume) => {
      const finish = () => {
        clearTimeout(timer)
        this.socket.off("data", look)
        const text = this.received
        this.received = ""
        resume(Effect.succeed(text))
      }
      const look = () => {
        if (this.received.length >= length) finish()
      }
      const timer = setTimeout(finish, 2000)
      this.socket.on("data", look)
      look()
    })
  }
}

const connect = (protocol: 2 | 3 = 2): Effect.Effect<Client, never, Server | Scope.Scope> =>
  Effect.gen(function* () {
    const { host, port } = yield* Server
    const socket = yield* Effect.acquireRelease(
      Effect.sync(() => Net.connect({ host, port, noDelay: true })),
      (socket) => Effect.sync(() => socket.destroy())
    )
    const client = new Client(socket)
    if (protocol === 3) {
      socket.write("HELLO 3\r\n")
      yield* client.take(100)
    }
    return client
  })

const test = (
  name: string,
  body: Effect.Effect<void, unknown, Server | Scope.Scope>,
  config: Partial<ServerConfig> = {}
) =>
  it.live(name, () =>
    body.pipe(
      Effect.provide(Server.layer({ bind: ["127.0.0.1"], port: 0, ...config })),
      Effect.provideService(References.MinimumLogLevel, "Warn")
    )
  )

/** Replies as text: bulk strings, and integers for numbers. */
const word = (text: string | number | null, nil: string) =>
  text === null ? nil : typeof text === "number" ? `:${text}\r\n` : `$${text.length}\r\n${text}\r\n`
type Words = ReadonlyArray<string | number | null>
const array = (...words: Words) => `*${words.length}\r\n${words.map((text) => word(text, "$-1\r\n")).join("")}`
const pushed = (...words: Words) => `>${words.length}\r\n${words.map((text) => word(text, "_\r\n")).join("")}`

describe("SUBSCRIBE, UNSUBSCRIBE and their kin", () => {
  test(
    "confirm every name with the number of subscriptions",
    Effect.gen(function* () {
      const c = yield* connect()
      yield* c.says(
        ["SUBSCRIBE a b a"],
        array("subscribe", "a", 1) + array("subscribe", "b", 2) + array("subscribe", "a", 2)
      )
      yield* c.says(["PSUBSCRIBE p* p*"], array("psubscribe", "p*", 3) + array("psubscribe", "p*", 3))
      yield* c.says(["SSUBSCRIBE s"], array("ssubscribe", "s", 1))
      yield* c.says(["UNSUBSCRIBE nope b"], array("unsubscribe", "nope", 3) + array("unsubscribe", "b", 2))
      yield* c.says(["PUNSUBSCRIBE"], array("punsubscribe", "p*", 1))
      yield* c.says(["UNSUBSCRIBE"], array("unsubscribe", "a", 0))
      yield* c.says(["UNSUBSCRIBE"], array("unsubscribe", null, 0))
      yield* c.says(["SUNSUBSCRIBE", "SUNSUBSCRIBE x"], array("sunsubscribe", "s", 0) + array("sunsubscribe", "x", 0))
    })
  )

  test(
    "confirm with pushes on RESP3",
    Effect.gen(function* () {
      const c = yield* connect(3)
      yield* c.says(["SUBSCRIBE a", "PING"], `${pushed("subscribe", "a", 1)}+PONG\r\n`)
      yield* c.says(["PUNSUBSCRIBE"], pushed("punsubscribe", null, 1))
    })
  )

  test(
    "errors",
    Effect.gen(function* () {
      const c = yield* connect()
      yield* c.says(["SUBSCRIBE"], "-ERR wrong number of arguments for 'subscribe' command\r\n")
      yield* c.says(["PUBLISH a"], "-ERR wrong number of arguments for 'publish' command\r\n")
      yield* c.says(
        ["MULTI", "SSUBSCRIBE s", "EXEC"],
        "+OK\r\n+QUEUED\r\n*1\r\n-ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client\r\n"
      )
    })
  )
})

describe("a RESP2 subscriber", () => {
  test(
    "may only subscribe, PING, RESET and QUIT until its last subscription ends",
    Effect.gen(function* () {
      const c = yield* connect()
      const refused =
        "-ERR Can't execute 'publish': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n"
      yield* c.says(["SSUBSCRIBE s"], array("ssubscribe", "s", 1))
      yield* c.says(["PING", "PING x"], array("pong", "") + array("pong", "x"))
      yield* c.says(["PUBLISH c m"], refused)
      yield* c.says(["SUBSCRIBE c"], array("subscribe", "c", 1))
      yield* c.says(["SUNSUBSCRIBE", "PUBLISH c m"], array("sunsubscribe", "s", 0) + refused)
      yield* c.says(["UNSUBSCRIBE", "PUBLISH c m"], `${array("unsubscribe", "c", 0)}:0\r\n`)
      yield* c.says(["SUBSCRIBE c", "RESET", "PUBLISH c m"], `${array("subscribe", "c", 1)}+RESET\r\n:0\r\n`)
    })
  )
})

describe("PUBLISH", () => {
  test(
    "reaches channel and pattern subscribers of both protocols",
    Effect.gen(function* () {
      const [two, three, publisher] = [yield* connect(), yield* connect(3), yield* connect()]
      yield* two.says(["SUBSCRIBE c"], array("subscribe", "c", 1))
      yield* three.says(["PSUBSCRIBE *"], pushed("psubscribe", "*", 1))
      yield* publisher.says(["PUBLISH c m", "PUBLISH d n", "SPUBLISH c s"], ":2\r\n:1\r\n:0\r\n")
      yield* two.hears(array("message", "c", "m"))
      yield* three.hears(pushed("pmessage", "*", "c", "m") + pushed("pmessage", "*", "d", "n"))
    })
  )

  test(
    "reaches the publisher itself after the reply, before the next command's",
    Effect.gen(function* () {
      const c = yield* connect(3)
      yield* c.says(["SUBSCRIBE c"], pushed("subscribe", "c", 1))
      const message = pushed("message", "c", "m")
      yield* c.says(["PUBLISH c m", "PING", "PUBLISH c m"], `:1\r\n${message}+PONG\r\n:1\r\n${message}`)
    })
  )

  test(
    "in a transaction reaches the publisher after EXEC's reply, although it has unsubscribed",
    Effect.gen(function* () {
      const c = yield* connect(3)
      yield* c.says(["SUBSCRIBE c"], pushed("subscribe", "c", 1))
      yield* c.says(
        ["MULTI", "PUBLISH c 1", "UNSUBSCRIBE", "PUBLISH c 2", "EXEC", "PING"],
        "+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n" +
          `*3\r\n:1\r\n${pushed("unsubscribe", "c", 0)}:0\r\n${pushed("message", "c", "1")}+PONG\r\n`
      )
    })
  )

  test(
    "keeps its order over all channels, and never falls between another client's replies",
    Effect.gen(function* () {
      const [subscriber, publisher] = [yield* connect(3), yield* connect()]
      yield* subscriber.says(["SUBSCRIBE a b"], pushed("subscribe", "a", 1) + pushed("subscribe", "b", 2))
      const channels = Array.from({ length: 500 }, (_, i) => ["a", "b", "b"][i % 3]!)
      yield* publisher.says(
        channels.map((channel, i) => `PUBLISH ${channel} ${i}`),
        ":1\r\n".repeat(500)
      )
      yield* subscriber.hears(channels.map((channel, i) => push(["message", channel, String(i)])).join(""))
    })
  )

  test(
    "never waits for a slow subscriber, which is cut at its output limit",
    Effect.gen(function* () {
      const [slow, publisher] = [yield* connect(), yield* connect()]
      yield* slow.says(["SUBSCRIBE c"], array("subscribe", "c", 1))
      slow.socket.pause()
      const payload = "x".repeat(1_000_000)
      for (let sent = 0; sent < 100; sent++) {
        publisher.socket.write(encodeCommands([["PUBLISH", "c", payload]]))
        if ((yield* publisher.take(4)) === ":0\r\n") return
      }
      assert.fail("100 MB were taken for a client that reads nothing")
    }),
    {
      clientOutputBufferLimit: {
        ...defaults.clientOutputBufferLimit,
        pubsub: { hard: 2_000_000, soft: 0, softSeconds: 0 }
      }
    }
  )
})

describe("PUBSUB", () => {
  test(
    "counts and lists what has subscribers, as long as it has",
    Effect.gen(function* () {
      const [c, d] = [yield* connect(), yield* connect()]
      yield* c.says(
        ["SUBSCRIBE x1 x2", "SSUBSCRIBE x3", "PSUBSCRIBE y*"],
        array("subscribe", "x1", 1) +
          array("subscribe", "x2", 2) +
          array("ssubscribe", "x3", 1) +
          array("psubscribe", "y*", 3)
      )
      yield* d.says(["PUBSUB CHANNELS"], array("x1", "x2"))
      yield* d.says(["PUBSUB CHANNELS *2", "pubsub channels X*"], array("x2") + array())
      yield* d.says(["PUBSUB SHARDCHANNELS", "PUBSUB SHARDCHANNELS y"], array("x3") + array())
      yield* d.says(["PUBSUB NUMPAT"], ":1\r\n")
      yield* d.says(["PUBSUB NUMSUB x1 x1 x3"], array("x1", 1, "x1", 1, "x3", 0))
      yield* d.says(["PUBSUB SHARDNUMSUB x3 x1", "PUBSUB NUMSUB"], array("x3", 1, "x1", 0) + array())
      c.socket.destroy()
      let left: string
      do {
        d.socket.write("PUBSUB CHANNELS\r\n")
        left = yield* d.take(4)
      } while (left !== array())
      yield* d.says(["PUBSUB SHARDCHANNELS", "PUBSUB NUMPAT"], `${array()}:0\r\n`)
    })
  )

  test(
    "HELP tells of every subcommand",
    Effect.gen(function* () {
      const c = yield* connect()
      c.socket.write("PUBSUB HELP\r\n")
      const help = yield* c.take(400)
      for (const line of ["CHANNELS [<pattern>]", "NUMPAT", "NUMSUB [<channel> [<channel> ...]]", "HELP"]) {
        assert.include(help, `+${line}\r\n+    `)
      }
    })
  )

  test(
    "errors",
    Effect.gen(function* () {
      const c = yield* connect()
      yield* c.says(["PUBSUB"], "-ERR wrong number of arguments for 'pubsub' command\r\n")
      yield* c.says(["PUBSUB NOPE"], "-ERR unknown subcommand 'NOPE'. Try PUBSUB HELP.\r\n")
      yield* c.says(["PUBSUB NUMPAT x"], "-ERR wrong number of arguments for 'pubsub|numpat' command\r\n")
      yield* c.says(
        ["PUBSUB Channels a b"],
        "-ERR unknown subcommand or wrong number of arguments for 'Channels'. Try PUBSUB HELP.\r\n"
      )
    })
  )
})
