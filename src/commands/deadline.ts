/**
 * When a key is to go, out of the words of EXPIRE, SET and their kin: seconds or milliseconds, from now or since 1970.
 *
 * Invariant: a deadline is exact up to the limits of 64 bits, which is as far as Redis goes.
 */
import type { ReplyError } from "../Errors.ts"
import type { Deadline } from "../keyspace/ExpiryIndex.ts"
import { INT64_MAX, INT64_MIN, parseSafeInteger } from "../values/numbers.ts"
import type { Args } from "./Args.ts"

/** Milliseconds in what a command counts in. */
export type TimeUnit = 1 | 1000

/**
 * The moment that the word at `index` asks for, in milliseconds since 1970: so many units of `unit` milliseconds after
 * `origin`. Throws notAnInteger for what is no number, and `overflow` for what does not fit into 64 bits.
 */
export function deadlineOf(args: Args, index: number, unit: TimeUnit, origin: number, overflow: ReplyError): Deadline {
  const near = parseSafeInteger(args.at(index)) * unit + origin
  if (Number.isSafeInteger(near)) return near
  const time = args.int64(index) * BigInt(unit)
  const deadline = time + BigInt(origin)
  if (time < INT64_MIN || deadline > INT64_MAX) throw overflow
  return deadline
}
