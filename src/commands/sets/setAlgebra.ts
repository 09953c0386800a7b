/**
 * What several sets have in common, together, or apart: SINTER SINTERSTORE SINTERCARD SUNION SUNIONSTORE SDIFF SDIFFSTORE.
 *
 * A key that is not there is an empty set. Results have the form, and so the order, that Redis 7.2 gives them.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { Form } from "../../keyspace/Value.ts"
import { SetView } from "../../keyspace/views/SetView.ts"
import type { Slice } from "../../values/Slice.ts"
import { OwnSet } from "../../values/set/OwnSet.ts"
import { type Argument, type CommandDefinition, type KeySpec, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"

/** The views of the first keys are used again and again; those of further ones go with their command. */
const views: ReadonlyArray<SetView> = Array.from({ length: 8 }, () => new SetView())
/** What results are stored through. */
const stored = new SetView()

type Sets = ReadonlyArray<SetView | undefined>

/** The sets under the keys from word `first` up to but not including `end`; undefined where there is none. */
function readSets({ args, db }: Context, first: number, end = args.count): Sets {
  let used = 0
  return Array.from({ length: end - first }, (_, i) => {
    const view = views[used] ?? new SetView()
    if (!view.read(db, args.at(first + i))) return undefined
    used++
    return view
  })
}

const isSame = (one: SetView, other: SetView): boolean => one.ref === other.ref

const ascending = (one: SetView, other: SetView): number => one.size - other.size

// ---- what comes of the sets --------------------------------------------------------------------------------------------

/** The sets in the order in which they are asked, the smallest first; none if one of them is empty. */
function bySize(sets: Sets): ReadonlyArray<SetView> {
  const present = sets.filter((set) => set !== undefined)
  return present.length < sets.length ? [] : present.sort(ascending)
}

/** Visits what all sets have, at least until there are so many. `sets` are as `bySize` gives them. */
function intersect(sets: ReadonlyArray<SetView>, limit: number, visit: (member: Slice) => void): void {
  const [smallest, ...others] = sets
  if (smallest === undefined) return
  const asked = others.filter((set) => !isSame(set, smallest))
  let found = 0
  const look = (member: Slice): void => {
    for (const set of asked) if (!set.has(member)) return
    found++
    visit(member)
  }
  if (limit === Number.POSITIVE_INFINITY) {
    smallest.forEach(look)
    return
  }
  let cursor = 0
  do cursor = smallest.scan(cursor, look)
  while (cursor !== 0 && found < limit)
}

function intersection({ keyspace: { hashSeed, limits } }: Context, sets: Sets): OwnSet {
  const sorted = bySize(sets)
  const ofIntegers = sorted[0]?.form === Form.Intset
  const result = ofIntegers ? OwnSet.intset(limits, hashSeed) : OwnSet.packed(limits, hashSeed)
  intersect(sorted, Number.POSITIVE_INFINITY, (member) => {
    result.add(member)
  })
  result.becomeIntsetIfPossible()
  return result
}

function union({ keyspace: { hashSeed, limits } }: Context, sets: Sets): OwnSet {
  const result = OwnSet.intset(limits, hashSeed)
  for (const set of sets) {
    set?.forEach((member) => {
      result.add(member)
    })
  }
  return result
}

function difference({ keyspace: { hashSeed, limits } }: Context, sets: Sets): OwnSet {
  const result = OwnSet.intset(limits, hashSeed)
  const [first, ...others] = sets
  const subtracted = others.filter((set) => set !== undefined)
  if (first === undefined || subtracted.some((set) => isSame(set, first))) return result
  if (asksLess(first, subtracted)) addUnlessIn(result, first, subtracted)
  else addAndRemove(result, first, subtracted)
  return result
}

/** Whether to ask the others for every member of the first set is less work than to remove all of theirs. */
function asksLess(first: SetView, others: ReadonlyArray<SetView>): boolean {
  const asking = Math.floor((first.size * (others.length + 1)) / 2)
  return asking <= others.reduce((sum, set) => sum + set.size, first.size)
}

function addUnlessIn(result: OwnSet, first: SetView, others: ReadonlyArray<SetView>): void {
  const largestFirst = [...others].sort((one, other) => ascending(other, one))
  first.forEach((member) => {
    for (const set of largestFirst) if (set.has(member)) return
    result.add(member)
  })
}

function addAndRemove(result: OwnSet, first: SetView, others: ReadonlyArray<SetView>): void {
  first.forEach((member) => {
    result.add(member)
  })
  for (const set of others) {
    if (result.size === 0) return
    set.forEach((member) => {
      result.delete(member)
    })
  }
}

// ---- commands ----------------------------------------------------------------------------------------------------------

type Operation = (ctx: Context, sets: Sets) => OwnSet

function answer(ctx: Context, operation: Operation): void {
  const result = operation(ctx, readSets(ctx, 1))
  ctx.reply.set(result.size)
  result.forEach((member) => {
    ctx.reply.bulk(member)
  })
}

/** Stores the result; an empty one lets the key go. */
function store(ctx: Context, operation: Operation, event: string): void {
  const { args, db, reply } = ctx
  const result = operation(ctx, readSets(ctx, 2))
  const key = args.at(1)
  reply.int(result.size)
  if (result.size > 0) {
    stored.store(db, key, result)
    db.changed(EventClass.Set, event, key)
  } else if (db.delete(key)) db.changed(EventClass.Generic, "del", key)
}

const INTERSECTION_COMPLEXITY =
  "O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets."
const SUM_COMPLEXITY = "O(N) where N is the total number of elements in all given sets."

const SOURCES: ReadonlyArray<KeySpec> = [keys(["RO", "access"], 1, -1)]
const sourcesBehind = (destination: KeySpec): ReadonlyArray<KeySpec> => [destination, keys(["RO", "access"], 2, -1)]
const KEYS: Argument = { ...KEY, multiple: true }
const DESTINATION_AND_KEYS: ReadonlyArray<Argument> = [
  { name: "destination", type: "key", keySpec: 0 },
  { ...KEYS, keySpec: 1 }
]

const sinter: CommandDefinition = {
  name: "sinter",
  summary: "Return the members that all sets have",
  since: "1.0.0",
  group: "set",
  complexity: INTERSECTION_COMPLEXITY,
  arity: -2,
  flags: ["readonly"],
  tips: ["nondeterministic_output_order"],
  keys: SOURCES,
  args: [KEYS],
  run: (ctx) => {
    const { reply } = ctx
    const sets = bySize(readSets(ctx, 1))
    const mark = reply.length
    let count = 0
    intersect(sets, Number.POSITIVE_INFINITY, (member) => {
      reply.bulk(member)
      count++
    })
    reply.setAt(mark, count)
  }
}

const sinterstore: CommandDefinition = {
  name: "sinterstore",
  summary: "Store the members that all sets have",
  since: "1.0.0",
  group: "set",
  complexity: INTERSECTION_COMPLEXITY,
  arity: -3,
  flags: ["write", "denyoom"],
  keys: sourcesBehind(keys(["RW", "update"])),
  args: DESTINATION_AND_KEYS,
  run: (ctx) => store(ctx, intersection, "sinterstore")
}

/** SINTERCARD's LIMIT, the last one if there are several. */
function readLimit({ args }: Context, from: number): number {
  let limit = 0
  for (let i = from; i < args.count; i += 2) {
    if (!args.is(i, "limit") || i + 1 === args.count) throw Errors.syntax
    limit = args.intBetween(i + 1, 0, Number.POSITIVE_INFINITY, Errors.limitNegative)
  }
  return limit === 0 ? Number.POSITIVE_INFINITY : limit
}

const sintercard: CommandDefinition = {
  name: "sintercard",
  summary: "Return how many members all sets have in common",
  since: "7.0.0",
  group: "set",
  complexity: INTERSECTION_COMPLEXITY,
  arity: -3,
  flags: ["readonly"],
  keys: [{ flags: ["RO", "access"], begin: { index: 1 }, find: { keyNumIndex: 0, firstKey: 1, step: 1 } }],
  args: [
    { name: "numkeys", type: "integer" },
    KEYS,
    { name: "limit", type: "integer", token: "LIMIT", optional: true }
  ],
  run: (ctx) => {
    const { args, reply } = ctx
    const count = args.intBetween(1, 1, Number.POSITIVE_INFINITY, Errors.numkeysNotPositive)
    if (count > args.count - 2) throw Errors.numkeysTooLarge
    const limit = readLimit(ctx, 2 + count)
    let found = 0
    intersect(bySize(readSets(ctx, 2, 2 + count)), limit, () => {
      found++
    })
    reply.int(Math.min(found, limit))
  }
}

const sunion: CommandDefinition = {
  name: "sunion",
  summary: "Return the members that any of the sets has",
  since: "1.0.0",
  group: "set",
  complexity: SUM_COMPLEXITY,
  arity: -2,
  flags: ["readonly"],
  tips: ["nondeterministic_output_order"],
  keys: SOURCES,
  args: [KEYS],
  run: (ctx) => answer(ctx, union)
}

const sunionstore: CommandDefinition = {
  name: "sunionstore",
  summary: "Store the members that any of the sets has",
  since: "1.0.0",
  group: "set",
  complexity: SUM_COMPLEXITY,
  arity: -3,
  flags: ["write", "denyoom"],
  keys: sourcesBehind(keys(["OW", "update"])),
  args: DESTINATION_AND_KEYS,
  run: (ctx) => store(ctx, union, "sunionstore")
}

const sdiff: CommandDefinition = {
  name: "sdiff",
  summary: "Return the members of the first set that none of the others has",
  since: "1.0.0",
  group: "set",
  complexity: SUM_COMPLEXITY,
  arity: -2,
  flags: ["readonly"],
  tips: ["nondeterministic_output_order"],
  keys: SOURCES,
  args: [KEYS],
  run: (ctx) => answer(ctx, difference)
}

const sdiffstore: CommandDefinition = {
  name: "sdiffstore",
  summary: "Store the members of the first set that none of the others has",
  since: "1.0.0",
  group: "set",
  complexity: SUM_COMPLEXITY,
  arity: -3,
  flags: ["write", "denyoom"],
  keys: sourcesBehind(keys(["OW", "update"])),
  args: DESTINATION_AND_KEYS,
  run: (ctx) => store(ctx, difference, "sdiffstore")
}

/** SINTER SINTERSTORE SINTERCARD SUNION SUNIONSTORE SDIFF SDIFFSTORE. */
export const setAlgebraCommands: ReadonlyArray<CommandDefinition> = [
  sinter,
  sinterstore,
  sintercard,
  sunion,
  sunionstore,
  sdiff,
  sdiffstore
]
