/** Ids of entries as commands take them, alone and as the ends of a range (https://redis.io/docs/latest/commands/xrange/). */
import * as Errors from "../../Errors.ts"
import { Slice } from "../../values/Slice.ts"
import { type MissingSeq, parseId, parseStrictId } from "../../values/stream/parseStreamId.ts"
import type { MutableStreamId } from "../../values/stream/StreamId.ts"
import type { Args } from "../Args.ts"

const OPEN = 40

const behindParenthesis = new Slice()

/** An id of numbers. */
export function readId(args: Args, index: number, missing: MissingSeq, into: MutableStreamId): MutableStreamId {
  if (!parseStrictId(args.at(index), missing, into)) throw Errors.invalidStreamId
  return into
}

/** An end of a range: true if the id itself is not part of it. */
function readEnd(text: Slice, missing: MissingSeq, into: MutableStreamId): boolean {
  const isOpen = text.length > 1 && text.at(0) === OPEN
  if (!isOpen) {
    if (!parseId(text, missing, into)) throw Errors.invalidStreamId
    return false
  }
  behindParenthesis.buffer = text.buffer
  behindParenthesis.start = text.start + 1
  behindParenthesis.length = text.length - 1
  if (!parseStrictId(behindParenthesis, missing, into)) throw Errors.invalidStreamId
  return true
}

/** The first id of a range: `-`, `+`, an id, or with `(` the one after it. */
export function readRangeStart(args: Args, index: number, into: MutableStreamId): MutableStreamId {
  if (readEnd(args.at(index), 0, into) && !into.increment()) throw Errors.invalidRangeStart
  return into
}

/** The last id of a range. */
export function readRangeEnd(args: Args, index: number, into: MutableStreamId): MutableStreamId {
  if (readEnd(args.at(index), -1, into) && !into.decrement()) throw Errors.invalidRangeEnd
  return into
}
