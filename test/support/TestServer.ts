/**
 * A fibredis in the test's own process, for `it.effect`: real sockets, and the test's clock, so that `TestClock.adjust`
 * moves the server's time. Server and clients end with the test's scope.
 *
 * ```ts
 * const server = yield* startServer()
 * const client = yield* connect(server)
 * yield* must(client, ["SET", "k", "v"], "OK")
 * yield* must(client, ["INCR", "k"], "(error) ERR value is not an integer or out of range")
 * ```
 */
import { assert, it } from "@effect/vitest"
import { Context, Effect, Layer, type Scope } from "effect"
import type { Reply } from "../../src/protocol/ReplyDecoder.ts"
import { type EmbeddedConfig, Server, type StartError } from "../../src/Server.ts"
import { type Address, RespClient } from "./RespClient.ts"
import { commandLine, type Words } from "./request.ts"
import { show } from "./showReply.ts"

/** Where a started server is reached. */
export interface TestServer {
  readonly host: string
  readonly port: number
}

/**
 * What tests want unless they say otherwise: a free port, DEBUG, and no snapshot that happens to lie in the working directory.
 */
const testConfig = { port: 0, bind: ["127.0.0.1"], enableDebugCommand: "yes", dbfilename: "" } as const

/** Starts a server with these settings; it stops when the scope closes. */
export const startServer = (config: Partial<EmbeddedConfig> = {}): Effect.Effect<TestServer, StartError, Scope.Scope> =>
  Effect.map(Layer.build(Server.layer({ ...testConfig, ...config })), (context) => Context.get(context, Server))

/** Connects to a server, with HELLO 3 when the protocol is 3; the connection closes when the scope does. */
export const connect = (address: Address, protocol: 2 | 3 = 2): Effect.Effect<RespClient, never, Scope.Scope> =>
  Effect.gen(function* () {
    const client = yield* Effect.acquireRelease(
      Effect.promise(() => RespClient.connect(address)),
      (open) => Effect.promise(() => open.close())
    )
    if (protocol === 3) yield* call(client, ["HELLO", "3"])
    return client
  })

/** Sends a command and gives its reply. */
export const call = (client: RespClient, words: Words): Effect.Effect<Reply> =>
  Effect.promise(() => client.call(...words))

/** A command is answered so: the wanted reply as `show` prints it, or what must hold of that text. */
export const must = (
  client: RespClient,
  words: Words,
  wanted: string | RegExp | ((text: string) => boolean)
): Effect.Effect<void> => Effect.map(call(client, words), (reply) => check(commandLine(words), show(reply), wanted))

/** A command is refused with this text. */
export const mustFail = (client: RespClient, words: Words, text: string): Effect.Effect<void> =>
  must(client, words, `(error) ${text}`)

/** A test with a server of its own and one RESP2 connection to it; time stands still unless TestClock moves it. */
export const withServer = (
  name: string,
  body: (client: RespClient, server: TestServer) => Effect.Effect<void, unknown, Scope.Scope>,
  config: Partial<EmbeddedConfig> = {}
): void =>
  it.effect(name, () =>
    Effect.gen(function* () {
      const server = yield* startServer(config)
      yield* body(yield* connect(server), server)
    })
  )

/** A command that changes how many replies there are is answered by all of these, in order. */
export const mustAll = (client: RespClient, words: Words, wanted: ReadonlyArray<string>): Effect.Effect<void> =>
  Effect.promise(async () => {
    const [first, ...others] = wanted
    const replies = [await client.call(...words)]
    for (const _ of others) replies.push(await client.read())
    assert.deepStrictEqual(replies.map(show), first === undefined ? [] : [first, ...others], commandLine(words))
  })

/** The next reply that comes without a command, such as a message in RESP2. */
export const mustRead = (client: RespClient, wanted: string | RegExp): Effect.Effect<void> =>
  Effect.map(
    Effect.promise(() => client.read()),
    (reply) => check("next reply", show(reply), wanted)
  )

/** The next push (RESP3). */
export const mustPush = (client: RespClient, wanted: string): Effect.Effect<void> =>
  Effect.map(
    Effect.promise(() => client.readPush()),
    (reply) => check("next push", show(reply), wanted)
  )

function check(what: string, text: string, wanted: string | RegExp | ((text: string) => boolean)): void {
  if (typeof wanted === "string") assert.strictEqual(text, wanted, what)
  else if (typeof wanted === "function") assert.isTrue(wanted(text), `${what}: ${text}`)
  else assert.match(text, wanted, what)
}
