/** How much memory keys and elements take: the growth of the server's process while they are added. */
import type { ChildServer } from "../support/ChildServer.ts"
import { RespClient } from "../support/RespClient.ts"
import { residentBytes } from "./Measure.ts"

/** Something to fill a server with. */
export interface Holding {
  readonly name: string
  /** The command that adds number `i`. */
  readonly add: (i: number) => ReadonlyArray<string | number>
}

const padded = (i: number): string => String(i).padStart(12, "0")

export const holdings: ReadonlyArray<Holding> = [
  { name: "keys: 16 bytes, value 32 bytes", add: (i) => ["SET", `key:${padded(i)}`, "v".repeat(32)] },
  { name: "elements of a list, 14 bytes", add: (i) => ["RPUSH", "list", `v:${padded(i)}`] },
  { name: "fields of a hash, 14 bytes, value 8 bytes", add: (i) => ["HSET", "hash", `f:${padded(i)}`, "valuevalue"] },
  { name: "members of a set, 14 bytes", add: (i) => ["SADD", "set", `m:${padded(i)}`] },
  { name: "members of a sorted set, 14 bytes", add: (i) => ["ZADD", "zset", i, `m:${padded(i)}`] },
  {
    name: "entries of a stream, one field of 5 bytes, value 14 bytes",
    add: (i) => ["XADD", "stream", `${i + 1}-0`, "field", `v:${padded(i)}`]
  },
  {
    name: "small hashes of five fields",
    add: (i) => [
      "HSET",
      `hash:${padded(i)}`,
      ...["name", "mail", "age", "city", "tag"].flatMap((field) => [field, `${field}-${i % 1000}`])
    ]
  },
  { name: "small sets of three members", add: (i) => ["SADD", `set:${padded(i)}`, "a", "b", `c${i}`] },
  { name: "small lists of three elements", add: (i) => ["RPUSH", `list:${padded(i)}`, "a", "b", `c${i}`] }
]

const BATCH = 5000

/** Bytes of resident memory for each of `count`. */
export async function memoryPerElement(
  start: () => Promise<ChildServer>,
  { add }: Holding,
  count: number
): Promise<number> {
  await using server = await start()
  await using client = await RespClient.connect(server)
  await client.call("PING")
  const before = residentBytes(server.pid)
  for (let first = 0; first < count; first += BATCH) {
    await client.pipeline(Array.from({ length: BATCH }, (_, i) => add(first + i)))
  }
  return (residentBytes(server.pid) - before) / count
}
