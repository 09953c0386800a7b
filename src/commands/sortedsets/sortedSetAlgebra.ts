/**
 * Sorted sets and sets combined: ZUNION ZINTER ZDIFF, what stores their results, and ZINTERCARD
 * (https://redis.io/docs/latest/commands/zunion/).
 *
 * Scores are weighed and added in Redis' order, from the smallest source to the largest, because sums of doubles depend on it.
 */
import * as Errors from "../../Errors.ts"
import { SortedSet, type VisitMember } from "../../values/sortedset/SortedSet.ts"
import type { Args } from "../Args.ts"
import { type Argument, type CommandDefinition, type KeySpec, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { AGGREGATION, KEYS, NUMKEYS, WITHSCORES } from "./sortedSetArguments.ts"
import { writeMember, writeMemberCount } from "./sortedSetReplies.ts"
import { findSource, type Source } from "./sortedSetSources.ts"
import { storeSortedSet } from "./sortedSetStore.ts"

type Aggregate = (score: number, other: number) => number

/** Infinities that cancel each other out come to 0. */
const sum: Aggregate = (score, other) => {
  const total = score + other
  return Number.isNaN(total) ? 0 : total
}
/** What is not a number is neither less nor more than another. */
const least: Aggregate = (score, other) => {
  if (other < score) return other
  return score
}
const most: Aggregate = (score, other) => {
  if (other > score) return other
  return score
}

/** An infinity that counts for nothing is 0. */
const weighed = (score: number, weight: number): number => {
  const product = score * weight
  return Number.isNaN(product) ? 0 : product
}

interface Request {
  /** In the order in which they came. */
  readonly sources: ReadonlyArray<Source>
  readonly aggregate: Aggregate
  readonly withScores: boolean
  /** ZINTERCARD: no more than so many are counted; 0 for all. */
  readonly limit: number
}

/** Which options a command takes. */
interface Syntax {
  /** The word that is the number of keys. */
  readonly numkeys: number
  readonly aggregates: boolean
  readonly scores: boolean
  readonly limit: boolean
}

function readNumkeys(args: Args, index: number): number {
  const numkeys = args.int(index)
  if (numkeys < 1) throw Errors.inputKeyNeeded(args.lower(0))
  if (numkeys > args.count - index - 1) throw Errors.syntax
  return numkeys
}

function readAggregate(args: Args, index: number): Aggregate {
  if (args.is(index, "sum")) return sum
  if (args.is(index, "min")) return least
  if (args.is(index, "max")) return most
  throw Errors.syntax
}

function readRequest(ctx: Context, { aggregates, limit: limits, numkeys: at, scores }: Syntax): Request {
  const { args } = ctx
  const numkeys = readNumkeys(args, at)
  const sources = Array.from({ length: numkeys }, (_, i) => findSource(ctx, at + 1 + i))
  let aggregate = sum
  let withScores = false
  let limit = 0
  for (let i = at + numkeys + 1; i < args.count; i++) {
    const left = args.count - i - 1
    if (aggregates && left >= numkeys && args.is(i, "weights")) {
      for (const source of sources) source.weight = args.double(++i, Errors.weightNotAFloat)
    } else if (aggregates && left >= 1 && args.is(i, "aggregate")) aggregate = readAggregate(args, ++i)
    else if (scores && args.is(i, "withscores")) withScores = true
    else if (limits && left >= 1 && args.is(i, "limit")) {
      limit = args.intBetween(++i, 0, Number.POSITIVE_INFINITY, Errors.limitNegative)
    } else throw Errors.syntax
  }
  return { sources, aggregate, withScores, limit }
}

const bySize = (sources: ReadonlyArray<Source>): ReadonlyArray<Source> =>
  [...sources].sort((one, other) => one.size - other.size)

/** Makes the result of its sources. */
type Combine = (request: Request, ctx: Context) => SortedSet

const union: Combine = ({ aggregate, sources }, { keyspace }) => {
  const result = new SortedSet(keyspace.hashSeed)
  for (const source of bySize(sources)) {
    source.forEach((member, score) => {
      const value = weighed(score, source.weight)
      const before = result.locate(member)
      result.put(member, before === undefined ? value : aggregate(before, value))
    })
  }
  return result
}

/** Shows the members that are in all sources, with their scores, at least until there are `limit` of them. */
function intersect({ aggregate, sources }: Request, limit: number, visit: VisitMember): void {
  const [smallest, ...others] = bySize(sources)
  if (smallest === undefined) return
  let found = 0
  const show: VisitMember = (member, score) => {
    let total = weighed(score, smallest.weight)
    for (const other of others) {
      const found = other.score(member)
      if (found === undefined) return
      total = aggregate(total, found * other.weight)
    }
    found++
    visit(member, total)
  }
  smallest.forEach(show, () => found >= limit)
}

const intersection: Combine = (request, { keyspace }) => {
  const result = new SortedSet(keyspace.hashSeed)
  intersect(request, Number.POSITIVE_INFINITY, (member, score) => {
    result.set(member, score)
  })
  return result
}

const difference: Combine = ({ sources }, { keyspace }) => {
  const result = new SortedSet(keyspace.hashSeed)
  const [first, ...others] = sources
  first?.forEach((member, score) => {
    if (!others.some((other) => other.score(member) !== undefined)) result.set(member, score)
  })
  return result
}

function answer(ctx: Context, combine: Combine, aggregates: boolean): void {
  const { reply } = ctx
  const request = readRequest(ctx, { numkeys: 1, aggregates, scores: true, limit: false })
  const { withScores } = request
  const result = combine(request, ctx)
  writeMemberCount(reply, result.size, withScores)
  result.forEach((member, score) => {
    writeMember(reply, member, score, withScores)
  })
}

function store(ctx: Context, combine: Combine, aggregates: boolean): void {
  const request = readRequest(ctx, { numkeys: 2, aggregates, scores: false, limit: false })
  const result = combine(request, ctx)
  storeSortedSet(ctx, ctx.args.at(1), result, ctx.args.lower(0))
}

function countIntersection(ctx: Context): void {
  const request = readRequest(ctx, { numkeys: 1, aggregates: false, scores: false, limit: true })
  const limit = request.limit === 0 ? Number.POSITIVE_INFINITY : request.limit
  let count = 0
  intersect(request, limit, () => {
    count++
  })
  ctx.reply.int(Math.min(count, limit))
}

const sourceKeys = (index: number): KeySpec => ({
  flags: ["RO", "access"],
  begin: { index },
  find: { keyNumIndex: 0, firstKey: 1, step: 1 }
})

/** One of the three, in both its forms. */
interface Operation {
  readonly name: string
  readonly since: string
  readonly storesSince: string
  readonly complexity: string
  readonly what: string
  readonly combine: Combine
  readonly args: ReadonlyArray<Argument>
}

const operations: ReadonlyArray<CommandDefinition> = [
  {
    name: "zunion",
    since: "6.2.0",
    storesSince: "2.0.0",
    complexity:
      "O(N)+O(M*log(M)) with N being the sum of the sizes of the input sorted sets, and M being the number of elements in the resulting sorted set.",
    what: "the members of any of several sorted sets",
    combine: union,
    args: AGGREGATION
  },
  {
    name: "zinter",
    since: "6.2.0",
    storesSince: "2.0.0",
    complexity:
      "O(N*K)+O(M*log(M)) worst case with N being the smallest input sorted set, K being the number of input sorted sets and M being the number of elements in the resulting sorted set.",
    what: "the members that several sorted sets have in common",
    combine: intersection,
    args: AGGREGATION
  },
  {
    name: "zdiff",
    since: "6.2.0",
    storesSince: "6.2.0",
    complexity:
      "O(L + (N-K)log(N)) worst case where L is the total number of elements in all the sets, N is the size of the first set, and K is the size of the result set.",
    what: "the members of a sorted set that several others lack",
    combine: difference,
    args: []
  }
].flatMap(({ args, combine, complexity, name, since, storesSince, what }: Operation): Array<CommandDefinition> => {
  const aggregates = args.length > 0
  return [
    {
      name,
      summary: `Return ${what}`,
      since,
      group: "sorted-set",
      complexity,
      arity: -3,
      flags: ["readonly"],
      keys: [sourceKeys(1)],
      args: [NUMKEYS, KEYS, ...args, WITHSCORES],
      run: (ctx) => answer(ctx, combine, aggregates)
    },
    {
      name: `${name}store`,
      summary: `Store ${what} under another key`,
      since: storesSince,
      group: "sorted-set",
      complexity: name === "zunion" ? complexity.replace("M*log(M)", "M log(M)") : complexity,
      arity: -4,
      flags: ["write", "denyoom"],
      keys: [keys(["OW", "update"]), sourceKeys(2)],
      args: [{ name: "destination", type: "key", keySpec: 0 }, NUMKEYS, { ...KEYS, keySpec: 1 }, ...args],
      run: (ctx) => store(ctx, combine, aggregates)
    }
  ]
})

const zintercard: CommandDefinition = {
  name: "zintercard",
  summary: "Count the members that several sorted sets have in common",
  since: "7.0.0",
  group: "sorted-set",
  complexity: "O(N*K) worst case with N being the smallest input sorted set, K being the number of input sorted sets.",
  arity: -3,
  flags: ["readonly"],
  keys: [sourceKeys(1)],
  args: [NUMKEYS, KEYS, { name: "limit", type: "integer", token: "LIMIT", optional: true }],
  run: countIntersection
}

/** ZUNION ZUNIONSTORE ZINTER ZINTERSTORE ZDIFF ZDIFFSTORE ZINTERCARD. */
export const sortedSetAlgebraCommands: ReadonlyArray<CommandDefinition> = [...operations, zintercard]
