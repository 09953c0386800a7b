/**
 * Whatever commands made of the data, a server that starts from its files has the same: from the log of what happened, from a
 * log that was written anew, and from a snapshot. The programs are those of the conformance families, here over several
 * connections and with transactions; `FIBREDIS_SEED` and `FIBREDIS_PROGRAMS` (of each family) repeat or prolong a run.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Reply } from "../../src/protocol/ReplyDecoder.ts"
import type { EmbeddedConfig, StartError } from "../../src/Server.ts"
import { QuickList } from "../../src/values/list/QuickList.ts"
import type { Arguments } from "../conformance/Arguments.ts"
import { type Action, type Family, isWords, type Shape, send } from "../conformance/Family.ts"
import { familiesNamed } from "../conformance/families/index.ts"
import { play } from "../conformance/Player.ts"
import { makeProgram, type Program } from "../conformance/Program.ts"
import { stepLines } from "../conformance/Runner.ts"
import { shrink } from "../conformance/Shrink.ts"
import type { RespClient } from "../support/RespClient.ts"
import { quoteText, type Words, wordText } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { connect, startServer, type TestServer } from "../support/TestServer.ts"

const seed = Number(process.env.FIBREDIS_SEED)
const programs = Number(process.env.FIBREDIS_PROGRAMS ?? 2)
const COMMANDS = 150
const CONNECTIONS = 3
/** Milliseconds that one program may take. */
const PATIENCE = 20_000
/** Redis' default. */
const DATABASES = 16
/** Deadlines nearer than this, in ms, may pass while servers start. No program makes one at this distance. */
const NEAR = 60_000

const asked = (process.env.FIBREDIS_FAMILIES ?? "").split(",").filter((name) => name !== "")
const families = familiesNamed([
  ...["strings", "bitmaps", "hyperloglog", "hashes", "large-hashes", "sets", "large-sets", "geo", "sort"],
  ...["sortedsets", "large-sortedsets", "streams", "small streams", "streamgroups", "keys", "dump", "expiry"],
  ...["transactions", "waiting-lists", "lists", "lists-of-small-nodes", "lists-of-plain-nodes"]
]).filter(({ name }) => asked.length === 0 || asked.includes(name))

// ---- programs ----------------------------------------------------------------------------------------------------------

const commandsOf = (made: Words | Action): ReadonlyArray<Words> => {
  if (isWords(made)) return [made]
  return made._tag === "Send" ? made.commands : []
}

/**
 * Settings that change on the way are not in the files; and a command that fails because a HyperLogLog is damaged may have
 * changed it before, as in Redis, which is not in the log.
 */
const isLeftOut = ({ name }: Family, made: Words | Action): boolean =>
  commandsOf(made).some(([first]) => {
    const command = String(first).toUpperCase()
    return command === "CONFIG" || (name === "hyperloglog" && (command === "SET" || command === "SETRANGE"))
  })

const comparable = (family: Family): Family => ({
  ...family,
  shapes: family.shapes.map(([weight, shape]) => [
    weight,
    (make) => {
      const made = shape(make)
      return isLeftOut(family, made) ? ["PING"] : made
    }
  ])
})

/** Some of the family's commands in a transaction. */
const transactionOf =
  ({ shapes }: Family): Shape =>
  (make: Arguments) =>
    send(["MULTI"], ...make.random.many(0, 4, () => commandsOf(make.random.weighted(shapes)(make))).flat(), [
      make.random.oneIn(8) ? "DISCARD" : "EXEC"
    ])

/** The family over several connections, which open transactions and choose databases. */
const mixed = (given: Family): Family => {
  const family = comparable(given)
  const weight = family.shapes.reduce((sum, [each]) => sum + each, 0)
  const more = Math.ceil(weight / 20)
  return {
    ...family,
    connections: Math.max(family.connections, CONNECTIONS),
    shapes: [
      ...family.shapes,
      [2 * more, transactionOf(family)],
      [more, (make) => ["SELECT", make.random.pick(["0", "0", "1", "7"])]]
    ]
  }
}

/** What CONFIG SET says before a program, as the settings that servers start with. */
const settingsOf = ({ configure = [] }: Family): Record<string, number> =>
  Object.fromEntries(
    configure
      .map((words) => words.map(wordText))
      .filter(([command]) => command === "CONFIG")
      .flatMap(([, , ...pairs]) => pairs.flatMap((name, i) => (i % 2 === 0 ? [[name, pairs[i + 1]] as const] : [])))
      .filter(([name]) => name.includes("-max-"))
      .map(([name, value]) => [name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()), Number(value)])
  )

// ---- what a server has -------------------------------------------------------------------------------------------------

interface Image {
  readonly digest: string
  /** By database and key what it is. */
  readonly values: ReadonlyMap<string, string>
  /** By database and key how it is kept. */
  readonly encodings: ReadonlyMap<string, string>
}

const items = (reply: Reply): ReadonlyArray<Reply> => (reply._tag === "Array" ? reply.items : [])
const bytesOf = (reply: Reply): Uint8Array => (reply._tag === "Bulk" ? reply.bytes : new Uint8Array(0))

/** Goes to every database in turn, with its keys, none of which is past its deadline. */
async function forEachDatabase(
  client: RespClient,
  visit: (database: number, keys: ReadonlyArray<Uint8Array>) => Promise<void>
): Promise<void> {
  for (let database = 0; database < DATABASES; database++) {
    await client.call("SELECT", database)
    await client.call("SCAN", "0", "COUNT", 1_000_000)
    const keys = items(await client.call("KEYS", "*")).map(bytesOf)
    if (keys.length > 0) await visit(database, keys)
  }
}

/** Takes away what might go by itself before it has been compared. */
const removeDying = (client: RespClient): Promise<void> =>
  forEachDatabase(client, async (_, keys) => {
    for (const key of keys) {
      const left = await client.call("PTTL", key)
      if (left._tag === "Integer" && left.value >= 0n && left.value < NEAR) await client.call("DEL", key)
    }
  })

/**
 * When consumers were there is not in the log, nor how many entries were read where that number has run over; and entries lie
 * in other nodes when the log is written anew.
 */
const withoutDetails = (text: string): string =>
  text
    .replace(/"(seen-time|active-time|radix-tree-keys|radix-tree-nodes)", \(integer\) -?\d+/g, "")
    .replace(/"entries-read", (\(nil\)|\(integer\) -\d+), "lag", (\(nil\)|\(integer\) -?\d+)/g, "")

/** The value, exactly; but a large sorted set has a -0 that is 0 when it is added to a packed one, as in Redis. */
const describeValue = async (client: RespClient, type: string, key: Uint8Array): Promise<string> => {
  if (type === "zset") return show(await client.call("ZRANGE", key, 0, -1, "WITHSCORES")).replace(/"-0"/g, '"0"')
  const digest = show(await client.call("DEBUG", "DIGEST-VALUE", key))
  if (type !== "stream") return digest
  return digest + withoutDetails(show(await client.call("XINFO", "STREAM", key, "FULL", "COUNT", 1)))
}

async function readImage(client: RespClient): Promise<Image> {
  const values = new Map<string, string>()
  const encodings = new Map<string, string>()
  await forEachDatabase(client, async (database, keys) => {
    for (const key of keys) {
      const name = `${database}/${quoteText(wordText(key))}`
      const asked = [
        ["TYPE", key],
        ["OBJECT", "ENCODING", key],
        ["PEXPIRETIME", key]
      ]
      const [type, encoding, deadline] = (await client.pipeline(asked)).map(show)
      values.set(name, `${type} until ${deadline}: ${await describeValue(client, type!, key)}`)
      if (!DEPENDENT.has(type!)) encodings.set(name, encoding!)
    }
  })
  return { digest: show(await client.call("DEBUG", "DIGEST")), values, encodings }
}

// ---- starting again ----------------------------------------------------------------------------------------------------

const LOG = "appendonly.aof"
const SNAPSHOT = "dump.rdb"
/** Types whose encoding depends on commands that failed, too, or whose result is in the log as a SET. */
const DEPENDENT: ReadonlySet<string> = new Set(["string", "list"])
/** What a server starts from, each in a directory of its own. */
const FILES = ["log", "anew", "snapshot"] as const

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "fibredis-equivalence-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** What a server of these settings has; it is stopped again. */
const withClient = <A>(
  settings: Partial<EmbeddedConfig>,
  use: (client: RespClient, server: TestServer) => Promise<A>
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const server = yield* startServer(settings)
      const client = yield* connect(server)
      return yield* Effect.promise(() => use(client, server))
    })
  )

/** Plays the program, and leaves its log, a log written anew and a snapshot in directories beside each other. */
const leaveFiles = (program: Program, settings: Partial<EmbeddedConfig>, dir: string) =>
  withClient(
    { ...settings, dir: join(dir, "anew"), appendonly: true, dbfilename: SNAPSHOT },
    async (client, { port }) => {
      await play(program, port)
      await removeDying(client)
      const image = await readImage(client)
      await client.call("CONFIG", "SET", "appendonly", "no")
      copyFileSync(join(dir, "anew", LOG), join(dir, "log", LOG))
      await client.call("CONFIG", "SET", "appendonly", "yes")
      await client.call("SAVE")
      copyFileSync(join(dir, "anew", SNAPSHOT), join(dir, "snapshot", SNAPSHOT))
      return image
    }
  )

const differing = (wanted: ReadonlyMap<string, string>, given: ReadonlyMap<string, string>): ReadonlyArray<string> =>
  [...new Set([...wanted.keys(), ...given.keys()])]
    .filter((key) => wanted.get(key) !== given.get(key))
    .map((key) => `${key}:\n  was ${wanted.get(key)}\n  is  ${given.get(key)}`)

/** What is not the same after starts from all files of the program, a line each. */
const differences = (program: Program): Effect.Effect<ReadonlyArray<string>, StartError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const dir = yield* directory
      const settings = settingsOf(program.family)
      for (const files of FILES) mkdirSync(join(dir, files))
      const wanted = yield* leaveFiles(program, settings, dir)
      const lines: Array<string> = []
      for (const files of FILES) {
        const start = { ...settings, dir: join(dir, files), appendonly: files !== "snapshot", dbfilename: SNAPSHOT }
        const given = yield* withClient(start, readImage)
        const found = [...differing(wanted.values, given.values)]
        // Only the log says how a value came to be.
        if (files === "log") found.push(...differing(wanted.encodings, given.encodings))
        if (files === "log" && found.length === 0 && given.digest !== wanted.digest) found.push("another digest")
        lines.push(...found.map((line) => `${files}: ${line}`))
      }
      return lines
    })
  )

/** Fails with the few commands that show it. */
const survives = Effect.fnUntraced(function* (family: Family, seed: number) {
  const program = makeProgram(mixed(family), seed, COMMANDS, Date.now())
  if ((yield* differences(program)).length === 0) return
  const steps = yield* Effect.promise(() =>
    shrink(program.steps, async (steps) => (await Effect.runPromise(differences({ ...program, steps }))).length > 0)
  )
  const lines = yield* differences({ ...program, steps })
  assert.fail([`${family.name}, seed ${seed}`, ...stepLines(program, steps), ...lines].join("\n"))
})

describe.skipIf(families.length === 0)("the data is the same after a restart", () => {
  for (const family of families) {
    it.live(
      family.name,
      () =>
        Effect.forEach(Array.from({ length: programs }), (_, i) => survives(family, seed + i), { discard: true }).pipe(
          Effect.ensuring(Effect.sync(() => QuickList.setPackedThreshold(0)))
        ),
      { timeout: PATIENCE * programs }
    )
  }
})
