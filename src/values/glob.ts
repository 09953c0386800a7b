/**
 * Redis' glob patterns (https://redis.io/docs/latest/commands/keys/): `*`, `?`, `[a-z]`, `[^a]` and `\` on bytes.
 *
 * Invariant: only the last `*` is ever tried again. Whatever an earlier one could swallow, the text between the two has
 * been found at its first place already, so going back further cannot help, and the work is at most pattern times text.
 */
import type { Slice } from "./Slice.ts"

const STAR = 42
const QUESTION = 63
const OPEN = 91
const CLOSE = 93
const CARET = 94
const BACKSLASH = 92
const DASH = 45

/** Lower case for A to Z, every other byte as it is. */
const fold = (byte: number) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)

/** Redis compares the ends of a range as C's signed chars: bytes from 128 on lie below all others. */
const signed = (byte: number) => (byte << 24) >> 24

/** The position behind the class that opens at `at`. One that is not closed reaches to the end of the pattern. */
function classEnd(pattern: Uint8Array, at: number, end: number): number {
  at = pattern[at + 1] === CARET ? at + 2 : at + 1
  while (at < end && pattern[at] !== CLOSE) at += classItemLength(pattern, at, end)
  return Math.min(at + 1, end)
}

/** Bytes of the item of a class at `at`: `\x`, `a-z` or one byte. */
function classItemLength(pattern: Uint8Array, at: number, end: number): number {
  if (pattern[at] === BACKSLASH && at + 1 < end) return 2
  return pattern[at + 1] === DASH && at + 2 < end ? 3 : 1
}

/** Whether the item of `length` bytes at `at` takes `byte`. An escaped byte is compared as it is, as Redis does. */
function itemTakes(pattern: Uint8Array, at: number, length: number, byte: number, ignoreCase: boolean): boolean {
  if (length === 2) return pattern[at + 1] === byte
  if (length === 1) return ignoreCase ? fold(pattern[at]!) === fold(byte) : pattern[at] === byte
  let low = signed(pattern[at]!)
  let high = signed(pattern[at + 2]!)
  if (low > high) [low, high] = [high, low]
  if (ignoreCase) return signed(fold(byte)) >= fold(low) && signed(fold(byte)) <= fold(high)
  return signed(byte) >= low && signed(byte) <= high
}

/** Whether the class that opens at `at` takes `byte`. */
function classTakes(pattern: Uint8Array, at: number, end: number, byte: number, ignoreCase: boolean): boolean {
  const negated = at + 1 < end && pattern[at + 1] === CARET
  let taken = false
  for (at += negated ? 2 : 1; at < end && pattern[at] !== CLOSE && !taken; ) {
    const length = classItemLength(pattern, at, end)
    taken = itemTakes(pattern, at, length, byte, ignoreCase)
    at += length
  }
  return taken !== negated
}

/** Whether `pattern` takes the whole of `text`; with `ignoreCase` the letters A to Z of both are alike in either case. */
export function matchGlob(pattern: Slice, text: Slice, ignoreCase = false): boolean {
  const patternBytes = pattern.buffer
  const patternEnd = pattern.end
  const textBytes = text.buffer
  const textEnd = text.end
  let p = pattern.start
  let t = text.start
  let afterStar = -1
  let resumeAt = 0
  while (t < textEnd) {
    const wanted = p < patternEnd ? patternBytes[p]! : -1
    if (wanted === STAR) {
      while (p < patternEnd && patternBytes[p] === STAR) p++
      if (p === patternEnd) return true
      afterStar = p
      resumeAt = t
      continue
    }
    let next = p + 1
    let taken = wanted === QUESTION
    if (wanted === OPEN) {
      taken = classTakes(patternBytes, p, patternEnd, textBytes[t]!, ignoreCase)
      if (taken) next = classEnd(patternBytes, p, patternEnd)
    } else if (wanted >= 0 && !taken) {
      const escaped = wanted === BACKSLASH && next < patternEnd
      const literal = escaped ? patternBytes[next++]! : wanted
      taken = ignoreCase ? fold(literal) === fold(textBytes[t]!) : literal === textBytes[t]
    }
    if (taken) {
      p = next
      t++
    } else if (afterStar < 0) {
      return false
    } else {
      p = afterStar
      t = ++resumeAt
    }
  }
  // Redis does not look at the pattern at all when there is no text, not even at a `*`.
  if (text.length > 0) while (p < patternEnd && patternBytes[p] === STAR) p++
  return p === patternEnd
}
