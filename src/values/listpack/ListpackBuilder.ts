/**
 * A listpack that is written from its beginning to its end, with the header last.
 */
import { copyBytes, Slice } from "../Slice.ts"
import { END, encodedSize, writeEntry } from "./entries.ts"
import { HEADER_BYTES, writeHeader } from "./Listpack.ts"

const INITIAL_BYTES = 256

export class ListpackBuilder {
  /** How many entries there are. */
  count = 0
  private bytes = new Uint8Array(INITIAL_BYTES)
  private used = HEADER_BYTES

  /** Bytes of the whole listpack. */
  get byteLength(): number {
    return this.used + 1
  }

  append(value: Slice): void {
    const needed = this.used + encodedSize(value) + 1
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length))
      copyBytes(this.bytes, 0, this.used, grown, 0)
      this.bytes = grown
    }
    this.used = writeEntry(this.bytes, this.used, value)
    this.count++
  }

  /** The listpack, which is valid until something is added. */
  finish(): Slice {
    writeHeader(this.bytes, 0, this.byteLength, this.count)
    this.bytes[this.used] = END
    return new Slice(this.bytes, 0, this.byteLength)
  }
}
