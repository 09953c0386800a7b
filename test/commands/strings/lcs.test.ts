import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { connect, must, mustFail, withServer } from "../../support/TestServer.ts"

describe("LCS", () => {
  withServer("finds the subsequence, its length and its places", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "ohmytext", "b", "mynewtext", "empty", ""], "OK")
      yield* must(c, ["LCS", "a", "b"], '"mytext"')
      yield* must(c, ["LCS", "a", "b", "len"], "(integer) 6")
      yield* must(
        c,
        ["LCS", "a", "b", "IDX"],
        '["matches", [[[4, 7], [5, 8]], [[2, 3], [0, 1]]], "len", 6]'.replace(/\d+/g, "(integer) $&")
      )
      yield* must(
        c,
        ["LCS", "a", "b", "IDX", "MINMATCHLEN", "4", "WITHMATCHLEN"],
        '["matches", [[[4, 7], [5, 8], 4]], "len", 6]'.replace(/\d+/g, "(integer) $&")
      )
      yield* must(c, ["LCS", "a", "nosuch"], '""')
      yield* must(c, ["LCS", "empty", "nosuch", "IDX"], '["matches", [], "len", (integer) 0]')
      yield* must(c, ["LCS", "a", "a", "MINMATCHLEN", "-5", "LEN"], "(integer) 8")
    })
  )

  withServer("answers with a map on RESP3", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["LCS", "a", "b", "IDX"], '{"matches" => [], "len" => (integer) 0}')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["LCS", "a", "b", "FOO"], "ERR syntax error")
      yield* mustFail(c, ["LCS", "a", "b", "MINMATCHLEN"], "ERR syntax error")
      yield* mustFail(c, ["LCS", "a", "b", "MINMATCHLEN", "x"], "ERR value is not an integer or out of range")
      yield* mustFail(
        c,
        ["LCS", "a", "b", "LEN", "IDX"],
        "ERR If you want both the length and indexes, please just use IDX."
      )
      yield* must(c, ["MSET", "a", "x".repeat(20_000), "b", "y".repeat(20_000)], "OK")
      yield* mustFail(
        c,
        ["LCS", "a", "b", "LEN"],
        "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len"
      )
    })
  )
})
