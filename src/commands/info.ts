/**
 * INFO: the server about itself (https://redis.io/docs/latest/commands/info/); the sections are in Info.ts.
 */
import { info as sectionsOf } from "../Info.ts"
import type { CommandDefinition } from "./Command.ts"

const info: CommandDefinition = {
  name: "info",
  summary: "Return what the server knows about itself, all usual sections or these",
  since: "1.0.0",
  group: "server",
  complexity: "O(1)",
  arity: -1,
  flags: ["loading", "stale"],
  categories: ["dangerous"],
  tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
  args: [{ name: "section", type: "string", optional: true, multiple: true }],
  history: [["7.0.0", "Takes several sections."]],
  run: (ctx) => ctx.reply.verbatim("txt", sectionsOf(ctx, [...ctx.args.texts(1)]))
}

export const infoCommands: ReadonlyArray<CommandDefinition> = [info]
