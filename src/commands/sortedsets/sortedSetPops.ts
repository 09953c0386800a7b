/**
 * Members taken from either end: ZPOPMIN ZPOPMAX ZMPOP, and BZPOPMIN BZPOPMAX BZMPOP, which wait for one
 * (https://redis.io/docs/latest/commands/zpopmin/).
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { Entry } from "../../values/listpack/entries.ts"
import type { Args } from "../Args.ts"
import { blockOn, secondsTimeout, sortedSetLane } from "../blocking.ts"
import { type Argument, type CommandDefinition, type KeySpec, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import type { Block } from "../Suspend.ts"
import { KEYS, NUMKEYS, WHERE } from "./sortedSetArguments.ts"

/** Which end: the lowest scores or the highest. */
type Where = "min" | "max"

const EVENTS = { min: "zpopmin", max: "zpopmax" } as const
const COMMANDS = { min: "ZPOPMIN", max: "ZPOPMAX" } as const

const set = new SortedSetView()
const popped = new Entry()

/** Writes `count` members from that end of the set that the view is on, and takes them out. */
function pop(
  { args, db, keyspace, reply }: Context,
  keyIndex: number,
  where: Where,
  count: number,
  nested: boolean
): void {
  const { size } = set
  for (let i = 0; i < count; i++) {
    const score = set.at(where === "min" ? i : size - 1 - i, popped)
    if (nested) reply.array(2)
    reply.bulk(popped)
    reply.double(score)
  }
  if (count === size) set.remove()
  else if (where === "min") set.deleteRanks(0, count)
  else set.deleteRanks(size - count, size)
  const key = args.at(keyIndex)
  db.changed(EventClass.SortedSet, EVENTS[where], key)
  if (count === size) db.announce(EventClass.Generic, "del", key)
  keyspace.dirty += count - 1
}

/** The most words of ZPOPMIN, which its arity does not limit. */
const POP_WORDS = 3

function popFrom(ctx: Context, where: Where): void {
  const { args, db, reply } = ctx
  if (args.count > POP_WORDS) throw Errors.syntax
  const isCounted = args.count === POP_WORDS
  const wanted = isCounted ? args.intBetween(2, 0, Number.POSITIVE_INFINITY, Errors.mustBePositive) : 1
  const count = set.write(db, args.at(1)) ? Math.min(wanted, set.size) : 0
  if (count === 0) {
    reply.array(0)
    return
  }
  const nested = isCounted && reply.protocol === 3
  reply.array(nested ? count : 2 * count)
  pop(ctx, 1, where, count, nested)
}

/** Turns to the first of the keys that has a set, and returns its index among the words, 0 if none has. */
function firstFilled({ args, db }: Context, first: number, last: number): number {
  for (let i = first; i <= last; i++) if (set.write(db, args.at(i))) return i
  return 0
}

const wait = ({ args }: Context, first: number, last: number, timeout: number): Omit<Block, "_tag"> => ({
  keys: Array.from({ length: Math.min(last, args.count - 1) - first + 1 }, (_, i) => first + i),
  lane: sortedSetLane,
  timeout,
  timedOut: ({ reply }) => reply.nullArray()
})

function popOrWait(ctx: Context, where: Where): Block | undefined {
  const { args, reply } = ctx
  const last = args.count - 2
  const timeout = secondsTimeout(args, args.count - 1)
  const at = firstFilled(ctx, 1, last)
  if (at === 0) return blockOn(ctx, wait(ctx, 1, last, timeout))
  reply.array(3)
  reply.bulk(args.at(at))
  pop(ctx, at, where, 1, false)
  ctx.journalAs([COMMANDS[where], args.at(at)])
  return undefined
}

/** What ZMPOP and BZMPOP ask for. */
interface Request {
  readonly first: number
  readonly last: number
  readonly where: Where
  readonly count: number
}

function readWhere(args: Args, index: number): Where {
  if (args.is(index, "min")) return "min"
  if (args.is(index, "max")) return "max"
  throw Errors.syntax
}

/** Reads the words from the number of keys on. */
function readRequest(args: Args, at: number): Request {
  const numkeys = args.intBetween(at, 1, Number.POSITIVE_INFINITY, Errors.numkeysNotPositive)
  const where = readWhere(args, at + numkeys + 1)
  let count = 0
  for (let i = at + numkeys + 2; i < args.count; i += 2) {
    if (count !== 0 || !args.is(i, "count") || i + 1 >= args.count) throw Errors.syntax
    count = args.intBetween(i + 1, 1, Number.POSITIVE_INFINITY, Errors.countNotPositive)
  }
  return { first: at + 1, last: at + numkeys, where, count: Math.max(count, 1) }
}

/** Pops from the first key that has members; false if none has. */
function popFirstFilled(ctx: Context, { count, first, last, where }: Request): boolean {
  const { args, reply } = ctx
  const at = firstFilled(ctx, first, last)
  if (at === 0) return false
  const taken = Math.min(count, set.size)
  reply.array(2)
  reply.bulk(args.at(at))
  reply.array(taken)
  pop(ctx, at, where, taken, true)
  ctx.journalAs([COMMANDS[where], args.at(at), taken])
  return true
}

const popCommand = (name: string, summary: string, where: Where): CommandDefinition => ({
  name,
  summary,
  since: "5.0.0",
  group: "sorted-set",
  complexity:
    "O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.",
  arity: -2,
  flags: ["write", "fast"],
  keys: [keys(["RW", "access", "delete"])],
  args: [KEY, { name: "count", type: "integer", optional: true }],
  run: (ctx) => popFrom(ctx, where)
})

const blockingPop = (name: string, summary: string, where: Where): CommandDefinition => ({
  name,
  summary,
  since: "5.0.0",
  group: "sorted-set",
  complexity: "O(log(N)) with N being the number of elements in the sorted set.",
  arity: -3,
  flags: ["write", "blocking", "fast"],
  keys: [keys(["RW", "access", "delete"], 1, -2)],
  history: [["6.0.0", "The timeout may be a fraction."]],
  args: [KEYS, { name: "timeout", type: "double" }],
  run: (ctx) => popOrWait(ctx, where)
})

const numberedKeys = (index: number): KeySpec => ({
  flags: ["RW", "access", "delete"],
  begin: { index },
  find: { keyNumIndex: 0, firstKey: 1, step: 1 }
})

const COUNT: Argument = { name: "count", type: "integer", token: "COUNT", optional: true }

const MULTIPLE = {
  since: "7.0.0",
  group: "sorted-set",
  complexity:
    "O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped."
} as const

const zmpop: CommandDefinition = {
  ...MULTIPLE,
  name: "zmpop",
  summary: "Remove members from an end of the first of several sorted sets that has any, and return them",
  arity: -4,
  flags: ["write"],
  keys: [numberedKeys(1)],
  args: [NUMKEYS, KEYS, WHERE, COUNT],
  run: (ctx) => {
    if (!popFirstFilled(ctx, readRequest(ctx.args, 1))) ctx.reply.nullArray()
  }
}

const bzmpop: CommandDefinition = {
  ...MULTIPLE,
  name: "bzmpop",
  summary: "Remove members from an end of the first of several sorted sets that has any, or wait for one",
  arity: -5,
  flags: ["write", "blocking"],
  keys: [numberedKeys(2)],
  args: [{ name: "timeout", type: "double" }, NUMKEYS, KEYS, WHERE, COUNT],
  run: (ctx) => {
    const request = readRequest(ctx.args, 2)
    const timeout = secondsTimeout(ctx.args, 1)
    if (popFirstFilled(ctx, request)) return undefined
    return blockOn(ctx, wait(ctx, request.first, request.last, timeout))
  }
}

/** ZPOPMIN ZPOPMAX ZMPOP BZPOPMIN BZPOPMAX BZMPOP. */
export const sortedSetPopCommands: ReadonlyArray<CommandDefinition> = [
  popCommand("zpopmin", "Remove the members with the lowest scores from a sorted set and return them", "min"),
  popCommand("zpopmax", "Remove the members with the highest scores from a sorted set and return them", "max"),
  zmpop,
  blockingPop("bzpopmin", "Remove the member with the lowest score from a sorted set, or wait for one", "min"),
  blockingPop("bzpopmax", "Remove the member with the highest score from a sorted set, or wait for one", "max"),
  bzmpop
]
