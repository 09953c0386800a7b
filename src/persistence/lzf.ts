/**
 * Decompression of LZF, the format of Marc Lehmann's LibLZF, in which Redis keeps longer strings in an RDB file.
 *
 * A control byte below 32 says that so many bytes plus one follow as they are. Otherwise its upper three bits (7: plus the
 * next byte) are the length less two of a piece to repeat, and its lower five bits with the byte after that how far back the
 * piece begins.
 */

const LITERAL_LIMIT = 32
const LONG_MATCH = 7

/** The `length` bytes that `source` between `start` and `end` decompresses to, or undefined if it does not. */
export function decompress(source: Uint8Array, start: number, end: number, length: number): Uint8Array | undefined {
  const result = new Uint8Array(length)
  let from = start
  let to = 0
  while (from < end) {
    const control = source[from++]!
    if (control < LITERAL_LIMIT) {
      const count = control + 1
      if (from + count > end || to + count > length) return undefined
      result.set(source.subarray(from, from + count), to)
      from += count
      to += count
      continue
    }
    let count = control >>> 5
    if (count === LONG_MATCH) count += source[from++] ?? 0
    if (from >= end) return undefined
    let at = to - ((control & 31) << 8) - source[from++]! - 1
    count += 2
    if (at < 0 || to + count > length) return undefined
    // The piece may reach into what is being written: byte by byte, and forwards.
    for (let left = count; left > 0; left--) result[to++] = result[at++]!
  }
  return to === length ? result : undefined
}
