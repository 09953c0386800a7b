/**
 * CLIENT: who is connected, and how the server treats them (https://redis.io/docs/latest/commands/client/). Here is how a
 * client names itself and is shown; the subcommands that act on clients have files of their own.
 */
import * as Errors from "../Errors.ts"
import type { Session } from "../net/Session.ts"
import type { Args } from "./Args.ts"
import type { CommandDefinition, CommandFlag } from "./Command.ts"
import type { Context } from "./Context.ts"
import { killSubcommands } from "./clientKill.ts"
import { clientLine } from "./clientLine.ts"
import { modeSubcommands } from "./clientModes.ts"
import { isClientWord } from "./clientName.ts"
import { pauseSubcommands } from "./clientPause.ts"
import { trackingSubcommands } from "./clientTracking.ts"
import { type ClientType, clientTypeOf, isOfType } from "./clientType.ts"
import { helpCommand } from "./help.ts"

const FLAGS: ReadonlyArray<CommandFlag> = ["noscript", "loading", "stale"]

const id: CommandDefinition = {
  name: "id",
  summary: "Return the connection's id",
  since: "5.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: 2,
  flags: FLAGS,
  run: ({ reply, session }) => reply.int(session.id)
}

// ---- names -----------------------------------------------------------------------------------------------------------

const getname: CommandDefinition = {
  name: "getname",
  summary: "Return the connection's name",
  since: "2.6.9",
  group: "connection",
  complexity: "O(1)",
  arity: 2,
  flags: FLAGS,
  run: ({ reply, session }) => {
    if (session.name === "") reply.null()
    else reply.bulkText(session.name)
  }
}

const setname: CommandDefinition = {
  name: "setname",
  summary: "Give the connection a name, or with an empty one take it away",
  since: "2.6.9",
  group: "connection",
  complexity: "O(1)",
  arity: 3,
  flags: FLAGS,
  args: [{ name: "connection-name", type: "string" }],
  run: ({ args, reply, session }) => {
    const name = args.text(2)
    if (!isClientWord(name)) throw Errors.badClientName
    session.name = name
    reply.ok()
  }
}

const libraryFields: ReadonlyMap<string, "libraryName" | "libraryVersion"> = new Map([
  ["lib-name", "libraryName"],
  ["lib-ver", "libraryVersion"]
])

const setinfo: CommandDefinition = {
  name: "setinfo",
  summary: "Tell which client library the connection is from",
  since: "7.2.0",
  group: "connection",
  complexity: "O(1)",
  arity: 4,
  flags: FLAGS,
  tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
  args: [
    {
      name: "attr",
      type: "oneof",
      args: [
        { name: "libname", type: "string", token: "LIB-NAME" },
        { name: "libver", type: "string", token: "LIB-VER" }
      ]
    }
  ],
  run: ({ args, reply, session }) => {
    const attribute = args.text(2)
    const field = libraryFields.get(attribute.toLowerCase())
    if (field === undefined) throw Errors.unrecognizedOption(attribute)
    const value = args.text(3)
    if (!isClientWord(value)) throw Errors.badClientAttribute(attribute)
    session[field] = value
    reply.ok()
  }
}

// ---- what the server knows of clients --------------------------------------------------------------------------------

function bytesOfWords(args: Args): number {
  let bytes = 0
  for (let i = 0; i < args.count; i++) bytes += args.length(i)
  return bytes
}

function replyLines({ args, clients, now, reply, session }: Context, shown: Iterable<Session>): void {
  const lines = Array.from(shown, (client) =>
    clientLine(client, clients, now, client === session ? bytesOfWords(args) : 0)
  )
  reply.verbatim("txt", lines.map((line) => `${line}\n`).join(""))
}

const info: CommandDefinition = {
  name: "info",
  summary: "Return what the server knows of this connection",
  since: "6.2.0",
  group: "connection",
  complexity: "O(1)",
  arity: 2,
  flags: FLAGS,
  tips: ["nondeterministic_output"],
  run: (ctx) => replyLines(ctx, [ctx.session])
}

/** LIST ID: in the order asked for, those that are there. */
function clientsById({ args, clients }: Context): ReadonlyArray<Session> {
  return Array.from({ length: args.count - 3 }, (_, i) => clients.get(args.int(3 + i, Errors.invalidClientId))).filter(
    (client) => client !== undefined
  )
}

function clientsByType({ clients }: Context, type: ClientType): ReadonlyArray<Session> {
  return Array.from(clients).filter((client) => isOfType(client, type))
}

const list: CommandDefinition = {
  name: "list",
  summary: "Return what the server knows of all connections, or of some",
  since: "2.4.0",
  group: "connection",
  complexity: "O(N) where N is the number of client connections",
  arity: -2,
  flags: ["admin", ...FLAGS],
  tips: ["nondeterministic_output"],
  history: [
    ["2.8.12", "Shows each client's `id`."],
    ["5.0.0", "Takes `TYPE`."],
    ["6.0.0", "Shows `user`."],
    ["6.2.0", "Shows `argv-mem`, `tot-mem`, `laddr` and `redir`; takes `ID`."],
    ["7.0.0", "Shows `resp`, `multi-mem`, `rbs` and `rbp`."],
    ["7.0.3", "Shows `ssub`."],
    ["7.2.0", "Shows `lib-name` and `lib-ver`."]
  ],
  args: [
    {
      name: "normal_master_replica_pubsub",
      type: "oneof",
      token: "TYPE",
      since: "5.0.0",
      optional: true,
      args: [
        { name: "normal", type: "pure-token", token: "NORMAL" },
        { name: "master", type: "pure-token", token: "MASTER" },
        { name: "replica", type: "pure-token", token: "REPLICA" },
        { name: "pubsub", type: "pure-token", token: "PUBSUB" }
      ]
    },
    {
      name: "id",
      type: "block",
      token: "ID",
      since: "6.2.0",
      optional: true,
      args: [{ name: "client-id", type: "integer", multiple: true }]
    }
  ],
  run: (ctx) => {
    const { args, clients } = ctx
    if (args.count === 2) replyLines(ctx, clients)
    else if (args.count === 4 && args.is(2, "type")) replyLines(ctx, clientsByType(ctx, clientTypeOf(args.text(3))))
    else if (args.count > 3 && args.is(2, "id")) replyLines(ctx, clientsById(ctx))
    else throw Errors.syntax
  }
}

// ---- the container ---------------------------------------------------------------------------------------------------

const subcommands: ReadonlyArray<CommandDefinition> = [
  id,
  getname,
  setname,
  setinfo,
  info,
  list,
  ...killSubcommands,
  ...pauseSubcommands,
  ...modeSubcommands,
  ...trackingSubcommands
]

const client: CommandDefinition = {
  name: "client",
  summary: "Look at the connections and change how they are treated",
  since: "2.4.0",
  group: "connection",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: [],
  subcommands: [...subcommands, helpCommand("client", "connection", "5.0.0", subcommands)]
}

export const clientCommands: ReadonlyArray<CommandDefinition> = [client]
