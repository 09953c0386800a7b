/**
 * Standard geohash strings (https://en.wikipedia.org/wiki/Geohash): 11 characters, of which the last stands for no bits.
 *
 * They divide all latitudes, poles included, so that a place has another cell in them than in its score.
 */
import { cellIndex, FINEST } from "./Cell.ts"
import { type Grid, longitudeGrid } from "./limits.ts"
import type { Position } from "./Position.ts"

const ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz"
const CHARACTERS = 10
const allLatitudes: Grid = { min: -90, max: 90 }

export function geohashText({ latitude, longitude }: Position): string {
  const x = cellIndex(longitude, longitudeGrid, FINEST)
  const y = cellIndex(latitude, allLatitudes, FINEST)
  let text = ""
  let bit = FINEST - 1
  let isLongitude = true
  for (let i = 0; i < CHARACTERS; i++) {
    let digit = 0
    for (let n = 0; n < 5; n++) {
      digit = (digit << 1) | (((isLongitude ? x : y) >>> bit) & 1)
      if (!isLongitude) bit--
      isLongitude = !isLongitude
    }
    text += ALPHABET[digit]
  }
  return `${text}0`
}
