/**
 * The directive `client-output-buffer-limit`: how much a client of each class may leave unread before it is cut off.
 * https://redis.io/docs/latest/develop/reference/clients/#output-buffer-limits
 */
import { Result } from "effect"
import { type Kind, parseInteger, parseMemory, several } from "./Kind.ts"

/** The limits of one class of clients; 0 means none. */
export interface OutputLimit {
  /** Bytes at which a client is cut off at once. */
  readonly hard: number
  /** Bytes at which a client is cut off after `softSeconds` without a pause. */
  readonly soft: number
  readonly softSeconds: number
}

/** The limits of all classes of clients. */
export interface OutputLimits {
  readonly normal: OutputLimit
  readonly replica: OutputLimit
  readonly pubsub: OutputLimit
}

/** Redis prints the class of replicas by its older name. */
const printedNames = { normal: "normal", replica: "slave", pubsub: "pubsub" } as const

const classes: ReadonlyMap<string, keyof OutputLimits> = new Map([
  ["normal", "normal"],
  ["replica", "replica"],
  ["slave", "replica"],
  ["pubsub", "pubsub"]
])

const parseLimit = (hard: string, soft: string, seconds: string): OutputLimit | undefined => {
  const limit = { hard: parseMemory(hard), soft: parseMemory(soft), softSeconds: parseInteger(seconds) }
  const { hard: hardBytes, soft: softBytes, softSeconds } = limit
  if (hardBytes === undefined || softBytes === undefined || softSeconds === undefined || softSeconds < 0)
    return undefined
  // More than 64 bits of bytes is no size.
  if (hardBytes === Number.POSITIVE_INFINITY || softBytes === Number.POSITIVE_INFINITY) return undefined
  return { hard: hardBytes, soft: softBytes, softSeconds }
}

/** Groups of `class hard soft seconds`; classes that are not named keep their limits. */
export const outputLimits: Kind<OutputLimits> = several({
  metavar: '"class hard soft seconds ..."',
  parse: (words, current) => {
    if (words.length === 1 && words[0] === "") return Result.succeed(current)
    if (words.length % 4 !== 0) return Result.fail("Wrong number of arguments in buffer limit configuration.")
    const limits = { ...current }
    for (let i = 0; i < words.length; i += 4) {
      const name = classes.get(words[i]!.toLowerCase())
      if (name === undefined) return Result.fail("Invalid client class specified in buffer limit configuration.")
      const limit = parseLimit(words[i + 1]!, words[i + 2]!, words[i + 3]!)
      if (limit === undefined) {
        return Result.fail("Error in hard, soft or soft_seconds setting in buffer limit configuration.")
      }
      limits[name] = limit
    }
    return Result.succeed(limits)
  },
  lines: (limits) =>
    (["normal", "replica", "pubsub"] as const).map((name) => {
      const { hard, soft, softSeconds } = limits[name]
      return [printedNames[name], String(hard), String(soft), String(softSeconds)]
    })
})
