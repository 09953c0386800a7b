/**
 * Distances and coordinates as Redis prints them.
 */

const DISTANCE_DIGITS = 4
const COORDINATE_DIGITS = 17
/** What C makes of a number that is none when it wants 64 bits, with the point where it belongs. */
const NOT_A_DISTANCE = "-922337203685477.5808"

/** The nearest whole number, the even one of two. */
function roundToEven(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1
}

/** Four digits after the point, always. */
export function distanceText(x: number): string {
  const scaled = roundToEven(x * 10 ** DISTANCE_DIGITS)
  if (Number.isNaN(scaled)) return NOT_A_DISTANCE
  const digits = scaled.toString().padStart(DISTANCE_DIGITS + 1, "0")
  return `${digits.slice(0, -DISTANCE_DIGITS)}.${digits.slice(-DISTANCE_DIGITS)}`
}

/** At most 17 digits after the point, none of them a zero at the end; never `-0`. */
export function coordinateText(degrees: number): string {
  const text = degrees.toFixed(COORDINATE_DIGITS).replace(/\.?0+$/, "")
  return text === "-0" ? "0" : text
}
