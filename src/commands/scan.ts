/**
 * Walking through the keys of a database: KEYS SCAN RANDOMKEY.
 */
import type { Database, Ref } from "../keyspace/Database.ts"
import { typeNames } from "../keyspace/Value.ts"
import { matchGlob } from "../values/glob.ts"
import { Slice } from "../values/Slice.ts"
import type { CommandDefinition } from "./Command.ts"
import {
  ANY,
  BUCKETS_PER_ELEMENT,
  cursorArguments,
  parseCursor,
  readScanOptions,
  type ScanOptions
} from "./scanOptions.ts"

/** The slice that visited keys are looked at through. */
const visited = new Slice()

const keysCommand: CommandDefinition = {
  name: "keys",
  summary: "Return all keys that match a pattern",
  since: "1.0.0",
  group: "generic",
  complexity:
    "O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length.",
  arity: 2,
  flags: ["readonly"],
  categories: ["keyspace", "dangerous"],
  tips: ["request_policy:all_shards", "nondeterministic_output_order"],
  args: [{ name: "pattern", type: "pattern" }],
  run: ({ args, db, reply }) => {
    const pattern = args.at(1)
    const every = pattern.equals(ANY)
    const mark = reply.length
    let count = 0
    db.dict.forEach((ref) => {
      if (db.isExpired(ref)) return
      const key = db.dict.keySlice(ref, visited)
      if (!every && !matchGlob(pattern, key)) return
      reply.bulk(key)
      count++
    })
    reply.arrayAt(mark, count)
  }
}

/** Whether SCAN returns the record; one that is past its deadline is removed instead, unless the options leave it out anyway. */
function isWanted(db: Database, ref: Ref, { pattern, type }: ScanOptions): boolean {
  if (pattern !== undefined && !matchGlob(pattern, db.dict.keySlice(ref, visited))) return false
  return !db.expireIfDue(ref) && (type === undefined || typeNames[db.dict.type(ref)] === type)
}

const scan: CommandDefinition = {
  name: "scan",
  summary: "Walk through the keys, some at a time",
  since: "2.8.0",
  group: "generic",
  complexity:
    "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.",
  arity: -2,
  flags: ["readonly"],
  tips: ["nondeterministic_output", "request_policy:special"],
  args: [...cursorArguments, { name: "type", type: "string", token: "TYPE", since: "6.0.0", optional: true }],
  history: [["6.0.0", "Takes `TYPE`."]],
  run: ({ args, db, reply }) => {
    let cursor = parseCursor(args.at(1))
    const options = readScanOptions(args, 2)
    const found: Array<Ref> = []
    const keep = (ref: Ref) => void found.push(ref)
    let buckets = options.count * BUCKETS_PER_ELEMENT
    do cursor = db.dict.scan(cursor, keep)
    while (cursor !== 0 && --buckets > 0 && found.length < options.count)
    reply.array(2)
    reply.bulkText(String(cursor))
    const mark = reply.length
    let count = 0
    for (const ref of found) {
      if (!isWanted(db, ref, options)) continue
      reply.bulk(db.dict.keySlice(ref, visited))
      count++
    }
    reply.arrayAt(mark, count)
  }
}

/** How often RANDOMKEY looks for a living key while CLIENT PAUSE keeps the expired ones. */
const ROUNDS_WHILE_FROZEN = 100

const randomkey: CommandDefinition = {
  name: "randomkey",
  summary: "Return a random key",
  since: "1.0.0",
  group: "generic",
  complexity: "O(1)",
  arity: 1,
  flags: ["readonly"],
  tips: ["request_policy:all_shards", "nondeterministic_output"],
  run: ({ db, keyspace, reply }) => {
    // Each round that finds no living key leaves one key less, so there is an end to it; or else, as in Redis, an expired key.
    for (let round = 1; ; round++) {
      const ref = db.dict.randomRef(keyspace.random)
      if (ref === 0) return reply.null()
      const enough = !keyspace.removing && round === ROUNDS_WHILE_FROZEN
      if (!db.expireIfDue(ref) || enough) return reply.bulk(db.dict.keySlice(ref, visited))
    }
  }
}

export const scanCommands: ReadonlyArray<CommandDefinition> = [keysCommand, scan, randomkey]
