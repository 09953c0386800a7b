/** Places, cells and distances: what they have to do with each other, whatever the numbers. */
import { assert, describe, it } from "@effect/vitest"
import { Cell, FINEST } from "../../../src/values/geo/Cell.ts"
import { Origin } from "../../../src/values/geo/distance.ts"
import { geohashText } from "../../../src/values/geo/geohashText.ts"
import { coordinateText, distanceText } from "../../../src/values/geo/geoText.ts"
import { latitudeGrid } from "../../../src/values/geo/limits.ts"
import { Position, scoreOf } from "../../../src/values/geo/Position.ts"
import { Shape } from "../../../src/values/geo/Shape.ts"
import { searchCells } from "../../../src/values/geo/searchCells.ts"
import { Randomness } from "../../support/Randomness.ts"

const between = (random: Randomness, low: number, high: number) => low + random.next() * (high - low)

/** A longitude or latitude, now and then the very last one. */
const coordinate = (random: Randomness, most: number) =>
  random.oneIn(20) ? random.pick([most, -most, 0]) : between(random, -most, most)

const longitude = (random: Randomness) => coordinate(random, 180)
const latitude = (random: Randomness) => coordinate(random, latitudeGrid.max)

/** The reference: bits of both in turn, one by one. */
function naiveScore(x: number, y: number): number {
  let score = 0n
  for (let bit = 0; bit <= FINEST; bit++) {
    score |= BigInt((y >>> bit) & 1) << BigInt(2 * bit)
    score |= BigInt((x >>> bit) & 1) << BigInt(2 * bit + 1)
  }
  return Number(score)
}

describe("a score", () => {
  it("holds the bits of longitude and latitude in turn", () => {
    const random = new Randomness(1)
    for (let i = 0; i < 20_000; i++) {
      const cell = Cell.at(longitude(random), latitude(random), FINEST)
      assert.strictEqual(cell.minScore, naiveScore(cell.x, cell.y))
    }
  })

  it("gives the place back to within a cell, or two where its lowest bit is more than a double holds", () => {
    const random = new Randomness(2)
    const place = new Position()
    for (let i = 0; i < 20_000; i++) {
      const [east, north] = [longitude(random), latitude(random)]
      place.setScore(scoreOf(east, north))
      assert.isAtMost(Math.abs(place.longitude - east), 360 / 2 ** FINEST)
      assert.isAtMost(Math.abs(place.latitude - north), (2 * 171) / 2 ** FINEST)
    }
  })

  it("gives a place on the map whatever number it is", () => {
    const place = new Position()
    for (const score of [-5, 1.5, -0, 2 ** 53 + 2, 2 ** 63, 2 ** 64, 1e300, -1e300, Infinity, -Infinity]) {
      place.setScore(score)
      assert.isAtMost(Math.abs(place.longitude), 180)
      assert.isAtMost(Math.abs(place.latitude), latitudeGrid.max)
    }
  })
})

describe("a cell", () => {
  it("has the places whose scores are in its range", () => {
    const random = new Randomness(3)
    for (let i = 0; i < 20_000; i++) {
      const step = 1 + random.below(FINEST)
      const [east, north] = [between(random, -179, 179), between(random, -85, 85)]
      const cell = Cell.at(east, north, step)
      const score = scoreOf(east, north)
      assert.isTrue(score >= cell.minScore && score < cell.maxScore)
      assert.isTrue(cell.west <= east && east < cell.east && cell.south <= north && north < cell.north)
    }
  })

  it("has neighbours all around, beyond the edges of the map, too", () => {
    const corner = new Cell(0, 3, 2)
    assert.deepStrictEqual(corner.neighbor(-1, 0), new Cell(3, 3, 2))
    assert.deepStrictEqual(corner.neighbor(1, 1), new Cell(1, 0, 2))
    assert.deepStrictEqual(corner.neighbor(0, -1), new Cell(0, 2, 2))
  })
})

describe("a search", () => {
  it("covers every place of a shape that does not reach around the world", () => {
    const random = new Randomness(4)
    const place = new Position()
    for (let round = 0; round < 3000; round++) {
      const shape = new Shape()
      shape.center.set(between(random, -120, 120), between(random, -60, 60))
      shape.kind = random.pick(["circle", "box"])
      shape.unit = random.pick([1, 1000, 0.3048])
      const size = 10 ** between(random, 0, 6) / shape.unit
      shape.radius = size
      shape.width = 2 * size
      shape.height = 2 * size * random.next()
      const cells = searchCells(shape)
      const reach = ((size * shape.unit) / 111_000) * 2
      for (let i = 0; i < 10; i++) {
        const east = shape.center.longitude + between(random, -reach, reach)
        const north = Math.max(-85, Math.min(85, shape.center.latitude + between(random, -reach, reach)))
        const score = scoreOf(east, north)
        if (shape.distanceWithin(place.setScore(score), shape.origin) === undefined) continue
        assert.isTrue(
          cells.some((cell) => score >= cell.minScore && score < cell.maxScore),
          JSON.stringify({ shape, east, north })
        )
      }
    }
  })

  it("does not search a cell twice in a row", () => {
    const shape = new Shape()
    shape.radius = 1e9
    assert.deepStrictEqual(
      searchCells(shape).map(({ x, y }) => [x, y]),
      [
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0]
      ]
    )
  })
})

const distance = (a: number, b: number, c: number, d: number): number =>
  new Origin(new Position().set(a, b)).distanceTo(new Position().set(c, d))

describe("distances", () => {
  it("are told from those out of reach beforehand", () => {
    const random = new Randomness(12)
    const place = () => new Position().set(random.next() * 360 - 180, random.next() * 170 - 85)
    for (let i = 0; i < 20_000; i++) {
      const from = place()
      const to = place()
      if (random.oneIn(3)) to.set(from.longitude + random.next() * 1e-4, from.latitude + random.next() * 1e-4)
      const metres = new Origin(from).distanceTo(to)
      assert.isFalse(new Origin(from, metres).isBeyond(to))
      assert.isTrue(new Origin(from, metres * 0.9999).isBeyond(to))
    }
  })

  it("are the same both ways, and those along a meridian as on a circle", () => {
    const random = new Randomness(5)
    for (let i = 0; i < 5000; i++) {
      const [a, b, c, d] = [longitude(random), latitude(random), longitude(random), latitude(random)]
      assert.strictEqual(distance(a, b, c, d), distance(c, d, a, b))
      assert.strictEqual(distance(a, b, a, b), 0)
    }
    assert.strictEqual(distance(0, -45, 0, 45), distance(90, 45, 90, -45))
  })

  it("are printed with four digits, half to even", () => {
    assert.strictEqual(distanceText(0), "0.0000")
    assert.strictEqual(distanceText(0.00004), "0.0000")
    assert.strictEqual(distanceText(0.5), "0.5000")
    assert.strictEqual(distanceText(166274.15156), "166274.1516")
    assert.strictEqual(distanceText(1 / 2 ** 5), "0.0312")
    assert.strictEqual(distanceText(3 / 2 ** 5), "0.0938")
    assert.strictEqual(distanceText(Number.NaN), "-922337203685477.5808")
  })
})

describe("coordinates", () => {
  it("are printed with up to 17 digits", () => {
    assert.strictEqual(coordinateText(180), "180")
    assert.strictEqual(coordinateText(-10), "-10")
    assert.strictEqual(coordinateText(0), "0")
    assert.strictEqual(coordinateText(-1e-18), "0")
    assert.strictEqual(coordinateText(13.361389338970184), "13.36138933897018433")
  })

  it("have a standard geohash", () => {
    const text = (east: number, north: number) => geohashText(new Position().setScore(scoreOf(east, north)))
    assert.strictEqual(text(13.361389, 38.115556), "sqc8b49rny0")
    assert.strictEqual(text(180, latitudeGrid.max), "bp05b5048p0")
    assert.strictEqual(text(-180, latitudeGrid.min), "00bh0hbj200")
  })
})
