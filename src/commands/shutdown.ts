/**
 * SHUTDOWN (https://redis.io/docs/latest/commands/shutdown/).
 */
import { Effect } from "effect"
import type { ShutdownOption } from "../config/ShutdownOptions.ts"
import * as Errors from "../Errors.ts"
import type { Argument, CommandDefinition } from "./Command.ts"
import type { Context } from "./Context.ts"
import { awaitThen, type Resume } from "./Suspend.ts"

type Word = ShutdownOption | "abort"

const words: ReadonlySet<string> = new Set<Word>(["nosave", "save", "now", "force", "abort"])
const isWord = (word: string): word is Word => words.has(word)

/** The words, each once. ABORT stands alone, and SAVE and NOSAVE exclude each other. */
function wordsOf({ args }: Context): ReadonlyArray<Word> {
  const given = [...new Set([...args.texts(1)].map((word) => word.toLowerCase()))]
  if (!given.every(isWord)) throw Errors.syntax
  if (given.includes("abort") && given.length > 1) throw Errors.syntax
  if (given.includes("save") && given.includes("nosave")) throw Errors.syntax
  return given
}

const isOption = (word: Word): word is ShutdownOption => word !== "abort"

const token = (name: Word, more: Partial<Argument> = {}): Argument => ({
  name,
  type: "pure-token",
  token: name.toUpperCase(),
  ...more
})

const sinceSeven = { since: "7.0.0", optional: true }

const shutdown: CommandDefinition = {
  name: "shutdown",
  summary: "Save what is to be saved and end the server",
  since: "1.0.0",
  group: "server",
  complexity: "O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)",
  arity: -1,
  flags: ["admin", "noscript", "loading", "stale", "no_multi", "allow_busy"],
  args: [
    { name: "nosave_save", type: "oneof", optional: true, args: [token("nosave"), token("save")] },
    token("now", sinceSeven),
    token("force", sinceSeven),
    token("abort", sinceSeven)
  ],
  history: [["7.0.0", "Takes `NOW`, `FORCE` and `ABORT`."]],
  run: (ctx) => {
    const given = wordsOf(ctx)
    if (given.includes("abort")) {
      if (!ctx.shutdown.abort()) throw Errors.noShutdown
      ctx.reply.ok()
      return undefined
    }
    return awaitThen(
      Effect.catch(ctx.shutdown.request(given.filter(isOption)), (refusal) =>
        Effect.succeed<Resume>(() => {
          throw refusal
        })
      )
    )
  }
}

export const shutdownCommands: ReadonlyArray<CommandDefinition> = [shutdown]
