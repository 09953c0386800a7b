/**
 * The kinds of values that directives have: how their words are read and how they are written.
 *
 * Invariant: for every value `v` that a kind can hold, `parse` of each of its `lines(v)` in turn gives `v` back.
 * The messages are those of redis-server, because CONFIG SET sends them to clients.
 */
import { Result } from "effect"
import { toText, toWord } from "./Words.ts"

/** What a directive accepts. `A` is the type of its values in `ServerConfig`. */
export interface Kind<A> {
  /** Stands for the value in --help. */
  readonly metavar: string
  /**
   * Reads the words (byte strings, see Words.ts) that follow a directive's name; fails with the reason as redis-server words it.
   * `current` is the value so far: a kind of several parts changes only the parts that are named.
   */
  parse(words: ReadonlyArray<string>, current: A): Result.Result<A, string>
  /** The words of each line that a configuration file needs to say `value`. */
  lines(value: A): ReadonlyArray<ReadonlyArray<string>>
  /** The value as CONFIG GET prints it, where that is not the words of all its lines in a row. */
  print?(value: A): string
}

/** The value as CONFIG GET prints it. */
export const format = <A>(kind: Kind<A>, value: A): string =>
  kind.print === undefined ? kind.lines(value).flat().join(" ") : kind.print(value)

/** A kind whose values are exactly one word. */
export const single = <A>(options: {
  readonly metavar: string
  readonly parse: (word: string) => Result.Result<A, string>
  readonly format: (value: A) => string
}): Kind<A> => ({
  metavar: options.metavar,
  parse: ([word, ...more]) =>
    word === undefined || more.length > 0 ? Result.fail("wrong number of arguments") : options.parse(word),
  lines: (value) => [[options.format(value)]]
})

/**
 * A kind whose values are any number of words. A single word is split at every space, as CONFIG SET has but one word to
 * give; two spaces in a row make an empty word, which no kind accepts. The single empty word means "nothing".
 */
export const several = <A>(kind: Kind<A>): Kind<A> => ({
  ...kind,
  parse: (words, current) => kind.parse(words.length === 1 ? words[0]!.split(" ") : words, current)
})

/** `words`, or the one empty word that says there are none. */
export const wordsOrEmpty = (words: ReadonlyArray<string>): ReadonlyArray<string> => (words.length === 0 ? [""] : words)

const outOfRange = (minimum: number, maximum: string): string =>
  `argument must be between ${minimum} and ${maximum} inclusive`

const INTEGER = /^(?:0|-?[1-9]\d*)$/

/** The integer that `word` spells the way Redis accepts it: decimal, no plus sign, no leading zero, within 64 bits. */
export const parseInteger = (word: string): number | undefined => {
  if (!INTEGER.test(word) || BigInt.asIntN(64, BigInt(word)) !== BigInt(word)) return undefined
  return Number(word)
}

/** What 64 bits can hold. A number beyond 2^53 is the nearest double: a limit of that size limits nothing. */
const MAX_INT64 = 2n ** 63n - 1n

const formatInteger = (value: number): string => (value < 2 ** 63 ? String(value) : String(MAX_INT64))

/** An integer from `minimum` to `maximum` (64 bits unless given), both included; what it counts is in the directive's help. */
export const integer = (minimum: number, maximum = Number(MAX_INT64)): Kind<number> =>
  single({
    metavar: "number",
    parse: (word) => {
      const value = parseInteger(word)
      if (value === undefined) return Result.fail("argument couldn't be parsed into an integer")
      return value < minimum || value > maximum
        ? Result.fail(outOfRange(minimum, formatInteger(maximum)))
        : Result.succeed(value)
    },
    format: formatInteger
  })

const MEMORY = /^(\d*)(b|kb?|mb?|gb?|)$/i

/** Redis' units: "k" counts in thousands, "kb" in 1024s. */
const unitBytes: { readonly [unit: string]: bigint } = {
  "": 1n,
  b: 1n,
  k: 1000n,
  kb: 1024n,
  m: 1000n ** 2n,
  mb: 1024n ** 2n,
  g: 1000n ** 3n,
  gb: 1024n ** 3n
}

/** The bytes that a memory size such as `64mb` stands for; Infinity for what 64 bits cannot hold. */
export const parseMemory = (word: string): number | undefined => {
  // To Redis the word ends at a NUL, and no digits are 0.
  const match = MEMORY.exec(word.split("\0", 1)[0]!)
  if (match === null) return undefined
  const bytes = BigInt(match[1]!) * unitBytes[match[2]!.toLowerCase()]!
  return bytes > MAX_INT64 ? Number.POSITIVE_INFINITY : Number(bytes)
}

/** A memory size in bytes, at least `minimum`, with the units of redis.conf. */
export const memory = (minimum: number): Kind<number> =>
  single({
    metavar: "size",
    parse: (word) => {
      const bytes = parseMemory(word)
      if (bytes === undefined) return Result.fail("argument must be a memory value")
      return bytes < minimum || bytes === Number.POSITIVE_INFINITY
        ? Result.fail(outOfRange(minimum, String(MAX_INT64)))
        : Result.succeed(bytes)
    },
    format: formatInteger
  })

/** Permission bits written in octal, up to 777. */
export const octal: Kind<number> = single({
  metavar: "octal",
  parse: (word) => {
    if (!/^[0-7]+$/.test(word)) return Result.fail("argument couldn't be parsed as an octal number")
    const bits = Number.parseInt(word, 8)
    return bits > 0o777 ? Result.fail(outOfRange(0, "777")) : Result.succeed(bits)
  },
  format: (bits) => bits.toString(8)
})

/** `yes` or `no`. */
export const yesNo: Kind<boolean> = single({
  metavar: "yes|no",
  parse: (word) => {
    const answer = word.toLowerCase()
    return answer === "yes" || answer === "no"
      ? Result.succeed(answer === "yes")
      : Result.fail("argument must be 'yes' or 'no'")
  },
  format: (value) => (value ? "yes" : "no")
})

/** The complaint about a word that is none of `choices`. */
export const notAmong = (choices: ReadonlyArray<string>): string =>
  `argument(s) must be one of the following: ${choices.join(", ")}`

/** One of `choices`, whatever its case. */
export const oneOf = <const Choice extends string>(...choices: ReadonlyArray<Choice>): Kind<Choice> =>
  single({
    metavar: choices.join("|"),
    parse: (word) => {
      const choice = choices.find((name) => name === word.toLowerCase())
      return choice === undefined ? Result.fail(notAmong(choices)) : Result.succeed(choice)
    },
    format: (value) => value
  })

/** Any text, in UTF-8 where it is bytes; `check` gives the reason why one is refused. */
export const text = (metavar: string, check: (value: string) => string | undefined = () => undefined): Kind<string> =>
  single({
    metavar,
    parse: (word) => {
      const value = toText(word)
      const reason = toWord(value) === word ? check(value) : "argument must be valid UTF-8"
      return reason === undefined ? Result.succeed(value) : Result.fail(reason)
    },
    format: toWord
  })
