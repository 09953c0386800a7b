/**
 * CLIENT TRACKING, CACHING, GETREDIR and TRACKINGINFO: server-assisted client-side caching
 * (https://redis.io/docs/latest/develop/reference/client-side-caching/).
 */
import * as Errors from "../Errors.ts"
import { redirectionOf, type TrackingOptions, trackingFlags } from "../net/Tracking.ts"
import type { CommandDefinition, CommandFlag } from "./Command.ts"
import type { Context } from "./Context.ts"

const FLAGS: ReadonlyArray<CommandFlag> = ["noscript", "loading", "stale"]

/** The options from the third word on; a redirection has to lead to a client that is there. */
function readOptions({ args, clients }: Context): TrackingOptions {
  const given = { bcast: false, optin: false, optout: false, noloop: false }
  const prefixes: Array<string> = []
  let redirect = 0
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, "redirect") && i + 1 < args.count) {
      if (redirect !== 0) throw Errors.severalRedirections
      redirect = args.int(++i)
      if (clients.get(redirect) === undefined) throw Errors.noRedirectionTarget
    } else if (args.is(i, "prefix") && i + 1 < args.count) prefixes.push(args.text(++i))
    else {
      const option = args.lower(i)
      if (option !== "bcast" && option !== "optin" && option !== "optout" && option !== "noloop") throw Errors.syntax
      given[option] = true
    }
  }
  return { ...given, redirect, prefixes }
}

const trackingCommand: CommandDefinition = {
  name: "tracking",
  summary: "Be told when keys that were read change, or no longer",
  since: "6.0.0",
  group: "connection",
  complexity: "O(1). Some options may introduce additional complexity.",
  arity: -3,
  flags: FLAGS,
  args: [
    {
      name: "status",
      type: "oneof",
      args: [
        { name: "on", type: "pure-token", token: "ON" },
        { name: "off", type: "pure-token", token: "OFF" }
      ]
    },
    { name: "client-id", type: "integer", token: "REDIRECT", optional: true },
    { name: "prefix", type: "string", token: "PREFIX", optional: true, multiple: true, multipleToken: true },
    { name: "bcast", type: "pure-token", token: "BCAST", optional: true },
    { name: "optin", type: "pure-token", token: "OPTIN", optional: true },
    { name: "optout", type: "pure-token", token: "OPTOUT", optional: true },
    { name: "noloop", type: "pure-token", token: "NOLOOP", optional: true }
  ],
  run: (ctx) => {
    const { args, reply, session, tracking } = ctx
    const options = readOptions(ctx)
    if (args.is(2, "on")) tracking.enable(session, options)
    else if (args.is(2, "off")) tracking.forget(session)
    else throw Errors.syntax
    reply.ok()
  }
}

const cachingCommand: CommandDefinition = {
  name: "caching",
  summary: "Make the next command an exception from OPTIN or OPTOUT",
  since: "6.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: 3,
  flags: FLAGS,
  args: [
    {
      name: "mode",
      type: "oneof",
      args: [
        { name: "yes", type: "pure-token", token: "YES" },
        { name: "no", type: "pure-token", token: "NO" }
      ]
    }
  ],
  run: ({ args, reply, session, tracking }) => {
    const yes = args.is(2, "yes")
    // A client that does not track learns that first.
    if (session.tracking !== undefined && !yes && !args.is(2, "no")) throw Errors.syntax
    tracking.caching(session, yes)
    reply.ok()
  }
}

const getredirCommand: CommandDefinition = {
  name: "getredir",
  summary: "Return the id of the client that receives the invalidations",
  since: "6.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: 2,
  flags: FLAGS,
  run: ({ reply, session }) => reply.int(redirectionOf(session.tracking))
}

const trackinginfoCommand: CommandDefinition = {
  name: "trackinginfo",
  summary: "Return how this connection tracks keys",
  since: "6.2.0",
  group: "connection",
  complexity: "O(1)",
  arity: 2,
  flags: FLAGS,
  run: ({ reply, session: { tracking } }) => {
    const flags = trackingFlags(tracking)
    const prefixes = [...(tracking?.prefixes ?? [])].sort()
    reply.map(3)
    reply.bulkText("flags")
    reply.set(flags.length)
    for (const flag of flags) reply.bulkText(flag)
    reply.bulkText("redirect")
    reply.int(redirectionOf(tracking))
    reply.bulkText("prefixes")
    reply.array(prefixes.length)
    for (const prefix of prefixes) reply.bulkText(prefix)
  }
}

/** Subcommands of CLIENT. */
export const trackingSubcommands: ReadonlyArray<CommandDefinition> = [
  trackingCommand,
  cachingCommand,
  getredirCommand,
  trackinginfoCommand
]
