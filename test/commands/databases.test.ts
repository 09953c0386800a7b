import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { RespClient } from "../support/RespClient.ts"
import type { Words } from "../support/request.ts"
import { connect, must, mustFail, withServer } from "../support/TestServer.ts"

const NO_SUCH_DB = "ERR DB index is out of range"

/** What EXEC says after `k` of the selected database was watched and `change` was sent. */
const mustExec = (c: RespClient, changes: ReadonlyArray<readonly [Words, string]>, wanted: string) =>
  Effect.gen(function* () {
    yield* must(c, ["WATCH", "k"], "OK")
    for (const [words, reply] of changes) yield* must(c, words, reply)
    yield* must(c, ["MULTI"], "OK")
    yield* must(c, ["PING"], "QUEUED")
    yield* must(c, ["EXEC"], wanted)
  })

describe("SELECT and DBSIZE", () => {
  withServer("databases are apart", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "0"], "OK")
      yield* must(c, ["SELECT", "15"], "OK")
      yield* must(c, ["GET", "k"], "(nil)")
      yield* must(c, ["DBSIZE"], "(integer) 0")
      yield* must(c, ["SELECT", "0"], "OK")
      yield* must(c, ["DBSIZE"], "(integer) 1")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["SELECT", "16"], NO_SUCH_DB)
      yield* mustFail(c, ["SELECT", "-1"], NO_SUCH_DB)
      yield* mustFail(c, ["SELECT", "a"], "ERR value is not an integer or out of range")
      yield* mustFail(
        c,
        ["SELECT", "2147483648"],
        "ERR value is out of range, value must between -2147483648 and 2147483647"
      )
    })
  )
})

describe("SWAPDB", () => {
  withServer("exchanges what is in two databases; clients stay with the number", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      yield* must(other, ["SELECT", "1"], "OK")
      yield* must(c, ["SET", "k", "v", "PX", "100"], "OK")
      yield* must(c, ["SWAPDB", "0", "1"], "OK")
      yield* must(c, ["GET", "k"], "(nil)")
      yield* must(other, ["GET", "k"], '"v"')
      yield* must(other, ["SWAPDB", "1", "1"], "OK")
      yield* must(other, ["PTTL", "k"], "(integer) 100")
      yield* TestClock.adjust(100)
      yield* must(other, ["DBSIZE"], "(integer) 0")
    })
  )

  withServer("counts from the next command on, also within a pipeline and a transaction", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MULTI"], "OK")
      for (const words of [["SET", "k", "v"], ["SWAPDB", "0", "2"], ["DBSIZE"], ["SWAPDB", "2", "0"], ["DBSIZE"]]) {
        yield* must(c, words, "QUEUED")
      }
      yield* must(c, ["EXEC"], "[OK, OK, (integer) 0, OK, (integer) 1]")
    })
  )

  withServer("fails a transaction that watches a key in either, before or after", (c) =>
    Effect.gen(function* () {
      yield* mustExec(c, [[["SWAPDB", "0", "1"], "OK"]], "[PONG]")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* mustExec(c, [[["SWAPDB", "0", "1"], "OK"]], "(nil)")
      yield* mustExec(c, [[["SWAPDB", "1", "0"], "OK"]], "(nil)")
      yield* mustExec(c, [[["SWAPDB", "2", "3"], "OK"]], "[PONG]")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["SWAPDB", "a", "b"], "ERR invalid first DB index")
      yield* mustFail(c, ["SWAPDB", "99", "b"], "ERR invalid second DB index")
      yield* mustFail(c, ["SWAPDB", "4294967296", "0"], "ERR invalid first DB index")
      yield* mustFail(c, ["SWAPDB", "0", "16"], NO_SUCH_DB)
      yield* mustFail(c, ["SWAPDB", "-1", "0"], NO_SUCH_DB)
    })
  )
})

describe("FLUSHDB and FLUSHALL", () => {
  withServer("empty one database, or all", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "1", "b", "2"], "OK")
      yield* must(c, ["SELECT", "1"], "OK")
      yield* must(c, ["SET", "c", "3", "EX", "100"], "OK")
      yield* must(c, ["FLUSHDB", "async"], "OK")
      yield* must(c, ["DBSIZE"], "(integer) 0")
      yield* must(c, ["SET", "c", "3"], "OK")
      yield* must(c, ["TTL", "c"], "(integer) -1")
      yield* must(c, ["FLUSHALL", "SYNC"], "OK")
      yield* must(c, ["DBSIZE"], "(integer) 0")
      yield* must(c, ["SELECT", "0"], "OK")
      yield* must(c, ["DBSIZE"], "(integer) 0")
    })
  )

  withServer("fail a transaction that watches a key that was there", (c) =>
    Effect.gen(function* () {
      yield* mustExec(c, [[["FLUSHDB"], "OK"]], "[PONG]")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* mustExec(c, [[["FLUSHDB"], "OK"]], "(nil)")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* mustExec(
        c,
        [
          [["SELECT", "1"], "OK"],
          [["FLUSHDB"], "OK"]
        ],
        "[PONG]"
      )
      yield* must(c, ["SELECT", "0"], "OK")
      yield* mustExec(c, [[["FLUSHALL"], "OK"]], "(nil)")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["FLUSHALL", "NOW"], "ERR syntax error")
      yield* mustFail(c, ["FLUSHDB", "ASYNC", "SYNC"], "ERR syntax error")
    })
  )
})
