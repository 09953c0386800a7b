/**
 * A string too long to live inside its key's record: bytes with room to grow.
 *
 * Invariant: `length <= bytes.length`; the bytes from `length` on are unspecified.
 */

/** The object and its view. */
const OBJECT_BYTES = 150
/** Up to this size room doubles as the string grows, beyond it grows by this much, as Redis' strings do. */
const MAX_PREALLOCATION = 1 << 20

export class LongString {
  constructor(
    public bytes: Uint8Array,
    public length = bytes.length
  ) {}

  /** Sets the length; what is added is zero. */
  resize(length: number): void {
    if (length > this.bytes.length) {
      const grown = new Uint8Array(length < MAX_PREALLOCATION ? length * 2 : length + MAX_PREALLOCATION)
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
    } else if (length > this.length) this.bytes.fill(0, this.length, length)
    this.length = length
  }

  /** Bytes of memory. */
  get memory(): number {
    return this.bytes.length + OBJECT_BYTES
  }

  clone(): LongString {
    return new LongString(this.bytes.slice(0, this.length))
  }
}
