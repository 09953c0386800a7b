/**
 * LPOS: where in a list an element is (https://redis.io/docs/latest/commands/lpos/).
 */
import * as Errors from "../../Errors.ts"
import { parseSafeInteger } from "../../values/numbers.ts"
import type { Args } from "../Args.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { list } from "./listEnds.ts"

const INT64_MIN = -(2n ** 63n)

interface Search {
  /** The first match that counts, 1 for the first there is; negative: counted from the end. */
  rank: number
  /** How many matches are wanted, 0 for all; undefined for a single one that is not in an array. */
  count: number | undefined
  /** How many elements are looked at, 0 for all. */
  maxlen: number
}

function readRank(args: Args, index: number): number {
  const rank = args.int64(index)
  if (rank === INT64_MIN) throw Errors.not64Bits
  if (rank === 0n) throw Errors.rankIsZero
  return Number(rank)
}

const fromZero = (args: Args, index: number, refusal: Errors.ReplyError): number =>
  args.intBetween(index, 0, Number.POSITIVE_INFINITY, refusal)

function readSearch(args: Args): Search {
  const search: Search = { rank: 1, count: undefined, maxlen: 0 }
  for (let i = 3; i < args.count; i += 2) {
    const value = args.need(i + 1)
    if (args.is(i, "rank")) search.rank = readRank(args, value)
    else if (args.is(i, "count")) search.count = fromZero(args, value, Errors.countNegative)
    else if (args.is(i, "maxlen")) search.maxlen = fromZero(args, value, Errors.maxlenNegative)
    else throw Errors.syntax
  }
  return search
}

/** Writes the positions of the matches, up to `wanted` of them; gives back how many there were. */
function writeMatches({ args, reply }: Context, { maxlen, rank }: Search, wanted: number): number {
  const element = args.at(2)
  const integer = parseSafeInteger(element)
  const backwards = rank < 0
  const { length } = list
  const most = maxlen === 0 ? length : Math.min(maxlen, length)
  let skipped = Math.abs(rank) - 1
  let found = 0
  list.seek(backwards ? -1 : 0)
  for (let i = 0; i < most && found < wanted; i++) {
    if (list.equals(element, integer)) {
      if (skipped > 0) skipped--
      else {
        found++
        reply.int(backwards ? length - 1 - i : i)
      }
    }
    if (backwards) list.previous()
    else list.next()
  }
  return found
}

const lpos: CommandDefinition = {
  name: "lpos",
  summary: "Return where in a list an element is",
  since: "6.0.6",
  group: "list",
  complexity: "O(N) where N is the number of elements looked at, from the end where the search begins",
  arity: -3,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  args: [
    KEY,
    { name: "element", type: "string" },
    { name: "rank", type: "integer", token: "RANK", optional: true },
    { name: "num-matches", type: "integer", token: "COUNT", optional: true },
    { name: "len", type: "integer", token: "MAXLEN", optional: true }
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const search = readSearch(args)
    const { count } = search
    const there = list.read(db, args.at(1))
    if (count === undefined) {
      if (!there || writeMatches(ctx, search, 1) === 0) reply.null()
      return
    }
    const mark = reply.length
    const found = there ? writeMatches(ctx, search, count === 0 ? Number.POSITIVE_INFINITY : count) : 0
    reply.arrayAt(mark, found)
  }
}

/** LPOS. */
export const listPositionCommands: ReadonlyArray<CommandDefinition> = [lpos]
