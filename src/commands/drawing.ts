/**
 * What HRANDFIELD, SRANDMEMBER and ZRANDMEMBER have in common: the count that they are asked for, and how long their replies may
 * become. For a negative count they draw as many elements, however few there are; Redis goes on until its memory ends.
 */
import { not64Bits, outOfRange, syntax } from "../Errors.ts"
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"
import { INT64_MAX } from "../values/numbers.ts"
import type { Args } from "./Args.ts"

/** A reply with values has two elements for each, and has to be able to count them. */
const MOST_WITH_VALUES = INT64_MAX / 2n
/** Where the count stands, and behind it the option for values. */
const COUNT = 2
const OPTION = 3

const MOST_BYTES = 2 ** 30
/** What an empty string takes. */
const LEAST_BYTES = 6

function exactCount(args: Args): bigint {
  const count = args.int64(COUNT)
  if (count < -INT64_MAX) throw not64Bits
  return count
}

/** How many elements are asked for: different ones, or, if it is negative, any. */
export const drawnCount = (args: Args): number => Number(exactCount(args))

/** The count, and whether the option (in lower case) that asks for values follows; throws what Redis says of other words. */
export function readDraw(args: Args, option: string): { readonly count: number; readonly withValues: boolean } {
  const count = exactCount(args)
  const withValues = args.is(OPTION, option)
  if (args.count > OPTION + 1 || (args.count === OPTION + 1 && !withValues)) throw syntax
  if (withValues && (count > MOST_WITH_VALUES || count < -MOST_WITH_VALUES)) throw outOfRange
  return { count: Number(count), withValues }
}

/** Throws if there is no room for so many more elements. */
export function needRoom(reply: ReplyWriter, elements: number): void {
  if (reply.length + elements * LEAST_BYTES > MOST_BYTES) throw outOfRange
}
