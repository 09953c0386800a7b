/**
 * What COMMAND INFO tells about a command (https://redis.io/docs/latest/commands/command/): ten elements in a fixed order.
 */
import { fields, type Members, type ReplyValue, statuses } from "../protocol/replyValue.ts"
import type { CommandFlag, KeySpec } from "./Command.ts"
import { categoriesOf } from "./categories.ts"
import { keyRange } from "./keyRange.ts"
import type { RegisteredCommand } from "./Registry.ts"

const rule = (type: string, spec: { readonly [name: string]: ReplyValue }) => fields({ type, spec: fields(spec) })

function beginSearch(begin: KeySpec["begin"]): Members {
  if (begin === "unknown") return rule("unknown", {})
  if ("index" in begin) return rule("index", { index: begin.index })
  return rule("keyword", { keyword: begin.keyword, startfrom: begin.from })
}

function findKeys(find: KeySpec["find"]): Members {
  if (find === "unknown") return rule("unknown", {})
  if ("lastKey" in find) return rule("range", { lastkey: find.lastKey, keystep: find.step, limit: find.limit })
  return rule("keynum", { keynumidx: find.keyNumIndex, firstkey: find.firstKey, keystep: find.step })
}

const keySpec = ({ begin, find, flags, flagsOf, notes }: KeySpec): Members =>
  fields({
    notes,
    flags: statuses(flagsOf === undefined ? flags : [...flags, "variable_flags"]),
    begin_search: beginSearch(begin),
    find_keys: findKeys(find)
  })

/** Where keys may be elsewhere too is a flag to Redis; that a command may replicate is one that it does not tell of. */
const shownFlags = (flags: ReadonlyArray<CommandFlag>, movable: boolean): ReadonlyArray<string> => [
  ...flags.filter((flag) => flag !== "may_replicate"),
  ...(movable ? ["movablekeys"] : [])
]

/** The record of a command or subcommand, its own subcommands included. */
export function commandInfo({ arity, definition, fullName, subcommands }: RegisteredCommand): ReplyValue {
  const { flags, keys = [], tips = [] } = definition
  const { first, last, movable, step } = keyRange(keys)
  return [
    fullName,
    arity,
    statuses(shownFlags(flags, movable)),
    first,
    last,
    step,
    statuses(categoriesOf(definition).map((category) => `@${category}`)),
    new Set(tips),
    new Set(keys.map(keySpec)),
    // Redis sends none as an empty set, and some as an array.
    subcommands === undefined ? new Set() : Array.from(subcommands.values(), commandInfo)
  ]
}
