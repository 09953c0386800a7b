import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, wait } from "../Family.ts"

const conditions = (make: Arguments): Words => make.options(2, () => [make.anyCase("NX", "XX", "GT", "LT")])

/** Longer than the 1 or 2 ms that the key is given, with room for a busy machine. */
const AFTER_DEADLINE = 12

/** A key that dies while the program waits, in every way that a deadline can be given. */
const dying = (make: Arguments) => {
  const key = make.key()
  const before = make.random.pick<ReadonlyArray<Words>>([
    [["SET", key, "v", "PX", "2"]],
    [["PSETEX", key, "2", "v"]],
    [
      ["SET", key, "v"],
      ["PEXPIRE", key, "2"]
    ],
    [
      ["SET", key, "v"],
      ["GETEX", key, "PX", "1"]
    ]
  ])
  const after = make.random.pick<Words>([
    ["GET", key],
    ["EXISTS", key],
    ["TTL", key],
    ["STRLEN", key],
    ["APPEND", key, "more"],
    ["SET", key, "new", "XX"],
    ["SET", key, "new", "KEEPTTL"],
    ["GETDEL", key],
    ["PERSIST", key],
    ["RENAME", key, "other"],
    ["COPY", key, "other"],
    ["DEL", key],
    ["INCR", key]
  ])
  return wait(before, AFTER_DEADLINE, [after, ["EXISTS", key]])
}

/** Deadlines: set, asked for, taken away, passed. */
export const expiry: Family = {
  name: "expiry",
  connections: 1,
  shapes: [
    [8, (make) => ["SET", make.key(), make.value()]],
    [3, (make) => ["SET", make.key(), make.value(), "PX", make.ttl(1)]],
    [2, (make) => ["SET", make.key(), make.value(), "EXAT", make.end(1000)]],
    [6, (make) => ["EXPIRE", make.key(), make.ttl(1000), ...conditions(make)]],
    [6, (make) => ["PEXPIRE", make.key(), make.ttl(1), ...conditions(make)]],
    [5, (make) => ["EXPIREAT", make.key(), make.moment(1000), ...conditions(make)]],
    [5, (make) => ["PEXPIREAT", make.key(), make.moment(1), ...conditions(make)]],
    [4, (make) => ["TTL", make.key()]],
    [4, (make) => ["PTTL", make.key()]],
    [2, (make) => ["EXPIRETIME", make.key()]],
    [2, (make) => ["PEXPIRETIME", make.key()]],
    [4, (make) => ["PERSIST", make.key()]],
    [2, (make) => ["GETEX", make.key(), make.anyCase("PERSIST")]],
    [2, (make) => ["SET", make.key(), make.value(), make.anyCase("KEEPTTL")]],
    [2, (make) => ["APPEND", make.key(), make.word()]],
    [1, (make) => ["INCR", make.key()]],
    [1, (make) => ["GETSET", make.key(), make.value()]],
    [2, (make) => ["RENAME", make.key(), make.key()]],
    [2, (make) => ["COPY", make.key(), make.key(), "REPLACE"]],
    [1, (make) => ["MOVE", make.key(), make.database()]],
    [1, (make) => ["SELECT", make.random.pick(["0", "0", "1"])]],
    [2, (make) => ["GET", make.key()]],
    [1, (make) => ["SETRANGE", make.key(), make.offset(), make.word()]],
    [1, (make) => ["BITOP", "NOT", make.key(), make.key()]],
    [1, (make) => (make.random.oneIn(3) ? dying(make) : ["EXISTS", make.key()])]
  ]
}
