import type { Word, Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { block, type Family, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"

const key = (make: Arguments): string => make.random.pick(["a", "a", "b", "b", "c", "long", "k\x00\xff"])

/** Few elements, so that they are found again, and some at the borders of how a listpack keeps them. */
const element = (make: Arguments): Word =>
  make.random.weighted<() => Word>([
    [8, () => make.random.pick(["a", "b", "", "1", "-1", "x\x00"])],
    [2, () => make.random.pick(["63", "127", "128", "4095", "4096", "32768", "8388608", "2147483648", "01", "-0"])],
    [1, make.value]
  ])()

const elements = (make: Arguments, most = 5): Words => make.random.many(1, most, () => element(make))

/** A position, mostly one that is there. */
const position = (make: Arguments): string => (make.random.oneIn(5) ? make.index() : String(make.random.between(-6, 6)))

const end = (make: Arguments): string => make.anyCase("LEFT", "RIGHT")

/** Redis 7.0 has nothing against -2^63 where 7.2 does. */
const rank = (make: Arguments): string => {
  const chosen = make.random.oneIn(4) ? make.integer() : String(make.random.between(-3, 3))
  return chosen === "-9223372036854775808" ? "-9223372036854775807" : chosen
}

const count = (make: Arguments): string => (make.random.oneIn(5) ? make.integer() : String(make.random.between(0, 5)))

const lposOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("RANK"), rank(make)],
    () => [make.anyCase("COUNT"), count(make)],
    () => [make.anyCase("MAXLEN"), count(make)]
  )

/** `numkeys` and as many keys, now and then not as many. */
const countedKeys = (make: Arguments): Words => {
  const keys = make.random.many(1, 3, () => key(make))
  return [make.random.oneIn(8) ? make.random.pick(["0", "-1", "1", "2", "9", "x", ""]) : keys.length, ...keys]
}

const multiPop = (make: Arguments): Words => [
  ...countedKeys(make),
  end(make),
  ...make.options(1, () => [make.anyCase("COUNT"), count(make)])
]

/** Timeouts that are over at once, or none. */
const timeout = (make: Arguments): string =>
  make.random.pick(["0.001", "0.002", "1e-3", ".001", "-1", "x", "", "nan", "-0.1"])

/** What may block runs where nobody waits, or not for long. */
const blocking = (make: Arguments): Words =>
  make.random.pick<() => Words>([
    () => [make.anyCase("BLPOP", "BRPOP"), ...make.random.many(1, 3, () => key(make)), timeout(make)],
    () => ["BLMOVE", key(make), key(make), end(make), end(make), timeout(make)],
    () => ["BRPOPLPUSH", key(make), key(make), timeout(make)],
    () => ["BLMPOP", timeout(make), ...multiPop(make)]
  ])()

const blockingInTransaction = (make: Arguments) => send(["MULTI"], blocking(make), blocking(make), ["EXEC"])

/** A list of many elements, which takes several nodes. */
const longPush = (make: Arguments): Words => {
  const size = make.random.pick([1, 10, 100, 300])
  const values = make.random.many(10, 60, () => make.random.pick(["a", "b", "1", "x".repeat(size)]))
  return [make.anyCase("LPUSH", "RPUSH"), make.random.pick(["long", "a"]), ...values]
}

const shapes: ReadonlyArray<Weighted<Shape>> = [
  [8, (make) => ["LPUSH", key(make), ...elements(make)]],
  [8, (make) => ["RPUSH", key(make), ...elements(make)]],
  [3, (make) => ["LPUSHX", key(make), ...elements(make)]],
  [3, (make) => ["RPUSHX", key(make), ...elements(make)]],
  [4, longPush],
  [4, (make) => [make.anyCase("LPOP", "RPOP"), key(make)]],
  [4, (make) => [make.anyCase("LPOP", "RPOP"), key(make), count(make)]],
  [2, (make) => ["LLEN", key(make)]],
  [4, (make) => ["LINDEX", key(make), position(make)]],
  [5, (make) => ["LSET", key(make), position(make), element(make)]],
  [5, (make) => ["LINSERT", key(make), make.anyCase("BEFORE", "AFTER"), element(make), element(make)]],
  [1, (make) => ["LINSERT", key(make), make.word(), element(make), element(make)]],
  [6, (make) => ["LRANGE", key(make), position(make), position(make)]],
  [3, (make) => ["LTRIM", key(make), position(make), position(make)]],
  [4, (make) => ["LREM", key(make), rank(make), element(make)]],
  [6, (make) => ["LPOS", key(make), element(make), ...lposOptions(make)]],
  [5, (make) => ["LMOVE", key(make), key(make), end(make), end(make)]],
  [3, (make) => ["RPOPLPUSH", key(make), key(make)]],
  [4, (make) => ["LMPOP", ...multiPop(make)]],
  [2, blocking],
  [1, blockingInTransaction],
  [2, (make) => ["OBJECT", "ENCODING", key(make)]],
  [1, (make) => ["DEL", key(make)]],
  [1, (make) => ["COPY", key(make), key(make), "REPLACE"]],
  [1, (make) => ["RENAME", key(make), key(make)]],
  [1, (make) => ["EXPIRE", key(make), make.ttl(1000)]],
  [1, (make) => ["SET", key(make), make.word()]]
]

/** Lists in every form that the limits of a node make. */
const withNodesOf = (name: string, size: number, packedThreshold = 0): Family => ({
  name,
  connections: 1,
  configure: [
    ["CONFIG", "SET", "list-max-listpack-size", size],
    ["DEBUG", "QUICKLIST-PACKED-THRESHOLD", packedThreshold]
  ],
  shapes
})

export const lists = withNodesOf("lists", -2)
export const shortLists = withNodesOf("lists-of-small-nodes", 3)
export const plainLists = withNodesOf("lists-of-plain-nodes", 4, 6)

const waitedFor = (make: Arguments): string => make.random.pick(["a", "a", "b", "c"])
const destination = (make: Arguments): string => make.random.pick(["a", "b", "c", "d"])

/**
 * Commands that wait until they are unblocked: all of them of one key each, and moving elements on, too, or none that moves any.
 * Where one that waits for several keys finds what another has just moved is another key in 7.2 than in 7.0.
 */
const waits = (make: Arguments, moving: boolean): Words => {
  const keys = make.random.many(1, moving ? 1 : 3, () => waitedFor(make))
  const pops = [
    () => [make.anyCase("BLPOP", "BRPOP"), ...keys, "0"],
    () => ["BLMPOP", "0", keys.length, ...keys, end(make), "COUNT", make.random.between(1, 3)]
  ]
  const moves = [
    () => ["BLMOVE", waitedFor(make), destination(make), end(make), end(make), "0"],
    () => ["BRPOPLPUSH", waitedFor(make), destination(make), "0"]
  ]
  return make.random.pick<() => Words>(moving ? [...pops, ...moves] : pops)()
}

const waitingTogether = (make: Arguments, most: number): ReadonlyArray<Words> => {
  const moving = make.random.oneIn(2)
  return make.random.many(1, most, () => waits(make, moving))
}

const numbers = (make: Arguments): Words => make.random.many(1, 3, () => make.random.between(1, 9))

/** What fills lists. One key for each command: which of several keys serves a client first is another in 7.2 than in 7.0. */
const feed = (make: Arguments): Words =>
  make.random.weighted<() => Words>([
    [6, () => [make.anyCase("LPUSH", "RPUSH"), waitedFor(make), ...numbers(make)]],
    [1, () => ["DEL", waitedFor(make)]],
    [1, () => ["RPUSH", "other", ...numbers(make)]],
    [1, () => [make.random.pick(["RENAME", "RENAMENX", "COPY", "RPOPLPUSH"]), "other", waitedFor(make)]],
    [1, () => ["LMOVE", waitedFor(make), waitedFor(make), end(make), end(make)]],
    [1, () => (make.random.oneIn(2) ? ["SET", "d", "v"] : ["DEL", "d"])]
  ])()

/** What comes and goes inside a transaction is never seen. */
const feedAtOnce = (make: Arguments): ReadonlyArray<Words> => {
  const key = waitedFor(make)
  return [["MULTI"], ["RPUSH", key, "1", "2"], ["DEL", key], ["LPUSH", key, ...numbers(make)], ["EXEC"]]
}

/** Clients that wait for lists and are served, or not. */
export const waitingLists: Family = {
  name: "waiting-lists",
  connections: 1,
  weight: 0.3,
  spoilOneIn: 0,
  shapes: [
    [
      8,
      (make) =>
        block(
          waitingTogether(make, 4),
          make.random.many(1, 5, () => feed(make))
        )
    ],
    [2, (make) => block(waitingTogether(make, 2), feedAtOnce(make))],
    [2, feed],
    [1, (make) => ["LRANGE", waitedFor(make), "0", "-1"]]
  ]
}
