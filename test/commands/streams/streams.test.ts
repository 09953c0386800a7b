import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { exchange } from "../../support/exchange.ts"
import type { RespClient } from "../../support/RespClient.ts"
import { call, connect, must, mustFail, mustRead, withServer } from "../../support/TestServer.ts"

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"
const NOT_AN_INTEGER = "ERR value is not an integer or out of range"
const INVALID_ID = "ERR Invalid stream ID specified as stream command argument"
const TOO_SMALL = "ERR The ID specified in XADD is equal or smaller than the target stream top item"
const MAX = "18446744073709551615"

/** Adds entries of these ids, each with the field `f` and its id as the value. */
const fill = (c: RespClient, key: string, ...ids: ReadonlyArray<string>) =>
  Effect.forEach(ids, (id) => must(c, ["XADD", key, id, "f", id], `"${id}"`), { discard: true })

/** As `fill`, with ids 1-1, 1-2 and so on. */
const fillUpTo = (c: RespClient, key: string, count: number) =>
  fill(c, key, ...Array.from({ length: count }, (_, i) => `1-${i + 1}`))

const entry = (id: string) => `["${id}", ["f", "${id}"]]`
const entries = (...ids: ReadonlyArray<string>) => `[${ids.map(entry).join(", ")}]`
const numbered = (low: number, high: number) =>
  entries(...Array.from({ length: high - low + 1 }, (_, i) => `1-${low + i}`))

/** XADD and XTRIM trim in the same words. */
const smallNodes = (c: RespClient) => call(c, ["CONFIG", "SET", "stream-node-max-entries", "3"])

describe("XADD", () => {
  withServer("adds entries of any fields behind the others", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XADD", "s", "1-1", "a", "1"], '"1-1"')
      yield* must(c, ["XADD", "s", "1-2", "a", "2", "a", "", "", "\x00\xff"], '"1-2"')
      yield* must(c, ["XADD", "s", "7", "12", "-5"], '"7-0"')
      yield* must(c, ["XLEN", "s"], "(integer) 3")
      yield* must(
        c,
        ["XRANGE", "s", "-", "+"],
        '[["1-1", ["a", "1"]], ["1-2", ["a", "2", "a", "", "", "\\x00\\xff"]], ["7-0", ["12", "-5"]]]'
      )
      yield* must(c, ["TYPE", "s"], "stream")
      yield* must(c, ["OBJECT", "ENCODING", "s"], '"stream"')
    })
  )

  withServer("takes more fields than it has slices for", (c) =>
    Effect.gen(function* () {
      const fields = Array.from({ length: 200 }, (_, i) => [`field ${i}`, `value ${i}`]).flat()
      for (const id of ["1-1", "1-2"]) yield* must(c, ["XADD", "s", id, ...fields], `"${id}"`)
      const shown = fields.map((text) => `"${text}"`).join(", ")
      yield* must(c, ["XRANGE", "s", "-", "+"], `[["1-1", [${shown}]], ["1-2", [${shown}]]]`)
    })
  )

  withServer("makes ids of the time, which never go back", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XADD", "s", "*", "f", "v"], '"0-1"')
      yield* must(c, ["XADD", "s", "*", "f", "v"], '"0-2"')
      yield* TestClock.adjust(1500)
      yield* must(c, ["XADD", "s", "*", "f", "v"], '"1500-0"')
      yield* must(c, ["XADD", "s", "*", "f", "v"], '"1500-1"')
      yield* must(c, ["XADD", "s", "1600-7", "f", "v"], '"1600-7"')
      yield* must(c, ["XADD", "s", "*", "f", "v"], '"1600-8"')
      yield* must(c, ["XADD", "s", `1700-${MAX}`, "f", "v"], `"1700-${MAX}"`)
      yield* must(c, ["XADD", "s", "*", "f", "v"], '"1701-0"')
    })
  )

  withServer("completes ids that leave the sequence number open", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XADD", "s", "0-*", "f", "v"], '"0-1"')
      yield* must(c, ["XADD", "s", "5-*", "f", "v"], '"5-0"')
      yield* must(c, ["XADD", "s", "5-*", "f", "v"], '"5-1"')
      yield* mustFail(c, ["XADD", "s", "4-*", "f", "v"], TOO_SMALL)
      yield* must(c, ["XADD", "s", `5-${MAX}`, "f", "v"], `"5-${MAX}"`)
      yield* mustFail(c, ["XADD", "s", "5-*", "f", "v"], TOO_SMALL)
    })
  )

  withServer("takes ids of 64 bits", (c) =>
    Effect.gen(function* () {
      const ids = ["9007199254740993-9007199254740993", `${MAX}-9223372036854775808`, `${MAX}-${MAX}`]
      yield* fill(c, "s", ...ids)
      yield* must(c, ["XRANGE", "s", "-", "+"], entries(...ids))
      yield* mustFail(
        c,
        ["XADD", "s", "*", "f", "v"],
        "ERR The stream has exhausted the last possible ID, unable to add more items"
      )
    })
  )

  withServer("refuses ids that are none or not behind the last", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["XADD", "s", "0-0", "f", "v"], "ERR The ID specified in XADD must be greater than 0-0")
      yield* must(c, ["EXISTS", "s"], "(integer) 0")
      yield* fill(c, "s", "5-5")
      for (const id of ["5-5", "5-4", "4-9", "0-1"]) yield* mustFail(c, ["XADD", "s", id, "f", "v"], TOO_SMALL)
      for (const id of ["a", "-", "+", "$", "5-", "-5", "5-x", "(9-1", "", `${MAX}0`])
        yield* mustFail(c, ["XADD", "s", id, "f", "v"], INVALID_ID)
      yield* must(c, ["XDEL", "s", "5-5"], "(integer) 1")
      yield* mustFail(c, ["XADD", "s", "5-5", "f", "v"], TOO_SMALL)
    })
  )

  withServer("wants a value for each field", (c) =>
    Effect.gen(function* () {
      const arity = "ERR wrong number of arguments for 'xadd' command"
      yield* mustFail(c, ["XADD", "s", "1-1", "f"], arity)
      yield* mustFail(c, ["XADD", "s", "1-1", "f", "v", "g"], arity)
      yield* mustFail(c, ["XADD", "s", "*", "f", "v", "g"], arity)
      yield* mustFail(c, ["XADD", "s", "NOMKSTREAM", "1-1", "f"], arity)
      yield* mustFail(c, ["XADD", "s", "MAXLEN", "5", "NOMKSTREAM"], arity)
      yield* mustFail(c, ["XADD", "s", "0-0", "f", "v", "g"], arity)
    })
  )

  withServer("makes no stream with NOMKSTREAM", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XADD", "s", "NOMKSTREAM", "1-1", "f", "1-1"], "(nil)")
      yield* must(c, ["EXISTS", "s"], "(integer) 0")
      yield* fill(c, "s", "1-1")
      yield* must(c, ["XADD", "s", "nomkstream", "NOMKSTREAM", "1-2", "f", "1-2"], '"1-2"')
    })
  )

  withServer("trims", (c) =>
    Effect.gen(function* () {
      yield* smallNodes(c)
      yield* fillUpTo(c, "s", 7)
      yield* must(c, ["XADD", "s", "MAXLEN", "6", "1-8", "f", "1-8"], '"1-8"')
      yield* must(c, ["XRANGE", "s", "-", "+"], numbered(3, 8))
      yield* must(c, ["XADD", "s", "maxlen", "~", "4", "1-9", "f", "1-9"], '"1-9"')
      yield* must(c, ["XRANGE", "s", "-", "+"], numbered(4, 9))
      yield* must(c, ["XADD", "s", "MINID", "=", "1-6", "1-10", "f", "1-10"], '"1-10"')
      yield* must(c, ["XRANGE", "s", "-", "+"], numbered(6, 10))
      yield* must(c, ["XADD", "s", "MAXLEN", "0", "1-11", "f", "1-11"], '"1-11"')
      yield* must(c, ["XLEN", "s"], "(integer) 0")
      yield* must(c, ["EXISTS", "s"], "(integer) 1")
      yield* must(c, ["XADD", "s", "*", "f", "v"], '"1-12"')
    })
  )

  withServer("refuses other types", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* mustFail(c, ["XADD", "k", "1-1", "f", "v"], WRONG_TYPE)
      yield* mustFail(c, ["XADD", "k", "NOMKSTREAM", "1-1", "f", "v"], WRONG_TYPE)
      yield* mustFail(c, ["XADD", "k", "x", "f", "v"], INVALID_ID)
      for (const words of [
        ["XLEN", "k"],
        ["XRANGE", "k", "-", "+"],
        ["XDEL", "k", "1-1"],
        ["XTRIM", "k", "MAXLEN", "1"]
      ])
        yield* mustFail(c, words, WRONG_TYPE)
      yield* mustFail(c, ["XSETID", "k", "1-1"], WRONG_TYPE)
      yield* mustFail(c, ["XREAD", "STREAMS", "k", "0"], WRONG_TYPE)
      yield* fill(c, "s", "1-1")
      yield* mustFail(c, ["APPEND", "s", "x"], WRONG_TYPE)
    })
  )
})

describe("the options of trimming", () => {
  withServer("are the same for XADD and XTRIM", (c) =>
    Effect.gen(function* () {
      yield* fill(c, "s", "1-1")
      for (const trim of [
        (...words: ReadonlyArray<string>) => ["XTRIM", "s", ...words],
        (...words: ReadonlyArray<string>) => ["XADD", "s", ...words, "*", "f", "v"]
      ]) {
        yield* mustFail(c, trim("MAXLEN", "-1"), "ERR The MAXLEN argument must be >= 0.")
        yield* mustFail(c, trim("MAXLEN", "x"), NOT_AN_INTEGER)
        yield* mustFail(c, trim("MAXLEN", "~", "x"), NOT_AN_INTEGER)
        yield* mustFail(c, trim("MINID", "x"), INVALID_ID)
        yield* mustFail(c, trim("MINID", "-"), INVALID_ID)
        yield* mustFail(c, trim("MAXLEN", "~", "5", "LIMIT", "-1"), "ERR The LIMIT argument must be >= 0.")
        yield* mustFail(c, trim("MAXLEN", "~", "5", "LIMIT", "x"), NOT_AN_INTEGER)
        yield* mustFail(
          c,
          trim("MAXLEN", "5", "MINID", "1"),
          "ERR syntax error, MAXLEN and MINID options at the same time are not compatible"
        )
        yield* mustFail(
          c,
          trim("LIMIT", "5"),
          "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"
        )
        yield* mustFail(
          c,
          trim("MAXLEN", "=", "5", "LIMIT", "0"),
          "ERR syntax error, LIMIT cannot be used without the special ~ option"
        )
      }
      yield* mustFail(c, ["XTRIM", "s", "NOMKSTREAM", "MAXLEN", "5"], "ERR syntax error")
      yield* mustFail(c, ["XTRIM", "s", "MAXLEN", "5", "x"], "ERR syntax error")
      yield* mustFail(
        c,
        ["XTRIM", "s", "LIMIT", "0"],
        "ERR syntax error, XTRIM must be called with a trimming strategy"
      )
    })
  )
})

describe("XTRIM", () => {
  withServer("says how many entries it deleted", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XTRIM", "s", "MAXLEN", "0"], "(integer) 0")
      yield* fillUpTo(c, "s", 10)
      yield* must(c, ["XTRIM", "s", "MAXLEN", "10"], "(integer) 0")
      yield* must(c, ["XTRIM", "s", "MAXLEN", "=", "8"], "(integer) 2")
      yield* must(c, ["XTRIM", "s", "MINID", "1-6"], "(integer) 3")
      yield* must(c, ["XTRIM", "s", "MINID", "1"], "(integer) 0")
      yield* must(c, ["XRANGE", "s", "-", "+"], numbered(6, 10))
      yield* must(c, ["XTRIM", "s", "MINID", "2"], "(integer) 5")
      yield* must(c, ["EXISTS", "s"], "(integer) 1")
    })
  )

  withServer("takes whole nodes only with ~, and no more than LIMIT", (c) =>
    Effect.gen(function* () {
      yield* smallNodes(c)
      yield* fillUpTo(c, "s", 10)
      yield* must(c, ["XTRIM", "s", "MAXLEN", "~", "8"], "(integer) 0")
      yield* must(c, ["XTRIM", "s", "MAXLEN", "~", "1", "LIMIT", "2"], "(integer) 0")
      yield* must(c, ["XTRIM", "s", "MAXLEN", "~", "1", "LIMIT", "5"], "(integer) 3")
      yield* must(c, ["XTRIM", "s", "MINID", "~", "1-6"], "(integer) 0")
      yield* must(c, ["XTRIM", "s", "MINID", "~", "1-7", "LIMIT", "0"], "(integer) 3")
      yield* must(c, ["XRANGE", "s", "-", "+"], numbered(7, 10))
    })
  )

  withServer("takes no more than a hundred nodes with ~ unless told otherwise", (c) =>
    Effect.gen(function* () {
      yield* call(c, ["CONFIG", "SET", "stream-node-max-entries", "1"])
      yield* fillUpTo(c, "s", 150)
      yield* must(c, ["XTRIM", "s", "MAXLEN", "~", "0"], "(integer) 100")
      yield* must(c, ["XTRIM", "s", "MAXLEN", "~", "0", "LIMIT", "10"], "(integer) 10")
      yield* must(c, ["XTRIM", "s", "MAXLEN", "0"], "(integer) 40")
    })
  )

  withServer("counts entries that were deleted before as gone", (c) =>
    Effect.gen(function* () {
      yield* fillUpTo(c, "s", 6)
      yield* must(c, ["XDEL", "s", "1-2", "1-3"], "(integer) 2")
      yield* must(c, ["XTRIM", "s", "MAXLEN", "2"], "(integer) 2")
      yield* must(c, ["XRANGE", "s", "-", "+"], numbered(5, 6))
    })
  )
})

describe("XDEL", () => {
  withServer("deletes the entries that are there", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XDEL", "s", "x"], "(integer) 0")
      yield* fillUpTo(c, "s", 5)
      yield* must(c, ["XDEL", "s", "1-2", "1-2", "9", "1-4"], "(integer) 2")
      yield* must(c, ["XRANGE", "s", "-", "+"], entries("1-1", "1-3", "1-5"))
      yield* must(c, ["XREVRANGE", "s", "+", "-"], entries("1-5", "1-3", "1-1"))
      yield* mustFail(c, ["XDEL", "s", "1-1", "x"], INVALID_ID)
      yield* mustFail(c, ["XDEL", "s", "-"], INVALID_ID)
      yield* must(c, ["XDEL", "s", "1-1", "1-3", "1-5"], "(integer) 3")
      yield* must(c, ["XLEN", "s"], "(integer) 0")
      yield* must(c, ["EXISTS", "s"], "(integer) 1")
      yield* mustFail(c, ["XADD", "s", "1-5", "f", "v"], TOO_SMALL)
    })
  )
})

describe("XRANGE and XREVRANGE", () => {
  withServer("take ids, open ends and COUNT", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XRANGE", "s", "-", "+"], "[]")
      yield* must(c, ["XRANGE", "s", "-", "+", "COUNT", "0"], "[]")
      yield* fill(c, "s", "1-1", "1-2", "2-0", "2-5", "3-0")
      yield* must(c, ["XRANGE", "s", "2", "2"], entries("2-0", "2-5"))
      yield* must(c, ["XRANGE", "s", "1-2", "2-0"], entries("1-2", "2-0"))
      yield* must(c, ["XRANGE", "s", "(1-1", "(2-5"], entries("1-2", "2-0"))
      yield* must(c, ["XRANGE", "s", "(1", "(2"], entries("1-1", "1-2", "2-0", "2-5"))
      yield* must(c, ["XRANGE", "s", "3", "1"], "[]")
      yield* must(c, ["XRANGE", "s", "-", "+", "count", "2"], entries("1-1", "1-2"))
      yield* must(c, ["XRANGE", "s", "-", "+", "COUNT", "1", "COUNT", "3"], entries("1-1", "1-2", "2-0"))
      yield* must(c, ["XRANGE", "s", "-", "+", "COUNT", "0"], "(nil)")
      yield* must(c, ["XRANGE", "s", "-", "+", "COUNT", "-7"], "(nil)")
      yield* must(c, ["XREVRANGE", "s", "+", "-"], entries("3-0", "2-5", "2-0", "1-2", "1-1"))
      yield* must(c, ["XREVRANGE", "s", "2", "1-2", "COUNT", "2"], entries("2-5", "2-0"))
      yield* must(c, ["XREVRANGE", "s", "(3-0", "(1-2"], entries("2-5", "2-0"))
      yield* must(c, ["XREVRANGE", "s", "-", "+"], "[]")
    })
  )

  withServer("are refused what is no range", (c) =>
    Effect.gen(function* () {
      yield* fill(c, "s", "1-1")
      yield* mustFail(c, ["XRANGE", "s", "x", "+"], INVALID_ID)
      yield* mustFail(c, ["XRANGE", "s", "-", "(+"], INVALID_ID)
      yield* mustFail(c, ["XRANGE", "s", "(", "+"], INVALID_ID)
      yield* mustFail(c, ["XRANGE", "s", `(${MAX}-${MAX}`, "+"], "ERR invalid start ID for the interval")
      yield* mustFail(c, ["XRANGE", "s", "-", "(0-0"], "ERR invalid end ID for the interval")
      yield* mustFail(c, ["XREVRANGE", "s", "(0-0", "x"], INVALID_ID)
      yield* mustFail(c, ["XRANGE", "s", "-", "+", "COUNT"], "ERR syntax error")
      yield* mustFail(c, ["XRANGE", "s", "-", "+", "LIMIT", "1"], "ERR syntax error")
      yield* mustFail(c, ["XRANGE", "s", "-", "+", "COUNT", "x"], NOT_AN_INTEGER)
    })
  )
})

describe("XSETID", () => {
  withServer("sets what a stream knows of its past", (c) =>
    Effect.gen(function* () {
      yield* fill(c, "s", "1-1", "1-5")
      yield* must(c, ["XSETID", "s", "2", "ENTRIESADDED", "9223372036854775807", "MAXDELETEDID", "1-3"], "OK")
      yield* must(
        c,
        ["XINFO", "STREAM", "s"],
        /"last-generated-id", "2-0", "max-deleted-entry-id", "1-3", "entries-added", \(integer\) 9223372036854775807,/
      )
      yield* mustFail(c, ["XADD", "s", "1-9", "f", "v"], TOO_SMALL)
      yield* must(c, ["XSETID", "s", "1-7", "maxdeletedid", "0-0"], "OK")
      yield* must(c, ["XADD", "s", "1-9", "f", "v"], '"1-9"')
    })
  )

  withServer("is nothing that watchers of the key mind", (c) =>
    Effect.gen(function* () {
      yield* fill(c, "s", "1-1")
      yield* exchange(c, ["WATCH s", "XSETID s 2-0", "MULTI", "EXEC"], ["OK", "OK", "OK", "[]"])
    })
  )

  withServer("is refused what cannot be", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["XSETID", "s", "1-1"], "ERR no such key")
      yield* fill(c, "s", "1-1", "1-5", "1-6")
      yield* must(c, ["XDEL", "s", "1-6"], "(integer) 1")
      yield* mustFail(c, ["XSETID", "s", "x"], INVALID_ID)
      yield* mustFail(c, ["XSETID", "s", "9", "ENTRIESADDED", "-1"], "ERR entries_added must be positive")
      yield* mustFail(c, ["XSETID", "s", "9", "ENTRIESADDED", "x"], NOT_AN_INTEGER)
      yield* mustFail(c, ["XSETID", "s", "9", "ENTRIESADDED"], "ERR syntax error")
      yield* mustFail(c, ["XSETID", "s", "9", "MAXDELETEDID", "x"], INVALID_ID)
      yield* mustFail(c, ["XSETID", "s", "9", "x", "1"], "ERR syntax error")
      yield* mustFail(
        c,
        ["XSETID", "s", "9", "MAXDELETEDID", "9-1"],
        "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id"
      )
      yield* mustFail(
        c,
        ["XSETID", "s", "1-5"],
        "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id"
      )
      yield* mustFail(
        c,
        ["XSETID", "s", "9", "ENTRIESADDED", "1"],
        "ERR The entries_added specified in XSETID is smaller than the target stream length"
      )
      yield* fill(c, "t", "1-1", "1-5")
      yield* mustFail(
        c,
        ["XSETID", "t", "1-4"],
        "ERR The ID specified in XSETID is smaller than the target stream top item"
      )
    })
  )
})

describe("XINFO STREAM", () => {
  withServer("tells of entries and nodes", (c, server) =>
    Effect.gen(function* () {
      yield* smallNodes(c)
      yield* fillUpTo(c, "s", 7)
      yield* must(c, ["XDEL", "s", "1-1", "1-5"], "(integer) 2")
      const r = yield* connect(server, 3)
      const common =
        '"length" => (integer) 5, "radix-tree-keys" => (integer) 3, "radix-tree-nodes" => (integer) 5, ' +
        '"last-generated-id" => "1-7", "max-deleted-entry-id" => "1-5", "entries-added" => (integer) 7, ' +
        '"recorded-first-entry-id" => "1-2"'
      yield* must(
        r,
        ["XINFO", "STREAM", "s"],
        `{${common}, "groups" => (integer) 0, "first-entry" => ${entry("1-2")}, "last-entry" => ${entry("1-7")}}`
      )
      yield* must(
        r,
        ["XINFO", "STREAM", "s", "FULL", "COUNT", "2"],
        `{${common}, "entries" => ${numbered(2, 3)}, "groups" => []}`
      )
      yield* must(r, ["XTRIM", "s", "MAXLEN", "0"], "(integer) 5")
      yield* must(
        r,
        ["XINFO", "STREAM", "s"],
        '{"length" => (integer) 0, "radix-tree-keys" => (integer) 0, "radix-tree-nodes" => (integer) 1, ' +
          '"last-generated-id" => "1-7", "max-deleted-entry-id" => "1-5", "entries-added" => (integer) 7, ' +
          '"recorded-first-entry-id" => "0-0", "groups" => (integer) 0, "first-entry" => (nil), "last-entry" => (nil)}'
      )
    })
  )
})

describe("streams as values", () => {
  withServer("are copied whole", (c) =>
    Effect.gen(function* () {
      yield* fillUpTo(c, "s", 200)
      yield* must(c, ["XDEL", "s", "1-7"], "(integer) 1")
      yield* must(c, ["COPY", "s", "t"], "(integer) 1")
      yield* must(c, ["XTRIM", "s", "MAXLEN", "1"], "(integer) 198")
      yield* must(c, ["XLEN", "t"], "(integer) 199")
      yield* must(c, ["XRANGE", "t", "1-6", "1-8"], entries("1-6", "1-8"))
      yield* must(c, ["XADD", "t", "1-*", "f", "1-201"], '"1-201"')
      yield* must(c, ["XINFO", "STREAM", "t"], /"max-deleted-entry-id", "1-7", "entries-added", \(integer\) 201,/)
    })
  )

  withServer("are announced as they change", (c, server) =>
    Effect.gen(function* () {
      const listener = yield* connect(server)
      yield* call(c, ["CONFIG", "SET", "notify-keyspace-events", "KA"])
      yield* must(listener, ["SUBSCRIBE", "__keyspace@0__:s"], /subscribe/)
      const changes: ReadonlyArray<readonly [line: string, ...events: ReadonlyArray<string>]> = [
        ["XADD s 1-1 f v", "xadd"],
        ["XADD s 1-2 f v", "xadd"],
        ["XADD s MAXLEN 2 1-3 f v", "xadd", "xtrim"],
        ["XADD s MAXLEN 9 1-4 f v", "xadd"],
        ["XDEL s 1-3 1-4", "xdel"],
        ["XSETID s 9", "xsetid"],
        ["XTRIM s MAXLEN 0", "xtrim"],
        ["XTRIM s MAXLEN 0"],
        ["DEL s", "del"]
      ]
      for (const [line, ...events] of changes) {
        yield* call(c, line.split(" "))
        for (const event of events) yield* mustRead(listener, `["message", "__keyspace@0__:s", "${event}"]`)
      }
    })
  )

  withServer("have Redis' digest", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["XADD", "s", "1-2", "field", "value", "12", "-5"], '"1-2"')
      yield* must(c, ["XADD", "s", "3-0", "other", ""], '"3-0"')
      yield* must(c, ["DEBUG", "DIGEST-VALUE", "s"], "[b5410a536768d76acc9406d3e3b74dfc09bbc603]")
    })
  )
})
