/**
 * The replies that may differ between two correct servers, each with the reason. Everything that is not in this table is
 * compared byte for byte.
 */
import type { Reply } from "../../src/protocol/ReplyDecoder.ts"
import { ReplyDecoder } from "../../src/protocol/ReplyDecoder.ts"
import { type Words, wordText } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { comparable, docFacts, type Facts, infoFacts, members } from "./commandFacts.ts"
import { sameWithin } from "./streamTimes.ts"

/** Whether two replies that are not the same bytes say the same. */
export type Same = (wanted: Reply, given: Reply, command: Words) => boolean

/** One entry: the command (with its subcommand where it has one), why it is relaxed, and how it is compared. */
export interface Relaxed {
  readonly command: string
  /** Whether it is meant without any argument only. */
  readonly alone?: boolean
  /** Whether it is meant for what Redis refuses, too. */
  readonly errors?: boolean
  readonly reason: string
  readonly same: Same
}

/** How far, in ms, the clocks of two plays may be apart when they reach the same command. */
const DRIFT = 400

/** The replies' only difference is in numbers that are at most so far apart. */
const within =
  (most: number): Same =>
  (wanted, given) => {
    if (wanted._tag !== "Integer" || given._tag !== "Integer") return false
    if (wanted.value < 0n || given.value < 0n) return wanted.value === given.value
    const distance = wanted.value - given.value
    return distance <= most && -distance <= most
  }

const items = (reply: Reply): ReadonlyArray<Reply> | undefined =>
  reply._tag === "Array" || reply._tag === "Set" || reply._tag === "Push" ? reply.items : undefined

/** The same elements in whatever order. */
const anyOrder: Same = (wanted, given) => {
  const [left, right] = [items(wanted), items(given)]
  if (left === undefined || right === undefined || wanted._tag !== given._tag) return false
  const lines = (replies: ReadonlyArray<Reply>) => replies.map(show).sort().join("\n")
  return lines(left) === lines(right)
}

/** The same fields with the same values in whatever order: a map, or fields and values in turn. */
const anyOrderOfPairs: Same = (wanted, given) => {
  const [left, right] = [pairs(wanted), pairs(given)]
  return left !== undefined && right !== undefined && wanted._tag === given._tag && left.join("\n") === right.join("\n")
}

function pairs(reply: Reply): ReadonlyArray<string> | undefined {
  if (reply._tag === "Map") return reply.entries.map(([field, value]) => `${show(field)}=${show(value)}`).sort()
  const flat = items(reply)
  if (flat === undefined || flat.length % 2 === 1) return undefined
  return Array.from({ length: flat.length / 2 }, (_, i) => `${show(flat[2 * i]!)}=${show(flat[2 * i + 1]!)}`).sort()
}

const sameType: Same = (wanted, given) => wanted._tag === given._tag

/** The same number of elements, each of the same type. */
const sameTypes: Same = (wanted, given) => {
  const [left, right] = [items(wanted) ?? [], items(given) ?? []]
  return (
    wanted._tag === given._tag &&
    left.length === right.length &&
    left.every((reply, at) => reply._tag === right[at]!._tag)
  )
}

/** As many elements of the same types, drawn at random: none of them twice, unless the command has a negative count. */
const drawn: Same = (wanted, given, command) => {
  const shown = (items(given) ?? []).map(show)
  const mayRepeat = command.length > 2 && wordText(command[2]!).startsWith("-")
  return sameTypes(wanted, given, command) && (mayRepeat || new Set(shown).size === shown.length)
}

/** As `sameTypes`, or one reply of the same type. */
const sameShape: Same = (wanted, given, command) =>
  items(wanted) === undefined ? sameType(wanted, given, command) : sameTypes(wanted, given, command)

/** Fields and values in turn, whichever protocol: as a map by field. */
function fields(reply: Reply): ReadonlyMap<string, Reply> | undefined {
  if (reply._tag === "Map") return new Map(reply.entries.map(([field, value]) => [show(field), value]))
  const flat = items(reply)
  if (flat === undefined || flat.length % 2 === 1) return undefined
  return new Map(flat.flatMap((field, index) => (index % 2 === 0 ? [[show(field), flat[index + 1]!] as const] : [])))
}

/** The same fields with the same values, but for these fields, whose values are each server's own. */
const fieldsBut =
  (...own: ReadonlyArray<string>): Same =>
  (wanted, given) => {
    const [left, right] = [fields(wanted), fields(given)]
    if (left === undefined || right === undefined || left.size !== right.size) return false
    return [...left].every(([field, value]) => {
      const other = right.get(field)
      return other !== undefined && (own.includes(field) ? value._tag === other._tag : show(value) === show(other))
    })
  }

/** A text with each server's own numbers taken out. */
const texts =
  (shape: (text: string) => string): Same =>
  (wanted, given) =>
    wanted._tag === given._tag && shape(show(wanted)) === shape(show(given))

/** The names of the `field=value` pairs of a client's line, without those that 7.2 added. */
const clientFields = (line: string): string =>
  [...line.matchAll(/([\w-]+)=/g)]
    .map(([, field]) => field)
    .filter((field) => field !== "lib-name" && field !== "lib-ver")
    .join(" ")

/** What both servers tell about a command says the same. */
function agree(wanted: Facts, given: Facts, of: "info" | "docs"): boolean {
  const [left, right] = comparable(wanted, given, of)
  return [...left].every(([name, facts]) => right.get(name) === facts)
}

/** The same facts about the commands that are here. */
const sameFacts: Same = (wanted, given) =>
  wanted._tag === given._tag && agree(infoFacts(wanted), infoFacts(given), "info")

/** As `sameFacts`; what was asked for by name must be there, in its place, or not be there on either side. */
const sameFactsAsked: Same = (wanted, given, command) => {
  const [left, right] = [items(wanted), items(given)]
  if (command.length === 2 || left === undefined || right === undefined) return sameFacts(wanted, given, command)
  const places = left.length === right.length && left.every((record, at) => record._tag === right[at]!._tag)
  return places && sameFacts(wanted, given, command)
}

/** Since 7.2 the command whose keys are wanted may have a single word: it is then refused for another reason. */
const sameKeys: Same = (wanted, given, command) =>
  command.length === 3 && wanted._tag === "Error" && given._tag === "Error"

/** The same names in whatever order; without a filter the subject's alone, which are not all yet. */
const sameNames: Same = (wanted, given, command) =>
  command.length === 2 ? wanted._tag === given._tag : anyOrder(wanted, given, command)

/** The same documentation of the commands that are here, or of those asked for, each in its own prose. */
const sameDocs: Same = (wanted, given, command) => {
  const names = (docs: Reply) => members(docs).map(([name]) => name)
  const asked = command.length === 2 || names(wanted).join() === names(given).join()
  return asked && wanted._tag === given._tag && agree(docFacts(wanted), docFacts(given), "docs")
}

/** The subcommands that the lines of a HELP begin with; the lines that explain them are indented. */
const helpTopics = (lines: ReadonlyArray<Reply>): ReadonlySet<string> =>
  new Set(lines.map(show).flatMap((line) => (line.startsWith(" ") ? [] : [line.split(" ")[0]!])))

/** HELP in each server's own prose: on every subcommand that Redis has, and perhaps on those that came later. */
const sameHelp: Same = (wanted, given) => {
  const [left, right] = [items(wanted), items(given)]
  if (left === undefined || right === undefined) return false
  const topics = helpTopics(right)
  return [...helpTopics(left)].every((topic) => topics.has(topic))
}

/** Since 7.2 small sets that are not all integers, and small lists, are listpacks. */
const sameEncoding: Same = (wanted, given) =>
  ['"hashtable"', '"quicklist"'].includes(show(wanted)) && show(given) === '"listpack"'

/** Since 7.2 it is said in the same words for XREAD and XREADGROUP. */
const sameUnbalanced: Same = (wanted, given) =>
  show(wanted).startsWith("(error) ERR Unbalanced ") && show(given).startsWith("(error) ERR Unbalanced '")

/** An id that was asked of the server; or, of a millisecond that has none left, the refusal that 7.2 words differently. */
const sameNewId: Same = (wanted, given, command) => {
  if (wanted._tag === "Error" || given._tag === "Error") {
    return show(wanted).includes("too large to be stored") && show(given).includes("equal or smaller than the target")
  }
  const isId = (reply: Reply) => reply._tag === "Bulk" && /^"\d+-\d+"$/.test(show(reply))
  return command.some((word) => wordText(word) === "*") && isId(wanted) && isId(given)
}

/** As `DRIFT`, for the family of consumer groups, whose own times are much further apart: a busy machine does not matter. */
const CONSUMER_DRIFT = 40_000

const streamTimes = (command: string): Relaxed => ({
  command,
  reason: "the servers run the command at different moments; 7.2 tells when a consumer was active",
  same: sameWithin(CONSUMER_DRIFT)
})
const DISTANCE = /"(\d+\.\d{4})"/
/** One in the last of a distance's four digits, and what doubles are off by. */
const LAST_DIGIT = 0.000_101

/** The same but for the last digit of distances. */
const sameDistances: Same = (wanted, given) => {
  const [left, right] = [show(wanted).split(DISTANCE), show(given).split(DISTANCE)]
  const isSame = (text: string, at: number) =>
    text === right[at] || (at % 2 === 1 && Math.abs(Number(text) - Number(right[at])) < LAST_DIGIT)
  return left.length === right.length && left.every(isSame)
}

const DISTANCES = ["GEODIST", "GEOSEARCH", "GEORADIUS", "GEORADIUS_RO", "GEORADIUSBYMEMBER", "GEORADIUSBYMEMBER_RO"]

const BLOCKING = ["BLPOP", "BRPOP", "BLMOVE", "BRPOPLPUSH", "BLMPOP", "BZPOPMIN", "BZPOPMAX", "BZMPOP"]

/** Seconds that are too many milliseconds for 64 bits come out negative in 7.0. */
const sameTimeout: Same = (wanted, given) =>
  show(wanted) === "(error) ERR timeout is negative" && show(given) === "(error) ERR timeout is out of range"

/** The table. */
export const relaxed: ReadonlyArray<Relaxed> = [
  { command: "TTL", reason: "the servers run the command at different moments; seconds are rounded", same: within(1) },
  { command: "PTTL", reason: "the servers run the command at different moments", same: within(DRIFT) },
  { command: "EXPIRETIME", reason: "a relative deadline counts from the moment of the command", same: within(1) },
  { command: "PEXPIRETIME", reason: "a relative deadline counts from the moment of the command", same: within(DRIFT) },
  { command: "TIME", reason: "the servers run the command at different moments", same: sameTypes },
  { command: "OBJECT HELP", reason: "prose", same: sameHelp },
  { command: "PUBSUB HELP", reason: "prose", same: sameHelp },
  ...BLOCKING.map((command) => ({
    command,
    reason: "7.2 says of an endless timeout that it is out of range",
    errors: true,
    same: sameTimeout
  })),
  { command: "OBJECT ENCODING", reason: "7.2 keeps small sets and lists in listpacks", same: sameEncoding },
  { command: "OBJECT IDLETIME", reason: "the servers run the command at different moments", same: within(1) },
  { command: "KEYS", reason: "the order is that of the hash table", same: anyOrder },
  {
    command: "SCAN",
    reason: "order and cursor are those of the hash table; whole iterations are compared as sets",
    same: sameTypes
  },
  { command: "HGETALL", reason: "the order is that of the hash table", same: anyOrderOfPairs },
  { command: "HKEYS", reason: "the order is that of the hash table", same: anyOrder },
  { command: "HVALS", reason: "the order is that of the hash table", same: anyOrder },
  { command: "HRANDFIELD", reason: "random; as many of the same form", same: sameTypes },
  {
    command: "HSCAN",
    reason: "order and cursor are those of the hash table; whole iterations are compared as sets",
    same: sameTypes
  },
  { command: "SMEMBERS", reason: "the order is that of the hash table", same: anyOrder },
  { command: "SINTER", reason: "the order is that of the hash table", same: anyOrder },
  { command: "SUNION", reason: "the order is that of the hash table", same: anyOrder },
  { command: "SDIFF", reason: "the order is that of the hash table", same: anyOrder },
  { command: "ZRANDMEMBER", reason: "random; how many come is not", same: sameShape },
  {
    command: "SSCAN",
    reason: "order and cursor are those of the hash table; whole iterations are compared as sets",
    same: sameTypes
  },
  { command: "SPOP", reason: "random; that members were there is what the final state says", same: drawn },
  { command: "SRANDMEMBER", reason: "random", same: drawn },
  { command: "RANDOMKEY", reason: "random; that the key exists is what its type says", same: sameType },
  { command: "PUBSUB CHANNELS", reason: "the order is that of the hash table", same: anyOrder },
  { command: "PUBSUB SHARDCHANNELS", reason: "the order is that of the hash table", same: anyOrder },
  { command: "CLIENT ID", reason: "ids are each server's own", same: sameType },
  {
    command: "CLIENT INFO",
    reason: "ids, addresses, memory; lib-name and lib-ver came with 7.2",
    same: texts(clientFields)
  },
  {
    command: "CLIENT LIST",
    reason: "ids, addresses, memory; lib-name and lib-ver came with 7.2",
    same: texts(clientFields)
  },
  { command: "HELLO", reason: "id and version are each server's own", same: fieldsBut('"id"', '"version"') },
  { command: "CLIENT GETREDIR", reason: "ids are each server's own", same: sameType },
  {
    command: "COMMAND",
    alone: true,
    reason: "not every command of Redis is here yet",
    same: sameFacts
  },
  {
    command: "COMMAND INFO",
    reason: "prose; not every subcommand of Redis is here yet, and some came with 7.2",
    same: sameFactsAsked
  },
  { command: "COMMAND GETKEYS", reason: "7.2 takes a command of one word", errors: true, same: sameKeys },
  { command: "COMMAND GETKEYSANDFLAGS", reason: "7.2 takes a command of one word", errors: true, same: sameKeys },
  { command: "COMMAND DOCS", reason: "prose", same: sameDocs },
  {
    command: "COMMAND LIST",
    reason: "not every command is here yet; the order is that of the hash table",
    same: sameNames
  },
  { command: "COMMAND COUNT", reason: "not every command of Redis is here yet", same: sameType },
  { command: "DUMP", reason: "Redis compresses long strings", same: sameType },
  { command: "DEBUG OBJECT", reason: "addresses, lengths of the serialised value and clocks", same: sameType },
  { command: "MEMORY USAGE", reason: "a size in each server's own memory", same: sameType },
  { command: "LATENCY DOCTOR", reason: "prose", same: sameType },
  { command: "MEMORY DOCTOR", reason: "prose", same: sameType },
  { command: "LOLWUT", reason: "art", same: sameType },
  ...["XPENDING", "XINFO CONSUMERS", "XINFO STREAM"].map(streamTimes),
  { command: "XADD", reason: "an id that the server makes is of its time", errors: true, same: sameNewId },
  { command: "XREAD", reason: "7.2 words the error differently", errors: true, same: sameUnbalanced },
  { command: "XREADGROUP", reason: "7.2 words the error differently", errors: true, same: sameUnbalanced },
  ...DISTANCES.map((command) => ({
    command,
    reason: "7.2 rounds a distance after it has scaled it, 7.0 its exact decimal value",
    same: sameDistances
  }))
]

/** HELP of a command that is not whole yet. */
const help: Relaxed = { command: "HELP", reason: "prose", same: sameType }

const byCommand: ReadonlyMap<string, Relaxed> = new Map(relaxed.map((entry) => [entry.command, entry]))

/** The entry for a command, if it has one. */
export function relaxedFor(words: Words): Relaxed | undefined {
  const [name = "", subcommand = ""] = words.slice(0, 2).map((word) => wordText(word).toUpperCase())
  const entry = byCommand.get(`${name} ${subcommand}`) ?? (subcommand === "HELP" ? help : byCommand.get(name))
  return entry?.alone && words.length > 1 ? undefined : entry
}

/** The reply that these bytes are. Throws when they are none. */
export function decodeReply(frame: Uint8Array): Reply {
  const decoder = new ReplyDecoder()
  decoder.push(frame)
  const reply = decoder.next()
  if (reply === undefined) throw new Error("not a whole reply")
  return reply
}
