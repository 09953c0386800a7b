/**
 * The HELP subcommand of a container: what its subcommands take and do, from their own definitions.
 */
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"
import type { Argument, CommandDefinition } from "./Command.ts"

/** An argument in the documentation's notation: `<name>` for a value, brackets around what may be left out. */
function notation(argument: Argument): string {
  const once = argument.token === undefined ? value(argument) : `${argument.token} ${value(argument)}`.trimEnd()
  const text = argument.multiple ? `${once} [${argument.multipleToken ? once : value(argument)} ...]` : once
  return argument.optional ? `[${text}]` : text
}

function value({ args = [], name, type }: Argument): string {
  if (type === "pure-token") return ""
  if (type === "oneof") return args.map(notation).join("|")
  if (type === "block") return args.map(notation).join(" ")
  return `<${name}>`
}

/** What the lines on a subcommand say. */
interface Helped {
  readonly name: string
  readonly summary: string
  readonly args?: ReadonlyArray<Argument>
}

/** The lines on each subcommand, as Redis lays them out. */
export const helpLines = (subcommands: ReadonlyArray<Helped>): ReadonlyArray<string> =>
  subcommands.flatMap(({ args = [], name, summary }) => [
    [name.toUpperCase(), ...args.map(notation)].join(" "),
    `    ${summary}.`
  ])

/** Writes the reply of a container's HELP; `container` in lower case. */
export function writeHelp(reply: ReplyWriter, container: string, lines: ReadonlyArray<string>): void {
  reply.array(lines.length + 1)
  reply.simple(`${container.toUpperCase()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`)
  for (const line of lines) reply.simple(line)
}

/** `container` in lower case; `since`: the Redis version that brought its HELP. */
export function helpCommand(
  container: string,
  group: CommandDefinition["group"],
  since: string,
  subcommands: ReadonlyArray<CommandDefinition>
): CommandDefinition {
  const definition: CommandDefinition = {
    name: "help",
    summary: "Print this help",
    since,
    group,
    complexity: "O(1)",
    arity: 2,
    flags: ["loading", "stale"],
    run: ({ reply }) => writeHelp(reply, container, helpLines([...subcommands, definition]))
  }
  return definition
}
