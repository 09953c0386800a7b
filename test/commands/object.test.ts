import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { must, mustFail, withServer } from "../support/TestServer.ts"

const SHARED = "(integer) 2147483647"

describe("OBJECT ENCODING", () => {
  withServer("names what Redis would make of a string", (c) =>
    Effect.gen(function* () {
      const encodings = [
        ["0", "int"],
        ["-9223372036854775808", "int"],
        ["9223372036854775808", "embstr"],
        ["01", "embstr"],
        ["", "embstr"],
        ["x".repeat(44), "embstr"],
        ["x".repeat(45), "raw"],
        ["x".repeat(70_000), "raw"]
      ] as const
      for (const [value, encoding] of encodings) {
        yield* must(c, ["SET", "k", value], "OK")
        yield* must(c, ["OBJECT", "ENCODING", "k"], `"${encoding}"`)
      }
      yield* must(c, ["OBJECT", "encoding", "nosuch"], "(nil)")
    })
  )

  withServer("a string that was changed in place stays raw, also when it is copied", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "1"], "OK")
      yield* must(c, ["APPEND", "k", "2"], "(integer) 2")
      yield* must(c, ["OBJECT", "ENCODING", "k"], '"raw"')
      yield* must(c, ["COPY", "k", "copy"], "(integer) 1")
      yield* must(c, ["OBJECT", "ENCODING", "copy"], '"raw"')
      yield* must(c, ["RENAME", "k", "other"], "OK")
      yield* must(c, ["OBJECT", "ENCODING", "other"], '"raw"')
      yield* must(c, ["INCR", "other"], "(integer) 13")
      yield* must(c, ["OBJECT", "ENCODING", "other"], '"int"')
    })
  )
})

describe("OBJECT REFCOUNT", () => {
  withServer("small numbers are shared, their copies are not", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "9999"], "OK")
      yield* must(c, ["OBJECT", "REFCOUNT", "k"], SHARED)
      yield* must(c, ["COPY", "k", "copy"], "(integer) 1")
      yield* must(c, ["OBJECT", "REFCOUNT", "copy"], "(integer) 1")
      yield* must(c, ["OBJECT", "ENCODING", "copy"], '"int"')
      yield* must(c, ["DECR", "copy"], "(integer) 9998")
      yield* must(c, ["OBJECT", "REFCOUNT", "copy"], SHARED)
      yield* must(c, ["INCR", "k"], "(integer) 10000")
      yield* must(c, ["OBJECT", "REFCOUNT", "k"], "(integer) 1")
      yield* must(c, ["SET", "k", "text"], "OK")
      yield* must(c, ["OBJECT", "REFCOUNT", "k"], "(integer) 1")
      yield* must(c, ["OBJECT", "REFCOUNT", "nosuch"], "(nil)")
    })
  )
})

describe("OBJECT IDLETIME", () => {
  withServer("counts the seconds since the last use, over which asking goes unnoticed", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* TestClock.adjust("10 seconds")
      yield* must(c, ["OBJECT", "IDLETIME", "k"], "(integer) 10")
      yield* must(c, ["OBJECT", "IDLETIME", "k"], "(integer) 10")
      yield* must(c, ["RENAME", "k", "other"], "OK")
      yield* must(c, ["OBJECT", "IDLETIME", "other"], "(integer) 0")
      yield* TestClock.adjust("3 seconds")
      yield* must(c, ["COPY", "other", "k"], "(integer) 1")
      yield* must(c, ["OBJECT", "IDLETIME", "k"], "(integer) 0")
    })
  )
})

describe("OBJECT", () => {
  withServer("HELP tells what there is", (c) =>
    Effect.gen(function* () {
      yield* must(
        c,
        ["OBJECT", "HELP"],
        (text) =>
          text.startsWith("[OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:, ENCODING <key>, ") &&
          text.includes(", HELP, ")
      )
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* mustFail(c, ["OBJECT"], "ERR wrong number of arguments for 'object' command")
      yield* mustFail(c, ["OBJECT", "ENCODING"], "ERR wrong number of arguments for 'object|encoding' command")
      yield* mustFail(c, ["OBJECT", "Foo", "k"], "ERR unknown subcommand 'Foo'. Try OBJECT HELP.")
      yield* must(c, ["OBJECT", "FREQ", "nosuch"], "(nil)")
      yield* mustFail(
        c,
        ["OBJECT", "FREQ", "k"],
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."
      )
    })
  )
})
