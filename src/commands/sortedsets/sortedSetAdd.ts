/**
 * Scores given and changed: ZADD ZINCRBY (https://redis.io/docs/latest/commands/zadd/).
 *
 * Invariant: a request is refused before any member is touched, except for the sum that is not a number.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import type { Slice } from "../../values/Slice.ts"
import type { Args } from "../Args.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { CHANGE, COMPARISON, CONDITION, INCREMENT, MEMBER, SCORES_AND_MEMBERS } from "./sortedSetArguments.ts"

/** ZADD's options, as bits. */
const Option = { Nx: 1, Xx: 2, Gt: 4, Lt: 8, Ch: 16, Incr: 32 } as const

/** Where options begin. */
const FIRST_OPTION = 2

const set = new SortedSetView()

/** What became of a member. */
const Outcome = { Nothing: 0, Kept: 1, Updated: 2, Added: 3 } as const
type Outcome = (typeof Outcome)[keyof typeof Outcome]

/** The score that the last member has now. */
let lastScore = 0

/** Room for the scores of most requests. */
const fewScores = new Float64Array(64)

/** The scores, which stand before members, from the word at `first` on: valid until the next request. */
function readScores(args: Args, first: number): Float64Array {
  const count = (args.count - first) / 2
  const scores = count <= fewScores.length ? fewScores : new Float64Array(count)
  for (let i = 0; i < count; i++) scores[i] = args.double(first + 2 * i)
  return scores
}

/** The option that the word at `index` is, 0 if it is none. */
function optionAt(args: Args, index: number): number {
  const length = args.length(index)
  if (length === 2) {
    if (args.is(index, "nx")) return Option.Nx
    if (args.is(index, "xx")) return Option.Xx
    if (args.is(index, "gt")) return Option.Gt
    if (args.is(index, "lt")) return Option.Lt
    if (args.is(index, "ch")) return Option.Ch
  }
  return length === 4 && args.is(index, "incr") ? Option.Incr : 0
}

function checkOptions(options: number, words: number): void {
  if (words === 0 || words % 2 === 1) throw Errors.syntax
  const { Gt, Incr, Lt, Nx, Xx } = Option
  if ((options & Nx) !== 0 && (options & Xx) !== 0) throw Errors.nxAndXx
  if ((options & Gt) !== 0 && (options & (Nx | Lt)) !== 0) throw Errors.gtLtOrNx
  if ((options & Lt) !== 0 && (options & Nx) !== 0) throw Errors.gtLtOrNx
  if ((options & Incr) !== 0 && words > 2) throw Errors.incrTakesOnePair
}

/** Gives the member the score, as far as the options let it. */
function addMember(member: Slice, given: number, options: number): Outcome {
  const before = set.locate(member)
  if (before === undefined) {
    if ((options & Option.Xx) !== 0) return Outcome.Nothing
    lastScore = given
    set.put(member, given)
    return Outcome.Added
  }
  if ((options & Option.Nx) !== 0) return Outcome.Nothing
  const score = (options & Option.Incr) !== 0 ? before + given : given
  if (Number.isNaN(score)) throw Errors.scoreNotANumber
  if ((options & Option.Lt) !== 0 && score >= before) return Outcome.Nothing
  if ((options & Option.Gt) !== 0 && score <= before) return Outcome.Nothing
  lastScore = score
  if (score === before) return Outcome.Kept
  set.put(member, score)
  return Outcome.Updated
}

/** ZADD, and ZINCRBY, which has the same syntax and one option more to begin with. */
function add(ctx: Context, initial: number): void {
  const { args, db, keyspace, reply } = ctx
  let options = initial
  let first = FIRST_OPTION
  for (; first < args.count; first++) {
    const option = optionAt(args, first)
    if (option === 0) break
    options |= option
  }
  checkOptions(options, args.count - first)
  const scores = readScores(args, first)
  const isThere = set.write(db, args.at(1))
  let added = 0
  let updated = 0
  let outcome: Outcome = Outcome.Nothing
  if (isThere || (options & Option.Xx) === 0) {
    if (!isThere) set.create(db, args.at(1))
    for (let i = 0; first + 2 * i < args.count; i++) {
      outcome = addMember(args.at(first + 2 * i + 1), scores[i]!, options)
      if (outcome === Outcome.Added) added++
      else if (outcome === Outcome.Updated) updated++
    }
  }
  if (added + updated > 0) {
    db.changed(EventClass.SortedSet, (options & Option.Incr) !== 0 ? "zincr" : "zadd", args.at(1))
    keyspace.dirty += added + updated - 1
  }
  if ((options & Option.Incr) === 0) reply.int((options & Option.Ch) !== 0 ? added + updated : added)
  else if (outcome === Outcome.Nothing) reply.null()
  else reply.double(lastScore)
}

const zadd: CommandDefinition = {
  name: "zadd",
  summary: "Add members to a sorted set, or give those that are there another score",
  since: "1.2.0",
  group: "sorted-set",
  complexity: "O(log(N)) for each item added, where N is the number of elements in the sorted set.",
  arity: -4,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "update"])],
  history: [
    ["2.4.0", "Takes several members."],
    ["3.0.2", "Takes XX, NX, CH and INCR."],
    ["6.2.0", "Takes GT and LT."]
  ],
  args: [KEY, CONDITION, COMPARISON, CHANGE, INCREMENT, SCORES_AND_MEMBERS],
  run: (ctx) => add(ctx, 0)
}

const zincrby: CommandDefinition = {
  name: "zincrby",
  summary: "Add to the score of a member of a sorted set",
  since: "1.2.0",
  group: "sorted-set",
  complexity: "O(log(N)) where N is the number of elements in the sorted set.",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, { name: "increment", type: "integer" }, MEMBER],
  run: (ctx) => add(ctx, Option.Incr)
}

/** ZADD ZINCRBY. */
export const sortedSetAddCommands: ReadonlyArray<CommandDefinition> = [zadd, zincrby]
