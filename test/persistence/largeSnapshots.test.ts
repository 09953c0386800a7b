/** A snapshot has the values of its moment, also those that are so large that it writes them in parts, whatever changes meanwhile. */
import { describe, it } from "@effect/vitest"
import { Effect, Latch } from "effect"
import { LogFiles } from "../../src/persistence/LogFiles.ts"
import { Random } from "../conformance/Random.ts"
import type { RespClient } from "../support/RespClient.ts"
import type { Words } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, startServer } from "../support/TestServer.ts"
import { MemoryFiles } from "./MemoryFiles.ts"

/** So many elements are some slices' worth. */
const ELEMENTS = 4000
const SMALL_KEYS = 300
const DATABASES = [0, 1]

const numbers = Array.from({ length: ELEMENTS }, (_, i) => i)
const pad = (i: number): string => `element:${i}`.padEnd(20, "x")

const filling: ReadonlyArray<Words> = [
  ["HSET", "hash", ...numbers.flatMap((i) => [pad(i), i])],
  ["SADD", "set", ...numbers.map(pad)],
  ["ZADD", "zset", ...numbers.flatMap((i) => [i / 2, pad(i)])],
  ["RPUSH", "list", ...numbers.map(pad)],
  ...numbers.map((i) => ["XADD", "stream", `${i + 1}-0`, "f", pad(i)]),
  ["XGROUP", "CREATE", "stream", "g", "0"],
  ["XREADGROUP", "GROUP", "g", "c", "COUNT", ELEMENTS, "STREAMS", "stream", ">"],
  ...numbers.slice(0, SMALL_KEYS).map((i) => ["SET", `small${i}`, i])
]

const large: ReadonlyArray<string> = ["hash", "set", "zset", "list", "stream"]

/** Changes of other keys, and reads that go through values that may be half written. */
const harmless = (random: Random): Words =>
  random.weighted<() => Words>([
    [1, () => ["SELECT", random.pick(DATABASES)]],
    [3, () => ["SET", `small${random.between(0, SMALL_KEYS)}`, random.between(0, 9)]],
    [1, () => ["HGET", "hash", pad(random.between(0, ELEMENTS))]],
    [1, () => ["XPENDING", "stream", "g", "-", "+", "5"]]
  ])()

/** A change of each large value of a database, among them the one that is half written, if one is. */
const touching = (random: Random): ReadonlyArray<Words> => [
  ["SELECT", random.pick(DATABASES)],
  harmless(random),
  ...(random.oneIn(2)
    ? [
        ["HSET", "hash", pad(random.between(0, ELEMENTS)), "new"],
        ["SREM", "set", ...numbers.map(pad).slice(0, random.between(1, ELEMENTS))],
        ["ZADD", "zset", "-1", pad(random.between(0, ELEMENTS))],
        ["LPOP", "list", "3"],
        ["XACK", "stream", "g", `${random.between(1, ELEMENTS)}-0`]
      ]
    : large.map((key) =>
        random.pick([
          ["RENAME", key, "other"],
          ["DEL", key],
          ["EXPIRE", key, "1000"]
        ])
      )),
  harmless(random)
]

const changes = (random: Random): ReadonlyArray<Words> =>
  random.oneIn(20) ? touching(random) : random.many(0, 12, () => harmless(random))

const saving = (client: RespClient): Effect.Effect<boolean> =>
  Effect.map(call(client, ["INFO", "persistence"]), (reply) => show(reply).includes("rdb_bgsave_in_progress:1"))

const pending = ["XPENDING", "stream", "g"]

describe("a snapshot of large values", () => {
  it.effect(
    "has what there was when it began",
    () =>
      Effect.gen(function* () {
        const files = new MemoryFiles()
        const start = Effect.provideService(startServer({ dir: "/data", dbfilename: "dump.rdb" }), LogFiles, files)
        const random = new Random(Number(process.env.FIBREDIS_SEED))
        const c = yield* connect(yield* start)
        for (let round = 0; round < 3; round++) {
          yield* must(c, ["FLUSHALL"], "OK")
          for (const db of DATABASES) {
            yield* must(c, ["SELECT", db], "OK")
            yield* Effect.promise(() => c.pipeline(filling))
          }
          const owned = show(yield* call(c, pending))
          const digest = show(yield* call(c, ["DEBUG", "DIGEST"]))
          // Between any two writes there is time for changes.
          files.onWrite = () => Latch.closeUnsafe(files.writeGate)
          yield* must(c, ["BGSAVE"], "Background saving started")
          while (yield* saving(c)) {
            yield* Effect.promise(() => c.pipeline(changes(random)))
            yield* files.writeGate.open
          }
          files.onWrite = () => {}
          yield* files.writeGate.open
          const copy = yield* connect(yield* start)
          yield* must(copy, ["DEBUG", "DIGEST"], digest)
          yield* must(copy, ["SELECT", DATABASES.at(-1)!], "OK")
          yield* must(copy, pending, owned)
        }
      }),
    { timeout: 120_000 }
  )
})
