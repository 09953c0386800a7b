/**
 * The longest common subsequence of two strings, by dynamic programming over a full table (Wagner and Fischer, "The
 * string-to-string correction problem", 1974), so that both the subsequence and its places can be read off.
 *
 * Invariant: cell (i, j) of the table is the length for the first i bytes of `a` and the first j bytes of `b`.
 */
import type { Slice } from "./Slice.ts"

/** Bytes of a table's cell. */
const CELL_BYTES = 4

/** A stretch of bytes that both strings have; ends are included. */
export interface Match {
  readonly a: readonly [first: number, last: number]
  readonly b: readonly [first: number, last: number]
  readonly length: number
}

export class LongestCommonSubsequence {
  private readonly cells: Uint32Array
  private readonly width: number

  /** Fills the table: time and memory grow with the product of the lengths. Throws RangeError when there is no memory. */
  constructor(
    private readonly a: Slice,
    private readonly b: Slice
  ) {
    this.width = b.length + 1
    this.cells = new Uint32Array((a.length + 1) * this.width)
    for (let i = 1; i <= a.length; i++) this.fillRow(i)
  }

  /** Bytes that the table for strings of these lengths takes. */
  static memory(aLength: number, bLength: number): number {
    return (aLength + 1) * (bLength + 1) * CELL_BYTES
  }

  private fillRow(i: number): void {
    const { b, cells, width } = this
    const byte = this.a.at(i - 1)
    const row = i * width
    const above = row - width
    for (let j = 1; j < width; j++) {
      cells[row + j] =
        byte === b.at(j - 1) ? cells[above + j - 1]! + 1 : Math.max(cells[above + j]!, cells[row + j - 1]!)
    }
  }

  get length(): number {
    return this.cells[this.cells.length - 1]!
  }

  /** The subsequence itself. */
  bytes(): Uint8Array {
    const result = new Uint8Array(this.length)
    let at = result.length
    for (const match of this.matches()) {
      for (let i = match.a[1]; i >= match.a[0]; i--) result[--at] = this.a.at(i)
    }
    return result
  }

  /** Where the subsequence lies, from its end to its start, in stretches that touch in both strings. */
  *matches(): Iterable<Match> {
    const { a, b, cells, width } = this
    let i = a.length
    let j = b.length
    let length = 0
    while (i > 0 && j > 0) {
      if (a.at(i - 1) === b.at(j - 1)) {
        i--
        j--
        length++
        continue
      }
      if (length > 0) yield matchAt(i, j, length)
      length = 0
      if (cells[(i - 1) * width + j]! > cells[i * width + j - 1]!) i--
      else j--
    }
    if (length > 0) yield matchAt(i, j, length)
  }
}

const matchAt = (i: number, j: number, length: number): Match => ({
  a: [i, i + length - 1],
  b: [j, j + length - 1],
  length
})
