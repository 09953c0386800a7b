/**
 * What a search covers: a circle or a box around a centre.
 */
import { degreesAlong, degreesOf, latitudeDistance, longitudeDistance, Origin } from "./distance.ts"
import { Position } from "./Position.ts"

/** The box of longitudes and latitudes around a shape. Both hemispheres are as wide as their edge nearest the pole needs. */
export interface Bounds {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

export class Shape {
  readonly center = new Position()
  /** Metres in the unit of `radius`, `width` and `height`. */
  unit = 1
  kind: "circle" | "box" = "circle"
  radius = 0
  width = 0
  height = 0

  /** How far, in metres, the shape reaches from its centre. */
  get reach(): number {
    const { height, radius, unit, width } = this
    return (this.kind === "circle" ? radius : Math.sqrt((width / 2) * (width / 2) + (height / 2) * (height / 2))) * unit
  }

  get bounds(): Bounds {
    const { longitude, latitude } = this.center
    const height = this.unit * (this.kind === "circle" ? this.radius : this.height / 2)
    const width = this.unit * (this.kind === "circle" ? this.radius : this.width / 2)
    const upDown = degreesOf(height)
    const edge = latitude < 0 ? latitude - upDown : latitude + upDown
    const sideways = degreesAlong(width, edge)
    return {
      west: longitude - sideways,
      east: longitude + sideways,
      south: latitude - upDown,
      north: latitude + upDown
    }
  }

  /** From where places are measured, once the shape is what it is to be. */
  get origin(): Origin {
    return new Origin(this.center, this.kind === "circle" ? this.reach : undefined)
  }

  /** The distance, in metres, of a place that is in the shape; undefined for one that is not. `origin` is the shape's. */
  distanceWithin(place: Position, origin: Origin): number | undefined {
    if (this.kind === "box") return this.boxHolds(place) ? origin.distanceTo(place) : undefined
    if (origin.isBeyond(place)) return undefined
    const metres = origin.distanceTo(place)
    return metres > this.radius * this.unit ? undefined : metres
  }

  private boxHolds({ latitude, longitude }: Position): boolean {
    const { center, height, unit, width } = this
    if (latitudeDistance(latitude, center.latitude) > (height * unit) / 2) return false
    return !(longitudeDistance(longitude, center.longitude, latitude) > (width * unit) / 2)
  }
}
