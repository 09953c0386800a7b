import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, send, wait } from "../Family.ts"

/** Commands of every kind: writes, reads, some that fail when they run, some that are refused when they are queued. */
const ordinary = (make: Arguments): Words =>
  make.random.weighted<() => Words>([
    [6, () => ["SET", make.key(), make.value()]],
    [4, () => ["GET", make.key()]],
    [3, () => ["INCR", make.key()]],
    [2, () => ["APPEND", make.key(), make.word()]],
    [2, () => ["DEL", ...make.keys()]],
    [2, () => ["RENAME", make.key(), make.key()]],
    [2, () => ["EXPIRE", make.key(), make.ttl(1000)]],
    [1, () => ["TTL", make.key()]],
    [1, () => ["SELECT", make.random.pick(["0", "0", "1"])]],
    [1, () => ["SWAPDB", "0", "1"]],
    [1, () => ["MOVE", make.key(), "1"]],
    [1, () => ["SET", make.key(), "v", "NOSUCHOPTION"]],
    [1, () => ["KEYS", "*"]],
    [1, () => ["ECHO", make.word()]],
    [1, () => (make.random.oneIn(6) ? [make.random.pick(["FLUSHDB", "FLUSHALL"])] : ["DBSIZE"])],
    [1, () => (make.random.oneIn(4) ? [make.random.pick(["nosuchcommand", "SET", "GET"])] : ["PING"])]
  ])()

/** A whole transaction in one write. */
const whole = (make: Arguments) =>
  send(["MULTI"], ...make.random.many(0, 5, () => ordinary(make)), [make.anyCase("EXEC", "EXEC", "DISCARD")])

/** A watched key that dies by itself before EXEC. */
const watchedDeath = (make: Arguments) => {
  const key = make.key()
  return wait(
    [
      ["SET", key, "v", "PX", "2"],
      ["WATCH", key]
    ],
    12,
    [["MULTI"], ["SET", "seen", "1"], ["EXEC"], ["UNWATCH"], ["GET", key]]
  )
}

/** Transactions over three connections that watch and change the same keys. */
export const transactions: Family = {
  name: "transactions",
  connections: 3,
  spoilOneIn: 25,
  shapes: [
    [12, ordinary],
    [5, () => ["MULTI"]],
    [5, () => ["EXEC"]],
    [1, () => ["DISCARD"]],
    [4, (make) => ["WATCH", ...make.keys(1, 3)]],
    [1, () => ["UNWATCH"]],
    [4, whole],
    [1, () => ["RESET"]],
    [1, (make) => (make.random.oneIn(5) ? send(["DISCARD"], ["UNWATCH"]) : ordinary(make))],
    [1, (make) => (make.random.oneIn(3) ? send(["RESET"]) : ordinary(make))]
  ]
}

/** Deadlines and WATCH: what dies by itself counts as changed. */
export const watchedDeadlines: Family = {
  name: "watched-deadlines",
  connections: 1,
  spoilOneIn: 0,
  shapes: [
    [1, watchedDeath],
    [8, whole],
    [8, ordinary]
  ]
}
