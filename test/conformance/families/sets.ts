import type { Word, Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { CURSOR, type Family, iterate, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"
import { withOtherTypes } from "./otherTypes.ts"

/** Integers at the borders of an intset's widths, and just beyond 64 bits, where they are none. */
const BORDERS: ReadonlyArray<string> = [
  ...["32767", "32768", "-32768", "-32769", "65535", "2147483647", "2147483648", "-2147483648", "-2147483649"],
  ...["9007199254740991", "9007199254740993", "-9007199254740993", "4294967296", "-4294967297"],
  ...["9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "007", "-0", "+1"]
]

/** A member: mostly one of a few, so that sets have something in common. */
const member = (make: Arguments): Word =>
  make.random.weighted<() => Word>([
    [8, () => String(make.random.between(-3, 12))],
    [4, () => make.random.pick(BORDERS)],
    [6, () => `m${make.random.between(0, 9)}`],
    [2, make.value]
  ])()

const members = (make: Arguments, low = 1, high = 5): Array<Word> => make.random.many(low, high, () => member(make))

/** A run of integers, which makes an intset or passes its limit. */
const run = (make: Arguments): Words => {
  const first = make.random.between(-5, 40)
  return Array.from({ length: make.random.between(1, 20) }, (_, i) => String(first + i))
}

/** A key for one command after the other, so that what is random comes to the same in the end. */
const passing = (make: Arguments, ...between: ReadonlyArray<Words>): ReadonlyArray<Words> => [
  ["DEL", "passing"],
  ["SADD", "passing", ...members(make, 1, 12)],
  ...between,
  ["SCARD", "passing"],
  ["DEL", "passing"]
]

const count = (make: Arguments): string => (make.random.oneIn(6) ? make.integer() : String(make.random.between(-8, 15)))

/** As many elements as can be asked for, from either side; never so many that a server would choke on them. */
const sampleCount = (make: Arguments): string =>
  make.random.oneIn(6)
    ? make.random.pick(["-9223372036854775808", "9223372036854775807", "a", "", "1.5", "99999999999999999999"])
    : String(make.random.between(-20, 20))

const numkeys = (make: Arguments, keys: ReadonlyArray<string>): string =>
  make.random.oneIn(8) ? make.integer() : String(keys.length)

const card = (make: Arguments): Words => {
  const keys = make.keys()
  const limit = make.options(
    1,
    () => [make.anyCase("LIMIT"), make.random.oneIn(4) ? make.integer() : String(make.random.between(0, 4))],
    () => [make.anyCase("LIMIT"), "0"]
  )
  return ["SINTERCARD", numkeys(make, keys), ...keys, ...limit]
}

const scanOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("MATCH"), make.pattern()],
    () => [make.anyCase("COUNT"), make.random.oneIn(8) ? make.integer() : String(make.random.between(1, 20))],
    () => [make.anyCase("TYPE"), "set"]
  )

const shapes: ReadonlyArray<Weighted<Shape>> = [
  [14, (make) => ["SADD", make.key(), ...members(make)]],
  [6, (make) => ["SADD", make.key(), ...run(make)]],
  [8, (make) => ["SREM", make.key(), ...members(make)]],
  [3, (make) => ["SREM", make.key(), ...run(make)]],
  [4, (make) => ["SMEMBERS", make.key()]],
  [4, (make) => ["SISMEMBER", make.key(), member(make)]],
  [4, (make) => ["SMISMEMBER", make.key(), ...members(make)]],
  [4, (make) => ["SCARD", make.key()]],
  [8, (make) => ["SMOVE", make.key(), make.key(), member(make)]],
  // Not to be spoilt: what stays would be random.
  [2, (make) => send(["SPOP", make.key(), make.random.pick(["0", "1000", "-1", "a", "", "9223372036854775807"])])],
  [1, () => send(["SPOP", "never"], ["SPOP", "never", "1"], ["SPOP", "never", "1", "1"])],
  [3, (make) => send(...passing(make, ["SPOP", "passing"], ["SPOP", "passing", count(make)]))],
  [3, (make) => send(...passing(make, ["SRANDMEMBER", "passing"], ["SRANDMEMBER", "passing", sampleCount(make)]))],
  // Not to be spoilt: a count may come to be a huge one.
  [3, (make) => send(["SRANDMEMBER", make.key(), sampleCount(make)])],
  [2, (make) => ["SRANDMEMBER", make.key()]],
  [5, (make) => ["SINTER", ...make.keys()]],
  [5, (make) => ["SUNION", ...make.keys()]],
  [5, (make) => ["SDIFF", ...make.keys()]],
  [4, (make) => ["SINTERSTORE", make.key(), ...make.keys()]],
  [4, (make) => ["SUNIONSTORE", make.key(), ...make.keys()]],
  [4, (make) => ["SDIFFSTORE", make.key(), ...make.keys()]],
  [5, card],
  [3, (make) => iterate("SSCAN", make.key(), CURSOR, ...scanOptions(make))],
  [1, (make) => ["SSCAN", make.key(), make.random.pick(["0", "a", "", "-1", " 0"]), ...scanOptions(make)]],
  [3, (make) => ["OBJECT", "ENCODING", make.key()]],
  [2, (make) => ["DEL", make.key()]],
  [1, (make) => ["COPY", make.key(), make.key(), make.anyCase("REPLACE")]],
  [1, (make) => ["EXPIRE", make.key(), "100"]],
  [1, (make) => ["SET", make.key(), make.word()]]
]

/** Sets of usual size: what is an intset stays one mostly. */
export const sets: Family = withOtherTypes({
  name: "sets",
  connections: 1,
  shapes,
  configure: [["CONFIG", "SET", "set-max-intset-entries", "512"]]
})

/** Sets that leave their compact forms early. */
export const largeSets: Family = withOtherTypes({
  name: "large-sets",
  connections: 1,
  shapes,
  configure: [
    ["CONFIG", "SET", "set-max-intset-entries", "6"],
    ["CONFIG", "SET", "set-max-listpack-entries", "4"]
  ]
})
