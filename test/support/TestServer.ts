/**
 * A fibredis inside the test, on a real socket and on the test's clock, and expectations of one line each: the command
 * first, the wanted reply last, as `show` prints it.
 */
import { assert, it } from "@effect/vitest"
import { Effect, References, type Scope } from "effect"
import type { EmbeddedConfig } from "../../src/Server.ts"
import { Server } from "../../src/Server.ts"
import { RespClient } from "./RespClient.ts"
import type { Words } from "./request.ts"
import { show } from "./showReply.ts"

/** A connection to the test's server, closed with the test. */
export const connect = (protocol: 2 | 3 = 2): Effect.Effect<RespClient, never, Server | Scope.Scope> =>
  Effect.gen(function* () {
    const { host, port } = yield* Server
    const client = yield* Effect.acquireRelease(
      Effect.promise(() => RespClient.connect({ host, port })),
      (client) => Effect.promise(() => client.close())
    )
    if (protocol === 3) yield* Effect.promise(() => client.call("HELLO", "3"))
    return client
  })

/** The command is answered with exactly this reply. */
export const must = (client: RespClient, words: Words, wanted: string): Effect.Effect<void> =>
  Effect.map(
    Effect.promise(() => client.call(...words)),
    (reply) => assert.strictEqual(show(reply), wanted, words.join(" "))
  )

/** The command is refused with exactly this text. */
export const mustFail = (client: RespClient, words: Words, text: string): Effect.Effect<void> =>
  must(client, words, `(error) ${text}`)

/** A test with a server and one RESP2 connection to it; time stands still unless TestClock moves it. */
export const withServer = (
  name: string,
  body: (client: RespClient) => Effect.Effect<void, unknown, Server | Scope.Scope>,
  config: Partial<EmbeddedConfig> = {}
): void =>
  it.effect(name, () =>
    Effect.flatMap(connect(), body).pipe(
      Effect.scoped,
      Effect.provide(Server.layer({ bind: ["127.0.0.1"], port: 0, ...config })),
      Effect.provideService(References.MinimumLogLevel, "Warn")
    )
  )
