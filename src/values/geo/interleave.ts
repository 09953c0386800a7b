/**
 * The bits of two numbers in turn: what makes one score of a longitude and a latitude, near each other where places are.
 * Words of 32 bits at a time, since bit operations know no longer ones.
 */

/** The lower 16 bits, each followed by a zero. */
function spread(bits: number): number {
  let spaced = bits & 0xffff
  spaced = (spaced | (spaced << 8)) & 0x00ff00ff
  spaced = (spaced | (spaced << 4)) & 0x0f0f0f0f
  spaced = (spaced | (spaced << 2)) & 0x33333333
  return (spaced | (spaced << 1)) & 0x55555555
}

/** Every other bit, from the lowest on: the inverse of `spread`. */
function gather(bits: number): number {
  let close = bits & 0x55555555
  close = (close | (close >>> 1)) & 0x33333333
  close = (close | (close >>> 2)) & 0x0f0f0f0f
  close = (close | (close >>> 4)) & 0x00ff00ff
  return (close | (close >>> 8)) & 0xffff
}

/** The bits of the lower halves in turn, `even` at the even places: 32 bits. */
export const interleave = (even: number, odd: number): number => (spread(even) | (spread(odd) << 1)) >>> 0

/** The number whose bits stand at the even places of `high` and `low`, 32 bits each. */
export const evenBits = (high: number, low: number): number => ((gather(high) << 16) | gather(low)) >>> 0

/** The number whose bits stand at the odd places of `high` and `low`, 32 bits each. */
export const oddBits = (high: number, low: number): number => evenBits(high >>> 1, low >>> 1)
