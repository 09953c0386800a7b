/**
 * What COMMAND INFO and COMMAND DOCS tell, made comparable between two servers: facts by command, without the prose, which
 * is each server's own.
 */
import type { Reply } from "../../src/protocol/ReplyDecoder.ts"
import { show } from "../support/showReply.ts"

/** One line of facts by the full name of a command or subcommand. */
export type Facts = ReadonlyMap<string, string>

/** Members of the maps that are prose, and the one that came with Redis 7.2. */
const PROSE: ReadonlySet<string> = new Set(["summary", "complexity", "notes", "display_text"])

/** Commands of which 7.2 tells other facts than 7.0. */
const CHANGED_INFO: ReadonlySet<string> = new Set(["command|getkeys", "command|getkeysandflags", "zrank", "zrevrank"])
/** Commands that block, which 7.2 lets scripts call. */
const FOR_SCRIPTS: ReadonlySet<string> = new Set(["blpop", "brpop", "blmove", "brpoplpush", "bzpopmin", "bzpopmax"])
const CHANGED_DOCS: ReadonlySet<string> = new Set([
  ...CHANGED_INFO,
  ...["bitop", "client|list", "lcs", "pfmerge", "quit", "xadd", "xinfo|consumers", "xinfo|stream", "xsetid"],
  ...["geoadd", "geohash", "geopos", "geosearch", "geosearchstore"],
  ...["georadius", "georadius_ro", "georadiusbymember", "georadiusbymember_ro"]
])

/** The elements of COMMAND INFO's record of a command: its name, and behind its own facts those of its subcommands. */
const NAME = 0
const KEY_SPECS = 8
const SUBCOMMANDS = 9

const text = (reply: Reply): string =>
  reply._tag === "Bulk" ? Buffer.from(reply.bytes).toString("latin1") : show(reply)

function items(reply: Reply | undefined): ReadonlyArray<Reply> {
  return reply?._tag === "Array" || reply?._tag === "Set" ? reply.items : []
}

/** The members of a map, which to RESP2 is names and values in turn. */
export function members(reply: Reply | undefined): ReadonlyArray<readonly [name: string, value: Reply]> {
  if (reply?._tag === "Map") return reply.entries.map(([name, value]) => [text(name), value])
  const flat = items(reply)
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[text(name), flat[at + 1]!] as const] : []))
}

/** How the facts of some members are told; of all others it is the whole value. */
type Tellers = { readonly [member: string]: (value: Reply) => string }

const tell = (map: Reply, tellers: Tellers = {}): string =>
  members(map)
    .flatMap(([name, value]) => (PROSE.has(name) ? [] : [`${name}: ${(tellers[name] ?? show)(value)}`]))
    .join(", ")

const tellAll = (replies: Reply, one: (reply: Reply) => string): string =>
  `${replies._tag}(${items(replies).map(one).join("; ")})`

const tellArgument = (argument: Reply): string =>
  tell(argument, { arguments: (nested) => tellAll(nested, tellArgument) })

const tellDocs: Tellers = {
  arguments: (nested) => tellAll(nested, tellArgument),
  history: (changes) => tellAll(changes, (change) => text(items(change)[0]!)),
  subcommands: (reply) => reply._tag
}

/** From the reply to COMMAND or COMMAND INFO; commands that are not there have none. */
export function infoFacts(records: Reply | undefined): Facts {
  return new Map(
    items(records).flatMap((record) => {
      const facts = items(record)
      if (facts.length === 0) return []
      const own = facts.slice(0, SUBCOMMANDS).map((fact, at) => (at === KEY_SPECS ? tellAll(fact, tell) : show(fact)))
      const name = text(facts[NAME]!)
      const told = own.join(" ")
      return [[name, FOR_SCRIPTS.has(name) ? told.replace(/,? ?noscript/, "") : told], ...infoFacts(facts[SUBCOMMANDS])]
    })
  )
}

/** From the reply to COMMAND DOCS. */
export function docFacts(documents: Reply | undefined): Facts {
  return new Map(
    members(documents).flatMap(([name, docs]) => [
      [name, tell(docs, tellDocs)],
      ...docFacts(new Map(members(docs)).get("subcommands"))
    ])
  )
}

/** The facts about commands that both servers have and that 7.2 did not change: of each server by itself. */
export function comparable(wanted: Facts, given: Facts, of: "info" | "docs"): readonly [wanted: Facts, given: Facts] {
  const changed = of === "info" ? CHANGED_INFO : CHANGED_DOCS
  const common = [...given.keys()].filter((name) => wanted.has(name) && !changed.has(name)).sort()
  const only = (facts: Facts) => new Map(common.map((name) => [name, facts.get(name)!]))
  return [only(wanted), only(given)]
}
