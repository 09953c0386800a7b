/**
 * Places on earth, as members of a sorted set: GEOADD GEOPOS GEODIST GEOHASH
 * (https://redis.io/docs/latest/develop/data-types/geospatial/). The searches have a file of their own.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { Origin } from "../../values/geo/distance.ts"
import { geohashText } from "../../values/geo/geohashText.ts"
import { coordinateText, distanceText } from "../../values/geo/geoText.ts"
import { Position, scoreOf } from "../../values/geo/Position.ts"
import { Slice } from "../../values/Slice.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { LATITUDE, LONGITUDE, MEMBER, readPosition, readUnit, UNIT } from "./geoArguments.ts"

const set = new SortedSetView()
const position = new Position()
const other = new Position()

const FIRST_OPTION = 2
/** Longitude, latitude and member. */
const WORDS_EACH = 3

interface AddOptions {
  readonly nx: boolean
  readonly xx: boolean
  readonly ch: boolean
  /** Where the first place begins. */
  readonly first: number
}

function readAddOptions({ args }: Context): AddOptions {
  let [nx, xx, ch] = [false, false, false]
  let first = FIRST_OPTION
  for (; first < args.count; first++) {
    if (args.is(first, "nx")) nx = true
    else if (args.is(first, "xx")) xx = true
    else if (args.is(first, "ch")) ch = true
    else break
  }
  const words = args.count - first
  if (words === 0 || words % WORDS_EACH !== 0 || (nx && xx)) throw Errors.syntax
  return { nx, xx, ch, first }
}

/** The scores of the places, all of which have to be on the map. */
function readScores({ args }: Context, first: number): Array<number> {
  const scores: Array<number> = []
  for (let i = first; i < args.count; i += WORDS_EACH) {
    readPosition(args, i, position)
    scores.push(scoreOf(position.longitude, position.latitude))
  }
  return scores
}

/** Adds the places as far as the options let it; says how many are new and how many were elsewhere. */
function addPlaces({ args }: Context, scores: ReadonlyArray<number>, { first, nx, xx }: AddOptions) {
  let added = 0
  let moved = 0
  for (const [index, score] of scores.entries()) {
    const member = args.at(first + index * WORDS_EACH + 2)
    const before = set.locate(member)
    if (before === undefined ? xx : nx || before === score) continue
    set.put(member, score)
    if (before === undefined) added++
    else moved++
  }
  return { added, moved }
}

/** The ZADD that does the same: to whoever repeats it, a place is a score. */
function journalAsZadd(ctx: Context, scores: ReadonlyArray<number>, first: number): void {
  const { args } = ctx
  const words: Array<Slice | string | number | bigint> = ["ZADD"]
  const word = (index: number) => new Slice(args.buffer, args.start(index), args.length(index))
  for (let i = 1; i < first; i++) words.push(word(i))
  for (const [index, score] of scores.entries()) words.push(BigInt(score), word(first + index * WORDS_EACH + 2))
  ctx.journalAs(words)
}

const geoadd: CommandDefinition = {
  name: "geoadd",
  summary: "Add places to a sorted set, or move those that are there",
  since: "3.2.0",
  group: "geo",
  complexity: "O(log(N)) for each item added, where N is the number of elements in the sorted set.",
  arity: -5,
  flags: ["write", "denyoom"],
  keys: [keys(["RW", "update"])],
  history: [["6.2.0", "Takes CH, NX and XX."]],
  args: [
    KEY,
    {
      name: "condition",
      type: "oneof",
      since: "6.2.0",
      optional: true,
      args: [
        { name: "nx", type: "pure-token", token: "NX" },
        { name: "xx", type: "pure-token", token: "XX" }
      ]
    },
    { name: "change", type: "pure-token", token: "CH", since: "6.2.0", optional: true },
    { name: "data", type: "block", multiple: true, args: [LONGITUDE, LATITUDE, MEMBER] }
  ],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    const options = readAddOptions(ctx)
    const scores = readScores(ctx, options.first)
    const isThere = set.write(db, args.at(1))
    if (!isThere && options.xx) {
      reply.int(0)
      return
    }
    if (!isThere) set.create(db, args.at(1))
    const { added, moved } = addPlaces(ctx, scores, options)
    const changes = added + moved
    if (changes > 0) {
      db.changed(EventClass.SortedSet, "zadd", args.at(1))
      keyspace.dirty += changes - 1
      if (keyspace.journal.active) journalAsZadd(ctx, scores, options.first)
    }
    reply.int(options.ch ? changes : added)
  }
}

/** Answers with an array of what there is to say of each member's place, or with what stands for one that is not there. */
function replyForEach({ args, db, reply }: Context, found: (place: Position) => void, missing: () => void): void {
  const isThere = set.read(db, args.at(1))
  reply.array(args.count - 2)
  for (let i = 2; i < args.count; i++) {
    const score = isThere ? set.score(args.at(i)) : undefined
    if (score === undefined) missing()
    else found(position.setScore(score))
  }
}

/** Any number of members. */
const MEMBERS = { ...MEMBER, optional: true, multiple: true }

const geopos: CommandDefinition = {
  name: "geopos",
  summary: "Return where members are, as longitude and latitude",
  since: "3.2.0",
  group: "geo",
  complexity: "O(1) for each member requested.",
  arity: -2,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  args: [KEY, MEMBERS],
  run: (ctx) => {
    const { reply } = ctx
    replyForEach(
      ctx,
      ({ latitude, longitude }) => {
        reply.array(2)
        reply.doubleText(coordinateText(longitude))
        reply.doubleText(coordinateText(latitude))
      },
      () => reply.nullArray()
    )
  }
}

const geohash: CommandDefinition = {
  name: "geohash",
  summary: "Return where members are, as geohash strings",
  since: "3.2.0",
  group: "geo",
  complexity: "O(1) for each member requested.",
  arity: -2,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  args: [KEY, MEMBERS],
  run: (ctx) => {
    const { reply } = ctx
    replyForEach(
      ctx,
      (place) => reply.bulkText(geohashText(place)),
      () => reply.null()
    )
  }
}

const geodist: CommandDefinition = {
  name: "geodist",
  summary: "Return the distance between two members",
  since: "3.2.0",
  group: "geo",
  complexity: "O(1)",
  arity: -4,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  args: [KEY, { name: "member1", type: "string" }, { name: "member2", type: "string" }, { ...UNIT, optional: true }],
  run: ({ args, db, reply }) => {
    const unit = args.count > 4 ? (args.count > 5 ? undefined : readUnit(args, 4)) : 1
    if (unit === undefined) throw Errors.syntax
    const isThere = set.read(db, args.at(1))
    const from = isThere ? set.score(args.at(2)) : undefined
    const to = isThere ? set.score(args.at(3)) : undefined
    if (from === undefined || to === undefined) reply.null()
    else reply.bulkText(distanceText(new Origin(position.setScore(from)).distanceTo(other.setScore(to)) / unit))
  }
}

/** GEOADD GEOPOS GEODIST GEOHASH. */
export const geoCommands: ReadonlyArray<CommandDefinition> = [geoadd, geopos, geodist, geohash]
