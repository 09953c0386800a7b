/**
 * CLIENT REPLY, NO-EVICT and NO-TOUCH: how the server treats the connection that asks.
 */
import * as Errors from "../Errors.ts"
import { Gate } from "../net/Session.ts"
import type { Args } from "./Args.ts"
import type { Argument, CommandDefinition, CommandFlag } from "./Command.ts"

const FLAGS: ReadonlyArray<CommandFlag> = ["noscript", "loading", "stale"]

const onOff: Argument = {
  name: "enabled",
  type: "oneof",
  args: [
    { name: "on", type: "pure-token", token: "ON" },
    { name: "off", type: "pure-token", token: "OFF" }
  ]
}

/** The word after the subcommand's name: ON or OFF. */
function isOn(args: Args): boolean {
  if (args.is(2, "on")) return true
  if (args.is(2, "off")) return false
  throw Errors.syntax
}

const replyMode: CommandDefinition = {
  name: "reply",
  summary: "Choose whether commands are answered: all, none, or all but the next",
  since: "3.2.0",
  group: "connection",
  complexity: "O(1)",
  arity: 3,
  flags: FLAGS,
  args: [
    {
      name: "on_off_skip",
      type: "oneof",
      args: [
        { name: "on", type: "pure-token", token: "ON" },
        { name: "off", type: "pure-token", token: "OFF" },
        { name: "skip", type: "pure-token", token: "SKIP" }
      ]
    }
  ],
  run: ({ args, reply, session }) => {
    const mode = args.lower(2)
    if (mode === "on") {
      session.replyMode = "on"
      session.set(Gate.Silent, false)
      reply.ok()
    } else if (mode === "off") {
      session.replyMode = "off"
      session.set(Gate.Silent, true)
    } else if (mode !== "skip") throw Errors.syntax
    else if (session.replyMode !== "off") session.replyMode = "skipNext"
  }
}

const noEvict: CommandDefinition = {
  name: "no-evict",
  summary: "Keep the connection from being closed when clients use too much memory",
  since: "7.0.0",
  group: "connection",
  complexity: "O(1)",
  arity: 3,
  flags: ["admin", ...FLAGS],
  args: [onOff],
  run: ({ args, reply, session }) => {
    session.noEvict = isOn(args)
    reply.ok()
  }
}

const noTouch: CommandDefinition = {
  name: "no-touch",
  summary: "Let keys that the connection uses not count as used",
  since: "7.2.0",
  group: "connection",
  complexity: "O(1)",
  arity: 3,
  flags: FLAGS,
  args: [onOff],
  run: ({ args, keyspace, reply, session }) => {
    const on = isOn(args)
    session.set(Gate.NoTouch, on)
    keyspace.touching = !on
    reply.ok()
  }
}

/** Subcommands of CLIENT. */
export const modeSubcommands: ReadonlyArray<CommandDefinition> = [replyMode, noEvict, noTouch]
