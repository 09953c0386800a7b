/**
 * COMMAND: what commands there are, how they are called and which of their words are keys
 * (https://redis.io/docs/latest/commands/command/). All of it is read from the commands' definitions.
 */
import * as Errors from "../Errors.ts"
import { statuses, writeValue } from "../protocol/replyValue.ts"
import { matchGlob } from "../values/glob.ts"
import { Slice } from "../values/Slice.ts"
import type { Args } from "./Args.ts"
import type { Argument, CommandDefinition } from "./Command.ts"
import type { Context } from "./Context.ts"
import { categoriesOf } from "./categories.ts"
import { commandDocs } from "./commandDocs.ts"
import { commandInfo } from "./commandInfo.ts"
import { commandKeys, type KeyPosition, takesKeys } from "./commandKeys.ts"
import { helpCommand, helpLines, writeHelp } from "./help.ts"
import type { RegisteredCommand } from "./Registry.ts"

/** What COMMAND and its subcommands have in common. */
const FACTS = {
  group: "server",
  flags: ["loading", "stale"],
  categories: ["connection"]
} as const

const UNORDERED = ["nondeterministic_output_order"]
const NAMES: ReadonlyArray<Argument> = [{ name: "command-name", type: "string", optional: true, multiple: true }]
const WHOLE_COMMAND: ReadonlyArray<Argument> = [
  { name: "command", type: "string" },
  { name: "arg", type: "string", optional: true, multiple: true }
]

function replyWithEveryInfo({ registry, reply }: Context): void {
  reply.array(registry.size)
  for (const command of registry.commands) writeValue(reply, commandInfo(command))
}

const count: CommandDefinition = {
  ...FACTS,
  name: "count",
  summary: "Return the number of commands",
  since: "2.8.13",
  complexity: "O(1)",
  arity: 2,
  run: ({ registry, reply }) => reply.int(registry.size)
}

const docs: CommandDefinition = {
  ...FACTS,
  name: "docs",
  summary: "Return the documentation of these commands, or of all",
  since: "7.0.0",
  complexity: "O(N) where N is the number of commands to look up",
  arity: -2,
  tips: UNORDERED,
  args: NAMES,
  run: ({ args, registry, reply }) => {
    const named = () => Array.from(args.texts(2), (name) => registry.lookup(name) ?? []).flat()
    writeValue(reply, commandDocs(args.count === 2 ? registry.commands : named()))
  }
}

const info: CommandDefinition = {
  ...FACTS,
  name: "info",
  summary: "Return the facts about these commands, or about all",
  since: "2.8.13",
  complexity: "O(N) where N is the number of commands to look up",
  arity: -2,
  tips: UNORDERED,
  history: [["7.0.0", "Without a name it tells about all commands."]],
  args: NAMES,
  run: (ctx) => {
    const { args, registry, reply } = ctx
    if (args.count === 2) {
      replyWithEveryInfo(ctx)
      return
    }
    reply.array(args.count - 2)
    for (const name of args.texts(2)) {
      const command = registry.lookup(name)
      writeValue(reply, command === undefined ? null : commandInfo(command))
    }
  }
}

type Filter = (command: RegisteredCommand) => boolean

/** By what COMMAND LIST can be filtered, each with the filter that its argument at `at` makes. */
const filters: ReadonlyMap<string, (args: Args, at: number) => Filter> = new Map([
  // There are no modules that could have brought commands.
  ["module", () => () => false],
  [
    "aclcat",
    (args: Args, at: number): Filter => {
      const wanted = args.lower(at)
      return ({ definition }) => categoriesOf(definition).some((category) => category === wanted)
    }
  ],
  [
    "pattern",
    (args: Args, at: number): Filter => {
      const pattern = args.at(at)
      return ({ fullName }) => matchGlob(pattern, Slice.latin1(fullName), true)
    }
  ]
])

function readFilter(args: Args): Filter {
  if (args.count === 2) return () => true
  const make = args.count === 5 && args.is(2, "filterby") ? filters.get(args.lower(3)) : undefined
  if (make === undefined) throw Errors.syntax
  return make(args, 4)
}

const list: CommandDefinition = {
  ...FACTS,
  name: "list",
  summary: "Return the names of all commands, or of those that a filter lets through",
  since: "7.0.0",
  complexity: "O(N) where N is the total number of Redis commands",
  arity: -2,
  tips: UNORDERED,
  args: [
    {
      name: "filterby",
      type: "oneof",
      token: "FILTERBY",
      optional: true,
      args: [
        { name: "module-name", type: "string", token: "MODULE" },
        { name: "category", type: "string", token: "ACLCAT" },
        { name: "pattern", type: "pattern", token: "PATTERN" }
      ]
    }
  ],
  run: ({ args, registry, reply }) => {
    const passes = readFilter(args)
    const every = Array.from(registry.commands, (command) => [command, ...(command.subcommands?.values() ?? [])]).flat()
    writeValue(
      reply,
      every.filter(passes).map(({ fullName }) => fullName)
    )
  }
}

/** The keys of the command that the words from the third on make up. */
function keysOfWhole({ args, registry }: Context): { readonly words: Args; readonly keys: ReadonlyArray<KeyPosition> } {
  const words = args.tail(2)
  const command = registry.called(words)
  if (command === undefined) throw Errors.notACommand
  if (!takesKeys(command.definition)) throw Errors.takesNoKeys
  if (!command.accepts(words.count)) throw Errors.wrongArityOfAnother
  const keys = commandKeys(command.definition, words)
  if (keys === undefined && !command.flags.has("no_mandatory_keys")) throw Errors.keysNotFound
  return { words, keys: keys ?? [] }
}

const getkeys: CommandDefinition = {
  ...FACTS,
  name: "getkeys",
  summary: "Return the keys of a command",
  since: "2.8.13",
  complexity: "O(N) where N is the number of arguments to the command",
  arity: -3,
  args: WHOLE_COMMAND,
  run: (ctx) => {
    const { keys, words } = keysOfWhole(ctx)
    ctx.reply.array(keys.length)
    for (const { index } of keys) ctx.reply.bulk(words.at(index))
  }
}

const getkeysandflags: CommandDefinition = {
  ...FACTS,
  name: "getkeysandflags",
  summary: "Return the keys of a command and what it does with each",
  since: "7.0.0",
  complexity: "O(N) where N is the number of arguments to the command",
  arity: -3,
  args: WHOLE_COMMAND,
  run: (ctx) => {
    const { keys, words } = keysOfWhole(ctx)
    ctx.reply.array(keys.length)
    for (const { flags, index } of keys) {
      ctx.reply.array(2)
      ctx.reply.bulk(words.at(index))
      writeValue(ctx.reply, statuses(flags))
    }
  }
}

const subcommands: ReadonlyArray<CommandDefinition> = [count, docs, getkeys, getkeysandflags, info, list]

const help: CommandDefinition = {
  ...helpCommand("command", "server", "5.0.0", subcommands),
  categories: FACTS.categories,
  run: ({ reply }) => {
    const alone = ["(no subcommand)", `    ${command.summary}.`]
    writeHelp(reply, "command", [...alone, ...helpLines([...subcommands, help])])
  }
}

const command: CommandDefinition = {
  ...FACTS,
  name: "command",
  summary: "Return the facts about all commands",
  since: "2.8.13",
  complexity: "O(N) where N is the total number of Redis commands",
  arity: -1,
  tips: UNORDERED,
  run: replyWithEveryInfo,
  subcommands: [...subcommands, help]
}

export const introspectionCommands: ReadonlyArray<CommandDefinition> = [command]
