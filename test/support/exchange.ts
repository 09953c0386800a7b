/**
 * Conversations in which not every command has exactly one reply: all commands go out in one write, and then exactly these
 * replies come, no more.
 */
import { assert } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import type { RespClient } from "./RespClient.ts"
import { encodeCommands } from "./request.ts"
import { show } from "./showReply.ts"
import { call, connect, type TestServer } from "./TestServer.ts"

/** `lines`: commands, their words parted by spaces. The client must hear replies again in the end, to PING among others. */
export const exchange = (
  client: RespClient,
  lines: ReadonlyArray<string>,
  wanted: ReadonlyArray<string>
): Effect.Effect<void> =>
  Effect.promise(async () => {
    client.write(encodeCommands([...lines.map((line) => line.split(" ")), ["PING"]]))
    const replies: Array<string> = []
    while (replies.length <= wanted.length) replies.push(show(await client.read()))
    assert.deepStrictEqual(replies, [...wanted, "PONG"], lines.join("; "))
  })

/** A field of a client's line in CLIENT LIST; the client's own unless `id` is given. */
export const clientField = (client: RespClient, field: string, id?: number): Effect.Effect<string> =>
  Effect.map(call(client, id === undefined ? ["CLIENT", "INFO"] : ["CLIENT", "LIST", "ID", id]), (reply) => {
    const value = new RegExp(`[ "]${field}=(\\S*?)(?= |\\\\n)`).exec(show(reply))
    assert.isNotNull(value, show(reply))
    return value![1]!
  })

export const idOf = (client: RespClient): Effect.Effect<number> =>
  Effect.map(call(client, ["CLIENT", "ID"]), (reply) => (reply._tag === "Integer" ? Number(reply.value) : -1))

/** Asks until the answer is this one: for what another connection brings about in its own time. */
export const eventually = (ask: Effect.Effect<string>, wanted: string, rounds = 500): Effect.Effect<void> =>
  Effect.flatMap(ask, (answer) => {
    if (answer === wanted || rounds === 0) return Effect.sync(() => assert.strictEqual(answer, wanted))
    return Effect.andThen(
      Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 5))),
      eventually(ask, wanted, rounds - 1)
    )
  })

/** Sends the commands over a connection of their own and sees to it that one of them waits; `observer` watches it. */
export const waiting = (
  observer: RespClient,
  server: TestServer,
  ...lines: ReadonlyArray<string>
): Effect.Effect<RespClient, never, Scope.Scope> =>
  Effect.gen(function* () {
    const client = yield* connect(server)
    const id = yield* idOf(client)
    client.write(encodeCommands(lines.map((line) => line.split(" "))))
    yield* eventually(clientField(observer, "flags", id), "b")
    return client
  })

/** The connection has been closed by the server. */
export const closed = (client: RespClient): Effect.Effect<void> => Effect.promise(() => client.closed)
