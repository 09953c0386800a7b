/**
 * The command line as redis-server understands it, turned into the GNU form that effect/cli reads:
 * `fibredis conf --save 900 1 --bind 127.0.0.1 -::1` becomes `conf`, `--save=900 1`, `--bind=127.0.0.1 -::1`.
 *
 * Invariant: the value of a directive's flag is always lines as they would stand in redis.conf behind the directive's name.
 */
import { findDirective } from "./Directives.ts"
import { joinWords, splitWords, toWord } from "./Words.ts"

/** A flag as it stands on the command line, with the words after it. */
interface FlagWords {
  readonly name: string
  readonly words: Array<string>
}

/** `--port`, `--port=7000`, and `"--port 7000"` as one word. */
const openFlag = (argument: string): FlagWords => {
  const assigned = /^--([^\s=]+)=(.*)$/s.exec(argument)
  if (assigned !== null) return { name: assigned[1]!, words: [toWord(assigned[2]!)] }
  const [name = "", ...words] = splitWords(toWord(argument.slice(2))) ?? [argument.slice(2)]
  return { name, words }
}

/**
 * Whether the word after `flag` is the flag's whatever it looks like, so that values may begin with dashes. As an
 * exception `--save` may stand alone, for no snapshots.
 */
const needsWord = ({ name, words }: FlagWords): boolean =>
  words.length === 0 && name.toLowerCase() !== "save" && findDirective(name) !== undefined

const withDefaultWord = (flag: FlagWords): FlagWords =>
  flag.name.toLowerCase() === "save" && flag.words.length === 0 ? { ...flag, words: [""] } : flag

/** Splits the arguments into those that stand alone and flags with their words. */
const group = (argv: ReadonlyArray<string>) => {
  const alone: Array<string> = []
  const flags: Array<FlagWords> = []
  for (const [index, argument] of argv.entries()) {
    const flag = flags.at(-1)
    const isInput = argument === "-" && (index === 0 || index === argv.length - 1)
    if (isInput || (flag === undefined && !argument.startsWith("--"))) alone.push(argument)
    else if (argument.startsWith("--") && (flag === undefined || !needsWord(flag))) flags.push(openFlag(argument))
    else flag!.words.push(toWord(argument))
  }
  return { alone, flags: flags.map(withDefaultWord) }
}

/** The flags of directives, repeated ones as lines of one; all others as they are, with their words joined. */
export const joinArguments = (argv: ReadonlyArray<string>): ReadonlyArray<string> => {
  const { alone, flags } = group(argv)
  const lines = new Map<string, Array<string>>()
  const others: Array<string> = []
  for (const { name, words } of flags) {
    const directive = findDirective(name)
    if (directive === undefined) {
      others.push(words.length === 0 ? `--${name}` : `--${name}=${words.join(" ")}`)
    } else {
      lines.set(directive.name, [...(lines.get(directive.name) ?? []), joinWords(words)])
    }
  }
  return [...alone, ...others, ...Array.from(lines, ([name, all]) => `--${name}=${all.join("\n")}`)]
}

/** The words of each line in a flag's value. */
export const flagLines = (value: string): ReadonlyArray<ReadonlyArray<string>> =>
  value.split("\n").map((line) => splitWords(line) ?? [])
