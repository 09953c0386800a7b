import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { CURSOR, type Family, iterate, send } from "../Family.ts"

const copyOptions = (make: Arguments): Words =>
  make.options(
    2,
    () => [make.anyCase("REPLACE")],
    () => [make.anyCase("DB"), make.database()]
  )

const scanOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("MATCH"), make.pattern()],
    () => [make.anyCase("COUNT"), make.random.oneIn(8) ? make.integer() : String(make.random.between(1, 20))],
    () => [make.anyCase("TYPE"), make.anyCase("string", "list", "hash", "nosuchtype")]
  )

const flush = (make: Arguments): Words =>
  make.options(
    1,
    () => [make.anyCase("ASYNC", "SYNC")],
    () => [make.anyCase("SYNC")]
  )

/** Many keys at once, so that the table grows and an iteration takes several rounds. */
const crowd = (make: Arguments): Words => {
  const first = make.random.between(0, 1000)
  return ["MSET", ...Array.from({ length: make.random.between(20, 120) }, (_, i) => [`crowd:${first + i}`, i]).flat()]
}

const crowdMember = (make: Arguments): string => `crowd:${make.random.between(0, 1100)}`

/** Keys: existence, names, copies, databases, iterations. */
export const keys: Family = {
  name: "keys",
  connections: 1,
  shapes: [
    [8, (make) => ["SET", make.key(), make.value()]],
    [2, (make) => ["SET", make.key(), make.value(), "EX", make.ttl(1000)]],
    [3, (make) => ["DEL", ...make.keys()]],
    [2, (make) => ["UNLINK", ...make.keys()]],
    [3, (make) => ["EXISTS", ...make.keys()]],
    [2, (make) => ["TOUCH", ...make.keys()]],
    [3, (make) => ["TYPE", make.key()]],
    [3, (make) => ["KEYS", make.pattern()]],
    [3, (make) => iterate("SCAN", CURSOR, ...scanOptions(make))],
    [
      2,
      (make) => [
        "SCAN",
        make.random.pick(["0", "0", "a", "-1", "", "18446744073709551616", " 0", "0 "]),
        ...scanOptions(make)
      ]
    ],
    [1, () => ["RANDOMKEY"]],
    [4, (make) => ["RENAME", make.key(), make.key()]],
    [3, (make) => ["RENAMENX", make.key(), make.key()]],
    [4, (make) => ["COPY", make.key(), make.key(), ...copyOptions(make)]],
    [4, (make) => ["MOVE", make.key(), make.database()]],
    [2, (make) => ["SWAPDB", make.database(), make.database()]],
    [4, (make) => ["SELECT", make.database()]],
    [3, () => ["DBSIZE"]],
    [1, (make) => (make.random.oneIn(4) ? ["FLUSHDB", ...flush(make)] : ["DBSIZE"])],
    [1, (make) => (make.random.oneIn(8) ? ["FLUSHALL", ...flush(make)] : ["DBSIZE"])],
    [2, (make) => ["OBJECT", make.anyCase("ENCODING", "REFCOUNT", "IDLETIME"), make.key()]],
    [1, (make) => ["OBJECT", make.anyCase("FREQ"), make.key()]],
    [1, (make) => ["OBJECT", make.anyCase("HELP", "NOSUCH", "ENCODING")]],
    [1, (make) => crowd(make)],
    [2, (make) => send(crowd(make), ["DEL", ...make.random.many(10, 60, () => crowdMember(make))])],
    [1, (make) => send(["GET", make.key()], ["TTL", make.key()])]
  ]
}
