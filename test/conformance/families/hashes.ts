import type { Word, Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { CURSOR, type Family, iterate, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"

/** Few fields, so that commands meet; some are integers for a listpack, some are long. */
const FIELDS: ReadonlyArray<string> = [
  ...["f", "g", "field", "", "0", "1", "-5", "127", "4096", "99999999999", "9223372036854775807", "01"],
  ...["\x00\xff", "x".repeat(63), "x".repeat(64), "user:name"]
]

const field = (make: Arguments): Word => (make.random.oneIn(60) ? make.value() : make.random.pick(FIELDS))

/** No more pairs than the low limit below: 7.2 goes by the number of words, 7.0 by that of different fields. */
const pairs = (make: Arguments): Words => make.random.many(1, 4, () => [field(make), make.value()]).flat()

const differentPairs = (make: Arguments, count: number): Words =>
  Array.from({ length: count }, (_, i) => [`field:${i}`, make.word()]).flat()

/** Not to be spoilt: a large negative number asks for a reply without end. */
const count = (make: Arguments): string =>
  make.random.oneIn(6)
    ? make.random.pick([
        ...["", "a", "1.5", "9223372036854775807", "9223372036854775808", "-9223372036854775808"],
        ...["4611686018427387903", "4611686018427387904"]
      ])
    : String(make.random.between(-5, 30))

const scanOptions = (make: Arguments): Words =>
  make.options(
    2,
    () => [make.anyCase("COUNT"), make.random.oneIn(4) ? make.integer() : make.random.between(1, 1000)],
    () => [make.anyCase("MATCH"), make.pattern()],
    () => [make.anyCase("TYPE"), "hash"]
  )

const shapes: ReadonlyArray<Weighted<Shape>> = [
  [14, (make) => ["HSET", make.key(), field(make), make.value()]],
  [6, (make) => ["HSET", make.key(), ...pairs(make)]],
  [2, (make) => ["HMSET", make.key(), ...pairs(make)]],
  [2, (make) => send(["HSET", make.key(), ...differentPairs(make, make.random.between(5, 20))])],
  [4, (make) => ["HSETNX", make.key(), field(make), make.value()]],
  [8, (make) => ["HGET", make.key(), field(make)]],
  [4, (make) => ["HMGET", make.key(), ...make.random.many(1, 5, () => field(make))]],
  [6, (make) => ["HDEL", make.key(), ...make.random.many(1, 5, () => field(make))]],
  [4, (make) => ["HGETALL", make.key()]],
  [2, (make) => ["HKEYS", make.key()]],
  [2, (make) => ["HVALS", make.key()]],
  [3, (make) => ["HLEN", make.key()]],
  [3, (make) => ["HSTRLEN", make.key(), field(make)]],
  [3, (make) => ["HEXISTS", make.key(), field(make)]],
  [7, (make) => ["HINCRBY", make.key(), field(make), make.integer()]],
  [7, (make) => ["HINCRBYFLOAT", make.key(), field(make), make.float()]],
  [3, (make) => ["HSET", make.key(), field(make), make.integer()]],
  [3, (make) => ["HSET", make.key(), field(make), make.float()]],
  [3, (make) => ["HRANDFIELD", make.key()]],
  [4, (make) => send(["HRANDFIELD", make.key(), count(make)])],
  [4, (make) => send(["HRANDFIELD", make.key(), count(make), make.anyCase("WITHVALUES", "WITHVALUES", "WITHVALUE")])],
  [1, (make) => send(["HRANDFIELD", make.key(), count(make), "WITHVALUES", make.word()])],
  [3, (make) => ["HSCAN", make.key(), make.random.pick(["0", "0", "0", "1", "", "a", "-1"]), ...scanOptions(make)]],
  [3, (make) => iterate("HSCAN", make.key(), CURSOR)],
  [1, (make) => iterate("HSCAN", make.key(), CURSOR, "COUNT", make.random.between(1, 20), "MATCH", make.pattern())],
  [2, (make) => ["DEL", make.key()]],
  [1, (make) => ["SET", make.key(), make.value()]],
  [3, (make) => ["OBJECT", "ENCODING", make.key()]],
  [1, (make) => ["COPY", make.key(), make.key(), "REPLACE"]],
  [1, (make) => ["RENAME", make.key(), make.key()]],
  [1, (make) => ["PEXPIRE", make.key(), make.ttl(1)]],
  [1, (make) => ["TYPE", make.key()]]
]

/** Hashes, packed as long as they are not large. */
export const hashes: Family = {
  name: "hashes",
  connections: 1,
  configure: [
    ["CONFIG", "SET", "hash-max-listpack-entries", "512"],
    ["CONFIG", "SET", "hash-max-listpack-value", "64"]
  ],
  shapes
}

/** Hashes that become tables with a fifth field, or a value of more than eight bytes. */
export const largeHashes: Family = {
  name: "large-hashes",
  connections: 1,
  configure: [
    ["CONFIG", "SET", "hash-max-listpack-entries", "4"],
    ["CONFIG", "SET", "hash-max-listpack-value", "8"]
  ],
  shapes
}
