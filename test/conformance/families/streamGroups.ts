import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Action, type Family, send } from "../Family.ts"

/** Few keys, groups and consumers, so that commands meet. */
const key = (make: Arguments): string => (make.random.oneIn(30) ? make.key() : make.random.pick(["s", "s", "t"]))
const group = (make: Arguments): string =>
  make.random.oneIn(30) ? "nosuchgroup" : make.random.pick(["g", "g", "h", ""])
const consumer = (make: Arguments): string => make.random.pick(["alice", "bob", "", "c\x00\xff"])

/** Ids near each other. */
const near = (make: Arguments): string => `${make.random.between(0, 40)}-${make.random.between(0, 2)}`

const ODD_IDS: ReadonlyArray<string> = [
  ...["", "-", "+", "$", ">", "*", "0", "0-0", "1-", "-1", "1-*", "a", "(1-1", "1-1-1", "18446744073709551615"],
  ...["18446744073709551615-18446744073709551615", "18446744073709551616", "0-18446744073709551615"]
]

const id = (make: Arguments): string => {
  const { random } = make
  if (random.oneIn(15)) return random.pick(ODD_IDS)
  return random.oneIn(4) ? String(random.between(0, 40)) : near(make)
}

const ids = (make: Arguments): Words => make.random.many(1, 4, () => id(make))

/** An end of a range. */
const end = (make: Arguments): string => {
  const { random } = make
  return random.weighted([
    [4, random.pick(["-", "+"])],
    [3, id(make)],
    [1, `(${id(make)}`]
  ])
}

const count = (make: Arguments): string =>
  make.random.oneIn(10) ? make.random.pick(["0", "-1", "a", "9223372036854775807"]) : String(make.random.between(1, 6))

/** How long an entry has been idle, in ms: so different from one another that the servers' clocks do not matter. */
const idleTime = (make: Arguments): string =>
  make.random.oneIn(8) ? make.random.pick(["-1", "a", "", "1.5"]) : String(100_000 * make.random.between(0, 5))
const minIdle = (make: Arguments): string =>
  make.random.weighted<() => string>([
    [6, () => "0"],
    [3, () => String(100_000 * make.random.between(0, 5) + 50_000)],
    [1, () => make.random.pick(["-1", "a", "", "9223372036854775807"])]
  ])()

const number64 = (make: Arguments): string =>
  make.random.oneIn(3) ? make.integer() : String(make.random.between(-1, 20))

const option =
  (...words: ReadonlyArray<string>): (() => Words) =>
  () =>
    words

const claimOptions = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("IDLE"), idleTime(make)],
    () => [make.anyCase("TIME"), String(make.now - 100_000 * make.random.between(-1, 5))],
    () => [make.anyCase("RETRYCOUNT"), number64(make)],
    option(make.anyCase("FORCE")),
    option(make.anyCase("FORCE")),
    option(make.anyCase("JUSTID")),
    () => [make.anyCase("LASTID"), id(make)],
    option(make.random.oneIn(10) ? "NOSUCH" : "FORCE")
  )

const autoClaimOptions = (make: Arguments): Words =>
  make.options(
    2,
    () => [make.anyCase("COUNT"), make.random.oneIn(8) ? make.random.pick(["0", "-1", "a"]) : count(make)],
    option(make.anyCase("JUSTID"))
  )

const entriesRead = (make: Arguments): Words => [make.anyCase("ENTRIESREAD"), number64(make)]

const create = (...whose: Words): Words => ["XGROUP", "CREATECONSUMER", ...whose]

/** Since 7.2 a consumer comes to be even if there is nothing for it: here it is there before. */
const read = (make: Arguments): ReadonlyArray<Words> => {
  const { random } = make
  const reader = [group(make), consumer(make)]
  const keys = random.many(1, random.oneIn(5) ? 2 : 1, () => key(make))
  const words = [
    ...["XREADGROUP", make.anyCase("GROUP"), ...reader],
    ...make.options(
      2,
      () => [make.anyCase("COUNT"), count(make)],
      option(make.anyCase("NOACK")),
      () => [make.anyCase("BLOCK"), random.oneIn(5) ? random.pick(["-1", "a", "9223372036854775808"]) : "1"]
    ),
    make.anyCase(random.oneIn(20) ? "NOSUCH" : "STREAMS"),
    ...keys,
    ...keys.map(() => (random.oneIn(3) ? id(make) : ">")),
    ...(random.oneIn(20) ? ["0"] : [])
  ]
  return [...keys.map((name) => create(name, ...reader)), words]
}

/** As for `read`. */
const claim = (make: Arguments, command: string, words: Words): Action => {
  const whose = [key(make), group(make), consumer(make)]
  return send(create(...whose), [command, ...whose, minIdle(make), ...words])
}

const pendingRange = (make: Arguments): Words => [
  ...(make.random.oneIn(3) ? [make.anyCase("IDLE"), minIdle(make)] : []),
  ...[end(make), end(make), count(make)],
  ...(make.random.oneIn(3) ? [consumer(make)] : [])
]

/** An entry behind all others. */
const add = (make: Arguments): Words => ["XADD", key(make), `${make.random.between(1, 61)}-*`, "f", make.word()]

/** Streams that are read by the consumers of groups, and the events of that. */
export const streamGroups: Family = {
  name: "streamgroups",
  connections: 2,
  listeners: 1,
  open: (connection) => (connection === 0 ? [["PSUBSCRIBE", "__key*__:*"]] : []),
  configure: [["CONFIG", "SET", "stream-node-max-entries", "3", "notify-keyspace-events", "KEAmn"]],
  shapes: [
    [12, add],
    [3, (make) => send(add(make), add(make), add(make), ...read(make))],
    [4, (make) => ["XDEL", key(make), ...ids(make)]],
    [1, (make) => ["XTRIM", key(make), "MAXLEN", String(make.random.between(0, 6))]],
    [1, (make) => ["XSETID", key(make), "62-0", "ENTRIESADDED", number64(make)]],
    [1, (make) => ["XSETID", key(make), "62-0", "MAXDELETEDID", near(make)]],
    [1, (make) => ["DEL", key(make)]],
    [1, (make) => (make.random.oneIn(3) ? ["SET", key(make), "v"] : ["COPY", "s", "t", "REPLACE"])],
    [1, (make) => ["RENAME", key(make), key(make)]],
    [4, (make) => ["XGROUP", make.anyCase("CREATE"), key(make), group(make), make.random.pick(["$", "0", id(make)])]],
    [
      6,
      (make) => [
        ...["XGROUP", make.anyCase("CREATE"), key(make), group(make), make.random.pick(["$", "0", id(make)])],
        ...make.options(2, option(make.anyCase("MKSTREAM")), () => entriesRead(make))
      ]
    ],
    [
      2,
      (make) => [
        ...["XGROUP", make.anyCase("SETID"), key(make), group(make), make.random.pick(["$", "0", id(make)])],
        ...make.options(1, () => entriesRead(make))
      ]
    ],
    [1, (make) => ["XGROUP", make.anyCase("DESTROY"), key(make), group(make)]],
    [2, (make) => ["XGROUP", make.anyCase("CREATECONSUMER"), key(make), group(make), consumer(make)]],
    [1, (make) => ["XGROUP", make.anyCase("DELCONSUMER"), key(make), group(make), consumer(make)]],
    [1, (make) => ["XGROUP", make.anyCase("HELP", "NOSUCH", "CREATE")]],
    [16, (make) => send(...read(make))],
    [5, (make) => ["XACK", key(make), group(make), ...ids(make)]],
    [3, (make) => ["XPENDING", key(make), group(make)]],
    [5, (make) => ["XPENDING", key(make), group(make), ...pendingRange(make)]],
    [8, (make) => claim(make, "XCLAIM", [...ids(make), ...claimOptions(make)])],
    [6, (make) => claim(make, "XAUTOCLAIM", [end(make), ...autoClaimOptions(make)])],
    [3, (make) => ["XINFO", make.anyCase("GROUPS"), key(make)]],
    [3, (make) => ["XINFO", make.anyCase("CONSUMERS"), key(make), group(make)]],
    [2, (make) => ["XINFO", make.anyCase("STREAM"), key(make)]],
    [
      5,
      (make) => [
        ...["XINFO", make.anyCase("STREAM"), key(make), make.anyCase("FULL")],
        ...make.options(1, () => [make.anyCase("COUNT"), make.random.oneIn(4) ? make.integer() : count(make)])
      ]
    ],
    [1, (make) => ["XINFO", make.anyCase("HELP", "NOSUCH", "STREAM")]]
  ]
}
