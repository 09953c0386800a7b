/**
 * CLIENT KILL and CLIENT UNBLOCK: what one client can do to another.
 */
import * as Errors from "../Errors.ts"
import { Gate, type Session } from "../net/Session.ts"
import type { Args } from "./Args.ts"
import type { CommandDefinition, CommandFlag } from "./Command.ts"
import type { Context } from "./Context.ts"
import { type ClientType, clientTypeOf, isOfType } from "./clientType.ts"
import { close, type Suspend } from "./Suspend.ts"

const FLAGS: ReadonlyArray<CommandFlag> = ["admin", "noscript", "loading", "stale"]

/** Which clients are to go: those that pass everything that is set. */
interface KillFilter {
  readonly id?: number
  readonly type?: ClientType
  readonly address?: string
  readonly localAddress?: string
  readonly user?: string
  readonly skipMe: boolean
}

type FilterOption = (args: Args, at: number) => Partial<KillFilter>

/** There is one user only until access control lists come. */
function userAt(args: Args, at: number): string {
  const user = args.text(at)
  if (user !== "default") throw Errors.noSuchUser(user)
  return user
}

function yesNoAt(args: Args, at: number): boolean {
  if (args.is(at, "yes")) return true
  if (args.is(at, "no")) return false
  throw Errors.syntax
}

/** What each option sets, from the word at `at`. */
const filterOptions: ReadonlyMap<string, FilterOption> = new Map<string, FilterOption>([
  ["id", (args, at) => ({ id: args.intBetween(at, 1, Number.POSITIVE_INFINITY, Errors.clientIdNotPositive) })],
  ["type", (args, at) => ({ type: clientTypeOf(args.text(at)) })],
  ["addr", (args, at) => ({ address: args.text(at) })],
  ["laddr", (args, at) => ({ localAddress: args.text(at) })],
  ["user", (args, at) => ({ user: userAt(args, at) })],
  ["skipme", (args, at) => ({ skipMe: yesNoAt(args, at) })]
])

function readFilter(args: Args): KillFilter {
  let filter: KillFilter = { skipMe: true }
  for (let i = 2; i < args.count; i += 2) {
    const option = filterOptions.get(args.lower(i))
    if (option === undefined || i + 1 === args.count) throw Errors.syntax
    filter = { ...filter, ...option(args, i + 1) }
  }
  return filter
}

const passes = (client: Session, { address, id, localAddress, type, user }: KillFilter): boolean =>
  (id === undefined || client.id === id) &&
  (type === undefined || isOfType(client, type)) &&
  (address === undefined || client.transport.address === address) &&
  (localAddress === undefined || client.transport.localAddress === localAddress) &&
  (user === undefined || client.user === user)

/** Kills who passes and gives back how many; the caller itself is only marked, so that it still learns the outcome. */
function killAll({ clients, session }: Context, filter: KillFilter): number {
  const doomed = Array.from(clients).filter(
    (client) => passes(client, filter) && !(filter.skipMe && client === session)
  )
  for (const client of doomed) {
    if (client === session) session.set(Gate.Closing, true)
    else client.transport.kill()
  }
  return doomed.length
}

function kill(ctx: Context): Suspend | undefined {
  const { args, reply, session } = ctx
  if (args.count === 3) {
    // The old form: an address and nothing else. It may be the caller's own.
    if (killAll(ctx, { address: args.text(2), skipMe: false }) === 0) throw Errors.noSuchClient
    reply.ok()
  } else reply.int(killAll(ctx, readFilter(args)))
  return session.has(Gate.Closing) ? close : undefined
}

const killCommand: CommandDefinition = {
  name: "kill",
  summary: "Close connections",
  since: "2.4.0",
  group: "connection",
  complexity: "O(N) where N is the number of client connections",
  arity: -3,
  flags: FLAGS,
  history: [
    ["2.8.12", "Takes filters."],
    ["2.8.12", "Takes `ID`."],
    ["3.2.0", "`TYPE` knows `master`."],
    ["5.0.0", "`TYPE` knows `replica`, which `slave` still stands for."],
    ["6.2.0", "Takes `LADDR`."]
  ],
  args: [
    {
      name: "filter",
      type: "oneof",
      args: [
        { name: "ip:port", type: "string", deprecatedSince: "2.8.12" },
        {
          name: "new-format",
          type: "oneof",
          multiple: true,
          args: [
            { name: "client-id", type: "integer", token: "ID", since: "2.8.12", optional: true },
            {
              name: "normal_master_slave_pubsub",
              type: "oneof",
              token: "TYPE",
              since: "2.8.12",
              optional: true,
              args: [
                { name: "normal", type: "pure-token", token: "NORMAL" },
                { name: "master", type: "pure-token", token: "MASTER", since: "3.2.0" },
                { name: "slave", type: "pure-token", token: "SLAVE" },
                { name: "replica", type: "pure-token", token: "REPLICA", since: "5.0.0" },
                { name: "pubsub", type: "pure-token", token: "PUBSUB" }
              ]
            },
            { name: "username", type: "string", token: "USER", optional: true },
            { name: "ip:port", type: "string", token: "ADDR", optional: true },
            { name: "ip:port", type: "string", token: "LADDR", since: "6.2.0", optional: true },
            { name: "yes/no", type: "string", token: "SKIPME", optional: true }
          ]
        }
      ]
    }
  ],
  run: kill
}

const unblock: CommandDefinition = {
  name: "unblock",
  summary: "End the wait of a client that a blocking command holds",
  since: "5.0.0",
  group: "connection",
  complexity: "O(log N) where N is the number of client connections",
  arity: -3,
  flags: FLAGS,
  args: [
    { name: "client-id", type: "integer" },
    {
      name: "timeout_error",
      type: "oneof",
      optional: true,
      args: [
        { name: "timeout", type: "pure-token", token: "TIMEOUT" },
        { name: "error", type: "pure-token", token: "ERROR" }
      ]
    }
  ],
  run: ({ args, clients, reply }) => {
    if (args.count > 4) throw Errors.unknownSubcommandOrArity("client", args.text(1))
    const withError = args.is(3, "error")
    if (args.count === 4 && !withError && !args.is(3, "timeout")) throw Errors.unblockReason
    const end = clients.get(args.int(2))?.unblock
    end?.(withError)
    reply.int(end === undefined ? 0 : 1)
  }
}

/** Subcommands of CLIENT. */
export const killSubcommands: ReadonlyArray<CommandDefinition> = [killCommand, unblock]
