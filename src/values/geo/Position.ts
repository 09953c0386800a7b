/**
 * Places as scores of a sorted set, and back: a score says in which of the smallest cells a place is, and that cell's middle
 * is what is left of the place.
 */
import { Cell, cellBegin, FINEST } from "./Cell.ts"
import { evenBits, oddBits } from "./interleave.ts"
import { clamp, type Grid, latitudeGrid, longitudeGrid } from "./limits.ts"

const HALF = 2 ** 32
/** The lowest number that C converts to 64 bits, and what it makes of those below it. */
const MIN_INT64 = -(2 ** 63)
const MAX_UINT64 = 2 ** 64

/** The score of a place, which is on the map. */
export const scoreOf = (longitude: number, latitude: number): number => Cell.at(longitude, latitude, FINEST).minScore

/** The middle of a cell; an index has 32 bits, in which the highest is followed by 0. */
const middle = (index: number, grid: Grid): number =>
  clamp((cellBegin(index, grid, FINEST) + cellBegin((index + 1) >>> 0, grid, FINEST)) / 2, grid)

/** Any score as 64 bits, as C converts it. */
function asInteger(score: number): number {
  if (score >= MAX_UINT64) return 0
  return score < MIN_INT64 ? MIN_INT64 : Math.trunc(score)
}

/** Where something is, in degrees. */
export class Position {
  longitude = 0
  latitude = 0

  set(longitude: number, latitude: number): this {
    this.longitude = longitude
    this.latitude = latitude
    return this
  }

  /** The place of a score, whatever number that is. */
  setScore(score: number): this {
    const integer = asInteger(score)
    const high = Math.floor(integer / HALF) >>> 0
    const low = integer >>> 0
    return this.set(middle(oddBits(high, low), longitudeGrid), middle(evenBits(high, low), latitudeGrid))
  }
}
