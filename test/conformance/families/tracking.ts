import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import type { Family } from "../Family.ts"

const trackingOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("BCAST")],
    () => [make.anyCase("PREFIX"), make.random.pick(["a", "ab", "b", "", "user:", "num"])],
    () => [make.anyCase("OPTIN")],
    () => [make.anyCase("OPTOUT")],
    () => [make.anyCase("NOLOOP")],
    () => [make.anyCase("REDIRECT"), make.random.pick(["999999", "a", "-1", "0"])]
  )

/** Client-side caching: what was read is invalidated, for the right connections, in the right order. */
export const tracking: Family = {
  name: "tracking",
  connections: 3,
  stepwise: true,
  open: (connection) => (connection === 0 ? [["CLIENT", "TRACKING", "ON"]] : []),
  shapes: [
    [4, (make) => ["CLIENT", "TRACKING", make.anyCase("ON", "ON", "OFF"), ...trackingOptions(make)]],
    [2, (make) => ["CLIENT", "TRACKING", make.anyCase("ON")]],
    [1, () => ["CLIENT", "TRACKING", "OFF"]],
    [2, (make) => ["CLIENT", "CACHING", make.anyCase("YES", "NO", "maybe")]],
    [1, () => ["CLIENT", "TRACKINGINFO"]],
    [1, () => ["CLIENT", "GETREDIR"]],
    [10, (make) => ["GET", make.key()]],
    [3, (make) => ["MGET", ...make.keys()]],
    [2, (make) => ["STRLEN", make.key()]],
    [1, (make) => ["TTL", make.key()]],
    [8, (make) => ["SET", make.key(), make.word()]],
    [2, (make) => ["DEL", ...make.keys()]],
    [2, (make) => ["INCR", make.key()]],
    [2, (make) => ["RENAME", make.key(), make.key()]],
    [2, (make) => ["EXPIRE", make.key(), make.ttl(1000)]],
    [1, (make) => (make.random.oneIn(4) ? [make.random.pick(["FLUSHDB", "FLUSHALL"])] : ["EXISTS", make.key()])],
    [1, () => ["HELLO", "3"]],
    [1, (make) => (make.random.oneIn(4) ? ["RESET"] : ["PING"])]
  ]
}
