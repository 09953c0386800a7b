/**
 * What the commands that block have in common: their timeouts, the queues they stand in, and that they do not block where
 * nobody can wait (https://redis.io/docs/latest/develop/data-types/lists/#blocking-operations-on-lists).
 */
import * as Errors from "../Errors.ts"
import { ValueType } from "../keyspace/Value.ts"
import type { Lane } from "../keyspace/Waiters.ts"
import { parseDouble } from "../values/numbers.ts"
import type { Args } from "./Args.ts"
import type { Context } from "./Context.ts"
import type { Block } from "./Suspend.ts"

const INT64_MAX = 2 ** 63
/** So many digits of a decimal fraction survive in a double. */
const DOUBLE_DIGITS = 15

/** All who wait for an element of the collection. */
const elementLane = (name: string, type: ValueType): Lane => ({ name, type, shares: false, minds: false })

export const listLane = elementLane("list", ValueType.List)
export const sortedSetLane = elementLane("zset", ValueType.SortedSet)

/** A timeout in seconds, as milliseconds, rounded up; 0 is none. */
export function secondsTimeout(args: Args, index: number): number {
  const seconds = parseDouble(args.at(index))
  if (seconds === undefined) throw Errors.timeoutNotAFloat
  // Redis multiplies in C's `long double`: what only the product of two doubles is beyond a millisecond does not make it one more.
  return checked(Math.ceil(Number((seconds * 1000).toPrecision(DOUBLE_DIGITS))))
}

/** A timeout in milliseconds; 0 is none. */
export function millisecondsTimeout(args: Args, index: number): number {
  return checked(args.int(index, Errors.timeoutNotAnInteger))
}

function checked(milliseconds: number): number {
  if (milliseconds >= INT64_MAX) throw Errors.timeoutOutOfRange
  if (milliseconds < 0) throw Errors.timeoutNegative
  return milliseconds
}

/** Lets the client wait, or, inside a transaction, answers as if its time were over at once. */
export function blockOn(ctx: Context, request: Omit<Block, "_tag">): Block | undefined {
  if (!ctx.inTransaction) return { _tag: "Block", ...request }
  request.timedOut(ctx)
  return undefined
}
