/**
 * How a client introduces itself, stays and leaves: AUTH ECHO HELLO PING QUIT RESET. CLIENT has files of its own.
 */
import { toWord } from "../config/Words.ts"
import * as Errors from "../Errors.ts"
import { Gate, type Session } from "../net/Session.ts"
import { REDIS_VERSION } from "../ServerIdentity.ts"
import { Slice } from "../values/Slice.ts"
import type { CommandDefinition, CommandFlag } from "./Command.ts"
import type { Context } from "./Context.ts"
import { isClientWord } from "./clientName.ts"
import { close } from "./Suspend.ts"
import { discardTransaction } from "./transactions.ts"

const BEFORE_AUTH: ReadonlyArray<CommandFlag> = ["noscript", "loading", "stale", "fast", "no_auth", "allow_busy"]

/** Compares every byte whatever the outcome, so that the time taken tells nothing about the password. */
function samePassword(given: Slice, password: Slice): boolean {
  let difference = given.length ^ password.length
  for (let i = 0; i < given.length; i++) difference |= given.at(i) ^ password.at(i % Math.max(1, password.length))
  return difference === 0
}

/** Logs in with what the words at `userAt` and `passwordAt` say; without `userAt` it is the default user. */
function authenticate({ args, config, session, stats }: Context, passwordAt: number, userAt?: number): void {
  const { requirepass } = config.values
  if (userAt === undefined && requirepass === "") throw Errors.noPasswordSet
  const knownUser = userAt === undefined || args.text(userAt) === "default"
  const rightPassword = requirepass === "" || samePassword(args.at(passwordAt), Slice.latin1(toWord(requirepass)))
  if (!knownUser || !rightPassword) {
    stats.authFailures++
    throw Errors.wrongPassword
  }
  session.set(Gate.Unauthenticated, false)
}

const auth: CommandDefinition = {
  name: "auth",
  summary: "Log in",
  since: "1.0.0",
  group: "connection",
  complexity: "O(N) where N is the number of passwords defined for the user",
  arity: -2,
  flags: BEFORE_AUTH,
  history: [["6.0.0", "Takes a user name."]],
  args: [
    { name: "username", type: "string", since: "6.0.0", optional: true },
    { name: "password", type: "string" }
  ],
  secrets: ({ count }) => (count === 2 ? [1] : [1, 2]),
  run: (ctx) => {
    if (ctx.args.count > 3) throw Errors.syntax
    if (ctx.args.count === 2) authenticate(ctx, 1)
    else authenticate(ctx, 2, 1)
    ctx.reply.ok()
  }
}

const echo: CommandDefinition = {
  name: "echo",
  summary: "Return the message",
  since: "1.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: 2,
  flags: ["loading", "stale", "fast"],
  args: [{ name: "message", type: "string" }],
  run: ({ args, reply }) => reply.bulk(args.at(1))
}

const ping: CommandDefinition = {
  name: "ping",
  summary: "Return PONG, or the message",
  since: "1.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: -1,
  flags: ["fast"],
  tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
  args: [{ name: "message", type: "string", optional: true }],
  run: ({ args, reply, session }) => {
    if (args.count > 2) throw Errors.wrongArity("ping")
    if (session.has(Gate.Subscribed) && session.protocol === 2) {
      // A subscriber on RESP2 can only tell a reply from a message if it is an array too.
      reply.array(2)
      reply.bulkText("pong")
      if (args.count === 2) reply.bulk(args.at(1))
      else reply.bulkText("")
    } else if (args.count === 2) reply.bulk(args.at(1))
    else reply.simple("PONG")
  }
}

interface HelloOptions {
  readonly protocol: 2 | 3
  readonly authAt: number | undefined
  readonly nameAt: number | undefined
}

function helloOptions({ args, session }: Context): HelloOptions {
  if (args.count === 1) return { protocol: session.protocol, authAt: undefined, nameAt: undefined }
  const protocol = args.int(1, Errors.protocolNotAnInteger)
  if (protocol !== 2 && protocol !== 3) throw Errors.noProto
  let authAt: number | undefined
  let nameAt: number | undefined
  for (let i = 2; i < args.count; ) {
    if (args.is(i, "auth") && i + 2 < args.count) {
      authAt = i + 1
      i += 3
    } else if (args.is(i, "setname") && i + 1 < args.count) {
      nameAt = i + 1
      if (!isClientWord(args.text(nameAt))) throw Errors.badClientName
      i += 2
    } else throw Errors.helloSyntax(args.text(i))
  }
  return { protocol, authAt, nameAt }
}

const hello: CommandDefinition = {
  name: "hello",
  summary: "Choose the protocol, and optionally log in and name the connection",
  since: "6.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: -1,
  flags: BEFORE_AUTH,
  history: [["6.2.0", "`protover` may be left out, to see the connection's context."]],
  args: [
    {
      name: "arguments",
      type: "block",
      optional: true,
      args: [
        { name: "protover", type: "integer" },
        {
          name: "username_password",
          type: "block",
          token: "AUTH",
          optional: true,
          args: [
            { name: "username", type: "string" },
            { name: "password", type: "string" }
          ]
        },
        { name: "clientname", type: "string", token: "SETNAME", optional: true }
      ]
    }
  ],
  secrets: (args) => {
    const option = Array.from({ length: args.count }, (_, i) => i).find((i) => i > 1 && args.is(i, "auth"))
    return option === undefined ? [] : [option + 1, option + 2]
  },
  run: (ctx) => {
    const { args, reply, session } = ctx
    const { authAt, nameAt, protocol } = helloOptions(ctx)
    if (authAt !== undefined) authenticate(ctx, authAt + 1, authAt)
    if (session.has(Gate.Unauthenticated)) throw Errors.helloNoAuth
    if (nameAt !== undefined) session.name = args.text(nameAt)
    session.protocol = protocol
    reply.protocol = protocol
    reply.map(7)
    reply.bulkText("server")
    reply.bulkText("redis")
    reply.bulkText("version")
    reply.bulkText(REDIS_VERSION)
    reply.bulkText("proto")
    reply.int(protocol)
    reply.bulkText("id")
    reply.int(session.id)
    reply.bulkText("mode")
    reply.bulkText("standalone")
    reply.bulkText("role")
    reply.bulkText("master")
    reply.bulkText("modules")
    reply.array(0)
  }
}

const quit: CommandDefinition = {
  name: "quit",
  summary: "Close the connection",
  since: "1.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: -1,
  flags: BEFORE_AUTH,
  deprecated: { since: "7.2.0", replacedBy: "just closing the connection" },
  run: ({ reply, session }) => {
    reply.ok()
    session.set(Gate.Closing, true)
    return close
  }
}

/**
 * Back to what a new connection is; subscriptions, transaction, tracking and monitoring end. The name of the client's library
 * stays, and so does the silence that CLIENT REPLY SKIP has ordered for this very command.
 */
function resetSession(ctx: Context, session: Session): void {
  const skipped = session.replyMode === "skip"
  discardTransaction(session, ctx.keyspace.watches)
  ctx.tracking.forget(session)
  ctx.clients.monitors.delete(session)
  session.inbox?.unsubscribeAll()
  session.gates = ctx.config.values.requirepass === "" ? 0 : Gate.Unauthenticated
  session.set(Gate.Silent, skipped)
  session.protocol = 2
  session.replyMode = skipped ? "skip" : "on"
  session.name = ""
  session.noEvict = false
  ctx.keyspace.touching = true
  ctx.select(0)
}

const reset: CommandDefinition = {
  name: "reset",
  summary: "Bring the connection back to the state of a new one",
  since: "6.2.0",
  group: "connection",
  complexity: "O(1)",
  arity: 1,
  flags: BEFORE_AUTH,
  run: (ctx) => {
    resetSession(ctx, ctx.session)
    ctx.reply.protocol = 2
    ctx.reply.simple("RESET")
  }
}

export const connectionCommands: ReadonlyArray<CommandDefinition> = [auth, echo, hello, ping, quit, reset]
