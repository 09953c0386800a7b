/**
 * CLIENT PAUSE and UNPAUSE (https://redis.io/docs/latest/commands/client-pause/). What waits is decided in Dispatch.ts.
 */
import * as Errors from "../Errors.ts"
import { INT64_MAX } from "../values/numbers.ts"
import type { Args } from "./Args.ts"
import type { CommandDefinition, CommandFlag } from "./Command.ts"
import type { PauseMode } from "./Pause.ts"

const FLAGS: ReadonlyArray<CommandFlag> = ["admin", "noscript", "loading", "stale"]

function modeAt(args: Args, index: number): PauseMode {
  if (index >= args.count || args.is(index, "all")) return "all"
  if (args.is(index, "write")) return "write"
  throw Errors.pauseMode
}

/** When a timeout given in milliseconds is over, in milliseconds since 1970. */
function endOf(args: Args, index: number, now: number): number {
  const timeout = args.int64(index, Errors.timeoutNotAnInteger)
  if (timeout < 0n) throw Errors.timeoutNegative
  if (timeout > INT64_MAX - BigInt(now)) throw Errors.timeoutOutOfRange
  return now + Number(timeout)
}

const pauseCommand: CommandDefinition = {
  name: "pause",
  summary: "Let all commands, or all that write, wait for some time",
  since: "2.9.50",
  group: "connection",
  complexity: "O(1)",
  arity: -3,
  flags: FLAGS,
  history: [["6.2.0", "Takes a mode; `WRITE` lets reads go on."]],
  args: [
    { name: "timeout", type: "integer" },
    {
      name: "mode",
      type: "oneof",
      since: "6.2.0",
      optional: true,
      args: [
        { name: "write", type: "pure-token", token: "WRITE" },
        { name: "all", type: "pure-token", token: "ALL" }
      ]
    }
  ],
  run: ({ args, keyspace, now, pause, reply }) => {
    if (args.count > 4) throw Errors.unknownSubcommandOrArity("client", args.text(1))
    pause.start(modeAt(args, 3), endOf(args, 2, now), now)
    keyspace.freeze(pause.until)
    reply.ok()
  }
}

const unpause: CommandDefinition = {
  name: "unpause",
  summary: "End a pause and run what waits",
  since: "6.2.0",
  group: "connection",
  complexity: "O(N) Where N is the number of paused clients",
  arity: 2,
  flags: FLAGS,
  run: ({ keyspace, pause, reply }) => {
    pause.end()
    keyspace.thaw()
    reply.ok()
  }
}

/** Subcommands of CLIENT. */
export const pauseSubcommands: ReadonlyArray<CommandDefinition> = [pauseCommand, unpause]
