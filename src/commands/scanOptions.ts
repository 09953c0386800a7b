/**
 * Cursors and options of SCAN and of its kin for collections, HSCAN, SSCAN and ZSCAN
 * (https://redis.io/docs/latest/commands/scan/).
 */
import * as Errors from "../Errors.ts"
import { Slice } from "../values/Slice.ts"
import type { Args } from "./Args.ts"
import type { Argument } from "./Command.ts"

/** How COMMAND DOCS shows a cursor with its options. */
export const cursorArguments: ReadonlyArray<Argument> = [
  { name: "cursor", type: "integer" },
  { name: "pattern", type: "pattern", token: "MATCH", optional: true },
  { name: "count", type: "integer", token: "COUNT", optional: true }
]

export const ANY = Slice.latin1("*")
const DEFAULT_COUNT = 10
/** A call looks at no more than so many buckets for each element it is to return (Redis' limit), be they empty. */
export const BUCKETS_PER_ELEMENT = 10
/** Where SCAN's own options begin; those of the others begin behind a key. */
const SCAN_OPTIONS = 2

/**
 * A cursor in any form that C's strtoul takes without leading space: a sign is allowed, what follows a NUL is not looked at.
 * Only its lower 32 bits matter to the table.
 */
export function parseCursor(slice: Slice): number {
  const text = /^([+-]?)(\d*)(?:\0|$)/.exec(slice.toString())
  if (text === null || (text[1] !== "" && text[2] === "")) throw Errors.invalidCursor
  const value = BigInt(text[2]!)
  if (value > 0xffffffffffffffffn) throw Errors.invalidCursor
  return Number(BigInt.asUintN(32, text[1] === "-" ? -value : value))
}

export interface ScanOptions {
  /** How many elements to look for, more or less. */
  count: number
  pattern: Slice | undefined
  /** In lower case. */
  type: string | undefined
}

/** The options from the word `from` on; throws a syntax error for what is none. Only SCAN itself takes TYPE. */
export function readScanOptions(args: Args, from: number): ScanOptions {
  const options: ScanOptions = { count: DEFAULT_COUNT, pattern: undefined, type: undefined }
  // Its place until all words are read: slices of words do not outlast very many others.
  let patternAt = 0
  for (let i = from; i < args.count; i += 2) {
    const value = i + 1
    if (args.is(i, "count") && value < args.count) {
      options.count = args.int(value)
      if (options.count < 1) throw Errors.syntax
    } else if (args.is(i, "match") && value < args.count) {
      // Not the same as a pattern that everything matches: `*` does not match the empty string.
      patternAt = args.at(value).equals(ANY) ? 0 : value
    } else if (args.is(i, "type") && value < args.count && from === SCAN_OPTIONS) options.type = args.lower(value)
    else throw Errors.syntax
  }
  if (patternAt !== 0) options.pattern = args.at(patternAt)
  return options
}
