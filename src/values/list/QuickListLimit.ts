/**
 * How much a node of a list may hold, as list-max-listpack-size says it: a number of bytes where that is negative (-1 to -5
 * for 4 to 64 KiB), a number of elements otherwise.
 *
 * Invariant: whatever the setting, a node may hold one element.
 */

/** Bytes for -1, -2, ... */
const NODE_BYTES: ReadonlyArray<number> = [4096, 8192, 16384, 32768, 65536]
/** A limit that counts elements does not let a node grow past so many bytes. */
const SAFE_BYTES = 8192

export class QuickListLimit {
  /** Bytes, of a node as a listpack. */
  readonly bytes: number
  /** Elements. */
  readonly entries: number
  private readonly countsEntries: boolean

  /** `setting` is list-max-listpack-size. */
  constructor(readonly setting: number) {
    this.countsEntries = setting >= 0
    this.entries = this.countsEntries ? Math.max(1, setting) : Number.POSITIVE_INFINITY
    this.bytes = this.countsEntries ? SAFE_BYTES : NODE_BYTES[Math.min(-setting, NODE_BYTES.length) - 1]!
  }

  /** Whether a node of so many bytes (as a listpack) and entries is too large. */
  isExceeded(bytes: number, entries: number): boolean {
    return bytes > this.bytes || entries > this.entries
  }

  /** Whether a node holds at most half of what it may. Bytes do not matter where elements are counted. */
  isHalfEmpty(bytes: number, entries: number): boolean {
    return this.countsEntries ? entries <= Math.floor(this.entries / 2) : bytes <= this.bytes / 2
  }
}
