/**
 * The world as a grid: a cell is a rectangle of longitudes and latitudes, and at step `n` there are 2^n by 2^n of them
 * (https://en.wikipedia.org/wiki/Geohash). A place's score is the number of its cell at the finest step, so that the places
 * of a larger cell are those of one range of scores.
 *
 * Invariant: `x` and `y` are from 0 to 2^step. What lies on the very last longitude or latitude is one cell too far, as in
 * Redis.
 */
import { interleave } from "./interleave.ts"
import { type Grid, latitudeGrid, longitudeGrid } from "./limits.ts"

/** The finest step: 26 bits each for longitude and latitude. */
export const FINEST = 26

const WORD_BITS = 13
const WORD = 2 ** WORD_BITS
const SCORE_WORD = WORD ** 2

/** How many cells a grid has in a row, by its step. */
const CELLS = Float64Array.from({ length: FINEST + 1 }, (_, step) => 2 ** step)

/** Which cell of a grid of 2^step a coordinate is in. */
export const cellIndex = (coordinate: number, { min, max }: Grid, step: number): number =>
  Math.floor(((coordinate - min) / (max - min)) * CELLS[step]!)

/** Where a cell begins; where the one after it begins is where it ends. */
export const cellBegin = (index: number, { min, max }: Grid, step: number): number =>
  min + (index / CELLS[step]!) * (max - min)

/** The number of a cell, plus `more`: rounded once where it has more bits than a double. */
function cellNumber(x: number, y: number, more: number): number {
  const low = interleave(y % WORD, x % WORD)
  const high = interleave(Math.floor(y / WORD), Math.floor(x / WORD))
  return high * SCORE_WORD + (low + more)
}

export class Cell {
  constructor(
    readonly x: number,
    readonly y: number,
    readonly step: number
  ) {}

  static at(longitude: number, latitude: number, step: number): Cell {
    return new Cell(cellIndex(longitude, longitudeGrid, step), cellIndex(latitude, latitudeGrid, step), step)
  }

  /** The cell so many to the east and to the north; past the end of the world it goes on at the other side. */
  neighbor(east: number, north: number): Cell {
    const moved = (index: number, by: number) => (by === 0 ? index : (index + by) & (CELLS[this.step]! - 1))
    return new Cell(moved(this.x, east), moved(this.y, north), this.step)
  }

  equals(other: Cell): boolean {
    return this.x === other.x && this.y === other.y && this.step === other.step
  }

  get west(): number {
    return cellBegin(this.x, longitudeGrid, this.step)
  }

  get east(): number {
    return cellBegin(this.x + 1, longitudeGrid, this.step)
  }

  get south(): number {
    return cellBegin(this.y, latitudeGrid, this.step)
  }

  get north(): number {
    return cellBegin(this.y + 1, latitudeGrid, this.step)
  }

  /** The lowest score of a place in the cell. */
  get minScore(): number {
    return this.score(0)
  }

  /** The lowest score that is above those of the places in the cell. */
  get maxScore(): number {
    return this.score(1)
  }

  private score(more: number): number {
    return cellNumber(this.x, this.y, more) * 4 ** (FINEST - this.step)
  }
}
