/**
 * Values of every type and size, as the commands that make them: for tests of files, which have to hold them all.
 */
import type { Random } from "../conformance/Random.ts"
import type { Word, Words } from "./request.ts"

/** The types, as TYPE names them. */
export const valueTypes = ["string", "list", "set", "zset", "hash", "stream"] as const
export type ValueTypeName = (typeof valueTypes)[number]

const INTEGERS: ReadonlyArray<Word> = [
  0,
  -1,
  12,
  127,
  128,
  -129,
  32767,
  -32768,
  8388607,
  2147483648,
  "-9223372036854775808"
]
const TEXTS: ReadonlyArray<Word> = [
  "",
  "a",
  "007",
  "-0",
  "1.5",
  " 1",
  "\x00\xff\r\n",
  "x".repeat(63),
  "y".repeat(64),
  "z".repeat(65)
]
const SCORES: ReadonlyArray<Word> = [0, -0.5, 1, 1e17, Math.PI, "inf", "-inf", 1e-300, 5e-324, 4503599627370497, -1e300]

function anyWord(random: Random, i: number): Word {
  if (random.oneIn(3)) return random.pick(INTEGERS)
  if (random.oneIn(3)) return random.pick(TEXTS)
  if (random.oneIn(30)) return random.bytes(random.between(1, 5000))
  if (random.oneIn(60)) return "compressible ".repeat(random.between(1, 900))
  return `word${i}`
}

/** All the same kind, so that sets of integers and short words come to be, too. */
function wordsOf(random: Random, count: number): ReadonlyArray<Word> {
  const kind = random.between(0, 3)
  return Array.from({ length: count }, (_, i): Word => {
    if (kind === 0) return random.between(-100, 100)
    if (kind === 1) return random.oneIn(2) ? random.pick(INTEGERS) : random.between(-(2 ** 30), 2 ** 30)
    return kind === 2 ? `w${random.between(0, 400)}` : anyWord(random, i)
  })
}

const makers: Readonly<Record<ValueTypeName, (key: string, random: Random, count: number) => ReadonlyArray<Words>>> = {
  string: (key, random, count) => [["SET", key, anyWord(random, count)]],
  list: (key, random, count) => [
    [random.oneIn(2) ? "RPUSH" : "LPUSH", key, ...wordsOf(random, count)],
    ...(random.oneIn(2) ? [["RPUSH", key, ...wordsOf(random, count)]] : [])
  ],
  set: (key, random, count) => [["SADD", key, ...wordsOf(random, count)]],
  zset: (key, random, count) => [
    ["ZADD", key, ...wordsOf(random, count).flatMap((member) => [random.oneIn(2) ? 1 : random.pick(SCORES), member])]
  ],
  hash: (key, random, count) => [
    ["HSET", key, ...wordsOf(random, count).flatMap((field, i) => [field, anyWord(random, i)])]
  ],
  stream
}

/** With entries of the same fields and of others, deleted and trimmed ones, and groups that have read some of it. */
function stream(key: string, random: Random, count: number): ReadonlyArray<Words> {
  const commands: Array<Words> = []
  let ms = 0
  for (let i = 0; i < count; i++) {
    ms += random.between(0, 3)
    const fields = random.oneIn(4) ? random.many(1, 4, () => anyWord(random, i)) : ["f", "g"]
    commands.push(["XADD", key, `${ms}-${i + 1}`, ...fields.flatMap((field) => [field, anyWord(random, i)])])
    if (random.oneIn(5)) commands.push(["XDEL", key, `${ms}-${i + 1}`])
  }
  if (random.oneIn(3)) commands.push(["XTRIM", key, "MAXLEN", random.between(0, count)])
  for (let group = random.between(0, 3); group > 0; group--) {
    commands.push(["XGROUP", "CREATE", key, `group${group}`, random.pick(["0", "$", "3"])])
    commands.push(["XGROUP", "CREATECONSUMER", key, `group${group}`, "idle"])
    for (let i = random.between(0, 3); i > 0; i--) {
      const consumer = `consumer${random.between(1, 3)}`
      commands.push([
        "XREADGROUP",
        "GROUP",
        `group${group}`,
        consumer,
        "COUNT",
        random.between(1, 40),
        "STREAMS",
        key,
        ">"
      ])
    }
    commands.push(["XACK", key, `group${group}`, "1-1", "3-3", `${ms}-${count}`])
  }
  if (random.oneIn(3)) commands.push(["XSETID", key, `${ms + 5}-0`])
  return commands
}

/** Commands that make a value of that type under the key, where there is none. */
export const valueCommands = (type: ValueTypeName, key: string, random: Random): ReadonlyArray<Words> =>
  makers[type](key, random, random.oneIn(6) ? random.between(200, 700) : random.between(1, 20))

/** Directives that let small values have the large forms already, or others than usual. */
export const smallLimits: ReadonlyArray<readonly [directive: string, value: string]> = [
  ["hash-max-listpack-entries", "4"],
  ["hash-max-listpack-value", "16"],
  ["list-max-listpack-size", "3"],
  ["set-max-intset-entries", "5"],
  ["zset-max-listpack-entries", "4"],
  ["zset-max-listpack-value", "16"],
  ["stream-node-max-entries", "5"]
]
