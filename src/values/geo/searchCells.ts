/**
 * Which cells have to be searched for the places in a shape: the one at its centre and up to eight around it, of a size that
 * they cover the shape. Cells and order are those of Redis, which an unsorted search shows.
 */
import { Cell, FINEST } from "./Cell.ts"
import type { Bounds, Shape } from "./Shape.ts"

/** Half the width of the world in Web Mercator, in metres. */
const HALF_WORLD = 20037726.37
/** Latitudes from which on cells are so narrow that larger ones are taken. */
const NARROW = 66
const NARROWER = 80

/** East and north of the centre, in the order in which the cells are searched. */
const DIRECTIONS: ReadonlyArray<readonly [east: number, north: number]> = [
  [0, 0],
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [1, 1],
  [-1, 1],
  [1, -1],
  [-1, -1]
]

/** The finest step at which nine cells should be enough. */
function estimateStep(reach: number, latitude: number): number {
  if (reach === 0) return FINEST
  let step = -1
  for (let metres = reach; metres < HALF_WORLD; metres *= 2) step++
  const north = Math.abs(latitude)
  if (north > NARROW) step--
  if (north > NARROWER) step--
  return Math.max(1, Math.min(FINEST, step))
}

/** Whether a shape reaches beyond the cells around this one. */
const isTooSmall = (cell: Cell, { east, north, south, west }: Bounds): boolean =>
  cell.neighbor(0, 1).north < north ||
  cell.neighbor(0, -1).south > south ||
  cell.neighbor(1, 0).east < east ||
  cell.neighbor(-1, 0).west > west

/** The cells for the shape, none of them right behind itself. */
export function searchCells(shape: Shape): ReadonlyArray<Cell> {
  const { latitude, longitude } = shape.center
  const { bounds } = shape
  const step = estimateStep(shape.reach, latitude)
  const estimated = Cell.at(longitude, latitude, step)
  const middle = step > 1 && isTooSmall(estimated, bounds) ? Cell.at(longitude, latitude, step - 1) : estimated
  const cells: Array<Cell> = []
  for (const [east, north] of DIRECTIONS) {
    if (middle.step > 1 && isNeedless(middle, bounds, east, north)) continue
    const cell = middle.neighbor(east, north)
    // With the largest cells the neighbours on both sides are the same one. That of the centre itself is not compared with.
    const last = cells.length > 1 ? cells[cells.length - 1] : undefined
    if (last === undefined || !last.equals(cell)) cells.push(cell)
  }
  return cells
}

/** Whether the middle cell already reaches beyond the shape on that side. */
const isNeedless = (middle: Cell, bounds: Bounds, east: number, north: number): boolean =>
  (north < 0 && middle.south < bounds.south) ||
  (north > 0 && middle.north > bounds.north) ||
  (east < 0 && middle.west < bounds.west) ||
  (east > 0 && middle.east > bounds.east)
