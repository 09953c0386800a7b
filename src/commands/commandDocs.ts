/**
 * What COMMAND DOCS tells about a command (https://redis.io/docs/latest/commands/command-docs/): its documentation as a map,
 * with the syntax of its arguments (https://redis.io/docs/latest/develop/reference/command-arguments/).
 */
import { fields, Members, type ReplyValue, statuses } from "../protocol/replyValue.ts"
import type { Argument } from "./Command.ts"
import type { RegisteredCommand } from "./Registry.ts"

/** What holds others is shown by showing them; everything else has a text of its own. */
const displayText = ({ display, name, type }: Argument): string | undefined =>
  type === "oneof" || type === "block" ? undefined : (display ?? name)

function argumentFlags({ multiple, multipleToken, optional }: Argument): ReplyValue | undefined {
  const flags = { optional, multiple, multiple_token: multipleToken }
  const set = Object.entries(flags).flatMap(([flag, isSet]) => (isSet ? [flag] : []))
  return set.length === 0 ? undefined : statuses(set)
}

const argumentDocs = (argument: Argument): ReplyValue =>
  fields({
    name: argument.name,
    type: argument.type,
    display_text: displayText(argument),
    key_spec_index: argument.keySpec,
    token: argument.token,
    summary: argument.summary,
    since: argument.since,
    deprecated_since: argument.deprecatedSince,
    flags: argumentFlags(argument),
    arguments: argument.args?.map(argumentDocs)
  })

/** The documentation of these commands by their full names. */
export const commandDocs = (commands: Iterable<RegisteredCommand>): Members =>
  new Members(Array.from(commands, (command) => [command.fullName, docsOf(command)]))

function docsOf({ definition, subcommands }: RegisteredCommand): ReplyValue {
  const { args, complexity, deprecated, group, history, internal, since, summary } = definition
  const docFlags = [...(deprecated === undefined ? [] : ["deprecated"]), ...(internal ? ["syscmd"] : [])]
  return fields({
    summary,
    since,
    group,
    complexity,
    doc_flags: docFlags.length === 0 ? undefined : statuses(docFlags),
    deprecated_since: deprecated?.since,
    replaced_by: deprecated?.replacedBy,
    history: history && new Set(history),
    arguments: args?.map(argumentDocs),
    subcommands: subcommands && commandDocs(subcommands.values())
  })
}
