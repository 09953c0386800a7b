/**
 * The directive `latency-tracking-info-percentiles`: which percentiles INFO latencystats shows.
 * https://redis.io/docs/latest/commands/info/
 */
import { Result } from "effect"
import { type Kind, several, wordsOrEmpty } from "./Kind.ts"

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

/** Redis keeps six digits after the point. */
const rounded = (value: number): number => Number(value.toFixed(6))

/** Numbers from 0 to 100 in the order given. */
export const percentiles: Kind<ReadonlyArray<number>> = several<ReadonlyArray<number>>({
  metavar: '"percentile ..."',
  parse: (words) => {
    const values: Array<number> = []
    if (words.length === 1 && words[0] === "") return Result.succeed(values)
    for (const word of words) {
      if (!DECIMAL.test(word)) return Result.fail("Invalid latency-tracking-info-percentiles parameters")
      const value = Number(word)
      if (value < 0 || value > 100) {
        return Result.fail("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]")
      }
      values.push(rounded(value))
    }
    return Result.succeed(values)
  },
  lines: (values) => [wordsOrEmpty(values.map((value) => String(rounded(value))))]
})
