/**
 * SORT and SORT_RO: the elements of a list, a set or a sorted set in order, or what belongs to them
 * (https://redis.io/docs/latest/commands/sort/).
 *
 * What decides is a number or, with ALPHA, bytes, of the element itself or of the value that BY finds for it. Text is compared
 * as in the C locale, so up to the first NUL; for STORE to the end, for the result must be the same everywhere.
 */
import * as Errors from "../Errors.ts"
import type { Database } from "../keyspace/Database.ts"
import { EventClass } from "../keyspace/Notifications.ts"
import { ValueType } from "../keyspace/Value.ts"
import { ListView } from "../keyspace/views/ListView.ts"
import { QuickList } from "../values/list/QuickList.ts"
import { QuickListLimit } from "../values/list/QuickListLimit.ts"
import { parseDouble, parseSafeInteger } from "../values/numbers.ts"
import { Slice } from "../values/Slice.ts"
import type { Args } from "./Args.ts"
import { type Argument, type CommandDefinition, type KeySpec, keys } from "./Command.ts"
import type { Context } from "./Context.ts"
import { KEY } from "./commonArguments.ts"
import { elementsOf } from "./sortElements.ts"
import { isConstant, SortPattern } from "./sortPattern.ts"

const NOTHING = new Slice()

const list = new ListView()

// ---- options -----------------------------------------------------------------------------------------------------------

interface SortOptions {
  descending: boolean
  alpha: boolean
  offset: number
  /** Negative: all. */
  count: number
  by: SortPattern | undefined
  /** The elements keep the order that they have. */
  unsorted: boolean
  get: Array<SortPattern>
  /** Index of the word that is the key to store the result under; 0 if it is not to be stored. */
  storeAt: number
}

function readOptions(args: Args, mayStore: boolean): SortOptions {
  const options: SortOptions = {
    descending: false,
    alpha: false,
    offset: 0,
    count: -1,
    by: undefined,
    unsorted: false,
    get: [],
    storeAt: 0
  }
  for (let i = 2; i < args.count; i++) {
    const left = args.count - 1 - i
    if (args.is(i, "asc")) options.descending = false
    else if (args.is(i, "desc")) options.descending = true
    else if (args.is(i, "alpha")) options.alpha = true
    else if (args.is(i, "limit") && left >= 2) {
      options.offset = args.int(++i)
      options.count = args.int(++i)
    } else if (mayStore && args.is(i, "store") && left >= 1) options.storeAt = ++i
    else if (args.is(i, "by") && left >= 1) {
      const pattern = args.at(++i)
      options.by = new SortPattern(pattern)
      options.unsorted ||= isConstant(pattern)
    } else if (args.is(i, "get") && left >= 1) options.get.push(new SortPattern(args.at(++i)))
    else throw Errors.syntax
  }
  return options
}

// ---- the elements ------------------------------------------------------------------------------------------------------

interface Item {
  readonly element: Slice
  number: number
  text: Uint8Array | undefined
}

/** A number as C's `strtod` reads it from a C string: blanks may precede it, and nothing at all is 0. */
function numberOf(value: Slice): number {
  const integer = parseSafeInteger(value)
  if (!Number.isNaN(integer)) return integer
  const text = value.toString().split("\0", 1)[0]!
  if (text === "") return 0
  const number = parseDouble(Slice.latin1(text.replace(/^[ \t\n\v\f\r]+/, "")))
  if (number === undefined) throw Errors.weightsNotDoubles
  return number
}

function untilNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

function itemOf(db: Database, element: Slice, { alpha, by, storeAt }: SortOptions): Item {
  const value = by === undefined ? element : by.valueFor(db, element)
  if (!alpha) return { element, number: value === undefined ? 0 : numberOf(value), text: undefined }
  const text = by === undefined ? element.view() : value?.copy()
  return { element, number: 0, text: text !== undefined && storeAt === 0 ? untilNul(text) : text }
}

/** Elements without a text come first. */
function compareTexts(one: Uint8Array | undefined, other: Uint8Array | undefined): number {
  if (one !== undefined && other !== undefined) return Buffer.compare(one, other)
  return (one === undefined ? 0 : 1) - (other === undefined ? 0 : 1)
}

/** Equal numbers leave it to the elements. */
function compareNumbers(one: Item, other: Item): number {
  if (one.number !== other.number) return one.number < other.number ? -1 : 1
  return Buffer.compare(one.element.view(), other.element.view())
}

function sortElements(db: Database, elements: ReadonlyArray<Slice>, options: SortOptions): ReadonlyArray<Slice> {
  const items = elements.map((element) => itemOf(db, element, options))
  const sign = options.descending ? -1 : 1
  items.sort((one, other) => sign * (options.alpha ? compareTexts(one.text, other.text) : compareNumbers(one, other)))
  return items.map(({ element }) => element)
}

/** The elements that are wanted, in the order in which they are wanted. */
function chosenElements({ args, db }: Context, options: SortOptions): ReadonlyArray<Slice> {
  const ref = db.read(args.at(1))
  if (ref === 0) return []
  const isSet = db.dict.type(ref) === ValueType.Set
  // A set has no order of its own that would be the same everywhere.
  if (options.unsorted && options.storeAt > 0 && isSet) {
    options.unsorted = false
    options.alpha = true
    options.by = undefined
  }
  const { descending, unsorted } = options
  const from = Math.max(options.offset, 0)
  const count = options.count < 0 ? Number.POSITIVE_INFINITY : options.count
  if (unsorted && !isSet) return elementsOf(db, ref, from, count, descending)
  const elements = elementsOf(db, ref)
  return (unsorted ? elements : sortElements(db, elements, options)).slice(from, from + count)
}

// ---- commands ----------------------------------------------------------------------------------------------------------

/** Visits the elements, or what GET finds for each of them. */
function forEachResult(
  db: Database,
  elements: ReadonlyArray<Slice>,
  { get }: SortOptions,
  visit: (result: Slice | undefined) => void
): void {
  for (const element of elements) {
    if (get.length === 0) visit(element)
    for (const pattern of get) visit(pattern.valueFor(db, element))
  }
}

function answer({ db, reply }: Context, elements: ReadonlyArray<Slice>, options: SortOptions): void {
  reply.array(elements.length * Math.max(1, options.get.length))
  forEachResult(db, elements, options, (result) => {
    if (result === undefined) reply.null()
    else reply.bulk(result)
  })
}

/** Stores the result as a list; an empty one lets the key go. */
function store({ args, db, keyspace, reply }: Context, elements: ReadonlyArray<Slice>, options: SortOptions): void {
  const result = new QuickList(new QuickListLimit(keyspace.limits.listMaxListpackSize))
  forEachResult(db, elements, options, (value) => result.append(value ?? NOTHING))
  const key = args.at(options.storeAt)
  const { length } = result
  if (length > 0) {
    list.store(db, key, result)
    db.changed(EventClass.List, "sortstore", key)
    keyspace.dirty += length - 1
  } else if (db.delete(key)) db.changed(EventClass.Generic, "del", key)
  reply.int(length)
}

function run(ctx: Context, mayStore: boolean): void {
  const options = readOptions(ctx.args, mayStore)
  const elements = chosenElements(ctx, options)
  if (options.storeAt > 0) store(ctx, elements, options)
  else answer(ctx, elements, options)
}

/** How many words belong to each option beside its name, as far as they are no keys. */
const SKIPPED: Readonly<Record<string, number>> = { limit: 2, get: 1, by: 1 }

/** The key behind the last STORE. */
function storeKey(args: Args): ReadonlyArray<number> {
  let found = 0
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, "store") && i + 1 < args.count) found = i + 1
    else i += SKIPPED[args.lower(i)] ?? 0
  }
  return found === 0 ? [] : [found]
}

const SOURCE = keys(["RO", "access"])
const FOUND: KeySpec = {
  flags: ["RO", "access"],
  notes: "the keys that BY and GET make of the elements",
  begin: "unknown",
  find: "unknown",
  positions: () => []
}
const DESTINATION: KeySpec = {
  flags: ["OW", "update"],
  notes: "the key behind STORE, which may stand anywhere",
  begin: "unknown",
  find: "unknown",
  positions: storeKey
}

const COMPLEXITY =
  "O(N+M*log(M)) where N is the number of elements in the list or set to sort, and M the number of returned elements. " +
  "When the elements are not sorted, complexity is O(N)."

const ARGUMENTS: ReadonlyArray<Argument> = [
  KEY,
  { name: "pattern", type: "pattern", keySpec: 1, token: "BY", optional: true },
  {
    name: "offset_count",
    type: "block",
    token: "LIMIT",
    optional: true,
    args: [
      { name: "offset", type: "integer" },
      { name: "count", type: "integer" }
    ]
  },
  { name: "pattern", type: "pattern", keySpec: 1, token: "GET", optional: true, multiple: true, multipleToken: true },
  {
    name: "order",
    type: "oneof",
    optional: true,
    args: [
      { name: "asc", type: "pure-token", token: "ASC" },
      { name: "desc", type: "pure-token", token: "DESC" }
    ]
  },
  { name: "sorting", type: "pure-token", token: "ALPHA", optional: true }
]

const CATEGORIES = ["set", "sortedset", "list", "dangerous"] as const

const sort: CommandDefinition = {
  name: "sort",
  summary: "Return or store the elements of a list, a set or a sorted set in order",
  since: "1.0.0",
  group: "generic",
  complexity: COMPLEXITY,
  arity: -2,
  flags: ["write", "denyoom"],
  categories: CATEGORIES,
  keys: [SOURCE, FOUND, DESTINATION],
  args: [...ARGUMENTS, { name: "destination", type: "key", keySpec: 2, token: "STORE", optional: true }],
  run: (ctx) => run(ctx, true)
}

const sortReadOnly: CommandDefinition = {
  name: "sort_ro",
  summary: "Return the elements of a list, a set or a sorted set in order",
  since: "7.0.0",
  group: "generic",
  complexity: COMPLEXITY,
  arity: -2,
  flags: ["readonly"],
  categories: CATEGORIES,
  keys: [SOURCE, FOUND],
  args: ARGUMENTS,
  run: (ctx) => run(ctx, false)
}

export const sortCommands: ReadonlyArray<CommandDefinition> = [sort, sortReadOnly]
