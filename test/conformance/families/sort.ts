import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"

const LISTS = ["list", "list2", "k\x00\xff"]
const SETS = ["set", "set2"]
const SORTED_SETS = ["zset"]

/** None too large for a double: Redis refuses everything to be sorted by number once strtod has met one. */
const FLOATS = [
  "0.1",
  "-0.1",
  "1e3",
  "1e-3",
  "+1.5",
  ".5",
  "5.",
  "-0",
  "-0.0",
  "200.000",
  "123456789.123456789",
  "1e17"
]

const element = (make: Arguments): string =>
  make.random.weighted<() => string>([
    [10, () => String(make.random.between(-5, 20))],
    [3, () => make.random.pick(FLOATS)],
    [3, () => make.random.pick(["a", "b", "ab", "B", "", "x\x00y", "\xff"])],
    [1, () => make.random.pick([" 1", "1 ", "nan", "inf", "-inf", "0x10", "+1"])]
  ])()

/** Elements that are numbers, so that most sorts come to an end. */
const numeric = (make: Arguments): string => String(make.random.between(-5, 20) / (make.random.oneIn(4) ? 2 : 1))

const elements = (make: Arguments): Words =>
  make.random.many(1, 8, () => (make.random.oneIn(3) ? element(make) : numeric(make)))

const source = (make: Arguments): string =>
  make.random.oneIn(20)
    ? make.random.pick(["nosuchkey", "w_1", "h_1"])
    : make.random.pick([...LISTS, ...SETS, ...SORTED_SETS])

const pattern = (make: Arguments): string =>
  make.random.pick([
    "w_*",
    "h_*->f",
    "h_*->",
    "h_*->g",
    "*",
    "#",
    "nosuch_*",
    "#*",
    "w_*x",
    "*->f",
    "->*",
    "no",
    "h_->f"
  ])

const limit = (make: Arguments): Words => [
  make.anyCase("LIMIT"),
  make.random.oneIn(8) ? make.integer() : String(make.random.between(-2, 5)),
  make.random.oneIn(8) ? make.integer() : String(make.random.between(-2, 5))
]

const order = (make: Arguments): Words => [make.anyCase("ASC", "DESC")]

const plainOptions = (make: Arguments): Words =>
  make.options(
    4,
    () => limit(make),
    () => order(make),
    () => [make.anyCase("GET"), pattern(make)],
    () => (make.random.oneIn(2) ? [make.anyCase("ALPHA")] : []),
    () => (make.random.oneIn(3) ? [make.anyCase("STORE"), make.random.pick(["stored", ...LISTS])] : [])
  )

/** Weights are unique to an element or left to the elements themselves: ties are in no order. */
const byNumber = (make: Arguments): Words => [
  ...make.options(
    3,
    () => limit(make),
    () => order(make),
    () => [make.anyCase("GET"), pattern(make)]
  ),
  make.anyCase("BY"),
  make.random.pick(["w_*", "h_*->f", "nosuch_*"]),
  ...(make.random.oneIn(3) ? [make.anyCase("STORE"), "stored"] : [])
]

/** What decides where there is no order of its own has to be the whole element. */
const unsorted = (make: Arguments): Words => [
  ...make.options(
    3,
    () => limit(make),
    () => order(make),
    () => [make.anyCase("GET"), pattern(make)]
  ),
  make.anyCase("BY"),
  make.random.pick(["nosort", "", "w_1"]),
  ...(make.random.oneIn(3) ? [make.anyCase("STORE"), "stored"] : [])
]

const readOnly = (make: Arguments): Words => ["SORT_RO", source(make), ...plainOptions(make)]

const shapes: ReadonlyArray<Weighted<Shape>> = [
  [8, (make) => send(["RPUSH", make.random.pick(LISTS), ...elements(make)])],
  [8, (make) => send(["SADD", make.random.pick(SETS), ...elements(make)])],
  [
    6,
    (make) =>
      send(["ZADD", "zset", ...elements(make).flatMap((member) => [String(make.random.between(-5, 5)), member])])
  ],
  [6, (make) => send(["SET", `w_${numeric(make)}`, element(make)])],
  [6, (make) => send(["SET", `w_${numeric(make)}`, numeric(make)])],
  [6, (make) => send(["HSET", `h_${numeric(make)}`, "f", numeric(make), "g", element(make)])],
  [3, (make) => send(["DEL", make.random.pick([...LISTS, ...SETS, ...SORTED_SETS, "stored"])])],
  [3, () => send(["LRANGE", "stored", "0", "-1"], ["TTL", "stored"])],
  [1, () => send(["SET", "stored", "x", "EX", "100"])],
  [16, (make) => ["SORT", source(make), ...plainOptions(make)]],
  [8, readOnly],
  [12, (make) => send(["SORT", source(make), ...byNumber(make)])],
  [8, (make) => send(["SORT", make.random.pick([...LISTS, ...SORTED_SETS]), ...unsorted(make)])],
  [3, (make) => send(["SORT", make.random.pick(SETS), "BY", "nosort", "STORE", "stored"])],
  [
    4,
    (make) =>
      send(["SORT", make.random.pick(LISTS), "BY", make.random.pick(["w_*", "h_*->g"]), "ALPHA", ...order(make)])
  ],
  [2, (make) => ["COMMAND", "GETKEYS", "SORT", source(make), ...plainOptions(make)]]
]

/** SORT of what has elements. Redis makes a sorted set large that is sorted, so that they are large from the start. */
export const sort: Family = {
  name: "sort",
  connections: 1,
  shapes,
  configure: [
    ["CONFIG", "SET", "zset-max-listpack-entries", "0"],
    ["CONFIG", "SET", "set-max-intset-entries", "512"]
  ]
}
