/**
 * The directive `save`: after how many changes within how many seconds a snapshot is due.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
import { Result } from "effect"
import { type Kind, parseInteger, several } from "./Kind.ts"

/** A snapshot is due once `changes` writes happened and `seconds` passed since the last one. */
export interface SavePoint {
  readonly seconds: number
  readonly changes: number
}

const invalid = Result.fail("Invalid save parameters")

/** Pairs of seconds and changes; lines add up, and the empty word forgets all before it. */
export const savePoints: Kind<ReadonlyArray<SavePoint>> = several({
  metavar: '"seconds changes ..."',
  parse: (words, current) => {
    if (words.length === 1 && words[0] === "") return Result.succeed([])
    if (words.length % 2 !== 0) return invalid
    const points = [...current]
    for (let i = 0; i < words.length; i += 2) {
      const seconds = parseInteger(words[i]!)
      const changes = parseInteger(words[i + 1]!)
      if (seconds === undefined || seconds < 1 || changes === undefined || changes < 0) return invalid
      points.push({ seconds, changes })
    }
    return Result.succeed(points)
  },
  lines: (points) =>
    points.length === 0 ? [[""]] : points.map(({ seconds, changes }) => [String(seconds), String(changes)])
})
