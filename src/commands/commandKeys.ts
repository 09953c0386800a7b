/**
 * Which words of a command are keys, from the command's key specifications
 * (https://redis.io/docs/latest/develop/reference/key-specs/): for COMMAND GETKEYS and for client-side caching.
 */
import { parseSafeInteger } from "../values/numbers.ts"
import type { Args } from "./Args.ts"
import type { CommandDefinition, KeyFlag, KeySpec } from "./Command.ts"

/** One key of a request. */
export interface KeyPosition {
  /** Index among the words. */
  readonly index: number
  /** What the request does with the key. */
  readonly flags: ReadonlyArray<KeyFlag>
}

/** The word behind the keyword. The last word searched is never the keyword itself: it would have no key behind it. */
function behindKeyword({ keyword, from }: { keyword: string; from: number }, args: Args): number | undefined {
  const word = keyword.toLowerCase()
  const step = from < 0 ? -1 : 1
  const end = from < 0 ? 1 : args.count - 1
  for (let i = from < 0 ? args.count + from : from; (end - i) * step > 0; i += step) {
    if (args.is(i, word)) return i + 1
  }
  return undefined
}

interface Range {
  readonly first: number
  /** Included. */
  readonly last: number
  readonly step: number
}

/** What the words from `begin` on hold, by the second half of a specification; undefined where it cannot be told. */
function rangeOf(find: KeySpec["find"], begin: number, args: Args): Range | undefined {
  if (find === "unknown") return undefined
  if ("lastKey" in find) {
    const { lastKey, limit, step } = find
    if (lastKey >= 0) return { first: begin, last: begin + lastKey, step }
    const words = limit > 1 ? Math.floor((args.count - begin) / limit) : args.count - begin
    return { first: begin, last: begin + words + lastKey, step }
  }
  const { firstKey, keyNumIndex, step } = find
  if (begin + keyNumIndex >= args.count) return undefined
  const first = begin + firstKey
  return { first, last: first + (parseSafeInteger(args.at(begin + keyNumIndex)) - 1) * step, step }
}

/** Undefined if the words do not fit the specification. */
function positions(spec: KeySpec, args: Args): ReadonlyArray<KeyPosition> | undefined {
  if (spec.begin === "unknown") {
    return spec.positions?.(args).map((index) => ({ index, flags: spec.flags }))
  }
  const begin = "index" in spec.begin ? spec.begin.index : behindKeyword(spec.begin, args)
  if (begin === undefined) return []
  const range = rangeOf(spec.find, begin, args)
  // A number of keys that is none makes `last` NaN.
  if (range === undefined || !(range.last >= range.first && range.last < args.count)) return undefined
  const flags = spec.flagsOf?.(args) ?? spec.flags
  const found: Array<KeyPosition> = []
  for (let index = range.first; index <= range.last; index += range.step) found.push({ index, flags })
  return found
}

/** The specifications that are about keys, and not about the channels of shards. */
const keySpecs = ({ keys = [] }: CommandDefinition) => keys.filter(({ flags }) => !flags.includes("not_key"))

/** Whether a request of this command can have keys. */
export const takesKeys = (definition: CommandDefinition): boolean => keySpecs(definition).length > 0

/** Every key of a request, in the order of the command's specifications; undefined if its words fit one of them not. */
export function commandKeys(definition: CommandDefinition, args: Args): ReadonlyArray<KeyPosition> | undefined {
  const found: Array<KeyPosition> = []
  for (const spec of keySpecs(definition)) {
    const keys = positions(spec, args)
    if (keys === undefined || spec.flags.includes("incomplete")) return undefined
    found.push(...keys)
  }
  return found
}
