/**
 * Makes the arguments of random commands, with a liking for the borders: what is empty, negative, huge, binary, not a
 * number, one past a limit. Few keys, so that commands meet.
 */
import type { Word, Words } from "../support/request.ts"
import type { Random } from "./Random.ts"

const KEYS: ReadonlyArray<string> = ["a", "b", "c", "d", "num", "bits", "", "k\x00\xff", "user:1"]

const WORDS: ReadonlyArray<string> = [
  "",
  "a",
  "foo",
  "hello world",
  "ohmytext",
  "mynewtext",
  "\x00\x01\xff",
  "\r\n",
  " x "
]

/** Whole numbers at the borders of 64 and 32 bits and of Redis' shared integers. */
const INTEGERS: ReadonlyArray<string> = [
  ...["0", "1", "-1", "2", "-2", "9", "10", "99", "100", "127", "128", "255", "256", "9999", "10000"],
  ...["2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296"],
  ...["9223372036854775807", "-9223372036854775808", "9223372036854775806", "-9223372036854775807"]
]

/** What looks like a whole number and is none for Redis. */
const NOT_INTEGERS: ReadonlyArray<string> = [
  ...["", " ", "a", "1a", " 1", "1 ", "+1", "01", "-0", "-", "1.0", "1e3", "0x10", "\x001", "1\x00"],
  ...["9223372036854775808", "-9223372036854775809", "18446744073709551615", "99999999999999999999"]
]

const FLOATS: ReadonlyArray<string> = [
  ...["0", "1", "-1", "0.1", "-0.1", "0.5", "3.0", "3.14159", "1e3", "1e-3", "5.0e3", "1e17", "1e18", "-1e15", "1e-17"],
  ...["10.50", "200.000", "+1.5", ".5", "5.", "0x10", "-0", "-0.0", "123456789.123456789", "1.7976931348623157e308"]
]

const NOT_FLOATS: ReadonlyArray<string> = [
  ...["", " ", "a", "1a", " 1", "1 ", "nan", "NaN", "inf", "-inf", "+inf", "infinity", "1e400", "1e5000", "1..2", "e5"]
]

/** Lengths around the borders that Redis' encodings know: 44/45 (embstr), 20/21 (digits), 64 KiB (inline). */
const LENGTHS: ReadonlyArray<number> = [1, 2, 7, 8, 20, 21, 43, 44, 45, 63, 64, 100, 1000]
const LONG_LENGTHS: ReadonlyArray<number> = [16_383, 16_384, 32_768, 65_535, 65_536, 70_000]

const PATTERNS: ReadonlyArray<string> = [
  ...[
    "*",
    "",
    "?",
    "a",
    "[a-c]",
    "[^a]",
    "[c-a]",
    "k*",
    "user:*",
    "*:1",
    "\\a",
    "\\*",
    "[",
    "[a",
    "[]",
    "nosuch*",
    "**",
    "*?*"
  ],
  ...["n[u]m", "h*llo", "\x00*", "*\xff", "[\\]]", "a\\"]
]

/** Times that are none, or that no clock reaches, or that were over long ago. */
const ODD_TIMES: ReadonlyArray<string> = [
  ...["0", "-1", "-1000", "a", "", "1.5", "9223372036854775807", "9223372036854775", "-9223372036854775808"]
]

/** Deadlines differ by at least this many ms, which is longer than a program takes. */
const DISTANCE_STEP = 10_000

/** The source of arguments for one program. */
export class Arguments {
  constructor(
    readonly random: Random,
    /** The moment, in ms since 1970, that absolute deadlines are counted from. */
    readonly now: number,
    /** Whether a value may be stored with a deadline that has passed: it dies when somebody looks or a sweeper comes by. */
    private readonly bornDead = true
  ) {}

  readonly key = (): string => (this.random.oneIn(40) ? "nosuchkey" : this.random.pick(KEYS))

  readonly keys = (low = 1, high = 4): Array<string> => this.random.many(low, high, this.key)

  readonly word = (): string => this.random.pick(WORDS)

  /** Any value: text, number, bytes, around every border that an encoding has. */
  readonly value = (): Word => {
    const random = this.random
    return random.weighted<() => Word>([
      [6, this.word],
      [6, () => random.pick(INTEGERS)],
      [2, () => random.pick(NOT_INTEGERS)],
      [3, () => random.pick(FLOATS)],
      [1, () => random.pick(NOT_FLOATS)],
      [3, () => "x".repeat(random.pick(LENGTHS))],
      [3, () => random.bytes(random.between(0, 12))],
      [1, () => random.bytes(random.oneIn(8) ? random.pick(LONG_LENGTHS) : 300)]
    ])()
  }

  /** A whole number, now and then at a border, now and then none at all. */
  readonly integer = (): string => {
    const random = this.random
    if (random.oneIn(8)) return random.pick(NOT_INTEGERS)
    return random.oneIn(2) ? random.pick(INTEGERS) : String(random.between(-20, 20))
  }

  readonly float = (): string => {
    const random = this.random
    if (random.oneIn(8)) return random.pick(NOT_FLOATS)
    return random.oneIn(2) ? random.pick(FLOATS) : (random.between(-1_000_000, 1_000_000) / 1000).toString()
  }

  /** A position in a string, from either end. */
  readonly index = (): string => (this.random.oneIn(6) ? this.integer() : String(this.random.between(-12, 40)))

  /**
   * An offset that a write may use: small, or beyond what Redis takes. Nothing between, because a write at 500 MB would
   * take that much memory on both servers.
   */
  readonly offset = (limit = 200): string => {
    const random = this.random
    if (random.oneIn(10))
      return random.pick(["-1", "4294967296", "9223372036854775807", "a", "", "1.5", "-9223372036854775808"])
    return String(random.between(0, random.oneIn(20) ? limit * 50 : limit))
  }

  readonly pattern = (): string => this.random.pick(PATTERNS)

  /**
   * How far away, in ms, a deadline is: never near enough to pass while a program runs, and no two so near each other
   * that which one is later depends on when the commands run.
   */
  private distance(): number {
    return this.random.between(10, 20_000) * DISTANCE_STEP
  }

  /** A time to live in `unit` ms: long, or over at once, or not valid. */
  readonly ttl = (unit: 1 | 1000): string => {
    const random = this.random
    return random.oneIn(8) ? random.pick(ODD_TIMES) : String(this.distance() / unit)
  }

  /** A moment in `unit` ms: long after now or long before. */
  readonly moment = (unit: 1 | 1000): string => {
    const random = this.random
    if (random.oneIn(8)) return random.pick(ODD_TIMES)
    return String(Math.floor((this.now + this.distance() * (random.oneIn(5) ? -1 : 1)) / unit))
  }

  /** A moment in `unit` ms until which a value that is being stored shall live. */
  readonly end = (unit: 1 | 1000): string =>
    this.bornDead ? this.moment(unit) : String(Math.floor((this.now + this.distance()) / unit))

  /** The words, each in lower, upper or mixed case. */
  readonly anyCase = (...words: ReadonlyArray<string>): string => {
    const word = this.random.pick(words)
    return this.random.weighted([
      [6, word.toUpperCase()],
      [3, word.toLowerCase()],
      [1, word.replace(/./g, (letter, at) => (at % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase()))]
    ])
  }

  /** Up to `most` of the options, in any order, now and then one of them twice. */
  readonly options = (most: number, ...options: ReadonlyArray<() => Words>): Array<Word> =>
    this.random.many(0, this.random.oneIn(6) ? most + 1 : most, () => this.random.pick(options)()).flat()

  /** A database number, mostly one that exists. */
  readonly database = (): string =>
    this.random.oneIn(8) ? this.random.pick(["16", "-1", "a", "", "1.5"]) : this.random.pick(["0", "1", "2"])
}
