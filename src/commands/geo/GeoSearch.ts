/**
 * One search for places: around what, how far, and what is wanted of those that are found. The options of all six commands
 * that search are read here, in Redis' order of checks.
 */
import * as Errors from "../../Errors.ts"
import type { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { Shape } from "../../values/geo/Shape.ts"
import type { Args } from "../Args.ts"
import { readPosition, readUnit } from "./geoArguments.ts"

/** What an option does with the words behind it, which begin at `at`. */
interface Option {
  /** How many words belong to it. */
  readonly words: number
  /** What it must not meet. */
  readonly excludedBy?: (search: GeoSearch) => boolean
  readonly read: (search: GeoSearch, args: Args, at: number) => void
}

type Options = ReadonlyMap<string, Option>

/** An option without a value. */
const flag = (set: (search: GeoSearch) => void): Option => ({ words: 0, read: set })

const common: ReadonlyArray<readonly [string, Option]> = [
  ["withdist", flag((search) => (search.withDistance = true))],
  ["withhash", flag((search) => (search.withHash = true))],
  ["withcoord", flag((search) => (search.withPosition = true))],
  ["any", flag((search) => (search.any = true))],
  ["asc", flag((search) => (search.order = "asc"))],
  ["desc", flag((search) => (search.order = "desc"))],
  [
    "count",
    {
      words: 1,
      read: (search, args, at) => {
        search.count = args.int(at)
        if (search.count <= 0) throw Errors.placesNotPositive
      }
    }
  ]
]

const store = (storesDistance: boolean): Option => ({
  words: 1,
  read: (search, _, at) => {
    search.target = at
    search.storesDistance = storesDistance
  }
})

const shapes: ReadonlyArray<readonly [string, Option]> = [
  [
    "frommember",
    {
      words: 1,
      excludedBy: ({ center }) => center === "place",
      read: (search, args, at) => {
        search.centerOn(args, at)
        search.center = "member"
      }
    }
  ],
  [
    "fromlonlat",
    {
      words: 2,
      excludedBy: ({ center }) => center === "member",
      read: (search, args, at) => {
        readPosition(args, at, search.shape.center)
        search.center = "place"
      }
    }
  ],
  [
    "byradius",
    {
      words: 2,
      excludedBy: ({ area }) => area === "box",
      read: (search, args, at) => search.readCircle(args, at)
    }
  ],
  [
    "bybox",
    { words: 3, excludedBy: ({ area }) => area === "circle", read: (search, args, at) => search.readBox(args, at) }
  ]
]

/** The options of GEORADIUS_RO and GEORADIUSBYMEMBER_RO. */
export const radiusOptions: Options = new Map(common)
/** The options of GEORADIUS and GEORADIUSBYMEMBER. */
export const radiusStoreOptions: Options = new Map([...common, ["store", store(false)], ["storedist", store(true)]])
/** The options of GEOSEARCH. */
export const searchOptions: Options = new Map([...common, ...shapes])
/** The options of GEOSEARCHSTORE. */
export const searchStoreOptions: Options = new Map([
  ...common,
  ...shapes,
  ["storedist", flag((search) => (search.storesDistance = true))]
])

export class GeoSearch {
  readonly shape = new Shape()
  center: "member" | "place" | undefined
  area: "circle" | "box" | undefined
  order: "asc" | "desc" | undefined
  /** At most so many are wanted; 0 for all. */
  count = 0
  /** Any will do, instead of the nearest. */
  any = false
  withDistance = false
  withHash = false
  withPosition = false
  /** The word that is the key to store the result under; 0 for none. */
  target = 0
  storesDistance = false

  constructor(
    /** Where the places are; undefined when the key is not there. Everything is then read nevertheless. */
    private readonly places: SortedSetView | undefined
  ) {}

  /** Moves the centre to where the member is that the word at `index` names. */
  centerOn(args: Args, index: number): void {
    if (this.places === undefined) return
    const score = this.places.score(args.at(index))
    if (score === undefined) throw Errors.noSuchPlace
    this.shape.center.setScore(score)
  }

  /** Reads a radius and its unit. */
  readCircle(args: Args, index: number): void {
    const { shape } = this
    shape.radius = args.double(index, Errors.radiusNotANumber)
    if (shape.radius < 0) throw Errors.radiusNegative
    shape.unit = readUnit(args, index + 1)
    shape.kind = "circle"
    this.area = "circle"
  }

  /** Reads a width, a height and their unit. */
  readBox(args: Args, index: number): void {
    const { shape } = this
    shape.width = args.double(index, Errors.widthNotANumber)
    shape.height = args.double(index + 1, Errors.heightNotANumber)
    if (shape.height < 0 || shape.width < 0) throw Errors.boxNegative
    shape.unit = readUnit(args, index + 2)
    shape.kind = "box"
    this.area = "box"
  }

  /** Reads the options from the word at `from` on. */
  readOptions(args: Args, from: number, options: Options): void {
    for (let i = from; i < args.count; i++) {
      const option = options.get(args.lower(i))
      if (option === undefined || i + option.words >= args.count || option.excludedBy?.(this)) throw Errors.syntax
      option.read(this, args, i + 1)
      i += option.words
    }
  }

  /** Whether more than the member is wanted of a place. */
  get details(): number {
    return Number(this.withDistance) + Number(this.withHash) + Number(this.withPosition)
  }
}
