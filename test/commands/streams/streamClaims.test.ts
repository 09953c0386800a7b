/** Pending entries that change their owner: XCLAIM and XAUTOCLAIM. */
import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { RespClient } from "../../support/RespClient.ts"
import { call, must, mustFail, withServer } from "../../support/TestServer.ts"

/** A stream `s` of the entries 1-0 to `count`-0, all pending for `a` since time 1000; it is now 3000. */
const prepare = (c: RespClient, count: number) =>
  Effect.gen(function* () {
    for (let i = 1; i <= count; i++) yield* call(c, ["XADD", "s", `${i}-0`, "f", String(i)])
    yield* call(c, ["XGROUP", "CREATE", "s", "g", "0"])
    yield* TestClock.adjust(1000)
    yield* call(c, ["XREADGROUP", "GROUP", "g", "a", "STREAMS", "s", ">"])
    yield* TestClock.adjust(2000)
  })

const claim = (consumer: string, words: string) => ["XCLAIM", "s", "g", consumer, ...words.split(" ")]
const autoClaim = (consumer: string, words: string) => ["XAUTOCLAIM", "s", "g", consumer, ...words.split(" ")]
const pending = (c: RespClient, rows: string) => must(c, ["XPENDING", "s", "g", "-", "+", "99"], `[${rows}]`)

describe("XCLAIM", () => {
  withServer("takes what has been idle for long enough, as if it were delivered now", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 2)
      yield* must(c, claim("b", "2001 1-0"), "[]")
      yield* must(c, claim("b", "2000 1-0 7-0"), '[["1-0", ["f", "1"]]]')
      yield* pending(c, '["1-0", "b", (integer) 0, (integer) 2], ["2-0", "a", (integer) 2000, (integer) 1]')
      yield* must(c, claim("b", "1 1-0 2-0 JUSTID"), '["2-0"]')
      yield* pending(c, '["1-0", "b", (integer) 0, (integer) 2], ["2-0", "b", (integer) 0, (integer) 1]')
    })
  )

  withServer("sets when and how often entries were delivered", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 1)
      const shows = (words: string, idle: number, count: bigint | number) =>
        Effect.andThen(
          must(c, claim("b", `0 1-0${words}`), '[["1-0", ["f", "1"]]]'),
          pending(c, `["1-0", "b", (integer) ${idle}, (integer) ${count}]`)
        )
      yield* shows(" IDLE 500", 500, 2)
      yield* shows(" TIME 1000 RETRYCOUNT 7", 2000, 7)
      yield* shows(" TIME 9999 RETRYCOUNT -1", 0, 8)
      yield* shows(" IDLE 9999", 0, 9)
      yield* shows(" RETRYCOUNT 9223372036854775807", 0, 9223372036854775807n)
      yield* shows(" RETRYCOUNT 4294967295", 0, 4294967295)
      yield* shows("", 0, 4294967296)
    })
  )

  withServer("with FORCE makes entries pending that are not, if they exist", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 2)
      yield* call(c, ["XACK", "s", "g", "1-0", "2-0"])
      yield* must(c, claim("b", "5000 1-0 9-0 FORCE"), '[["1-0", ["f", "1"]]]')
      yield* must(c, claim("b", "0 2-0 JUSTID FORCE"), '["2-0"]')
      yield* pending(c, '["1-0", "b", (integer) 0, (integer) 2], ["2-0", "b", (integer) 0, (integer) 1]')
    })
  )

  withServer("with LASTID lets the group come further, never back", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 1)
      const lastId = (id: string) => must(c, ["XINFO", "GROUPS", "s"], new RegExp(`"last-delivered-id", "${id}"`))
      yield* must(c, claim("b", "0 1-0 JUSTID LASTID 5-5"), '["1-0"]')
      yield* lastId("5-5")
      yield* must(c, claim("b", "0 1-0 JUSTID LASTID 4-0"), '["1-0"]')
      yield* lastId("5-5")
    })
  )

  withServer("forgets entries that were deleted; the consumer comes to be anyhow", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 2)
      yield* call(c, ["XDEL", "s", "1-0"])
      yield* must(c, claim("b", "9999 1-0"), "[]")
      yield* pending(c, '["2-0", "a", (integer) 2000, (integer) 1]')
      yield* must(
        c,
        ["XINFO", "CONSUMERS", "s", "g"],
        /"b", "pending", \(integer\) 0, "idle", \(integer\) 0, "inactive", \(integer\) -1\]\]$/
      )
    })
  )

  withServer("refuses", (c) =>
    Effect.gen(function* () {
      const noGroup = "NOGROUP No such key 's' or consumer group 'g'"
      yield* mustFail(c, claim("b", "x 1-0"), noGroup)
      yield* prepare(c, 1)
      yield* mustFail(c, claim("b", "x 1-0"), "ERR Invalid min-idle-time argument for XCLAIM")
      yield* mustFail(c, claim("b", "0 1-0 x"), "ERR Unrecognized XCLAIM option 'x'")
      yield* mustFail(c, claim("b", "0 1-0 IDLE"), "ERR Unrecognized XCLAIM option 'IDLE'")
      yield* mustFail(c, claim("b", "0 1-0 IDLE x"), "ERR Invalid IDLE option argument for XCLAIM")
      yield* mustFail(c, claim("b", "0 1-0 TIME x"), "ERR Invalid TIME option argument for XCLAIM")
      yield* mustFail(c, claim("b", "0 1-0 RETRYCOUNT x"), "ERR Invalid RETRYCOUNT option argument for XCLAIM")
      yield* mustFail(c, claim("b", "0 1-0 LASTID x"), "ERR Invalid stream ID specified as stream command argument")
      yield* pending(c, '["1-0", "a", (integer) 2000, (integer) 1]')
    })
  )
})

describe("XAUTOCLAIM", () => {
  withServer("takes idle entries from an id on, and says where to go on", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 5)
      yield* call(c, claim("x", "0 2-0 JUSTID"))
      yield* must(c, autoClaim("b", "1 - COUNT 2"), '["4-0", [["1-0", ["f", "1"]], ["3-0", ["f", "3"]]], []]')
      yield* must(c, autoClaim("b", "1 4-0 JUSTID"), '["0-0", ["4-0", "5-0"], []]')
      yield* must(c, ["XPENDING", "s", "g"], '[(integer) 5, "1-0", "5-0", [["b", "4"], ["x", "1"]]]')
      yield* must(c, ["XPENDING", "s", "g", "4-0", "4-0", "1"], '[["4-0", "b", (integer) 0, (integer) 1]]')
      yield* must(c, ["XPENDING", "s", "g", "1-0", "1-0", "1"], '[["1-0", "b", (integer) 0, (integer) 2]]')
    })
  )

  withServer("looks at ten entries for each that it may take", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 25)
      yield* must(c, autoClaim("b", "9999 0 COUNT 1"), '["11-0", [], []]')
      yield* must(c, autoClaim("b", "9999 (11-0 COUNT 1"), '["22-0", [], []]')
      yield* must(c, autoClaim("b", "9999 22 COUNT 1"), '["0-0", [], []]')
    })
  )

  withServer("forgets entries that were deleted, and says which", (c) =>
    Effect.gen(function* () {
      yield* prepare(c, 4)
      yield* call(c, ["XDEL", "s", "1-0", "3-0"])
      yield* must(c, autoClaim("b", "0 - COUNT 3 JUSTID"), '["4-0", ["2-0"], ["1-0", "3-0"]]')
      yield* must(c, ["XPENDING", "s", "g"], '[(integer) 2, "2-0", "4-0", [["a", "1"], ["b", "1"]]]')
    })
  )

  withServer("refuses, and looks at its words before the key", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, autoClaim("b", "x -"), "ERR Invalid min-idle-time argument for XAUTOCLAIM")
      yield* mustFail(c, autoClaim("b", "0 x"), "ERR Invalid stream ID specified as stream command argument")
      yield* mustFail(c, autoClaim("b", "0 - COUNT 0"), "ERR COUNT must be > 0")
      yield* mustFail(c, autoClaim("b", "0 - COUNT x"), "ERR COUNT must be > 0")
      yield* mustFail(c, autoClaim("b", "0 - COUNT"), "ERR syntax error")
      yield* mustFail(c, autoClaim("b", "0 -"), "NOGROUP No such key 's' or consumer group 'g'")
      yield* call(c, ["SET", "s", "v"])
      yield* mustFail(c, autoClaim("b", "0 -"), "WRONGTYPE Operation against a key holding the wrong kind of value")
    })
  )
})
