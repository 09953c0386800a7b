/**
 * Ranges of sorted sets: ZRANGE and the commands that it has replaced, ZRANGESTORE
 * (https://redis.io/docs/latest/commands/zrange/).
 */
import * as Errors from "../../Errors.ts"
import { MemberRange, SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { SortedSet, type VisitMember } from "../../values/sortedset/SortedSet.ts"
import type { Args } from "../Args.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { LIMIT, REV, SORT_BY, WITHSCORES } from "./sortedSetArguments.ts"
import { type Ranks, ranksBetween, readLexRange, readScoreRange } from "./sortedSetBounds.ts"
import { writeMember, writeMemberCount } from "./sortedSetReplies.ts"
import { storeSortedSet } from "./sortedSetStore.ts"

/** What the ends of a range are. */
type By = "rank" | "score" | "lex"

/** What a command is about in itself; the rest of it are options. */
interface Kind {
  /** Undefined: an option says it. */
  readonly by?: By
  /** Undefined: an option says it. */
  readonly reverse?: boolean
  /** The word that is the key; the ends of the range stand behind it. */
  readonly key: number
  readonly stores: boolean
}

const set = new SortedSetView()
const borders = new MemberRange()

const NONE: Ranks = { from: 0, to: 0 }

/** The request that is running. */
const wanted = {
  by: "rank" as By,
  reverse: false,
  withScores: false,
  /** The ends if they are ranks. */
  first: 0,
  last: 0,
  offset: 0,
  /** Negative for all. */
  limit: -1
}

function readOptions(args: Args, kind: Kind): void {
  let by = kind.by
  let { reverse } = kind
  wanted.withScores = false
  wanted.offset = 0
  wanted.limit = -1
  for (let i = kind.key + 3; i < args.count; i++) {
    if (!kind.stores && args.is(i, "withscores")) wanted.withScores = true
    else if (args.is(i, "limit") && i + 2 < args.count) {
      wanted.offset = args.int(++i)
      wanted.limit = args.int(++i)
    } else if (reverse === undefined && args.is(i, "rev")) reverse = true
    else if (by === undefined && args.is(i, "bylex")) by = "lex"
    else if (by === undefined && args.is(i, "byscore")) by = "score"
    else throw Errors.syntax
  }
  wanted.by = by ?? "rank"
  wanted.reverse = reverse ?? false
  if (wanted.limit !== -1 && wanted.by === "rank") throw Errors.limitWithoutSort
  if (wanted.withScores && wanted.by === "lex") throw Errors.scoresByLex
}

function readEnds(args: Args, { key }: Kind): void {
  const { by, reverse } = wanted
  if (by === "rank") {
    wanted.first = args.int(key + 1)
    wanted.last = args.int(key + 2)
    return
  }
  const min = reverse ? key + 2 : key + 1
  const max = reverse ? key + 1 : key + 2
  if (by === "score") readScoreRange(args, min, max, borders)
  else readLexRange(args, min, max, borders)
}

/** The ranks of the members that are wanted, of the set that the view is on. */
function findRanks(): Ranks {
  const { by, limit, offset, reverse } = wanted
  if (by === "rank") return ranksBetween(wanted.first, wanted.last, set.size, reverse)
  const { from, to } = set.ranksOf(borders)
  const left = offset < 0 ? 0 : Math.max(0, to - from - offset)
  const count = limit < 0 ? left : Math.min(limit, left)
  if (count === 0) return NONE
  return reverse ? { from: to - offset - count, to: to - offset } : { from: from + offset, to: from + offset + count }
}

/** Reads the request and turns to the set: the ranks of the members that are wanted. */
function find({ args, db }: Context, kind: Kind): Ranks {
  readOptions(args, kind)
  readEnds(args, kind)
  return set.read(db, args.at(kind.key)) ? findRanks() : NONE
}

function answerRange(ctx: Context, kind: Kind): void {
  const { reply } = ctx
  const { from, to } = find(ctx, kind)
  const { reverse, withScores } = wanted
  writeMemberCount(reply, to - from, withScores)
  if (from === to) return
  set.forEachInRanks(from, to, (member, score) => writeMember(reply, member, score, withScores), reverse)
}

function storeRange(ctx: Context, kind: Kind): void {
  const { from, to } = find(ctx, kind)
  const { hashSeed, limits } = ctx.keyspace
  const found = new SortedSet(hashSeed)
  // A packed set has no -0, and Redis' result is packed to begin with unless it knows that there will be too many.
  let isPacked = wanted.by !== "rank" || to - from <= limits.zsetMaxListpackEntries
  const add: VisitMember = (member, score) => {
    isPacked &&= found.size < limits.zsetMaxListpackEntries && member.length <= limits.zsetMaxListpackValue
    found.set(member, isPacked ? score + 0 : score)
  }
  if (from < to) set.forEachInRanks(from, to, add, wanted.reverse)
  storeSortedSet(ctx, ctx.args.at(1), found, "zrangestore")
}

const COMPLEXITY =
  "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned."
const COMPLEXITY_WITH_LIMIT =
  "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements being returned. If M is constant (e.g. always asking for the first 10 elements with LIMIT), you can consider it O(log(N))."

const since62 = (argument: Argument): Argument => ({ ...argument, since: "6.2.0" })

const ends = (type: Argument["type"], first: string, second: string): ReadonlyArray<Argument> => [
  { name: first, type },
  { name: second, type }
]

const zrange: CommandDefinition = {
  name: "zrange",
  summary: "Return the members of a sorted set within a range of ranks, scores or members",
  since: "1.2.0",
  group: "sorted-set",
  complexity: COMPLEXITY,
  arity: -4,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  history: [["6.2.0", "Takes REV, BYSCORE, BYLEX and LIMIT."]],
  args: [KEY, ...ends("string", "start", "stop"), since62(SORT_BY), since62(REV), since62(LIMIT), WITHSCORES],
  run: (ctx) => answerRange(ctx, { key: 1, stores: false })
}

const zrangestore: CommandDefinition = {
  name: "zrangestore",
  summary: "Store the members of a sorted set within a range under another key",
  since: "6.2.0",
  group: "sorted-set",
  complexity:
    "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key.",
  arity: -5,
  flags: ["write", "denyoom"],
  keys: [keys(["OW", "update"]), keys(["RO", "access"], 2)],
  args: [
    { name: "dst", type: "key", keySpec: 0 },
    { name: "src", type: "key", keySpec: 1 },
    ...ends("string", "min", "max"),
    SORT_BY,
    REV,
    LIMIT
  ],
  run: (ctx) => storeRange(ctx, { key: 2, stores: true })
}

/** A command that ZRANGE has replaced. */
interface Replaced {
  readonly name: string
  readonly summary: string
  readonly since: string
  readonly by: By
  readonly reverse: boolean
  readonly replacedBy: string
  readonly args: ReadonlyArray<Argument>
  readonly history?: CommandDefinition["history"]
}

const replacements: ReadonlyArray<Replaced> = [
  {
    name: "zrevrange",
    summary: "Return the members of a sorted set within a range of ranks, the highest first",
    since: "1.2.0",
    by: "rank",
    reverse: true,
    replacedBy: "`ZRANGE` with the `REV` argument",
    args: [...ends("integer", "start", "stop"), WITHSCORES]
  },
  {
    name: "zrangebyscore",
    summary: "Return the members of a sorted set within a range of scores",
    since: "1.0.5",
    by: "score",
    reverse: false,
    replacedBy: "`ZRANGE` with the `BYSCORE` argument",
    history: [["2.0.0", "Takes WITHSCORES."]],
    args: [...ends("double", "min", "max"), { ...WITHSCORES, since: "2.0.0" }, LIMIT]
  },
  {
    name: "zrevrangebyscore",
    summary: "Return the members of a sorted set within a range of scores, the highest first",
    since: "2.2.0",
    by: "score",
    reverse: true,
    replacedBy: "`ZRANGE` with the `REV` and `BYSCORE` arguments",
    history: [["2.1.6", "An end may be left out of the range."]],
    args: [...ends("double", "max", "min"), WITHSCORES, LIMIT]
  },
  {
    name: "zrangebylex",
    summary: "Return the members of a sorted set between two strings",
    since: "2.8.9",
    by: "lex",
    reverse: false,
    replacedBy: "`ZRANGE` with the `BYLEX` argument",
    args: [...ends("string", "min", "max"), LIMIT]
  },
  {
    name: "zrevrangebylex",
    summary: "Return the members of a sorted set between two strings, the highest first",
    since: "2.8.9",
    by: "lex",
    reverse: true,
    replacedBy: "`ZRANGE` with the `REV` and `BYLEX` arguments",
    args: [...ends("string", "max", "min"), LIMIT]
  }
]

const replaced = replacements.map(
  ({ args, by, history, name, replacedBy, reverse, since, summary }): CommandDefinition => {
    const kind: Kind = { by, reverse, key: 1, stores: false }
    return {
      name,
      summary,
      since,
      group: "sorted-set",
      complexity: by === "rank" ? COMPLEXITY : COMPLEXITY_WITH_LIMIT,
      arity: -4,
      flags: ["readonly"],
      keys: [keys(["RO", "access"])],
      ...(history === undefined ? {} : { history }),
      deprecated: { since: "6.2.0", replacedBy },
      args: [KEY, ...args],
      run: (ctx) => answerRange(ctx, kind)
    }
  }
)

/** ZRANGE ZRANGESTORE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE ZRANGEBYLEX ZREVRANGEBYLEX. */
export const sortedSetRangeCommands: ReadonlyArray<CommandDefinition> = [zrange, zrangestore, ...replaced]
