/**
 * A signed 64-bit integer in two halves, which neither rounds beyond 2^53 nor allocates as a bigint does. There are few, used
 * again and again.
 */
import type { Entry } from "./listpack/entries.ts"
import { parseInt64, parseSafeInteger } from "./numbers.ts"
import type { Slice } from "./Slice.ts"

const HALF = 2 ** 32

export class Int64 {
  /** The upper 32 bits, signed. */
  high = 0
  /** The lower 32 bits, as a signed number, too: V8 does not box those. */
  low = 0

  /** Becomes what the bytes spell canonically; false, and unspecified, if they spell no 64-bit integer. */
  parse(text: Slice): boolean {
    const safe = parseSafeInteger(text)
    if (!Number.isNaN(safe)) {
      this.high = Math.floor(safe / HALF)
      this.low = safe | 0
      return true
    }
    // Whatever is shorter and an integer is a safe one.
    if (text.length < 16) return false
    const exact = parseInt64(text)
    if (exact === undefined) return false
    this.high = Number(BigInt.asIntN(32, exact >> 32n))
    this.low = Number(BigInt.asIntN(32, exact))
    return true
  }

  /** Makes the entry its digits. */
  spell(into: Entry): Entry {
    const { high, low } = this
    const nearest = high * HALF + (low >>> 0)
    if (Number.isSafeInteger(nearest)) into.spell(nearest)
    else into.spellLong((BigInt(high) << 32n) | BigInt(low >>> 0))
    return into
  }
}
