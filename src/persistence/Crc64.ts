/**
 * The checksum at the end of an RDB file: CRC-64 with the polynomial of David Jones (0xad93d23594c935a9), both sides
 * reflected, beginning with zero and ending as it is.
 *
 * 64 bits are two signed 32-bit halves here, because BigInt is far too slow; eight bytes are taken at a time, each through a
 * table of its own ("slicing by 8": Kounavis and Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC
 * Generation", 2008).
 */

/** The polynomial, reflected. */

const POLYNOMIAL = { low: 0xac4bc9b5 | 0, high: 0x95ac9329 | 0 }

const SLICES = 8

/** What a byte does to the checksum, `slice` bytes before the last: at `slice * 256 + byte`. */
const tables = makeTables()

function makeTables(): { readonly low: Int32Array; readonly high: Int32Array } {
  const low = new Int32Array(SLICES * 256)
  const high = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let l = byte
    let h = 0
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1
      l = (l >>> 1) | (h << 31)
      h >>>= 1
      if (carry === 0) continue
      l ^= POLYNOMIAL.low
      h ^= POLYNOMIAL.high
    }
    low[byte] = l
    high[byte] = h
  }
  for (let i = 256; i < low.length; i++) {
    const l = low[i - 256]!
    const h = high[i - 256]!
    low[i] = ((l >>> 8) | (h << 24)) ^ low[l & 255]!
    high[i] = (h >>> 8) ^ high[l & 255]!
  }
  return { low, high }
}

/** A checksum of all bytes it is given, whatever the pieces they come in. */
export class Crc64 {
  private low = 0
  private high = 0

  /** Takes the bytes from `start` up to but not including `end`. */
  update(bytes: Uint8Array, start: number, end: number): void {
    const { low: lows, high: highs } = tables
    let { low, high } = this
    let at = start
    for (; at + SLICES <= end; at += SLICES) {
      const l = low ^ (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
      const h = high ^ (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24))
      const a = 1792 + (l & 255)
      const b = 1536 + ((l >>> 8) & 255)
      const c = 1280 + ((l >>> 16) & 255)
      const d = 1024 + (l >>> 24)
      const e = 768 + (h & 255)
      const f = 512 + ((h >>> 8) & 255)
      const g = 256 + ((h >>> 16) & 255)
      const i = h >>> 24
      low = lows[a]! ^ lows[b]! ^ lows[c]! ^ lows[d]! ^ lows[e]! ^ lows[f]! ^ lows[g]! ^ lows[i]!
      high = highs[a]! ^ highs[b]! ^ highs[c]! ^ highs[d]! ^ highs[e]! ^ highs[f]! ^ highs[g]! ^ highs[i]!
    }
    for (; at < end; at++) {
      const index = (low ^ bytes[at]!) & 255
      low = ((low >>> 8) | (high << 24)) ^ lows[index]!
      high = (high >>> 8) ^ highs[index]!
    }
    this.low = low
    this.high = high
  }

  /** The eight bytes that stand in a file, the lowest first. */
  get bytes(): Uint8Array {
    const bytes = new Uint8Array(8)
    const view = new DataView(bytes.buffer)
    view.setInt32(0, this.low, true)
    view.setInt32(4, this.high, true)
    return bytes
  }
}
