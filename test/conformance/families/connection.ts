import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, send } from "../Family.ts"

const name = (make: Arguments): string =>
  make.random.pick(["me", "", "with space", "new\nline", "a-b_c", "\x7f", "\xe4", "long".repeat(20)])

const yesNo = (make: Arguments): string => make.anyCase("ON", "OFF", "ON", "maybe")

/** AUTH first, which cannot fail without a password to know: 7.0 obeys what stands before a wrong option, 7.2 reads all first. */
const helloOptions = (make: Arguments): Words => [
  ...(make.random.oneIn(2) ? [make.anyCase("AUTH"), "default", make.word()] : []),
  ...(make.random.oneIn(2) ? [make.anyCase("SETNAME"), name(make)] : [])
]

const killFilters = (make: Arguments): Words =>
  make.options(
    2,
    () => [make.anyCase("ID"), make.random.pick(["999999", "0", "-1", "a"])],
    () => [make.anyCase("TYPE"), make.anyCase("pubsub", "replica", "slave", "nosuch")],
    () => [make.anyCase("ADDR", "LADDR"), "127.0.0.1:1"],
    () => [make.anyCase("USER"), make.random.pick(["nosuchuser", "nobody"])],
    () => [make.anyCase("SKIPME"), make.anyCase("yes", "no", "maybe")]
  )

/** Replies switched off and on again, in one write so that an answer to the last is sure to come. */
const silence = (make: Arguments) => {
  const quiet: ReadonlyArray<Words> = make.random.many(0, 4, () =>
    make.random.pick<Words>([["PING"], ["SET", "a", "1"], ["nosuch"], ["GET", "a"]])
  )
  return make.random.oneIn(2)
    ? send(["CLIENT", "REPLY", make.anyCase("OFF")], ...quiet, ["CLIENT", "REPLY", make.anyCase("ON")])
    : send(
        ["CLIENT", "REPLY", make.anyCase("SKIP")],
        make.random.pick<Words>([["PING"], ["ECHO", "x"], ["nosuch", "y"]]),
        ["ECHO", "heard"]
      )
}

/** The connection itself: names, protocol versions, replies, closing. */
export const connection: Family = {
  name: "connection",
  connections: 2,
  shapes: [
    [4, () => ["PING"]],
    [4, (make) => ["PING", make.value()]],
    [4, (make) => ["ECHO", make.value()]],
    [4, (make) => ["SELECT", make.database()]],
    [2, (make) => ["HELLO", make.random.pick(["2", "3", "2", "3", "4", "1", "0", "-1", "a", "", "3.0"])]],
    // As an action it is not spoilt.
    [2, (make) => send(["HELLO", make.random.pick(["2", "3", "4"]), ...helloOptions(make)])],
    [2, () => ["HELLO"]],
    [2, (make) => ["AUTH", make.word()]],
    [2, (make) => ["AUTH", make.random.pick(["default", "nobody", ""]), make.word()]],
    [3, () => ["RESET"]],
    [1, (make) => (make.random.oneIn(4) ? ["QUIT"] : ["PING"])],
    [5, (make) => ["CLIENT", make.anyCase("SETNAME"), name(make)]],
    [5, (make) => ["CLIENT", make.anyCase("GETNAME")]],
    [1, (make) => ["CLIENT", make.anyCase("ID")]],
    [1, (make) => ["CLIENT", make.anyCase("INFO")]],
    [3, (make) => ["CLIENT", make.anyCase("NO-EVICT"), yesNo(make)]],
    [2, silence],
    [1, (make) => ["CLIENT", make.anyCase("REPLY"), make.anyCase("ON", "maybe")]],
    [2, (make) => ["CLIENT", make.anyCase("KILL"), ...killFilters(make)]],
    [1, (make) => ["CLIENT", make.anyCase("KILL"), make.random.pick(["127.0.0.1:1", "", "x", "1.2.3.4:5"])]],
    [
      2,
      (make) => [
        "CLIENT",
        make.anyCase("UNBLOCK"),
        make.random.pick(["999999", "a", "-1", ""]),
        ...make.options(1, () => [make.anyCase("TIMEOUT", "ERROR", "x")])
      ]
    ],
    // Not to be spoilt: a number would silence the server for so long.
    [
      2,
      (make) =>
        send([
          "CLIENT",
          make.anyCase("PAUSE"),
          make.random.pick(["0", "-1", "a", ""]),
          ...make.options(1, () => [make.anyCase("WRITE", "ALL", "x")])
        ])
    ],
    [2, (make) => ["CLIENT", make.anyCase("UNPAUSE")]],
    [1, (make) => ["CLIENT", make.anyCase("LIST"), make.anyCase("TYPE"), make.anyCase("pubsub", "replica", "nosuch")]],
    [1, (make) => ["CLIENT", make.anyCase("LIST"), make.anyCase("ID"), make.random.pick(["0", "a", "", "-1"])]],
    [1, (make) => ["CLIENT", make.anyCase("GETREDIR", "TRACKINGINFO")]],
    [1, (make) => ["CLIENT", make.anyCase("CACHING"), make.anyCase("YES", "NO", "maybe")]],
    [1, (make) => ["CLIENT", make.anyCase("NOSUCH", "", "ID\r\n")]],
    [1, () => ["CLIENT"]],
    [2, (make) => ["SET", make.key(), make.value()]],
    [2, (make) => ["GET", make.key()]]
  ]
}
