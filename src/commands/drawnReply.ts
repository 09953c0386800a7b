/**
 * How long the reply to a negative count may become: HRANDFIELD, SRANDMEMBER and ZRANDMEMBER then draw as many elements as they
 * are asked for, however few there are. Redis goes on until its memory ends.
 */
import { outOfRange } from "../Errors.ts"
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"

const MOST_BYTES = 2 ** 30
/** What an empty string takes. */
const LEAST_BYTES = 6

/** Throws if there is no room for so many more elements. */
export function needRoom(reply: ReplyWriter, elements: number): void {
  if (reply.length + elements * LEAST_BYTES > MOST_BYTES) throw outOfRange
}
