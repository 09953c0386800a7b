/** Data sets of all types and forms through files: snapshots and logs, ours and those of a real redis-server. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { EmbeddedConfig } from "../../src/Server.ts"
import { Random } from "../conformance/Random.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { type Address, RespClient } from "../support/RespClient.ts"
import { smallLimits, valueCommands, valueTypes } from "../support/randomValues.ts"
import type { Words } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { startServer } from "../support/TestServer.ts"

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "fibredis-files-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const KEYS_OF_TYPE = 25

/** Values of all types in two databases, of the usual forms and of those of small limits, some with a deadline, some changed later. */
function dataSet(seed: number): ReadonlyArray<Words> {
  const random = new Random(seed)
  const commands: Array<Words> = []
  for (const [db, limits] of [
    [0, []],
    [9, smallLimits]
  ] as const) {
    commands.push(["SELECT", db], ...limits.map((limit) => ["CONFIG", "SET", ...limit]))
    for (const type of valueTypes) {
      for (let i = 0; i < KEYS_OF_TYPE; i++) {
        const key = random.oneIn(10) ? `${i}` : `${type}:${i}`
        commands.push(["DEL", key], ...valueCommands(type, key, random))
        if (random.oneIn(3)) commands.push(["EXPIREAT", key, 4_102_444_800])
      }
    }
    commands.push(["RPUSH", "many", ...Array.from({ length: 3000 }, (_, i) => `element ${i}`)])
    commands.push(["SADD", "members", ...Array.from({ length: 3000 }, (_, i) => `member ${i}`)])
    commands.push(["ZADD", "ranks", ...Array.from({ length: 3000 }, (_, i) => [i % 977, `member ${i}`]).flat()])
    commands.push(["HSET", "fields", ...Array.from({ length: 3000 }, (_, i) => [`field ${i}`, i]).flat()])
    commands.push(["RPUSH", "long element", "x".repeat(100_000), "y"])
  }
  return commands
}

const using = <A>(address: Address, use: (client: RespClient) => Promise<A>) =>
  Effect.promise(async () => {
    const client = await RespClient.connect(address)
    const result = await use(client)
    await client.close()
    return result
  })

const send = async (client: RespClient, commands: ReadonlyArray<Words>) => {
  for (let i = 0; i < commands.length; i += 50) await client.pipeline(commands.slice(i, i + 50))
}

/** What of a stream depends on the server, on its settings, or on when its consumers were last there. */
const ofServer = /"radix-tree-\w+", \(integer\) \d+, |"(seen|active)-time", \(integer\) -?\d+, /g

/** The digest of all there is, how many keys, their deadlines, and what is known of streams. */
const facts = async (client: RespClient): Promise<ReadonlyArray<string>> => {
  const replies = [await client.call("DEBUG", "DIGEST")]
  for (const db of [0, 9]) {
    await client.call("SELECT", db)
    replies.push(await client.call("DBSIZE"))
    for (let i = 0; i < KEYS_OF_TYPE; i++) {
      replies.push(await client.call("PEXPIRETIME", `hash:${i}`))
      replies.push(await client.call("XINFO", "STREAM", `stream:${i}`, "FULL"))
    }
  }
  return replies.map((reply) => show(reply).replace(ofServer, ""))
}

/** A consumer that had nothing to read is not in a log, as in Redis. */
const withoutGroups = (fact: string) => fact.replace(/"groups", .*$/, "")

const same = (found: ReadonlyArray<string>, wanted: ReadonlyArray<string>) => {
  for (const [i, fact] of wanted.entries()) assert.strictEqual(found[i], fact)
}

/** Starts a server with these settings, which stops when `use` has ended. */
const whileServing = <A>(config: Partial<EmbeddedConfig>, use: (client: RespClient) => Promise<A>) =>
  Effect.scoped(Effect.flatMap(startServer(config), (server) => using(server, use)))

const inRedis = <A>(flags: ReadonlyArray<string>, use: (client: RespClient) => Promise<A>) =>
  Effect.promise(async () => {
    await using server = await RedisServer.start(flags)
    await using client = await RespClient.connect(server)
    return await use(client)
  })

const fill = (seed: number) => async (client: RespClient) => {
  await send(client, dataSet(seed))
  return await facts(client)
}

describe("a server that was restarted", () => {
  it.live("has all of its snapshot", () =>
    Effect.gen(function* () {
      const config = { dir: yield* directory, dbfilename: "dump.rdb" }
      const before = yield* whileServing(config, async (client) => {
        const found = await fill(1)(client)
        await client.call("SAVE")
        return found
      })
      same(yield* whileServing(config, facts), before)
    })
  )

  it.live("has all of its log, whether it was written command by command or at once", () =>
    Effect.gen(function* () {
      const config = { dir: yield* directory, dbfilename: "", appendonly: true }
      const before = yield* whileServing(config, fill(2))
      const again = yield* whileServing(config, async (client) => {
        const found = await facts(client)
        for (const answer of ["no", "yes"]) {
          assert.strictEqual(show(await client.call("CONFIG", "SET", "appendonly", answer)), "OK")
        }
        return found
      })
      same(again.map(withoutGroups), before.map(withoutGroups))
      same(yield* whileServing(config, facts), again)
    })
  )
})

describe.skipIf(RedisServer.skipWithout(RedisServer.available, "files of redis-server"))("redis-server", () => {
  it.live("leaves a snapshot from which we start", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      const before = yield* inRedis(["--dir", dir], async (client) => {
        const found = await fill(3)(client)
        await client.call("SAVE")
        return found
      })
      same(yield* whileServing({ dir, dbfilename: "dump.rdb" }, facts), before)
    })
  )

  it.live("starts from our snapshot, and from our log", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      const before = yield* whileServing({ dir, dbfilename: "dump.rdb", appendonly: true }, async (client) => {
        const found = await fill(4)(client)
        await client.call("SAVE")
        for (const answer of ["no", "yes"]) await client.call("CONFIG", "SET", "appendonly", answer)
        return found
      })
      same(yield* inRedis(["--dir", dir], facts), before)
      same(yield* inRedis(["--dir", dir, "--appendonly", "yes"], facts), before)
    })
  )
})
