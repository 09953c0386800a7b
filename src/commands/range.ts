/**
 * A stretch of a sequence given by its first and last index, both included, counted from the end where negative: what
 * GETRANGE, BITCOUNT, BITPOS and LRANGE take, with Redis' rules for what lies outside.
 *
 * Invariant: after `clip` either `first > last` (nothing), or both are indexes of the sequence. There is one `Range`, valid
 * until the next command reads its own.
 */
import type { Args } from "./Args.ts"

class Range {
  first = 0
  last = -1

  set(first: number, last: number): this {
    this.first = first
    this.last = last
    return this
  }

  /** Reads the two words at `index` and behind; refuses what is not an integer. */
  read(args: Args, index: number): this {
    return this.set(args.int(index), args.int(index + 1))
  }

  nothing(): this {
    return this.set(0, -1)
  }

  whole(length: number): this {
    return this.set(0, length - 1)
  }

  /** Backwards from the end, as -1 to -5. Most commands take that as nothing even where both ends lie before the start. */
  get reversed(): boolean {
    return this.first < 0 && this.last < 0 && this.first > this.last
  }

  /** Brings both ends into a sequence of `length`. */
  clip(length: number): this {
    const first = this.first < 0 ? this.first + length : this.first
    const last = this.last < 0 ? this.last + length : this.last
    return this.set(Math.max(0, first), Math.min(length - 1, Math.max(0, last)))
  }

  /** As `clip`, but a range that ends before the start is nothing: the rule of LRANGE. */
  clipStrictly(length: number): this {
    return this.last + length < 0 ? this.nothing() : this.clip(length)
  }

  /** Turns indexes of units into those of their `size` parts. */
  scale(size: number): this {
    return this.set(this.first * size, (this.last + 1) * size - 1)
  }

  get empty(): boolean {
    return this.first > this.last
  }

  get length(): number {
    return this.empty ? 0 : this.last - this.first + 1
  }
}

/** The range that commands share. */
export const range = new Range()
