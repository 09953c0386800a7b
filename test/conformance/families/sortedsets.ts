import type { Word, Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, iterate, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"
import { withOtherTypes } from "./otherTypes.ts"

const MEMBERS: ReadonlyArray<string> = ["", "a", "b", "c", "aa", "ab", "foo", "1", "2", "-1", "007", "\x00", "\xff"]

const member = (make: Arguments): Word =>
  make.random.oneIn(12)
    ? make.value()
    : make.random.oneIn(2)
      ? make.random.pick(MEMBERS)
      : `m${make.random.between(0, 12)}`

/** Few different ones, so that they meet. No -0: whether a large set keeps its sign depends on how it came to be large. */
const score = (make: Arguments): Word => {
  const { random } = make
  if (random.oneIn(6)) return make.float().replace(/^-0(\.0)?$/, "0")
  if (random.oneIn(10)) return random.pick(["inf", "-inf", "+inf", "0", "1e300", "-1e300", "nan", "0.1", "1e18"])
  return random.oneIn(3) ? (random.between(-20, 20) / 8).toString() : random.between(-5, 5)
}

const scoresAndMembers = (make: Arguments): Words =>
  make.random.many(1, make.random.oneIn(4) ? 9 : 3, () => [score(make), member(make)]).flat()

const scoreEnd = (make: Arguments): string => {
  const { random } = make
  if (random.oneIn(12))
    return random.pick(["", " 1", "1 ", "(", "((1", "a", "1e400", "-1e400", "(nan", "0x1p2", "1\x002", "[1"])
  const end = random.oneIn(3) ? random.pick(["inf", "-inf", "+inf"]) : String(score(make))
  return random.oneIn(3) ? `(${end}` : end
}

const lexEnd = (make: Arguments): string => {
  const { random } = make
  if (random.oneIn(12)) return random.pick(["", "a", "1", "+a", "-a", "+\x00", "]a", "( a"])
  return random.oneIn(3) ? random.pick(["-", "+"]) : `${random.pick(["[", "("])}${random.pick(MEMBERS)}`
}

const limit = (make: Arguments): Words => [
  make.anyCase("LIMIT"),
  make.random.between(-1, 5),
  make.random.between(-2, 5)
]

const scores = (make: Arguments): Words => (make.random.oneIn(2) ? [make.anyCase("WITHSCORES")] : [])

const scoreOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("WITHSCORES")],
    () => limit(make)
  )

const lexOptions = (make: Arguments): Words => make.options(2, () => limit(make))

/** A range of ZRANGE and ZRANGESTORE: mostly ends and options that go together. */
const anyRange = (make: Arguments): Words => {
  const { random } = make
  const rev = random.oneIn(2) ? [make.anyCase("REV")] : []
  const limits = random.oneIn(3) ? limit(make) : []
  return random.weighted<() => Words>([
    [4, () => [make.index(), make.index(), ...rev]],
    [4, () => [scoreEnd(make), scoreEnd(make), make.anyCase("BYSCORE"), ...rev, ...limits]],
    [1, () => [lexEnd(make), lexEnd(make), make.anyCase("BYLEX"), ...limits, ...rev, "WITHSCORES"]],
    [1, () => [make.index(), make.index(), make.anyCase("BYSCORE"), make.anyCase("BYLEX"), ...limits]]
  ])()
}

const addOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("NX", "XX")],
    () => [make.anyCase("GT", "LT")],
    () => [make.anyCase("CH")]
  )

const counted = (make: Arguments, keys: Words): Words => [make.random.oneIn(15) ? make.integer() : keys.length, ...keys]

const aggregation = (make: Arguments, keys: number): Words =>
  make.options(
    3,
    () => [make.anyCase("WEIGHTS"), ...Array.from({ length: keys }, () => score(make))],
    () => [make.anyCase("AGGREGATE"), make.anyCase("SUM", "MIN", "MAX")]
  )

const combined = (make: Arguments, command: string, destination: Words, tail: Words): Words => {
  const keys = make.keys(1, 3)
  const options = command.startsWith("ZDIFF") ? [] : aggregation(make, keys.length)
  return [command, ...destination, ...counted(make, keys), ...options, ...tail]
}

const popOptions = (make: Arguments): Words =>
  make.options(2, () => [make.anyCase("COUNT"), make.random.oneIn(6) ? make.integer() : make.random.between(0, 4)])

const sampleCount = (make: Arguments): Word =>
  make.random.oneIn(4)
    ? make.random.pick(["", "a", "1.5", "-9223372036854775808", "9223372036854775807", "9223372036854775808"])
    : make.random.between(-5, 20)

const LEX_KEY = "lex"
const lexMember = (make: Arguments): Word => (make.random.oneIn(3) ? make.random.pick(MEMBERS) : make.word())

/** Everything but what may block. */
export const sortedSetShapes: ReadonlyArray<Weighted<Shape>> = [
  [14, (make) => ["ZADD", make.key(), ...scoresAndMembers(make)]],
  [8, (make) => ["ZADD", make.key(), ...addOptions(make), ...scoresAndMembers(make)]],
  [5, (make) => ["ZADD", make.key(), ...addOptions(make), make.anyCase("INCR"), score(make), member(make)]],
  [5, (make) => ["ZINCRBY", make.key(), score(make), member(make)]],
  [3, (make) => ["ZSCORE", make.key(), member(make)]],
  [3, (make) => ["ZMSCORE", make.key(), ...make.random.many(1, 3, () => member(make))]],
  [2, (make) => ["ZCARD", make.key()]],
  [3, (make) => ["ZCOUNT", make.key(), scoreEnd(make), scoreEnd(make)]],
  // Not to be spoilt: 7.2 takes one word more.
  [4, (make) => send(["ZRANK", make.key(), member(make)])],
  [4, (make) => send(["ZREVRANK", make.key(), member(make)])],
  [8, (make) => ["ZRANGE", make.key(), ...anyRange(make), ...scores(make)]],
  [5, (make) => ["ZRANGESTORE", make.key(), make.key(), ...anyRange(make)]],
  [3, (make) => ["ZREVRANGE", make.key(), make.index(), make.index(), ...scores(make)]],
  [4, (make) => ["ZRANGEBYSCORE", make.key(), scoreEnd(make), scoreEnd(make), ...scoreOptions(make)]],
  [4, (make) => ["ZREVRANGEBYSCORE", make.key(), scoreEnd(make), scoreEnd(make), ...scoreOptions(make)]],
  [4, (make) => ["ZREM", make.key(), ...make.random.many(1, 3, () => member(make))]],
  [2, (make) => ["ZREMRANGEBYRANK", make.key(), make.index(), make.index()]],
  [2, (make) => ["ZREMRANGEBYSCORE", make.key(), scoreEnd(make), scoreEnd(make)]],
  [3, (make) => ["ZPOPMIN", make.key(), ...make.random.many(0, 1, () => make.random.between(0, 3))]],
  [3, (make) => ["ZPOPMAX", make.key(), ...make.random.many(0, 1, () => make.integer())]],
  [4, (make) => ["ZMPOP", ...counted(make, make.keys(1, 3)), make.anyCase("MIN", "MAX"), ...popOptions(make)]],
  [4, (make) => combined(make, "ZUNION", [], scores(make))],
  [4, (make) => combined(make, "ZINTER", [], scores(make))],
  [4, (make) => combined(make, "ZDIFF", [], scores(make))],
  [4, (make) => combined(make, "ZUNIONSTORE", [make.key()], [])],
  [4, (make) => combined(make, "ZINTERSTORE", [make.key()], [])],
  [4, (make) => combined(make, "ZDIFFSTORE", [make.key()], [])],
  [3, (make) => ["ZINTERCARD", ...counted(make, make.keys(1, 3)), ...make.options(2, () => ["LIMIT", make.index()])]],
  [2, (make) => ["ZRANDMEMBER", make.key()]],
  // Not to be spoilt: a count may come to be a huge one.
  [3, (make) => send(["ZRANDMEMBER", make.key(), sampleCount(make), ...scores(make)])],
  [1, (make) => send(["ZRANDMEMBER", make.key(), "-9223372036854775807", "WITHSCORES"])],
  [1, (make) => iterate("ZSCAN", make.key(), "{cursor}")],
  [2, (make) => ["OBJECT", "ENCODING", make.key()]],
  [2, (make) => ["DEL", make.key()]],
  [1, (make) => ["COPY", make.key(), make.key()]],
  // Members of one score, for the ranges between members; not to be spoilt, so that it stays one.
  [6, (make) => send(["ZADD", LEX_KEY, ...make.random.many(1, 5, () => ["0", lexMember(make)]).flat()])],
  [3, (make) => ["ZLEXCOUNT", LEX_KEY, lexEnd(make), lexEnd(make)]],
  [3, (make) => ["ZRANGEBYLEX", LEX_KEY, lexEnd(make), lexEnd(make), ...lexOptions(make)]],
  [3, (make) => ["ZREVRANGEBYLEX", LEX_KEY, lexEnd(make), lexEnd(make), ...lexOptions(make)]],
  [3, (make) => ["ZRANGE", LEX_KEY, lexEnd(make), lexEnd(make), make.anyCase("BYLEX"), ...lexOptions(make)]],
  [3, (make) => ["ZRANGE", LEX_KEY, lexEnd(make), lexEnd(make), "REV", make.anyCase("BYLEX"), ...lexOptions(make)]],
  [2, (make) => ["ZREMRANGEBYLEX", LEX_KEY, lexEnd(make), lexEnd(make)]]
]

const shapes: ReadonlyArray<Weighted<Shape>> = [
  ...sortedSetShapes,
  [3, (make) => send(["BZPOPMIN", ...make.keys(1, 3), "0.002"])],
  [3, (make) => send(["BZPOPMAX", ...make.keys(1, 3), make.random.pick(["0.001", "x", "-1", ""])])],
  [
    3,
    (make) =>
      send(["BZMPOP", "0.002", ...counted(make, make.keys(1, 3)), make.anyCase("MIN", "MAX"), ...popOptions(make)])
  ]
]

/** Sorted sets of usual size, which stay packed. */
export const sortedsets: Family = withOtherTypes({ name: "sortedsets", connections: 1, shapes })

/** Sorted sets that become large early. */
export const largeSortedsets: Family = withOtherTypes({
  name: "large-sortedsets",
  connections: 1,
  shapes,
  configure: [
    ["CONFIG", "SET", "zset-max-listpack-entries", "4"],
    ["CONFIG", "SET", "zset-max-listpack-value", "8"]
  ]
})
