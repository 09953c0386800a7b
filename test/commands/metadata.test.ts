/** The facts that the commands' definitions state: right in themselves, and those of redis-server. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { allCommands } from "../../src/commands/all.ts"
import type { Argument, CommandDefinition } from "../../src/commands/Command.ts"
import { comparable, docFacts, type Facts, infoFacts } from "../conformance/commandFacts.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { call, connect, startServer } from "../support/TestServer.ts"

interface Named {
  readonly fullName: string
  /** Words of the name: 2 for a subcommand. */
  readonly words: number
  readonly definition: CommandDefinition
}

const named: ReadonlyArray<Named> = allCommands.flatMap((definition) => [
  { fullName: definition.name, words: 1, definition },
  ...(definition.subcommands ?? []).map((sub) => ({
    fullName: `${definition.name}|${sub.name}`,
    words: 2,
    definition: sub
  }))
])

/** QUIT takes any words; those of COMMAND and DEBUG are their subcommands. */
const LOOSE: ReadonlySet<string> = new Set(["quit", "command", "debug"])

/** The names of the commands of which this does not hold. */
const unless = (holds: (command: Named) => boolean): ReadonlyArray<string> =>
  named.filter((command) => !holds(command)).map(({ fullName }) => fullName)

/** An argument and all that it is made of. */
const nested = (argument: Argument): ReadonlyArray<Argument> => [argument, ...(argument.args ?? []).flatMap(nested)]

/** The least number of words that an argument stands for where it is given. */
function leastWords({ args = [], token, type }: Argument): number {
  if (type === "pure-token") return 1
  const own = token === undefined ? 0 : 1
  if (type === "oneof") return own + Math.min(...args.map(leastWords))
  if (type === "block") return own + args.reduce((sum, part) => sum + (part.optional ? 0 : leastWords(part)), 0)
  return own + 1
}

/** Whether the argument can stand for more words than the least. */
const varies = (argument: Argument): boolean =>
  argument.optional === true ||
  argument.multiple === true ||
  (argument.args ?? []).some(varies) ||
  (argument.type === "oneof" && new Set((argument.args ?? []).map(leastWords)).size > 1)

function arityOfSyntax({ definition: { args = [] }, words }: Named): number {
  const least = args.reduce((sum, argument) => sum + (argument.optional ? 0 : leastWords(argument)), words)
  return args.some(varies) ? -least : least
}

describe("definitions", () => {
  it("have an arity that follows from their syntax", () => {
    assert.deepStrictEqual(
      unless(
        (command) =>
          LOOSE.has(command.fullName) ||
          command.definition.run === undefined ||
          command.definition.arity === arityOfSyntax(command)
      ),
      []
    )
  })

  it("have names in lower case, each once", () => {
    assert.deepStrictEqual(
      unless(({ definition }) => /^[a-z][a-z_-]*$/.test(definition.name)),
      []
    )
    assert.strictEqual(new Set(named.map(({ fullName }) => fullName)).size, named.length)
  })

  it("have a summary of one plain line, without a full stop", () => {
    assert.deepStrictEqual(
      unless(({ definition }) => /^[A-Z][ -~]+[^. ]$/.test(definition.summary)),
      []
    )
  })

  it("have keys as arguments exactly where they have specifications of keys", () => {
    const wrong = unless(({ definition: { args = [], keys = [] } }) => {
      const used = args.flatMap(nested).flatMap(({ keySpec }) => (keySpec === undefined ? [] : [keySpec]))
      const specs = keys.flatMap(({ flags }, index) => (flags.includes("not_key") ? [] : [index]))
      return used.every((index) => specs.includes(index)) && specs.every((index) => used.includes(index))
    })
    assert.deepStrictEqual(wrong, [])
  })
})

// What later versions tell is theirs; these facts are compared with those of 7.0.
const skip =
  RedisServer.skipWithout(RedisServer.available, "facts about commands") || !RedisServer.version?.startsWith("7.0.")

const startRedis = Effect.acquireRelease(
  Effect.promise(() => RedisServer.start()),
  (server) => Effect.promise(() => server[Symbol.asyncDispose]())
)

const same = (of: "info" | "docs", [wanted, given]: ReadonlyArray<Facts>): void =>
  assert.deepStrictEqual(...comparable(given!, wanted!, of))

describe.skipIf(skip)(`redis-server ${RedisServer.version}`, () => {
  it.effect("tells the same facts", () =>
    Effect.gen(function* () {
      const reference = { host: "127.0.0.1", port: (yield* startRedis).port }
      const clients = [yield* connect(reference, 3), yield* connect(yield* startServer(), 3)]
      const infos = yield* Effect.forEach(clients, (client) => call(client, ["COMMAND"]))
      const docs = yield* Effect.forEach(clients, (client) => call(client, ["COMMAND", "DOCS"]))
      same("info", infos.map(infoFacts))
      same("docs", docs.map(docFacts))
      const theirs = infoFacts(infos[0])
      const news = named.filter(({ fullName }) => !theirs.has(fullName))
      assert.deepStrictEqual(
        news.filter(({ definition }) => !definition.since.startsWith("7.2.")).map(({ fullName }) => fullName),
        []
      )
    })
  )
})
