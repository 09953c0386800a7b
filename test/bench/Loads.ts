/** The loads that are compared: what redis-benchmark sends, and what has to be there before. */
import type { RespClient } from "../support/RespClient.ts"

/** The load of one measurement. */
export interface Load {
  /** The name of the command, how many are sent at once, the size of the value: what `--only` looks for. */
  readonly name: string
  /** What redis-benchmark is told to send: one of its tests, or a command. */
  readonly sends: ReadonlyArray<string>
  readonly pipeline: number
  readonly requests: number
  /** Names of keys, members and fields are drawn from so many. */
  readonly keyspace: number
  /** Bytes of a value. */
  readonly valueSize: number
  /** Prepares a server for so many requests, before each measurement. */
  readonly prepare?: (client: RespClient, requests: number) => Promise<unknown>
}

/** Elements that one command of a preparation adds. */
const CHUNK = 500
const CHUNKS_AT_ONCE = 100

/** Sends commands that add the elements 0 to `count` to something, `CHUNK` of them each. */
async function addMany(
  client: RespClient,
  count: number,
  command: (elements: ReadonlyArray<number>) => ReadonlyArray<string | number>
): Promise<void> {
  for (let first = 0; first < count; first += CHUNK * CHUNKS_AT_ONCE) {
    const commands: Array<ReadonlyArray<string | number>> = []
    for (let from = first; from < Math.min(count, first + CHUNK * CHUNKS_AT_ONCE); from += CHUNK) {
      commands.push(command(Array.from({ length: CHUNK }, (_, i) => from + i)))
    }
    await client.pipeline(commands)
  }
}

const member = (i: number): string => `element:${String(i).padStart(12, "0")}`

type Prepare = NonNullable<Load["prepare"]>

const emptied =
  (key: string): Prepare =>
  (client) =>
    client.call("DEL", key)

const filledList: Prepare = async (client, count) => {
  await client.call("DEL", "mylist")
  await addMany(client, count, (elements) => ["RPUSH", "mylist", ...elements.map(() => "xxx")])
}

const filledSet: Prepare = async (client, count) => {
  await client.call("DEL", "myset")
  await addMany(client, count, (elements) => ["SADD", "myset", ...elements.map(member)])
}

const filledSortedSet: Prepare = async (client, count) => {
  await client.call("DEL", "myzset")
  await addMany(client, count, (elements) => ["ZADD", "myzset", ...elements.flatMap((i) => [i, member(i)])])
}

/** Nearly every key of GET has a value, so that it finds one. SET, because every contestant has it. */
const filledKeys =
  (keyspace: number, valueSize: number): Prepare =>
  async (client) => {
    const value = "x".repeat(valueSize)
    for (let first = 0; first < keyspace; first += CHUNK) {
      await client.pipeline(
        Array.from({ length: CHUNK }, (_, i) => ["SET", `key:${String(first + i).padStart(12, "0")}`, value])
      )
    }
  }

const lrange = (name: string, stop: number): Omit<Load, "pipeline" | "requests" | "keyspace"> => ({
  name,
  sends: ["LRANGE", "mylist", "0", String(stop)],
  valueSize: 3,
  prepare: (client) => filledList(client, 1000)
})

const test = (name: string, prepare?: Prepare): Omit<Load, "pipeline" | "requests" | "keyspace"> => ({
  name,
  sends: ["-t", name],
  valueSize: 3,
  ...(prepare && { prepare })
})

/** redis-benchmark's tests of collections, in its order, and what its later versions have. */
const collections = [
  test("lpush", emptied("mylist")),
  test("rpush", emptied("mylist")),
  test("lpop", filledList),
  test("rpop", filledList),
  test("sadd", emptied("myset")),
  test("hset", emptied("myhash")),
  test("spop", filledSet),
  test("zadd", emptied("myzset")),
  test("zpopmin", filledSortedSet),
  lrange("lrange_100", 99),
  lrange("lrange_300", 299),
  lrange("lrange_500", 499),
  lrange("lrange_600", 599),
  test("mset"),
  {
    name: "xadd",
    sends: ["XADD", "mystream", "*", "myfield", "xxx"],
    valueSize: 3,
    prepare: emptied("mystream")
  }
]

const KEYSPACE = 100_000

/** Replies with many elements, so fewer of them. */
const isLarge = (name: string): boolean => name.startsWith("lrange")

function requestsOf(pipeline: number, valueSize: number): number {
  if (valueSize > 5000) return 40_000
  const requests = pipeline === 1 ? 100_000 : pipeline === 16 ? 600_000 : 1_000_000
  return valueSize === 1024 ? requests / 2 : requests
}

const strings = (command: string, pipeline: number, valueSize: number): Load => {
  // Fewer large values, so that memory is not what is measured.
  const keyspace = valueSize > 5000 ? 1000 : valueSize > 500 ? 10_000 : KEYSPACE
  const size = valueSize === 3 ? "3B" : valueSize === 1024 ? "1KB" : "10KB"
  return {
    name: `${command} P${pipeline} ${size}`,
    sends: ["-t", command],
    pipeline,
    requests: requestsOf(pipeline, valueSize),
    keyspace,
    valueSize,
    ...(command === "get" && { prepare: filledKeys(keyspace, valueSize) })
  }
}

/** Strings of three sizes. */
export const stringLoads: ReadonlyArray<Load> = [1, 16, 100].flatMap((pipeline) => [
  ...["get", "set", "incr"].map((command) => strings(command, pipeline, 3)),
  ...[1024, 10_240].flatMap((size) => ["get", "set"].map((command) => strings(command, pipeline, size)))
])

/** Collections. */
export const collectionLoads: ReadonlyArray<Load> = [16, 100].flatMap((pipeline) =>
  collections.map((load) => ({
    ...load,
    name: `${load.name} P${pipeline}`,
    pipeline,
    requests: isLarge(load.name) ? 40_000 : requestsOf(pipeline, 3) / 2,
    keyspace: KEYSPACE
  }))
)

/** Writes that also go to a file. */
export const fileLoads: ReadonlyArray<Load> = [16, 100].flatMap((pipeline) =>
  ["set", "incr"].map((command) => {
    const load = strings(command, pipeline, 3)
    return { ...load, name: `${load.name} everysec` }
  })
)
