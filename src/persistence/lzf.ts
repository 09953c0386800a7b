/**
 * Decompression of LZF, the format of Marc Lehmann's LibLZF, in which Redis keeps longer strings in an RDB file.
 *
 * A control byte below 32 says that so many bytes plus one follow as they are. Otherwise its upper three bits (7: plus the
 * next byte) are the length less two of a piece to repeat, and its lower five bits with the byte after that how far back the
 * piece begins.
 */

const LITERAL_LIMIT = 32
const LONG_MATCH = 7
/** What would become longer than this is not decompressed: 4 GiB, which no string reaches. */
const LONGEST = 2 ** 32 - 1

/** The `length` bytes that `source` between `start` and `end` decompresses to, or undefined if it does not. */
export function decompress(source: Uint8Array, start: number, end: number, length: number): Uint8Array | undefined {
  // Measured first: a length that is not true costs no memory.
  if (length > LONGEST || decompressedLength(source, start, end) !== length) return undefined
  const result = new Uint8Array(length)
  let from = start
  let to = 0
  while (from < end) {
    const control = source[from++]!
    if (control < LITERAL_LIMIT) {
      const count = control + 1
      result.set(source.subarray(from, from + count), to)
      from += count
      to += count
      continue
    }
    let count = control >>> 5
    if (count === LONG_MATCH) count += source[from++]!
    let at = to - ((control & 31) << 8) - source[from++]! - 1
    // The piece may reach into what is being written: byte by byte, and forwards.
    for (let left = count + 2; left > 0; left--) result[to++] = result[at++]!
  }
  return result
}

/** How many bytes it would be, or undefined if it ends in the middle or repeats what is before its beginning. */
function decompressedLength(source: Uint8Array, start: number, end: number): number | undefined {
  let from = start
  let to = 0
  while (from < end) {
    const control = source[from++]!
    if (control < LITERAL_LIMIT) {
      from += control + 1
      to += control + 1
      continue
    }
    let count = control >>> 5
    if (count === LONG_MATCH) count += source[from++]!
    if (from >= end) return undefined
    if (((control & 31) << 8) + source[from++]! >= to) return undefined
    to += count + 2
  }
  return from === end ? to : undefined
}
