/**
 * Which words of a command are keys, from the command's key specifications
 * (https://redis.io/docs/latest/develop/reference/key-specs/): for COMMAND GETKEYS and for client-side caching.
 */
import type { Args } from "./Args.ts"
import type { KeySpec } from "./Command.ts"
import type { RegisteredCommand } from "./Registry.ts"

export interface KeyPosition {
  /** Index among the words. */
  readonly index: number
  readonly spec: KeySpec
}

function firstIndex(spec: KeySpec, args: Args): number | undefined {
  if (spec.begin === "unknown") return undefined
  if ("index" in spec.begin) return spec.begin.index
  const { keyword, from } = spec.begin
  const word = keyword.toLowerCase()
  const step = from < 0 ? -1 : 1
  for (let i = from < 0 ? args.count + from : from; i > 0 && i < args.count; i += step) {
    if (args.is(i, word)) return i + 1
  }
  return undefined
}

function* positions(spec: KeySpec, args: Args): Iterable<KeyPosition> {
  const begin = firstIndex(spec, args)
  if (begin === undefined || begin >= args.count || spec.find === "unknown") return
  if ("lastKey" in spec.find) {
    const { lastKey, step, limit } = spec.find
    let last = lastKey >= 0 ? begin + lastKey : args.count + lastKey
    if (lastKey === -1 && limit > 1) last = begin + Math.floor((args.count - begin) / limit) - 1
    for (let index = begin; index <= last && index < args.count; index += step) yield { index, spec }
    return
  }
  const { keyNumIndex, firstKey, step } = spec.find
  if (begin + keyNumIndex >= args.count) return
  const text = args.text(begin + keyNumIndex)
  if (!/^\d+$/.test(text)) return
  for (let i = 0, index = begin + firstKey; i < Number(text) && index < args.count; i++, index += step) {
    yield { index, spec }
  }
}

/** Every key of the command, in the order of its specifications. */
export function* commandKeys(command: RegisteredCommand, args: Args): Iterable<KeyPosition> {
  for (const spec of command.definition.keys ?? []) {
    if (!spec.flags.includes("not_key")) yield* positions(spec, args)
  }
}
