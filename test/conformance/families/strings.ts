import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import type { Family } from "../Family.ts"

const setOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("NX", "XX")],
    () => [make.anyCase("GET")],
    () => [make.anyCase("KEEPTTL")],
    () => [make.anyCase("EX"), make.ttl(1000)],
    () => [make.anyCase("PX"), make.ttl(1)],
    () => [make.anyCase("EXAT"), make.end(1000)],
    () => [make.anyCase("PXAT"), make.end(1)]
  )

const getexOptions = (make: Arguments): Words =>
  make.options(
    1,
    () => [make.anyCase("PERSIST")],
    () => [make.anyCase("EX"), make.ttl(1000)],
    () => [make.anyCase("PX"), make.ttl(1)],
    () => [make.anyCase("EXAT"), make.end(1000)],
    () => [make.anyCase("PXAT"), make.end(1)]
  )

const lcsOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("LEN")],
    () => [make.anyCase("IDX")],
    () => [make.anyCase("MINMATCHLEN"), make.index()],
    () => [make.anyCase("WITHMATCHLEN")]
  )

const pairs = (make: Arguments): Words => make.random.many(1, 4, () => [make.key(), make.value()]).flat()

/** Texts that share parts, for LCS to find. */
const similar = (make: Arguments): string =>
  make.random.many(0, 6, () => make.random.pick(["ohmy", "text", "mynew", "ab", "ba", "x", "1234", "\x00"])).join("")

/** Strings: whole values, ranges, counters. */
export const strings: Family = {
  name: "strings",
  connections: 1,
  shapes: [
    [10, (make) => ["SET", make.key(), make.value()]],
    [8, (make) => ["SET", make.key(), make.value(), ...setOptions(make)]],
    [8, (make) => ["GET", make.key()]],
    [5, (make) => ["GETEX", make.key(), ...getexOptions(make)]],
    [2, (make) => ["GETDEL", make.key()]],
    [3, (make) => ["GETSET", make.key(), make.value()]],
    [3, (make) => ["SETNX", make.key(), make.value()]],
    [3, (make) => ["SETEX", make.key(), make.ttl(1000), make.value()]],
    [3, (make) => ["PSETEX", make.key(), make.ttl(1), make.value()]],
    [3, (make) => ["MGET", ...make.keys()]],
    [3, (make) => ["MSET", ...pairs(make)]],
    [3, (make) => ["MSETNX", ...pairs(make)]],
    [4, (make) => ["APPEND", make.key(), make.value()]],
    [3, (make) => ["STRLEN", make.key()]],
    [4, (make) => ["SETRANGE", make.key(), make.offset(), make.value()]],
    [4, (make) => ["GETRANGE", make.key(), make.index(), make.index()]],
    [1, (make) => ["SUBSTR", make.key(), make.index(), make.index()]],
    [4, (make) => ["INCR", make.key()]],
    [3, (make) => ["DECR", make.key()]],
    [4, (make) => ["INCRBY", make.key(), make.integer()]],
    [4, (make) => ["DECRBY", make.key(), make.integer()]],
    [5, (make) => ["INCRBYFLOAT", make.key(), make.float()]],
    [3, (make) => ["SET", make.key(), make.float()]],
    [3, (make) => ["SET", make.key(), make.integer()]],
    [3, (make) => ["SET", make.random.pick(["a", "b"]), similar(make)]],
    [
      4,
      (make) => ["LCS", make.random.pick(["a", "b"]), make.random.pick(["a", "b", "nosuchkey"]), ...lcsOptions(make)]
    ],
    [2, (make) => ["DEL", make.key()]],
    [2, (make) => ["OBJECT", "ENCODING", make.key()]],
    [2, (make) => ["TTL", make.key()]],
    [1, (make) => ["PEXPIRETIME", make.key()]]
  ]
}
