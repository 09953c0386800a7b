/** Consumer groups: making and removing them, reading as a consumer, what is pending, and what XINFO tells. */
import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { exchange } from "../../support/exchange.ts"
import type { RespClient } from "../../support/RespClient.ts"
import { call, connect, must, mustFail, withServer } from "../../support/TestServer.ts"

/** A stream `s` of the entries 1-0 to `count`-0, with a group `g` that has read nothing. */
const prepare = (c: RespClient, count: number) =>
  Effect.gen(function* () {
    for (let i = 1; i <= count; i++) yield* call(c, ["XADD", "s", `${i}-0`, "f", String(i)])
    yield* must(c, ["XGROUP", "CREATE", "s", "g", "0", "MKSTREAM"], "OK")
  })

const read = (consumer: string, ...more: ReadonlyArray<string>) => [
  ...["XREADGROUP", "GROUP", "g", consumer, ...more],
  ...["STREAMS", "s", ">"]
]

const noGroup = "NOGROUP No such key 's' or consumer group 'h'"

describe("XGROUP CREATE", () => {
  withServer("begins at an id, at the last one or at the beginning", (c) =>
    Effect.gen(function* () {
      yield* call(c, ["XADD", "s", "5-1", "f", "v"])
      yield* must(c, ["XGROUP", "CREATE", "s", "a", "0"], "OK")
      yield* must(c, ["XGROUP", "CREATE", "s", "b", "$"], "OK")
      yield* must(c, ["xgroup", "create", "s", "c", "4", "ENTRIESREAD", "3"], "OK")
      yield* must(c, ["XGROUP", "CREATE", "new", "g", "$", "MKSTREAM", "ENTRIESREAD", "-1"], "OK")
      yield* must(
        c,
        ["XINFO", "GROUPS", "s"],
        '[["name", "a", "consumers", (integer) 0, "pending", (integer) 0, "last-delivered-id", "0-0", ' +
          '"entries-read", (nil), "lag", (integer) 1], ' +
          '["name", "b", "consumers", (integer) 0, "pending", (integer) 0, "last-delivered-id", "5-1", ' +
          '"entries-read", (nil), "lag", (integer) 0], ' +
          '["name", "c", "consumers", (integer) 0, "pending", (integer) 0, "last-delivered-id", "4-0", ' +
          '"entries-read", (integer) 3, "lag", (integer) -2]]'
      )
      yield* must(c, ["XLEN", "new"], "(integer) 0")
      yield* must(c, ["TYPE", "new"], "stream")
    })
  )

  withServer("refuses", (c) =>
    Effect.gen(function* () {
      const needsKey =
        "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM " +
        "option to create an empty stream automatically."
      yield* mustFail(c, ["XGROUP", "CREATE", "s", "g", "$"], needsKey)
      yield* prepare(c, 1)
      yield* mustFail(c, ["XGROUP", "CREATE", "s", "g", "$"], "BUSYGROUP Consumer Group name already exists")
      yield* mustFail(
        c,
        ["XGROUP", "CREATE", "s", "h", "x"],
        "ERR Invalid stream ID specified as stream command argument"
      )
      yield* mustFail(
        c,
        ["XGROUP", "CREATE", "s", "h", "-"],
        "ERR Invalid stream ID specified as stream command argument"
      )
      yield* mustFail(c, ["XGROUP", "CREATE", "s", "h"], "ERR wrong number of arguments for 'xgroup|create' command")
      const unknown = "ERR unknown subcommand or wrong number of arguments for 'Create'. Try XGROUP HELP."
      yield* mustFail(c, ["XGROUP", "Create", "s", "h", "0", "NOSUCH"], unknown)
      yield* mustFail(c, ["XGROUP", "Create", "s", "h", "0", "ENTRIESREAD"], unknown)
      const negative = "ERR value for ENTRIESREAD must be positive or -1"
      yield* mustFail(c, ["XGROUP", "CREATE", "s", "h", "0", "ENTRIESREAD", "-2"], negative)
      yield* call(c, ["SET", "text", "v"])
      const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"
      yield* mustFail(c, ["XGROUP", "CREATE", "text", "h", "0"], wrongType)
    })
  )
})

describe("XGROUP", () => {
  withServer("moves a group, and then nobody knows how much it has read", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 3)
      yield* must(c, ["XGROUP", "SETID", "s", "g", "2-0"], "OK")
      yield* must(c, read("a"), '[["s", [["3-0", ["f", "3"]]]]]')
      yield* must(c, ["XGROUP", "SETID", "s", "g", "-", "ENTRIESREAD", "0"], "OK")
      yield* must(c, read("b", "COUNT", "1"), '[["s", [["1-0", ["f", "1"]]]]]')
      yield* must(c, ["XGROUP", "SETID", "s", "g", "$"], "OK")
      yield* must(c, read("a"), "(nil)")
      yield* mustFail(c, ["XGROUP", "SETID", "s", "h", "0"], "NOGROUP No such consumer group 'h' for key name 's'")
    })
  )

  withServer("makes and removes consumers, and says how much those had pending", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 3)
      yield* must(c, ["XGROUP", "CREATECONSUMER", "s", "g", "a"], "(integer) 1")
      yield* must(c, ["XGROUP", "CREATECONSUMER", "s", "g", "a"], "(integer) 0")
      yield* call(c, read("a", "COUNT", "2"))
      yield* call(c, read("b"))
      yield* must(c, ["XGROUP", "DELCONSUMER", "s", "g", "a"], "(integer) 2")
      yield* must(c, ["XGROUP", "DELCONSUMER", "s", "g", "a"], "(integer) 0")
      yield* must(c, ["XPENDING", "s", "g"], '[(integer) 1, "3-0", "3-0", [["b", "1"]]]')
      yield* must(c, ["XGROUP", "CREATECONSUMER", "s", "g", "new"], "(integer) 1")
      yield* must(c, ["XPENDING", "s", "g", "-", "+", "9", "new"], "[]")
      yield* mustFail(
        c,
        ["XGROUP", "DELCONSUMER", "s", "h", "a"],
        "NOGROUP No such consumer group 'h' for key name 's'"
      )
    })
  )

  withServer("removes a group; the stream stays", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 1)
      yield* must(c, ["XGROUP", "DESTROY", "s", "g"], "(integer) 1")
      yield* must(c, ["XGROUP", "DESTROY", "s", "g"], "(integer) 0")
      yield* must(c, ["XLEN", "s"], "(integer) 1")
      yield* mustFail(c, read("a"), "NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option")
    })
  )

  withServer("is nothing that watchers of the key mind, but for a stream that it makes", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 1)
      for (const command of ["XGROUP CREATE s x 0", "XGROUP SETID s x $", "XGROUP DESTROY s x", "XACK s g 1-0"]) {
        yield* exchange(c, ["WATCH s", "MULTI", "EXEC"], ["OK", "OK", "[]"])
        yield* call(c, ["WATCH", "s"])
        yield* call(c, command.split(" "))
        yield* exchange(c, ["MULTI", "EXEC"], ["OK", "[]"])
      }
      yield* exchange(c, ["WATCH t", "XGROUP CREATE t g 0 MKSTREAM", "MULTI", "EXEC"], ["OK", "OK", "OK", "(nil)"])
    })
  )
})

describe("XREADGROUP", () => {
  withServer("gives each entry to one consumer, as a map of streams in RESP3", (c, server) =>
    Effect.gen(function* () {
      yield* prepare(c, 3)
      const other = yield* connect(server, 3)
      yield* must(c, read("a", "COUNT", "1"), '[["s", [["1-0", ["f", "1"]]]]]')
      yield* must(other, read("b"), '{"s" => [["2-0", ["f", "2"]], ["3-0", ["f", "3"]]]}')
      yield* must(c, read("a"), "(nil)")
      yield* must(other, read("b"), "(nil)")
      yield* must(c, ["XPENDING", "s", "g"], '[(integer) 3, "1-0", "3-0", [["a", "1"], ["b", "2"]]]')
    })
  )

  withServer("gives a consumer's own pending entries again, of deleted ones the id", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 4)
      yield* call(c, read("a", "COUNT", "3"))
      yield* call(c, ["XDEL", "s", "2-0"])
      const history = (id: string, ...more: ReadonlyArray<string>) => [
        ...["XREADGROUP", "GROUP", "g", "a", ...more],
        ...["STREAMS", "s", id]
      ]
      yield* must(c, history("0"), '[["s", [["1-0", ["f", "1"]], ["2-0", (nil)], ["3-0", ["f", "3"]]]]]')
      yield* must(c, history("1-0", "COUNT", "1", "BLOCK", "0"), '[["s", [["2-0", (nil)]]]]')
      yield* must(c, history("3-0", "BLOCK", "0"), '[["s", []]]')
      yield* must(c, ["XPENDING", "s", "g", "3-0", "+", "1"], '[["3-0", "a", (integer) 0, (integer) 2]]')
      yield* must(c, ["XPENDING", "s", "g", "2-0", "+", "1"], '[["2-0", "a", (integer) 0, (integer) 1]]')
    })
  )

  withServer("with NOACK leaves nothing pending", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 2)
      yield* must(c, read("a", "NOACK", "COUNT", "1"), '[["s", [["1-0", ["f", "1"]]]]]')
      yield* must(c, ["XPENDING", "s", "g"], "[(integer) 0, (nil), (nil), (nil)]")
      yield* must(c, read("a"), '[["s", [["2-0", ["f", "2"]]]]]')
    })
  )

  withServer("takes an entry that is pending for another, once the group was moved back", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 1)
      yield* call(c, read("a"))
      yield* call(c, ["XGROUP", "SETID", "s", "g", "0"])
      yield* must(c, read("b"), '[["s", [["1-0", ["f", "1"]]]]]')
      yield* must(c, ["XPENDING", "s", "g"], '[(integer) 1, "1-0", "1-0", [["b", "1"]]]')
    })
  )

  withServer("refuses", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, read("a"), "NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option")
      yield* prepare(c, 1)
      const words = (...more: ReadonlyArray<string>) => ["XREADGROUP", "GROUP", "g", "a", ...more]
      yield* mustFail(c, words("STREAM", "s", ">"), "ERR syntax error")
      yield* mustFail(c, words("NOACK", "NOACK", "NOACK"), "ERR syntax error")
      yield* mustFail(
        c,
        words("STREAMS", "s", ">", "t"),
        "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified."
      )
      yield* mustFail(
        c,
        ["XREADGROUP", "COUNT", "1", "NOACK", "STREAMS", "s", ">"],
        "ERR Missing GROUP option for XREADGROUP"
      )
      yield* mustFail(
        c,
        words("STREAMS", "s", "$"),
        "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by " +
          "specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set."
      )
      yield* mustFail(c, words("STREAMS", "s", "x"), "ERR Invalid stream ID specified as stream command argument")
      yield* mustFail(c, words("COUNT", "x", "STREAMS", "s", ">"), "ERR value is not an integer or out of range")
      yield* mustFail(c, words("BLOCK", "-1", "STREAMS", "s", ">"), "ERR timeout is negative")
      yield* mustFail(c, words("BLOCK", "x", "STREAMS", "s", ">"), "ERR timeout is not an integer or out of range")
      yield* mustFail(
        c,
        words("STREAMS", "s", "t", ">", ">"),
        "NOGROUP No such key 't' or consumer group 'g' in XREADGROUP with GROUP option"
      )
      yield* must(c, ["XINFO", "CONSUMERS", "s", "g"], "[]")
    })
  )
})

describe("XACK", () => {
  withServer("settles entries, all or none of a request", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 3)
      yield* call(c, read("a"))
      yield* mustFail(c, ["XACK", "s", "g", "1-0", "x"], "ERR Invalid stream ID specified as stream command argument")
      yield* must(c, ["XACK", "s", "g", "1-0", "1-0", "9-0", "3"], "(integer) 2")
      yield* must(c, ["XACK", "s", "h", "2-0"], "(integer) 0")
      yield* must(c, ["XACK", "nosuch", "g", "2-0"], "(integer) 0")
      yield* must(c, ["XPENDING", "s", "g", "-", "+", "9"], '[["2-0", "a", (integer) 0, (integer) 1]]')
    })
  )
})

describe("XPENDING", () => {
  withServer("tells of entries in a range, of a consumer, that have been idle for long enough", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 4)
      yield* call(c, read("a", "COUNT", "2"))
      yield* TestClock.adjust(1000)
      yield* call(c, read("b"))
      yield* TestClock.adjust(500)
      const row = (id: number, who: string, idle: number) => `["${id}-0", "${who}", (integer) ${idle}, (integer) 1]`
      const all = [row(1, "a", 1500), row(2, "a", 1500), row(3, "b", 500), row(4, "b", 500)]
      const shows = (words: string, rows: ReadonlyArray<string>) =>
        must(c, ["XPENDING", "s", "g", ...words.split(" ")], `[${rows.join(", ")}]`)
      yield* shows("- + 9", all)
      yield* shows("- + 3", all.slice(0, 3))
      yield* shows("(1-0 (4-0 9", all.slice(1, 3))
      yield* shows("- + 9 b", all.slice(2))
      yield* shows("IDLE 1000 - + 9", all.slice(0, 2))
      yield* shows("IDLE 1000 - + 9 b", [])
      yield* shows("- + 9 nobody", [])
      yield* shows("- + -1", [])
    })
  )

  withServer("refuses", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 1)
      yield* mustFail(c, ["XPENDING", "s", "h"], noGroup)
      yield* mustFail(c, ["XPENDING", "s", "g", "-"], "ERR syntax error")
      yield* mustFail(c, ["XPENDING", "s", "g", "IDLE", "1", "-", "+"], "ERR syntax error")
      yield* mustFail(c, ["XPENDING", "s", "g", "-", "+", "x"], "ERR value is not an integer or out of range")
      const most = "18446744073709551615-18446744073709551615"
      yield* mustFail(c, ["XPENDING", "s", "g", `(${most}`, "+", "1"], "ERR invalid start ID for the interval")
      yield* mustFail(c, ["XPENDING", "s", "g", "-", "(0-0", "1"], "ERR invalid end ID for the interval")
    })
  )
})

describe("XINFO", () => {
  withServer("tells when consumers were seen, and when they last were active", (c) =>
    Effect.gen(function* () {
      yield* TestClock.adjust(1000)
      yield* prepare(c, 1)
      yield* call(c, ["XGROUP", "CREATECONSUMER", "s", "g", "b"])
      yield* call(c, read("a"))
      yield* TestClock.adjust(100)
      yield* call(c, read("a"))
      yield* TestClock.adjust(10)
      yield* must(
        c,
        ["XINFO", "CONSUMERS", "s", "g"],
        '[["name", "a", "pending", (integer) 1, "idle", (integer) 10, "inactive", (integer) 110], ' +
          '["name", "b", "pending", (integer) 0, "idle", (integer) 110, "inactive", (integer) -1]]'
      )
      yield* must(
        c,
        ["XINFO", "STREAM", "s", "FULL"],
        /"groups", \[\["name", "g", "last-delivered-id", "1-0", "entries-read", \(integer\) 1, "lag", \(integer\) 0, "pel-count", \(integer\) 1, "pending", \[\["1-0", "a", \(integer\) 1000, \(integer\) 1\]\], "consumers", \[\["name", "a", "seen-time", \(integer\) 1100, "active-time", \(integer\) 1000, "pel-count", \(integer\) 1, "pending", \[\["1-0", \(integer\) 1000, \(integer\) 1\]\]\], \["name", "b", "seen-time", \(integer\) 1000, "active-time", \(integer\) -1, "pel-count", \(integer\) 0, "pending", \[\]\]\]\]\]\]$/
      )
    })
  )

  withServer("does not know the lag of a group behind which entries were deleted", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 5)
      yield* call(c, read("a", "COUNT", "1"))
      const lag = (text: string) => must(c, ["XINFO", "GROUPS", "s"], new RegExp(`"lag", ${text}\\]\\]$`))
      yield* lag("\\(integer\\) 4")
      yield* call(c, ["XDEL", "s", "3-0"])
      yield* lag("\\(nil\\)")
      yield* call(c, read("a", "COUNT", "1"))
      yield* lag("\\(nil\\)")
      yield* call(c, read("a"))
      yield* lag("\\(integer\\) 0")
    })
  )

  withServer("refuses", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["XINFO", "GROUPS", "s"], "ERR no such key")
      yield* prepare(c, 1)
      yield* mustFail(c, ["XINFO", "CONSUMERS", "s", "h"], "NOGROUP No such consumer group 'h' for key name 's'")
      const unknown = "ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP."
      yield* mustFail(c, ["XINFO", "STREAM", "s", "HALF"], unknown)
      yield* mustFail(c, ["XINFO", "STREAM", "s", "FULL", "COUNT"], unknown)
      yield* mustFail(c, ["XINFO", "STREAM", "s", "FULL", "COUNT", "x"], "ERR value is not an integer or out of range")
      yield* must(c, ["XINFO", "HELP"], /CONSUMERS <key> <groupname>/)
      yield* must(c, ["XGROUP", "HELP"], /CREATECONSUMER <key> <groupname> <consumername>/)
    })
  )
})

describe("consumer groups", () => {
  withServer("are copied with their streams", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 2)
      yield* call(c, read("a"))
      yield* must(c, ["COPY", "s", "t"], "(integer) 1")
      yield* must(c, ["XACK", "s", "g", "1-0"], "(integer) 1")
      yield* must(c, ["XPENDING", "t", "g"], '[(integer) 2, "1-0", "2-0", [["a", "2"]]]')
      yield* must(c, ["XACK", "t", "g", "1-0", "2-0"], "(integer) 2")
      yield* must(c, ["XPENDING", "s", "g"], '[(integer) 1, "2-0", "2-0", [["a", "1"]]]')
    })
  )
})
