/**
 * The directives `shutdown-on-sigint` and `shutdown-on-sigterm`: which options of SHUTDOWN a signal stands for.
 * https://redis.io/docs/latest/commands/shutdown/
 */
import { Result } from "effect"
import { type Kind, notAmong, several } from "./Kind.ts"

/** An option of SHUTDOWN. */
export type ShutdownOption = (typeof options)[number]

const options = ["save", "nosave", "now", "force"] as const
const choices = ["default", ...options]

/** Any of the options, printed in a fixed order; none at all is called `default`. */
export const shutdownOptions: Kind<ReadonlyArray<ShutdownOption>> = several<ReadonlyArray<ShutdownOption>>({
  metavar: '"default|save|nosave|now|force ..."',
  parse: (words) => {
    const named = new Set(words.map((word) => word.toLowerCase()))
    if (named.size === 0 || [...named].some((word) => !choices.includes(word))) return Result.fail(notAmong(choices))
    return named.has("save") && named.has("nosave")
      ? Result.fail("shutdown options SAVE and NOSAVE can't be used simultaneously")
      : Result.succeed(options.filter((option) => named.has(option)))
  },
  lines: (value) => [value.length === 0 ? ["default"] : options.filter((option) => value.includes(option))]
})
