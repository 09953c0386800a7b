/**
 * Searches for places: GEOSEARCH GEOSEARCHSTORE, and GEORADIUS GEORADIUSBYMEMBER GEORADIUS_RO GEORADIUSBYMEMBER_RO, which came
 * before them (https://redis.io/docs/latest/commands/geosearch/).
 */
import * as Errors from "../../Errors.ts"
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { type Argument, type CommandDefinition, type KeySpec, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { GeoSearch, radiusOptions, radiusStoreOptions, searchOptions, searchStoreOptions } from "./GeoSearch.ts"
import { LATITUDE, LONGITUDE, MEMBER, readPosition, UNIT } from "./geoArguments.ts"
import { replyWithNothing, replyWithPlaces, storePlaces } from "./geoResults.ts"

const places = new SortedSetView()

/** Finds the places and answers with them, or stores them. */
function run(ctx: Context, search: GeoSearch, isThere: boolean, event: string): void {
  if (search.any && search.count === 0) throw Errors.anyWithoutCount
  if (!isThere) {
    replyWithNothing(ctx, search)
    return
  }
  if (search.target === 0) replyWithPlaces(ctx, places, search)
  else storePlaces(ctx, places, search, event)
}

/** GEORADIUS, or GEORADIUSBYMEMBER: its centre is one word, and not looked at where there is no key. */
function runRadius(ctx: Context, center: "place" | "member", options: typeof radiusOptions): void {
  const { args, db } = ctx
  const isThere = places.read(db, args.at(1))
  const search = new GeoSearch(isThere ? places : undefined)
  const radiusAt = center === "place" ? 4 : 3
  if (center === "place") readPosition(args, 2, search.shape.center)
  else search.centerOn(args, 2)
  if (center === "place" || isThere) search.readCircle(args, radiusAt)
  search.readOptions(args, radiusAt + 2, options)
  if (search.target !== 0 && search.details > 0) throw Errors.storeWithDetails("STORE option in GEORADIUS")
  run(ctx, search, isThere, "georadiusstore")
}

/** GEOSEARCH, or GEOSEARCHSTORE: `source` is the word that is the key searched, `target` the one stored, or 0. */
function runSearch(ctx: Context, source: number, target: number, options: typeof searchOptions): void {
  const { args, db } = ctx
  const isThere = places.read(db, args.at(source))
  const search = new GeoSearch(isThere ? places : undefined)
  search.target = target
  search.readOptions(args, source + 1, options)
  if (target !== 0 && search.details > 0) throw Errors.storeWithDetails("GEOSEARCHSTORE")
  if (search.center === undefined) throw Errors.oneCenter(args.text(0))
  if (search.area === undefined) throw Errors.oneArea(args.text(0))
  run(ctx, search, isThere, "geosearchstore")
}

// ---- syntax ----------------------------------------------------------------------------------------------------------

const WITH: ReadonlyArray<Argument> = [
  { name: "withcoord", type: "pure-token", token: "WITHCOORD", optional: true },
  { name: "withdist", type: "pure-token", token: "WITHDIST", optional: true },
  { name: "withhash", type: "pure-token", token: "WITHHASH", optional: true }
]

const ANY: Argument = { name: "any", type: "pure-token", token: "ANY", optional: true }

const count = (any: Argument): Argument => ({
  name: "count-block",
  type: "block",
  optional: true,
  args: [{ name: "count", type: "integer", token: "COUNT" }, any]
})

const ORDER: Argument = {
  name: "order",
  type: "oneof",
  optional: true,
  args: [
    { name: "asc", type: "pure-token", token: "ASC" },
    { name: "desc", type: "pure-token", token: "DESC" }
  ]
}

const RADIUS: ReadonlyArray<Argument> = [{ name: "radius", type: "double" }, UNIT]

/** What all commands by radius take. */
const radiusArguments = (center: ReadonlyArray<Argument>, any: Argument): ReadonlyArray<Argument> => [
  KEY,
  ...center,
  ...RADIUS,
  ...WITH,
  count(any),
  ORDER
]

const STORE: Argument = {
  name: "store",
  type: "oneof",
  optional: true,
  args: [
    { name: "storekey", type: "key", display: "key", keySpec: 1, token: "STORE" },
    { name: "storedistkey", type: "key", display: "key", keySpec: 2, token: "STOREDIST" }
  ]
}

const PLACE: ReadonlyArray<Argument> = [LONGITUDE, LATITUDE]
const ANY_SINCE: Argument = { ...ANY, since: "6.2.0" }

/** The key behind STORE or STOREDIST, somewhere after the words that are always there. */
const storedKey = (keyword: string, from: number): KeySpec => ({
  flags: ["OW", "update"],
  begin: { keyword, from },
  find: { lastKey: 0, step: 1, limit: 0 }
})

/** What a search is about: where it is, and how far it reaches. */
const FROM_AND_BY: ReadonlyArray<Argument> = [
  {
    name: "from",
    type: "oneof",
    args: [
      { ...MEMBER, token: "FROMMEMBER" },
      { name: "fromlonlat", type: "block", token: "FROMLONLAT", args: PLACE }
    ]
  },
  {
    name: "by",
    type: "oneof",
    args: [
      { name: "circle", type: "block", args: [{ name: "radius", type: "double", token: "BYRADIUS" }, UNIT] },
      {
        name: "box",
        type: "block",
        args: [{ name: "width", type: "double", token: "BYBOX" }, { name: "height", type: "double" }, UNIT]
      }
    ]
  },
  ORDER,
  count(ANY)
]

// ---- definitions -----------------------------------------------------------------------------------------------------

const RADIUS_COMPLEXITY =
  "O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index."
const SEARCH_COMPLEXITY =
  "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape"

const TAKES_ANY = ["6.2.0", "COUNT takes ANY."] as const
const TAKES_UPPER_CASE = ["7.0.0", "Takes units in upper case."] as const

const georadius: CommandDefinition = {
  name: "georadius",
  summary: "Find the places in a circle around a place, and return or store them",
  since: "3.2.0",
  group: "geo",
  complexity: RADIUS_COMPLEXITY,
  arity: -6,
  flags: ["write", "denyoom"],
  keys: [keys(["RO", "access"]), storedKey("STORE", 6), storedKey("STOREDIST", 6)],
  deprecated: { since: "6.2.0", replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument" },
  history: [TAKES_ANY, TAKES_UPPER_CASE],
  args: [...radiusArguments(PLACE, ANY_SINCE), STORE],
  run: (ctx) => runRadius(ctx, "place", radiusStoreOptions)
}

const georadiusbymember: CommandDefinition = {
  name: "georadiusbymember",
  summary: "Find the places in a circle around a member, and return or store them",
  since: "3.2.0",
  group: "geo",
  complexity: RADIUS_COMPLEXITY,
  arity: -5,
  flags: ["write", "denyoom"],
  keys: [keys(["RO", "access"]), storedKey("STORE", 5), storedKey("STOREDIST", 5)],
  deprecated: {
    since: "6.2.0",
    replacedBy: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments"
  },
  history: [TAKES_ANY, TAKES_UPPER_CASE],
  args: [...radiusArguments([MEMBER], ANY), STORE],
  run: (ctx) => runRadius(ctx, "member", radiusStoreOptions)
}

const georadiusRo: CommandDefinition = {
  name: "georadius_ro",
  summary: "Find the places in a circle around a place",
  since: "3.2.10",
  group: "geo",
  complexity: RADIUS_COMPLEXITY,
  arity: -6,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  deprecated: { since: "6.2.0", replacedBy: "`GEOSEARCH` with the `BYRADIUS` argument" },
  history: [TAKES_ANY],
  args: radiusArguments(PLACE, ANY_SINCE),
  run: (ctx) => runRadius(ctx, "place", radiusOptions)
}

const georadiusbymemberRo: CommandDefinition = {
  name: "georadiusbymember_ro",
  summary: "Find the places in a circle around a member",
  since: "3.2.10",
  group: "geo",
  complexity: RADIUS_COMPLEXITY,
  arity: -5,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  deprecated: { since: "6.2.0", replacedBy: "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments" },
  args: radiusArguments([MEMBER], ANY),
  run: (ctx) => runRadius(ctx, "member", radiusOptions)
}

const geosearch: CommandDefinition = {
  name: "geosearch",
  summary: "Find the places in a circle or a box",
  since: "6.2.0",
  group: "geo",
  complexity: SEARCH_COMPLEXITY,
  arity: -7,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  history: [TAKES_UPPER_CASE],
  args: [KEY, ...FROM_AND_BY, ...WITH],
  run: (ctx) => runSearch(ctx, 1, 0, searchOptions)
}

const geosearchstore: CommandDefinition = {
  name: "geosearchstore",
  summary: "Find the places in a circle or a box, and store them",
  since: "6.2.0",
  group: "geo",
  complexity: SEARCH_COMPLEXITY,
  arity: -8,
  flags: ["write", "denyoom"],
  keys: [keys(["OW", "update"]), keys(["RO", "access"], 2)],
  history: [TAKES_UPPER_CASE],
  args: [
    { name: "destination", type: "key", keySpec: 0 },
    { name: "source", type: "key", keySpec: 1 },
    ...FROM_AND_BY,
    { name: "storedist", type: "pure-token", token: "STOREDIST", optional: true }
  ],
  run: (ctx) => runSearch(ctx, 2, 1, searchStoreOptions)
}

/** GEOSEARCH GEOSEARCHSTORE GEORADIUS GEORADIUSBYMEMBER GEORADIUS_RO GEORADIUSBYMEMBER_RO. */
export const geoSearchCommands: ReadonlyArray<CommandDefinition> = [
  geosearch,
  geosearchstore,
  georadius,
  georadiusbymember,
  georadiusRo,
  georadiusbymemberRo
]
