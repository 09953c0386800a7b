/**
 * Distances on a sphere, by the haversine formula (https://en.wikipedia.org/wiki/Haversine_formula). The operations and their
 * order are those of Redis, so that both come to the same number.
 */
import type { Position } from "./Position.ts"
import { arcsine, cosine, sine } from "./trigonometry.ts"

/** Metres: the quadratic mean for WGS-84. */
const EARTH_RADIUS = 6372797.560856
const RADIANS = Math.PI / 180
const HALF_PI = Math.PI / 2

const radians = (degrees: number): number => degrees * RADIANS

/** The angle, in degrees, that a distance in metres is at the centre of the earth. */
export const degreesOf = (metres: number): number => metres / EARTH_RADIUS / RADIANS

/** The degrees of longitude that a distance in metres is at a latitude. */
export const degreesAlong = (metres: number, latitude: number): number =>
  metres / EARTH_RADIUS / Math.cos(radians(latitude)) / RADIANS

/** Metres between two latitudes, along a meridian. */
export const latitudeDistance = (from: number, to: number): number =>
  EARTH_RADIUS * Math.abs(radians(to) - radians(from))

/** How far off the engine's functions may be, and more: only what is certainly out of reach is found so. */
const MARGIN = 1 + 1e-9

/** A place from which others are measured; what does not depend on them is known beforehand. */
export class Origin {
  private readonly longitude: number
  private readonly latitude: number
  private readonly cosine: number
  /** The haversine of what is out of reach. */
  private readonly tooFar: number

  constructor(
    private readonly place: Position,
    /** Metres. */
    reach = Number.POSITIVE_INFINITY
  ) {
    const half = reach / EARTH_RADIUS / 2
    this.longitude = radians(place.longitude)
    this.latitude = radians(place.latitude)
    this.cosine = cosine(this.latitude)
    this.tooFar = half < HALF_PI ? Math.sin(half) ** 2 * MARGIN : Number.POSITIVE_INFINITY
  }

  /** Whether the place is certainly out of reach: soon told, of the many that a search meets. */
  isBeyond({ latitude, longitude }: Position): boolean {
    const to = radians(latitude)
    const v = Math.sin((radians(longitude) - this.longitude) / 2)
    const u = Math.sin((to - this.latitude) / 2)
    return u * u + this.cosine * Math.cos(to) * v * v > this.tooFar
  }

  /** Metres. */
  distanceTo({ latitude, longitude }: Position): number {
    const v = sine((radians(longitude) - this.longitude) / 2)
    if (v === 0) return latitudeDistance(this.place.latitude, latitude)
    const to = radians(latitude)
    const u = sine((to - this.latitude) / 2)
    const a = u * u + this.cosine * cosine(to) * v * v
    return 2 * EARTH_RADIUS * arcsine(Math.sqrt(a))
  }
}

/** Metres between two places of one latitude. */
export function longitudeDistance(from: number, to: number, latitude: number): number {
  const v = sine((radians(to) - radians(from)) / 2)
  const along = cosine(radians(latitude))
  return v === 0 ? 0 : 2 * EARTH_RADIUS * arcsine(Math.sqrt(along * along * v * v))
}
