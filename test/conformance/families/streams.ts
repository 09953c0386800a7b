import type { Word, Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Action, type Family, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"
import { withOtherTypes } from "./otherTypes.ts"

const KEYS: ReadonlyArray<string> = ["a", "b", "c"]
/** A stream from which no entry is deleted by its id: XSETID on others minds what was in 7.2 only. */
const NEVER_DELETED = "d"

/** Ids at the borders of 64, 53 and 32 bits, and what strtoull takes besides. */
const ODD_IDS: ReadonlyArray<string> = [
  ...["0", "0-0", "0-1", "1", "-", "+", "(1", "(0-0", "$", ">", "*", "1-*", "0-*", "", "a", "1-a", "1-", "-1", "1--1"],
  ...[
    "18446744073709551615-18446744073709551615",
    "18446744073709551615",
    "18446744073709551616",
    "1-18446744073709551615"
  ],
  ...[
    "9007199254740993-1",
    "4294967296-4294967295",
    "4294967295-4294967296",
    "9223372036854775808-1",
    "1-9223372036854775807"
  ],
  ...[
    "01-01",
    " 1-1",
    "+1-1",
    "1-+1",
    "1 -1",
    "1-1 ",
    "1- 1",
    "1\x00-1",
    "1-1\x00x",
    "-\x00",
    "1--01",
    "1-1-1",
    "1".repeat(128)
  ]
]

const key = (make: Arguments): string => make.random.pick(KEYS)
const anyKey = (make: Arguments): string =>
  make.random.oneIn(15) ? make.random.pick(["", "nosuchkey", "k\x00\xff"]) : make.random.pick([...KEYS, NEVER_DELETED])

/** Few, so that deletions and ranges meet entries. */
const plainId = (make: Arguments): string =>
  make.random.oneIn(3)
    ? String(make.random.between(1, 60))
    : `${make.random.between(1, 60)}-${make.random.between(0, 4)}`

const id = (make: Arguments): string => (make.random.oneIn(8) ? make.random.pick(ODD_IDS) : plainId(make))

/** The id of a new entry: mostly one that is still possible, so that streams grow. */
const newId = (make: Arguments): string =>
  make.random.weighted<() => string>([
    [6, () => `${make.random.between(1, 60)}-*`],
    [3, () => plainId(make)],
    [1, () => make.random.pick(ODD_IDS.filter((odd) => odd !== "*"))]
  ])()

const end = (make: Arguments): string =>
  make.random.weighted<() => string>([
    [3, () => make.random.pick(["-", "+"])],
    [3, () => id(make)],
    [2, () => `(${id(make)}`]
  ])()

const count = (make: Arguments): string => (make.random.oneIn(6) ? make.integer() : String(make.random.between(0, 12)))

/** Mostly the same fields, as nodes know them. */
const fields = (make: Arguments): Array<Word> =>
  make.random.oneIn(3)
    ? make.random.many(1, 3, () => [make.word(), make.value()]).flat()
    : ["field", make.value(), ...(make.random.oneIn(3) ? ["other", make.value()] : [])]

const trim = (make: Arguments): Words => [
  ...make.random.weighted<() => Words>([
    [4, () => [make.anyCase("MAXLEN"), ...operator(make), count(make)]],
    [4, () => [make.anyCase("MINID"), ...operator(make), id(make)]]
  ])(),
  ...(make.random.oneIn(4) ? [make.anyCase("LIMIT"), count(make)] : [])
]

const operator = (make: Arguments): Words => make.random.pick([[], ["="], ["~"], ["~"]])

const addOptions = (make: Arguments): Words =>
  make.options(
    1,
    () => trim(make),
    () => [make.anyCase("NOMKSTREAM")],
    () => [make.anyCase("LIMIT"), count(make)]
  )

const entriesAdded = (make: Arguments): Words => make.options(1, () => [make.anyCase("ENTRIESADDED"), make.integer()])

const setIdOptions = (make: Arguments): Words =>
  make.options(
    2,
    () => entriesAdded(make),
    () => [make.anyCase("MAXDELETEDID"), id(make)]
  )

/** A stream that is told that entries of it were deleted. */
const pretend = (make: Arguments): Action =>
  send(
    ["XADD", "e", newId(make), "field", "value"],
    ["XSETID", "e", id(make), ...setIdOptions(make)],
    ["XINFO", "STREAM", "e"],
    ["XADD", "e", newId(make), "field", "value"],
    ["DEL", "e"]
  )

const readCount = (make: Arguments): Words => make.options(1, () => [make.anyCase("COUNT"), count(make)])

const read = (make: Arguments, options: Words): Words => {
  const streams = make.random.between(1, 3)
  return [
    ...["XREAD", ...readCount(make), ...options, ...readCount(make), make.anyCase("STREAMS")],
    ...Array.from({ length: streams }, () => anyKey(make)),
    ...Array.from({ length: streams }, () => (make.random.oneIn(8) ? "$" : id(make)))
  ]
}

/** Not to be spoilt: it could wait for ever. */
const waitShortly = (make: Arguments): Action =>
  send(read(make, [make.anyCase("BLOCK"), make.random.pick(["1", "-1", "a"])]))

/** An id that the server makes, of which only that it comes is compared; nothing is left of it. */
const automatic = (make: Arguments): Action =>
  send(
    ["XADD", "auto", "*", ...fields(make)],
    ["XADD", "auto", "MAXLEN", count(make), "*", ...fields(make)],
    ["XLEN", "auto"],
    ["DEL", "auto"]
  )

/** A run of entries, so that nodes fill. */
const fill = (make: Arguments): Action => {
  const name = anyKey(make)
  const ms = make.random.between(1, 60)
  return send(...make.random.many(2, 8, (): Words => ["XADD", name, `${ms}-*`, "field", make.value()]))
}

const shapes: ReadonlyArray<Weighted<Shape>> = [
  [12, (make) => ["XADD", anyKey(make), ...addOptions(make), newId(make), ...fields(make)]],
  [8, fill],
  [1, automatic],
  [8, (make) => ["XDEL", key(make), ...make.random.many(1, 4, () => id(make))]],
  [5, (make) => ["XTRIM", anyKey(make), ...trim(make)]],
  [3, (make) => ["XLEN", anyKey(make)]],
  [
    8,
    (make) => [
      "XRANGE",
      key(make),
      end(make),
      end(make),
      ...make.options(1, () => [make.anyCase("COUNT"), count(make)])
    ]
  ],
  [
    8,
    (make) => [
      "XREVRANGE",
      key(make),
      end(make),
      end(make),
      ...make.options(1, () => [make.anyCase("COUNT"), count(make)])
    ]
  ],
  [3, (make) => ["XSETID", NEVER_DELETED, id(make), ...entriesAdded(make)]],
  [1, pretend],
  [5, (make) => read(make, [])],
  [1, waitShortly],
  [6, (make) => ["XINFO", "STREAM", anyKey(make)]],
  [
    2,
    (make) => ["XINFO", "STREAM", anyKey(make), make.anyCase("FULL"), ...make.options(1, () => ["COUNT", count(make)])]
  ],
  [2, (make) => ["DEL", anyKey(make)]],
  [1, (make) => ["COPY", key(make), key(make), ...make.options(1, () => ["REPLACE"])]],
  [1, (make) => ["RENAME", key(make), key(make)]],
  [1, (make) => ["OBJECT", "ENCODING", anyKey(make)]],
  [1, (make) => ["TYPE", anyKey(make)]],
  [1, (make) => ["SET", key(make), make.value()]]
]

const family: Family = { name: "streams", connections: 1, shapes }

/** Streams without consumer groups. */
export const streams: Family = withOtherTypes(family)

/** Streams in small nodes, so that they have several. */
export const smallStreams: Family = withOtherTypes({
  ...family,
  name: "small streams",
  configure: [
    ["CONFIG", "SET", "stream-node-max-entries", "4"],
    ["CONFIG", "SET", "stream-node-max-bytes", "150"]
  ]
})
