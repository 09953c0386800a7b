/**
 * The part of the world that places can be in: all but the poles, as in Web Mercator (EPSG:3857).
 */

/** A range of longitudes or latitudes that is divided into cells. */
export interface Grid {
  readonly min: number
  readonly max: number
}

export const longitudeGrid: Grid = { min: -180, max: 180 }
export const latitudeGrid: Grid = { min: -85.05112878, max: 85.05112878 }

const within = (coordinate: number, { min, max }: Grid): boolean => coordinate >= min && coordinate <= max

/** Whether a place can be there. */
export const isOnMap = (longitude: number, latitude: number): boolean =>
  within(longitude, longitudeGrid) && within(latitude, latitudeGrid)

export const clamp = (coordinate: number, { min, max }: Grid): number => Math.max(min, Math.min(max, coordinate))
