import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { connect, must, mustFail, mustPush, withServer } from "../support/TestServer.ts"

const NOT_AN_INTEGER = "ERR value is not an integer or out of range"
const NOT_32_BITS = "ERR value is out of range, value must between -2147483648 and 2147483647"
const NO_SUCH_DB = "ERR DB index is out of range"
const SAME_OBJECT = "ERR source and destination objects are the same"

describe("DEL and UNLINK", () => {
  withServer("remove keys and count those that were there", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "1", "b", "2", "", "3"], "OK")
      yield* must(c, ["DEL", "a", "nosuch", "a"], "(integer) 1")
      yield* must(c, ["UNLINK", "", "b"], "(integer) 2")
      yield* must(c, ["DBSIZE"], "(integer) 0")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["DEL"], "ERR wrong number of arguments for 'del' command")
      yield* mustFail(c, ["UNLINK"], "ERR wrong number of arguments for 'unlink' command")
    })
  )
})

describe("EXISTS, TOUCH and TYPE", () => {
  withServer("EXISTS counts a key as often as it is named", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* must(c, ["EXISTS", "a", "a", "b"], "(integer) 2")
      yield* must(c, ["TOUCH", "a", "b"], "(integer) 1")
      yield* must(c, ["TYPE", "a"], "string")
      yield* must(c, ["TYPE", "b"], "none")
    })
  )

  withServer("only TOUCH of these counts as use", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "1"], "OK")
      yield* TestClock.adjust("30 seconds")
      yield* must(c, ["EXISTS", "a"], "(integer) 1")
      yield* must(c, ["TYPE", "a"], "string")
      yield* must(c, ["OBJECT", "IDLETIME", "a"], "(integer) 30")
      yield* must(c, ["TOUCH", "a"], "(integer) 1")
      yield* must(c, ["OBJECT", "IDLETIME", "a"], "(integer) 0")
    })
  )
})

describe("RENAME and RENAMENX", () => {
  withServer("take value and deadline along", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "x".repeat(70_000), "PX", "1000"], "OK")
      yield* must(c, ["RENAME", "a", "b"], "OK")
      yield* must(c, ["EXISTS", "a"], "(integer) 0")
      yield* must(c, ["STRLEN", "b"], "(integer) 70000")
      yield* TestClock.adjust(999)
      yield* must(c, ["PTTL", "b"], "(integer) 1")
      yield* TestClock.adjust(1)
      yield* must(c, ["EXISTS", "b"], "(integer) 0")
    })
  )

  withServer("RENAME replaces what has the new name, deadline included", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "1", "b", "2"], "OK")
      yield* must(c, ["EXPIRE", "b", "10"], "(integer) 1")
      yield* must(c, ["RENAMENX", "a", "b"], "(integer) 0")
      yield* must(c, ["RENAME", "a", "b"], "OK")
      yield* must(c, ["GET", "b"], '"1"')
      yield* must(c, ["TTL", "b"], "(integer) -1")
      yield* must(c, ["RENAMENX", "b", "c"], "(integer) 1")
      yield* must(c, ["RENAME", "c", "c"], "OK")
      yield* must(c, ["RENAMENX", "c", "c"], "(integer) 0")
      yield* must(c, ["KEYS", "*"], '["c"]')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["RENAME", "nosuch", "b"], "ERR no such key")
      yield* mustFail(c, ["RENAME", "nosuch", "nosuch"], "ERR no such key")
      yield* mustFail(c, ["RENAMENX", "nosuch", "b"], "ERR no such key")
      yield* mustFail(c, ["RENAME", "a"], "ERR wrong number of arguments for 'rename' command")
    })
  )
})

describe("COPY", () => {
  withServer("makes an independent value with the same deadline", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "1", "PX", "1000"], "OK")
      yield* must(c, ["COPY", "a", "b"], "(integer) 1")
      yield* must(c, ["APPEND", "a", "2"], "(integer) 2")
      yield* must(c, ["GET", "b"], '"1"')
      yield* must(c, ["PTTL", "b"], "(integer) 1000")
      yield* must(c, ["SET", "long", "x".repeat(70_000)], "OK")
      yield* must(c, ["COPY", "long", "long2"], "(integer) 1")
      yield* must(c, ["SETRANGE", "long", "0", "y"], "(integer) 70000")
      yield* must(c, ["GETRANGE", "long2", "0", "0"], '"x"')
    })
  )

  withServer("replaces only when told to, in any database", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "1", "b", "2"], "OK")
      yield* must(c, ["COPY", "a", "b"], "(integer) 0")
      yield* must(c, ["COPY", "a", "b", "replace"], "(integer) 1")
      yield* must(c, ["GET", "b"], '"1"')
      yield* must(c, ["COPY", "a", "a", "DB", "3"], "(integer) 1")
      yield* must(c, ["COPY", "a", "a", "DB", "3"], "(integer) 0")
      yield* must(c, ["COPY", "a", "a", "REPLACE", "DB", "3", "REPLACE"], "(integer) 1")
      yield* must(c, ["COPY", "nosuch", "b", "REPLACE"], "(integer) 0")
      yield* must(c, ["SELECT", "3"], "OK")
      yield* must(c, ["GET", "a"], '"1"')
    })
  )

  withServer("finds room for the copy where a larger value was", (c) =>
    Effect.gen(function* () {
      // Removing the old value leaves so large a hole that the housekeeper is called, in the middle of the command.
      yield* must(c, ["SET", "b", "y".repeat(30_000)], "OK")
      yield* must(c, ["SET", "a", "x".repeat(300)], "OK")
      yield* must(c, ["COPY", "a", "b", "REPLACE"], "(integer) 1")
      yield* must(c, ["GET", "b"], `"${"x".repeat(300)}"`)
      yield* must(c, ["GET", "a"], `"${"x".repeat(300)}"`)
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["COPY", "a", "a"], SAME_OBJECT)
      yield* mustFail(c, ["COPY", "a", "a", "DB", "0"], SAME_OBJECT)
      yield* mustFail(c, ["COPY", "a", "b", "DB"], "ERR syntax error")
      yield* mustFail(c, ["COPY", "a", "b", "DB", "x", "FOO"], NOT_AN_INTEGER)
      yield* mustFail(c, ["COPY", "a", "b", "DB", "16"], NO_SUCH_DB)
      yield* mustFail(c, ["COPY", "a", "b", "DB", "4294967296"], NOT_32_BITS)
      yield* mustFail(c, ["COPY", "a", "b", "FOO"], "ERR syntax error")
    })
  )
})

describe("MOVE", () => {
  withServer("takes value and deadline to another database", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "a", "1", "PX", "1000"], "OK")
      yield* must(c, ["MOVE", "a", "1"], "(integer) 1")
      yield* must(c, ["MOVE", "a", "1"], "(integer) 0")
      yield* must(c, ["SET", "a", "2"], "OK")
      yield* must(c, ["MOVE", "a", "1"], "(integer) 0")
      yield* must(c, ["GET", "a"], '"2"')
      yield* must(c, ["SELECT", "1"], "OK")
      yield* must(c, ["PTTL", "a"], "(integer) 1000")
      yield* TestClock.adjust(1000)
      yield* must(c, ["GET", "a"], "(nil)")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["MOVE", "a", "0"], SAME_OBJECT)
      yield* mustFail(c, ["MOVE", "a", "16"], NO_SUCH_DB)
      yield* mustFail(c, ["MOVE", "a", "b"], NOT_AN_INTEGER)
    })
  )
})

describe("keyspace events", () => {
  withServer(
    "tell where a key came from and went to",
    (c, server) =>
      Effect.gen(function* () {
        const listener = yield* connect(server, 3)
        listener.write("PSUBSCRIBE __keyevent@*\r\n")
        yield* mustPush(listener, 'push["psubscribe", "__keyevent@*", (integer) 1]')
        yield* must(c, ["SET", "a", "1"], "OK")
        yield* must(c, ["RENAME", "a", "b"], "OK")
        yield* must(c, ["COPY", "b", "c"], "(integer) 1")
        yield* must(c, ["MOVE", "c", "1"], "(integer) 1")
        yield* must(c, ["UNLINK", "b"], "(integer) 1")
        const told = (db: number, event: string, key: string) =>
          mustPush(listener, `push["pmessage", "__keyevent@*", "__keyevent@${db}__:${event}", "${key}"]`)
        yield* told(0, "rename_from", "a")
        yield* told(0, "rename_to", "b")
        yield* told(0, "copy_to", "c")
        yield* told(0, "move_from", "c")
        yield* told(1, "move_to", "c")
        yield* told(0, "del", "b")
      }),
    { notifyKeyspaceEvents: "Eg" }
  )
})
