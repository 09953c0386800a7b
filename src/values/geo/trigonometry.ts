/**
 * Sine, cosine and arcsine to within a little more than half a unit in the last place, as the C library has them. What the
 * engine's own are further off shows in stored distances, which have all their digits.
 *
 * Sine and cosine of the nearest 128th of the angle come out of a table, in two doubles each, and a short series gives the
 * rest (Gal and Bachelis, "An accurate elementary mathematical library for the IEEE floating point standard", 1991).
 */

const STEP = 128
/** The angle, in 128ths, up to which the table goes: past it a sine is the cosine of what is missing to a right angle. */
const LAST_STEP = 110
const TABLE_END = (LAST_STEP - 0.5) / STEP
/** Up to here the series alone is exact enough. */
const SERIES_END = 0.126

const PI_LOW = 1.2246467991473532e-16
const HALF_PI = Math.PI / 2
const HALF_PI_LOW = PI_LOW / 2
/** Sines from here on are those of more than the table's angles. */
const STEEP = 0.75

// ---- the table -------------------------------------------------------------------------------------------------------

const SCALE_BITS = 140
const ONE = 1n << BigInt(SCALE_BITS)
/** Doubles have 53 bits: this many bits of the scale are left for the second one. */
const toDouble = (scaled: bigint): number => Number(scaled) / 2 ** SCALE_BITS

/** For each step the sine and the cosine, each as the nearest double and what is missing to it. Filled when first used. */
const table = new Float64Array(4 * (LAST_STEP + 1))

function fillTable(): void {
  for (let step = 0; step <= LAST_STEP; step++) {
    const angle = (ONE * BigInt(step)) / BigInt(STEP)
    putParts(4 * step, series(angle, angle, 2n))
    putParts(4 * step + 2, series(ONE, angle, 1n))
  }
}

/** Where the table has the step. */
function entry(step: number): number {
  const isFilled = table[2] === 1
  if (!isFilled) fillTable()
  return 4 * step
}

/** Taylor's series of sine or cosine: `first` is its first term, `divisor` the first factor that the next one has below. */
function series(first: bigint, angle: bigint, divisor: bigint): bigint {
  const square = (angle * angle) >> BigInt(SCALE_BITS)
  let sum = 0n
  let n = divisor
  for (let term = first; term !== 0n; n += 2n) {
    sum += term
    term = -((term * square) >> BigInt(SCALE_BITS)) / (n * (n + 1n))
  }
  return sum
}

function putParts(at: number, scaled: bigint): void {
  const high = toDouble(scaled)
  table[at] = high
  table[at + 1] = toDouble(scaled - BigInt(high * 2 ** 60) * (ONE >> 60n))
}

// ---- sine and cosine -------------------------------------------------------------------------------------------------

/** A result as the sum of two: HIGH and what it lacks. In typed memory, since a variable of a module would be allocated. */
const parts = new Float64Array(2)
const HIGH = 0
const LOW = 1

const total = (): number => parts[HIGH]! + parts[LOW]!

/** The sine of `x + dx`, where `x` is at most TABLE_END either way and `dx` is tiny. */
function sineParts(x: number, dx: number): void {
  const size = Math.abs(x)
  if (size < SERIES_END) {
    const square = x * x
    const rest = (((-square / 39916800 + 1 / 362880) * square - 1 / 5040) * square + 1 / 120) * square - 1 / 6
    parts[HIGH] = x
    parts[LOW] = (rest * x - 0.5 * dx) * square + dx
    return
  }
  const step = Math.round(size * STEP)
  const rest = size - step / STEP
  const more = x < 0 ? -dx : dx
  const square = rest * rest
  const sine = rest + (more + rest * square * (-1 / 6 + square / 120))
  const fromOne = rest * more + square * (0.5 + square * (-1 / 24 + square / 720))
  const at = entry(step)
  const sign = x < 0 ? -1 : 1
  const nearest = table[at]!
  parts[HIGH] = sign * nearest
  parts[LOW] = sign * (table[at + 1]! + sine * table[at + 3]! - nearest * fromOne + table[at + 2]! * sine)
}

/** The cosine of `x + dx`, likewise. */
function cosineParts(x: number, dx: number): void {
  const size = Math.abs(x)
  const step = Math.round(size * STEP)
  const rest = size - step / STEP + (x < 0 ? -dx : dx)
  const square = rest * rest
  const sine = rest + rest * square * (-1 / 6 + square / 120)
  const fromOne = square * (0.5 + square * (-1 / 24 + square / 720))
  const at = entry(step)
  const nearest = table[at + 2]!
  parts[HIGH] = nearest
  parts[LOW] = table[at + 3]! - sine * table[at + 1]! - nearest * fromOne - table[at]! * sine
}

/** The sine of an angle of at most pi either way. */
export function sine(x: number): number {
  const size = Math.abs(x)
  if (size < TABLE_END) sineParts(x, 0)
  else {
    if (size < Math.PI - TABLE_END) cosineParts(HALF_PI - size, HALF_PI_LOW)
    else {
      const rest = Math.PI - size
      const sum = rest + PI_LOW
      sineParts(sum, rest - sum + PI_LOW)
    }
    if (x < 0) return -total()
  }
  return total()
}

/** The cosine of an angle of at most a right one either way. */
export function cosine(x: number): number {
  const size = Math.abs(x)
  if (size < TABLE_END) cosineParts(x, 0)
  else {
    const rest = HALF_PI - size
    const sum = rest + HALF_PI_LOW
    sineParts(sum, rest - sum + HALF_PI_LOW)
  }
  return total()
}

// ---- arcsine ---------------------------------------------------------------------------------------------------------

/** What has to be added to `angle` for its sine to be `x`: one step of Newton's. `angle` is nearly right. */
function missing(angle: number, x: number): number {
  sineParts(angle, 0)
  return (x - parts[HIGH]! - parts[LOW]!) / Math.cos(angle)
}

/** The upper half of a double's bits. */
function upperBits(x: number): number {
  const shifted = x * 134217729
  return shifted - (shifted - x)
}

/** What `root * root` lacks to `square`, of which it is the nearest root. */
function missingToSquare(root: number, square: number): number {
  const upper = upperBits(root)
  const lower = root - upper
  return square - upper * upper - 2 * upper * lower - lower * lower
}

/** The arcsine of a number from 0 to 1; NaN for a larger one. */
export function arcsine(x: number): number {
  if (x < STEEP) {
    const angle = Math.asin(x)
    return x === 0 ? 0 : angle + missing(angle, x)
  }
  if (!(x < 1)) return Math.asin(x)
  // Half of what is missing to a right angle has a sine that is known to more digits.
  const square = (1 - x) / 2
  const root = Math.sqrt(square)
  const half = Math.asin(root)
  const rest = missing(half, root) + missingToSquare(root, square) / (2 * root) / Math.cos(half)
  const angle = HALF_PI - 2 * half
  return angle + (HALF_PI - angle - 2 * half + (HALF_PI_LOW - 2 * rest))
}
