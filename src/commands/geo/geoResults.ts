/**
 * The places that a search finds, in the order in which Redis finds them, and what becomes of them.
 */
import { EventClass } from "../../keyspace/Notifications.ts"
import type { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { MemberRange } from "../../keyspace/views/SortedSetView.ts"
import { coordinateText, distanceText } from "../../values/geo/geoText.ts"
import { Position } from "../../values/geo/Position.ts"
import { type Compare, partialSort } from "../../values/geo/partialSort.ts"
import { searchCells } from "../../values/geo/searchCells.ts"
import { Entry } from "../../values/listpack/entries.ts"
import { SortedSet, type VisitMember } from "../../values/sortedset/SortedSet.ts"
import type { Context } from "../Context.ts"
import { storeSortedSet } from "../sortedsets/sortedSetStore.ts"
import type { GeoSearch } from "./GeoSearch.ts"

/** A place that was found. Its member is looked up when it is wanted: many are found to no end. */
interface Found {
  /** The member's rank among all places. */
  readonly rank: number
  readonly score: number
  /** Metres from the centre. */
  readonly distance: number
}

/** Members looked at before asking whether there are enough. */
const PORTION = 128
const INT64_MIN = -(2 ** 63)

const range = new MemberRange()
const place = new Position()
const shown = new Entry()

/** Visits the members of the cells, in the order of the search, for as long as more are wanted. */
function collect(places: SortedSetView, { any, count, shape }: GeoSearch): Array<Found> {
  const limit = any ? count : Number.POSITIVE_INFINITY
  const found: Array<Found> = []
  const { origin } = shape
  let next = 0
  const visit: VisitMember = (_, score) => {
    const rank = next++
    const distance = found.length < limit ? shape.distanceWithin(place.setScore(score), origin) : undefined
    if (distance !== undefined) found.push({ rank, score, distance })
  }
  for (const cell of searchCells(shape)) {
    range.min.toScore(cell.minScore, false)
    range.max.toScore(cell.maxScore, false)
    const { from, to } = places.ranksOf(range)
    for (next = from; next < to && found.length < limit; ) {
      places.forEachInRanks(next, Math.min(to, next + PORTION), visit)
    }
  }
  return found
}

/** As Redis compares: what is not a number is less than anything, and anything less than it. */
const nearestFirst: Compare<Found> = (a, b) => (a.distance > b.distance ? 1 : a.distance === b.distance ? 0 : -1)
const farthestFirst: Compare<Found> = (a, b) => -nearestFirst(a, b)

/** What the search finds, sorted and no more than wanted. */
function findPlaces(places: SortedSetView, search: GeoSearch): Array<Found> {
  const found = collect(places, search)
  // A few without an order would be any: then they are the nearest.
  const order = search.order ?? (search.count > 0 && !search.any ? "asc" : undefined)
  const wanted = search.count === 0 ? found.length : Math.min(search.count, found.length)
  if (order !== undefined) {
    const compare = order === "asc" ? nearestFirst : farthestFirst
    if (wanted === found.length) found.sort(compare)
    else partialSort(found, compare, wanted)
  }
  return found.slice(0, wanted)
}

/** The score as an integer, as C converts it. */
const asInteger = (score: number): bigint =>
  Math.abs(score) < -INT64_MIN ? BigInt(Math.trunc(score)) : BigInt(INT64_MIN)

/** Searches, and answers with what it finds. */
export function replyWithPlaces({ reply }: Context, places: SortedSetView, search: GeoSearch): void {
  const { details, shape } = search
  const found = findPlaces(places, search)
  reply.array(found.length)
  for (const { distance, rank, score } of found) {
    places.at(rank, shown)
    if (details > 0) reply.array(details + 1)
    reply.bulk(shown)
    if (search.withDistance) reply.bulkText(distanceText(distance / shape.unit))
    if (search.withHash) reply.bigint(asInteger(score))
    if (search.withPosition) {
      const { latitude, longitude } = place.setScore(score)
      reply.array(2)
      reply.doubleText(coordinateText(longitude))
      reply.doubleText(coordinateText(latitude))
    }
  }
}

/** Searches, and stores what it finds under the search's target, with the scores of the places or with their distances. */
export function storePlaces(ctx: Context, places: SortedSetView, search: GeoSearch, event: string): void {
  const { args, keyspace } = ctx
  const members = new SortedSet(keyspace.hashSeed)
  for (const { distance, rank, score } of findPlaces(places, search)) {
    places.at(rank, shown)
    members.set(shown, search.storesDistance ? distance / search.shape.unit : score)
  }
  storeSortedSet(ctx, args.at(search.target), members, event)
  // Each place counts as a write.
  if (members.size > 0) keyspace.dirty += members.size - 1
}

/** Nothing was searched: what is under the target goes, or there is nothing to answer. */
export function replyWithNothing({ args, db, reply }: Context, { target }: GeoSearch): void {
  if (target === 0) {
    reply.array(0)
    return
  }
  const key = args.at(target)
  if (db.delete(key)) db.changed(EventClass.Generic, "del", key)
  reply.int(0)
}
