/**
 * The ends of ranges of scores and of members: `1`, `(1`, `-inf`; `[a`, `(a`, `-`, `+`
 * (https://redis.io/docs/latest/commands/zrange/).
 */
import * as Errors from "../../Errors.ts"
import type { MemberRange } from "../../keyspace/views/SortedSetView.ts"
import { parseLooseDouble } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import type { Bound } from "../../values/sortedset/Bound.ts"
import type { Args } from "../Args.ts"

const PLUS = 43
const MINUS = 45
const OPEN = 40
const CLOSED = 91

const rest = new Slice()

/** The word without its first byte. */
function behindFirst({ buffer, length, start }: Slice): Slice {
  rest.buffer = buffer
  rest.start = start + 1
  rest.length = length - 1
  return rest
}

/** `behind`: whether the border lies behind the score itself, where that is part of the range. */
function readScore(bound: Bound, word: Slice, behind: boolean): void {
  const isOpen = word.length > 0 && word.at(0) === OPEN
  const score = parseLooseDouble(isOpen ? behindFirst(word) : word)
  if (score === undefined) throw Errors.notAScoreRange
  bound.toScore(score, isOpen !== behind)
}

function readMember(bound: Bound, word: Slice, behind: boolean): void {
  const first = word.length === 0 ? 0 : word.at(0)
  // Redis compares with C strings, which end at a NUL.
  const isAlone = word.length === 1 || (word.length > 1 && word.at(1) === 0)
  if (first === PLUS && isAlone) bound.toLast()
  else if (first === MINUS && isAlone) bound.toFirst()
  else if (first === OPEN || first === CLOSED) bound.toMember(behindFirst(word), (first === OPEN) !== behind)
  else throw Errors.notALexRange
}

/** Reads the words at `min` and `max` as scores. */
export function readScoreRange(args: Args, min: number, max: number, into: MemberRange): void {
  readScore(into.min, args.at(min), false)
  readScore(into.max, args.at(max), true)
}

/** Reads the words at `min` and `max` as members; their bytes stay in the request. */
export function readLexRange(args: Args, min: number, max: number, into: MemberRange): void {
  readMember(into.min, args.at(min), false)
  readMember(into.max, args.at(max), true)
}

/** Ranks of a sorted set, in ascending order: the first, and the one behind the last; equal if there is none. */
export interface Ranks {
  readonly from: number
  readonly to: number
}

/** The ranks of a set of that size from index `first` to index `last`, both included, counted from the end where negative. */
export function ranksBetween(first: number, last: number, size: number, reverse = false): Ranks {
  const from = Math.max(0, first < 0 ? first + size : first)
  const to = Math.min(size, (last < 0 ? last + size : last) + 1)
  if (from >= to) return { from: 0, to: 0 }
  return reverse ? { from: size - to, to: size - from } : { from, to }
}
