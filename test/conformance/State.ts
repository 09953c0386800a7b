/**
 * What is in a server's databases, read key by key: type, encoding, value, and whether the key has a deadline. Two
 * servers that were played the same program must agree on all of it, and on DEBUG DIGEST where both have it.
 */
import { quoteText, type Words } from "../support/request.ts"
import type { Wire } from "./Wire.ts"

/** One line for each key, by `database/key`, and the digest of all. */
export interface ServerState {
  readonly keys: ReadonlyMap<string, string>
  readonly digest: string
}

/** Redis' default. */
const DATABASES = 16

/** How to read a whole value of each type; a type that is not listed here fails the run instead of passing unseen. */
const READERS: Readonly<Record<string, (key: string) => Words>> = {
  string: (key) => ["GET", key],
  list: (key) => ["LRANGE", key, "0", "-1"],
  hash: (key) => ["HGETALL", key],
  set: (key) => ["SMEMBERS", key],
  zset: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
  stream: (key) => ["XRANGE", key, "-", "+"]
}

const text = (frame: Buffer | undefined): string => (frame ?? Buffer.alloc(0)).toString("latin1").replace(/\r\n$/, "")

function bulkTexts(frame: Buffer | undefined): Array<string> {
  const texts: Array<string> = []
  const bytes = frame ?? Buffer.alloc(0)
  let at = bytes.indexOf("\n") + 1
  while (at > 0 && at < bytes.length) {
    const start = bytes.indexOf("\n", at) + 1
    const length = Number(bytes.toString("latin1", at + 1, start - 2))
    texts.push(bytes.toString("latin1", start, start + length))
    at = start + length + 2
  }
  return texts
}

/** Types whose values Redis gives in the order of a hash table: how many texts make one element. */
const UNORDERED: Readonly<Record<string, number>> = { set: 1, hash: 2 }

/** The elements of a value, quoted. */
function elements(frame: Buffer | undefined, textsEach: number): Array<string> {
  const texts = bulkTexts(frame)
  return Array.from({ length: texts.length / textsEach }, (_, i) =>
    texts
      .slice(i * textsEach, (i + 1) * textsEach)
      .map(quoteText)
      .join("=")
  )
}

/** The value as a line; elements without an order come in one that does not depend on the server. */
function showValue(type: string, frame: Buffer | undefined): string {
  const textsEach = UNORDERED[type]
  if (textsEach !== undefined) return elements(frame, textsEach).sort().join(" ")
  return type === "zset" ? elements(frame, 2).join(" ") : quoteText(text(frame))
}

/** Since 7.2 small sets that are not all integers, and small lists, are listpacks. */
function comparableEncoding(type: string, encoding: string): string {
  if (type === "set") return encoding.replace(/\$.*\r\n(listpack|hashtable)/, "listpack or hashtable")
  return type === "list" ? "any" : encoding
}

async function readDatabase(
  wire: Wire,
  database: number,
  keys: ReadonlyArray<string>,
  lines: Map<string, string>
): Promise<void> {
  const facts = (key: string): ReadonlyArray<Words> => [
    ["TYPE", key],
    ["OBJECT", "ENCODING", key],
    ["PTTL", key]
  ]
  const { frames } = await wire.settle([["SELECT", database], ...keys.flatMap(facts)], "facts")
  const types = keys.map((_, index) => text(frames[index * 3 + 1]).slice(1))
  const values = await wire.settle(
    keys.map((key, index) => (READERS[types[index]!] ?? ((name: string) => ["TYPE", name]))(key)),
    "values"
  )
  for (const [index, key] of keys.entries()) {
    const type = types[index]!
    const encoding = comparableEncoding(type, text(frames[index * 3 + 2]))
    const deadline = /^:-?[12]$/.test(text(frames[index * 3 + 3])) ? "no deadline" : "deadline"
    const value = showValue(type, values.frames[index])
    lines.set(`${database}/${quoteText(key)}`, `${type} ${quoteText(encoding)} ${deadline} ${value}`)
  }
}

/** Reads the state of every database over this connection. */
export async function readState(wire: Wire): Promise<ServerState> {
  const databases = Array.from({ length: DATABASES }, (_, database) => database)
  // SCAN removes what is past its deadline, which KEYS only passes over: the digest must not depend on the sweeper.
  const listing = await wire.settle(
    databases.flatMap((database) => [
      ["SELECT", database],
      ["SCAN", "0", "COUNT", "1000000"],
      ["KEYS", "*"]
    ]),
    "listed"
  )
  const keys = new Map<string, string>()
  for (const database of databases) {
    const names = bulkTexts(listing.frames[database * 3 + 2])
    if (names.length > 0) await readDatabase(wire, database, names, keys)
  }
  const digest = await wire.settle([["DEBUG", "DIGEST"]], "digested")
  return { keys, digest: text(digest.frames[0]) }
}
