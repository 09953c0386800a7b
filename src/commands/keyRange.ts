/**
 * First key, last key and step: how COMMAND told where keys are before Redis 7 had key specifications, and still does
 * (https://redis.io/docs/latest/commands/command/).
 */
import type { KeySpec } from "./Command.ts"

/** As COMMAND INFO prints it: `last` counts from the end when it is negative; all zero when there is nothing to tell. */
export interface KeyRange {
  readonly first: number
  readonly last: number
  readonly step: number
  /** Whether some keys are elsewhere: Redis' flag `movablekeys`. */
  readonly movable: boolean
}

/** The range of a specification that is one. */
function plainRange({ begin, find }: KeySpec): Omit<KeyRange, "movable"> | undefined {
  if (begin === "unknown" || !("index" in begin) || find === "unknown" || !("lastKey" in find)) return undefined
  const { lastKey, step } = find
  return { first: begin.index, last: lastKey < 0 ? lastKey : begin.index + lastKey, step }
}

/** One range is told as it is; of several, those that follow on each other word by word. */
export function keyRange(specs: ReadonlyArray<KeySpec>): KeyRange {
  let [first, last, step] = [0, 0, 0]
  let movable = false
  for (const spec of specs) {
    const range = plainRange(spec)
    const isFirst = step === 0
    const joins = specs.length === 1 || (range?.step === 1 && (isFirst || range.first === last + 1))
    if (range !== undefined && joins) {
      if (isFirst) first = range.first
      last = range.last
      step = range.step
    }
    if (range === undefined || !joins || spec.flags.includes("incomplete")) movable = true
  }
  return { first, last, step, movable }
}
