/**
 * Pub/sub commands (https://redis.io/docs/latest/develop/interact/pubsub/): subscribing to channels, patterns and shard
 * channels, publishing, and PUBSUB, which looks at who is subscribed.
 *
 * Confirmations are pushes, one for each channel; they are the only reply.
 */
import * as Errors from "../Errors.ts"
import { Gate } from "../net/Session.ts"
import type { Inbox } from "../pubsub/Inbox.ts"
import { matchGlob } from "../values/glob.ts"
import { type Argument, type CommandDefinition, type CommandFlag, type KeySpec, keys } from "./Command.ts"
import type { Context } from "./Context.ts"
import { helpCommand } from "./help.ts"

/** The three kinds of subscription, as far as their commands differ. */
interface Kind {
  readonly of: "channels" | "patterns" | "shardChannels"
  readonly prefix: "" | "p" | "s"
  /** The number that a confirmation ends with. */
  readonly count: (inbox: Inbox) => number
}

const channels: Kind = { of: "channels", prefix: "", count: (inbox) => inbox.subscriptions }
const patterns: Kind = { of: "patterns", prefix: "p", count: (inbox) => inbox.subscriptions }
const shardChannels: Kind = { of: "shardChannels", prefix: "s", count: (inbox) => inbox.shardChannels.size }

// ---- subscribing -----------------------------------------------------------------------------------------------------

function confirm({ reply }: Context, verb: string, name: string | undefined, count: number): void {
  reply.push(3)
  reply.bulkText(verb)
  if (name === undefined) reply.null()
  else reply.bulkText(name)
  reply.int(count)
}

const subscribe = (kind: Kind) => (ctx: Context) => {
  const { args, hub, session } = ctx
  const inbox = session.openInbox()
  for (const name of args.texts(1)) {
    hub[kind.of].subscribe(inbox, name)
    confirm(ctx, `${kind.prefix}subscribe`, name, kind.count(inbox))
  }
  session.set(Gate.Subscribed, true)
}

/** Without names it ends all subscriptions of its kind, and answers once even if there are none. */
const unsubscribe = (kind: Kind) => (ctx: Context) => {
  const { args, hub, session } = ctx
  const inbox = session.openInbox()
  const names = args.count > 1 ? [...args.texts(1)] : [...inbox[kind.of].keys()]
  const verb = `${kind.prefix}unsubscribe`
  for (const name of names) {
    hub[kind.of].unsubscribe(inbox, name)
    confirm(ctx, verb, name, kind.count(inbox))
  }
  if (names.length === 0) confirm(ctx, verb, undefined, kind.count(inbox))
  session.set(Gate.Subscribed, inbox.isSubscribed)
}

const SUBSCRIBING: ReadonlyArray<CommandFlag> = ["pubsub", "noscript", "loading", "stale"]
const SHARD_KEYS: ReadonlyArray<KeySpec> = [keys(["not_key"], 1, -1)]

const subscribeCommand: CommandDefinition = {
  name: "subscribe",
  summary: "Receive the messages that are published to these channels",
  since: "2.0.0",
  group: "pubsub",
  complexity: "O(N) where N is the number of channels to subscribe to.",
  arity: -2,
  flags: SUBSCRIBING,
  args: [{ name: "channel", type: "string", multiple: true }],
  run: subscribe(channels)
}

const unsubscribeCommand: CommandDefinition = {
  name: "unsubscribe",
  summary: "Receive nothing more from these channels, or from any",
  since: "2.0.0",
  group: "pubsub",
  complexity: "O(N) where N is the number of channels to unsubscribe.",
  arity: -1,
  flags: SUBSCRIBING,
  args: [{ name: "channel", type: "string", optional: true, multiple: true }],
  run: unsubscribe(channels)
}

const psubscribeCommand: CommandDefinition = {
  name: "psubscribe",
  summary: "Receive the messages that are published to channels matching these patterns",
  since: "2.0.0",
  group: "pubsub",
  complexity: "O(N) where N is the number of patterns to subscribe to.",
  arity: -2,
  flags: SUBSCRIBING,
  args: [{ name: "pattern", type: "block", multiple: true, args: [{ name: "pattern", type: "pattern" }] }],
  run: subscribe(patterns)
}

const punsubscribeCommand: CommandDefinition = {
  name: "punsubscribe",
  summary: "Receive nothing more by these patterns, or by any",
  since: "2.0.0",
  group: "pubsub",
  complexity: "O(N) where N is the number of patterns to unsubscribe.",
  arity: -1,
  flags: SUBSCRIBING,
  args: [{ name: "pattern", type: "pattern", optional: true, multiple: true }],
  run: unsubscribe(patterns)
}

const ssubscribeCommand: CommandDefinition = {
  name: "ssubscribe",
  summary: "Receive the messages that are published to these shard channels",
  since: "7.0.0",
  group: "pubsub",
  complexity: "O(N) where N is the number of shard channels to subscribe to.",
  arity: -2,
  flags: SUBSCRIBING,
  keys: SHARD_KEYS,
  args: [{ name: "shardchannel", type: "string", multiple: true }],
  run: (ctx) => {
    // SUBSCRIBE and PSUBSCRIBE may be queued, because they always could.
    if (ctx.inTransaction) throw Errors.denyBlocking("SSUBSCRIBE")
    subscribe(shardChannels)(ctx)
  }
}

const sunsubscribeCommand: CommandDefinition = {
  name: "sunsubscribe",
  summary: "Receive nothing more from these shard channels, or from any",
  since: "7.0.0",
  group: "pubsub",
  complexity: "O(N) where N is the number of shard channels to unsubscribe.",
  arity: -1,
  flags: SUBSCRIBING,
  keys: SHARD_KEYS,
  args: [{ name: "shardchannel", type: "string", optional: true, multiple: true }],
  run: unsubscribe(shardChannels)
}

// ---- publishing ------------------------------------------------------------------------------------------------------

const PUBLISHING: ReadonlyArray<CommandFlag> = ["pubsub", "loading", "stale", "fast", "may_replicate"]

const publishCommand: CommandDefinition = {
  name: "publish",
  summary: "Send a message to a channel's subscribers",
  since: "2.0.0",
  group: "pubsub",
  complexity:
    "O(N+M) where N is the number of the channel's subscribers and M is the number of patterns subscribed to.",
  arity: 3,
  flags: PUBLISHING,
  args: [
    { name: "channel", type: "string" },
    { name: "message", type: "string" }
  ],
  run: ({ args, hub, reply }) => reply.int(hub.publish(args.at(1), args.at(2)))
}

const spublishCommand: CommandDefinition = {
  name: "spublish",
  summary: "Send a message to a shard channel's subscribers",
  since: "7.0.0",
  group: "pubsub",
  complexity: "O(N) where N is the number of the shard channel's subscribers.",
  arity: 3,
  flags: PUBLISHING,
  keys: [keys(["not_key"])],
  args: [
    { name: "shardchannel", type: "string" },
    { name: "message", type: "string" }
  ],
  run: ({ args, hub, reply }) => reply.int(hub.publishShard(args.at(1), args.at(2)))
}

// ---- PUBSUB ----------------------------------------------------------------------------------------------------------

const LOOKING: ReadonlyArray<CommandFlag> = ["pubsub", "loading", "stale"]
const PATTERN: Argument = { name: "pattern", type: "pattern", optional: true }

/** The names with subscribers, all or those that match a pattern. */
const listNames =
  (of: Kind["of"]) =>
  ({ args, hub, reply }: Context) => {
    if (args.count > 3) throw Errors.unknownSubcommandOrArity("pubsub", args.text(1))
    const pattern = args.count === 3 ? args.at(2) : undefined
    const mark = reply.length
    let count = 0
    for (const { name } of hub[of]) {
      if (pattern !== undefined && !matchGlob(pattern, name)) continue
      reply.bulk(name)
      count++
    }
    reply.arrayAt(mark, count)
  }

/** Each name with the number of its subscribers. */
const listSubscribers =
  (of: Kind["of"]) =>
  ({ args, hub, reply }: Context) => {
    reply.array(2 * (args.count - 2))
    for (const name of args.texts(2)) {
      reply.bulkText(name)
      reply.int(hub[of].subscribers(name))
    }
  }

const pubsubSubcommands: ReadonlyArray<CommandDefinition> = [
  {
    name: "channels",
    summary: "List the channels that have subscribers",
    since: "2.8.0",
    group: "pubsub",
    complexity: "O(N) where N is the number of active channels, if patterns and channel names are short.",
    arity: -2,
    flags: LOOKING,
    args: [PATTERN],
    run: listNames("channels")
  },
  {
    name: "numpat",
    summary: "Count the patterns that have subscribers",
    since: "2.8.0",
    group: "pubsub",
    complexity: "O(1)",
    arity: 2,
    flags: LOOKING,
    run: ({ hub, reply }) => reply.int(hub.patterns.size)
  },
  {
    name: "numsub",
    summary: "Count the subscribers of channels, without those by pattern",
    since: "2.8.0",
    group: "pubsub",
    complexity: "O(N) where N is the number of channels asked for",
    arity: -2,
    flags: LOOKING,
    args: [{ name: "channel", type: "string", optional: true, multiple: true }],
    run: listSubscribers("channels")
  },
  {
    name: "shardchannels",
    summary: "List the shard channels that have subscribers",
    since: "7.0.0",
    group: "pubsub",
    complexity: "O(N) where N is the number of active shard channels, if patterns and channel names are short.",
    arity: -2,
    flags: LOOKING,
    args: [PATTERN],
    run: listNames("shardChannels")
  },
  {
    name: "shardnumsub",
    summary: "Count the subscribers of shard channels",
    since: "7.0.0",
    group: "pubsub",
    complexity: "O(N) where N is the number of shard channels asked for",
    arity: -2,
    flags: LOOKING,
    args: [{ name: "shardchannel", type: "string", optional: true, multiple: true }],
    run: listSubscribers("shardChannels")
  }
]

const pubsubCommand: CommandDefinition = {
  name: "pubsub",
  summary: "Look at channels, patterns and their subscribers",
  since: "2.8.0",
  group: "pubsub",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: [],
  subcommands: [...pubsubSubcommands, helpCommand("pubsub", "pubsub", "6.2.0", pubsubSubcommands)]
}

export const pubsubCommands: ReadonlyArray<CommandDefinition> = [
  subscribeCommand,
  unsubscribeCommand,
  psubscribeCommand,
  punsubscribeCommand,
  ssubscribeCommand,
  sunsubscribeCommand,
  publishCommand,
  spublishCommand,
  pubsubCommand
]
