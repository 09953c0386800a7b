/**
 * OBJECT: how a key's value is kept and used (https://redis.io/docs/latest/commands/object/).
 */
import { noFrequencies } from "../Errors.ts"
import type { Ref } from "../keyspace/Database.ts"
import { encodingName, referenceCount } from "../keyspace/types/valueTypes.ts"
import { type CommandDefinition, keys } from "./Command.ts"
import type { Context } from "./Context.ts"
import { helpCommand } from "./help.ts"

/** Seconds that fit into the 24 bits in which a key's last use is kept. */
const CLOCK_MASK = 0xffffff

interface Question {
  readonly name: string
  readonly summary: string
  readonly since: string
  readonly answer: (ctx: Context, ref: Ref) => void
}

/** Asking does not count as use, and a key that is not there is not announced as missed. */
const question = ({ answer, name, since, summary }: Question): CommandDefinition => ({
  name,
  summary,
  since,
  group: "generic",
  complexity: "O(1)",
  arity: 3,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO"], 2)],
  args: [{ name: "key", type: "key", keySpec: 0 }],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    const ref = db.peek(args.at(2))
    if (ref === 0) {
      keyspace.stats.misses++
      reply.null()
      return
    }
    keyspace.stats.hits++
    answer(ctx, ref)
  }
})

const questions: ReadonlyArray<CommandDefinition> = [
  {
    name: "encoding",
    summary: "Return how Redis would keep the value",
    since: "2.2.3",
    answer: ({ db, reply }: Context, ref: Ref) => reply.bulkText(encodingName(db, ref))
  },
  {
    name: "freq",
    summary: "Return how often the key is used, on a logarithmic scale",
    since: "4.0.0",
    answer: () => {
      // Frequencies are counted under an LFU eviction policy only.
      throw noFrequencies
    }
  },
  {
    name: "idletime",
    summary: "Return how many seconds ago the key was last used",
    since: "2.2.3",
    answer: ({ db, keyspace, reply }: Context, ref: Ref) =>
      reply.int((keyspace.clock - db.dict.clock(ref)) & CLOCK_MASK)
  },
  {
    name: "refcount",
    summary: "Return how many references there are to the value",
    since: "2.2.3",
    answer: ({ db, reply }: Context, ref: Ref) => reply.int(referenceCount(db, ref))
  }
].map(question)

const object: CommandDefinition = {
  name: "object",
  summary: "Questions about how a key's value is kept",
  since: "2.2.3",
  group: "generic",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: [],
  subcommands: [...questions, helpCommand("object", "generic", "6.2.0", questions)]
}

export const objectCommands: ReadonlyArray<CommandDefinition> = [object]
