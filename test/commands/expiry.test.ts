import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { RespClient } from "../support/RespClient.ts"
import { connect, must, mustFail, mustPush, withServer } from "../support/TestServer.ts"

const INT64_MAX = "9223372036854775807"
const NOT_AN_INTEGER = "ERR value is not an integer or out of range"

/** The key is there until the last millisecond before `millis` from now, and not after it. */
const mustDieAfter = (c: RespClient, key: string, millis: number) =>
  Effect.gen(function* () {
    yield* TestClock.adjust(millis - 1)
    yield* must(c, ["EXISTS", key], "(integer) 1")
    yield* must(c, ["PTTL", key], "(integer) 1")
    yield* TestClock.adjust(1)
    yield* must(c, ["EXISTS", key], "(integer) 0")
    yield* must(c, ["PTTL", key], "(integer) -2")
  })

describe("a key with a deadline", () => {
  withServer("lives to its last millisecond", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "PX", "1000"], "OK")
      yield* TestClock.adjust(999)
      yield* must(c, ["GET", "k"], '"v"')
      yield* TestClock.adjust(1)
      yield* must(c, ["GET", "k"], "(nil)")
    })
  )

  withServer("gets it from EXPIRE, PEXPIRE, EXPIREAT, PEXPIREAT and GETEX", (c) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      for (const command of [
        ["EXPIRE", "k", "2"],
        ["PEXPIRE", "k", "2000"]
      ]) {
        yield* must(c, ["SET", "k", "v"], "OK")
        yield* must(c, command, "(integer) 1")
        yield* mustDieAfter(c, "k", 2000)
      }
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["EXPIREAT", "k", "1006"], "(integer) 1")
      yield* mustDieAfter(c, "k", 2000)
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["PEXPIREAT", "k", "1008000"], "(integer) 1")
      yield* mustDieAfter(c, "k", 2000)
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["GETEX", "k", "PX", "2000"], '"v"')
      yield* mustDieAfter(c, "k", 2000)
    })
  )

  withServer("loses it with PERSIST", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "EX", "1"], "OK")
      yield* must(c, ["PERSIST", "k"], "(integer) 1")
      yield* must(c, ["PERSIST", "k"], "(integer) 0")
      yield* must(c, ["PERSIST", "nosuch"], "(integer) 0")
      yield* TestClock.adjust("1 hour")
      yield* must(c, ["GET", "k"], '"v"')
      yield* must(c, ["TTL", "k"], "(integer) -1")
      yield* must(c, ["GETEX", "k", "EX", "1"], '"v"')
      yield* must(c, ["GETEX", "k", "PERSIST"], '"v"')
      yield* must(c, ["PTTL", "k"], "(integer) -1")
    })
  )

  withServer("goes at once when the deadline is over", (c) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(5000)
      for (const command of [
        ["EXPIRE", "k", "0"],
        ["PEXPIRE", "k", "-1"],
        ["EXPIREAT", "k", "5"],
        ["PEXPIREAT", "k", "-9223372036854775808"]
      ]) {
        yield* must(c, ["SET", "k", "v"], "OK")
        yield* must(c, command, "(integer) 1")
        yield* must(c, ["EXISTS", "k"], "(integer) 0")
      }
    })
  )
})

describe("EXPIRE's conditions", () => {
  withServer("NX wants no deadline, XX one, GT a later, LT an earlier", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["EXPIRE", "k", "10", "XX"], "(integer) 0")
      yield* must(c, ["EXPIRE", "k", "10", "GT"], "(integer) 0")
      yield* must(c, ["EXPIRE", "k", "10", "lt"], "(integer) 1")
      yield* must(c, ["EXPIRE", "k", "20", "NX"], "(integer) 0")
      yield* must(c, ["EXPIRE", "k", "10", "GT"], "(integer) 0")
      yield* must(c, ["EXPIRE", "k", "10", "LT"], "(integer) 0")
      yield* must(c, ["EXPIRE", "k", "20", "XX", "GT"], "(integer) 1")
      yield* must(c, ["EXPIRE", "k", "15", "LT", "XX"], "(integer) 1")
      yield* must(c, ["TTL", "k"], "(integer) 15")
      yield* must(c, ["EXPIRE", "k", "-1", "GT"], "(integer) 0")
      yield* must(c, ["EXPIRE", "k", "-1", "LT"], "(integer) 1")
      yield* must(c, ["EXPIRE", "k", "10", "NX", "nx"], "(integer) 0")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["EXPIRE", "k", "10", "NX", "nx"], "(integer) 1")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const conflict = "ERR NX and XX, GT or LT options at the same time are not compatible"
      yield* mustFail(c, ["EXPIRE", "k", "1", "NX", "XX"], conflict)
      yield* mustFail(c, ["EXPIRE", "k", "1", "LT", "NX"], conflict)
      yield* mustFail(c, ["EXPIRE", "k", "a", "GT", "LT"], "ERR GT and LT options at the same time are not compatible")
      yield* mustFail(c, ["EXPIRE", "k", "a", "Foo"], "ERR Unsupported option Foo")
      yield* mustFail(c, ["EXPIRE", "k", "a"], NOT_AN_INTEGER)
      yield* mustFail(c, ["PEXPIREAT", "k", "1.5"], NOT_AN_INTEGER)
    })
  )
})

describe("deadlines at the limits of 64 bits", () => {
  withServer("are kept exactly", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["PEXPIREAT", "k", INT64_MAX], "(integer) 1")
      yield* must(c, ["PEXPIRETIME", "k"], `(integer) ${INT64_MAX}`)
      yield* must(c, ["EXPIRETIME", "k"], "(integer) 9223372036854776")
      yield* must(c, ["PTTL", "k"], `(integer) ${INT64_MAX}`)
      yield* must(c, ["PEXPIREAT", "k", INT64_MAX, "GT"], "(integer) 0")
      yield* must(c, ["PEXPIREAT", "k", "9223372036854775806", "LT"], "(integer) 1")
      yield* must(c, ["COPY", "k", "copy"], "(integer) 1")
      yield* must(c, ["RENAME", "copy", "other"], "OK")
      yield* must(c, ["PEXPIRETIME", "other"], "(integer) 9223372036854775806")
      yield* must(c, ["PEXPIREAT", "k", "9007199254740993"], "(integer) 1")
      yield* must(c, ["PEXPIRETIME", "k"], "(integer) 9007199254740993")
      yield* must(c, ["PEXPIREAT", "k", "5"], "(integer) 1")
      yield* must(c, ["PEXPIRETIME", "k"], "(integer) 5")
    })
  )

  withServer("are refused beyond them", (c) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1)
      yield* mustFail(c, ["EXPIRE", "k", "9223372036854776"], "ERR invalid expire time in 'expire' command")
      yield* mustFail(c, ["EXPIREAT", "k", "-9223372036854776"], "ERR invalid expire time in 'expireat' command")
      yield* mustFail(c, ["PEXPIRE", "k", INT64_MAX], "ERR invalid expire time in 'pexpire' command")
      yield* mustFail(c, ["PEXPIREAT", "k", "9223372036854775808"], NOT_AN_INTEGER)
    })
  )
})

describe("TTL, EXPIRETIME and their kin", () => {
  withServer("round seconds to the nearest", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["TTL", "nosuch"], "(integer) -2")
      yield* must(c, ["EXPIRETIME", "nosuch"], "(integer) -2")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["TTL", "k"], "(integer) -1")
      yield* must(c, ["PEXPIRETIME", "k"], "(integer) -1")
      yield* must(c, ["PEXPIREAT", "k", "1500"], "(integer) 1")
      yield* must(c, ["TTL", "k"], "(integer) 2")
      yield* must(c, ["EXPIRETIME", "k"], "(integer) 2")
      yield* must(c, ["PEXPIREAT", "k", "1499"], "(integer) 1")
      yield* must(c, ["TTL", "k"], "(integer) 1")
      yield* must(c, ["PTTL", "k"], "(integer) 1499")
    })
  )
})

describe("the sweeper", () => {
  const listen = (client: RespClient) =>
    Effect.suspend(() => {
      client.write("PSUBSCRIBE __keyevent@*\r\n")
      return mustPush(client, 'push["psubscribe", "__keyevent@*", (integer) 1]')
    })

  const expired = (client: RespClient, key: string, db = 0) =>
    mustPush(client, `push["pmessage", "__keyevent@*", "__keyevent@${db}__:expired", "${key}"]`)

  withServer(
    "removes a key that nobody asks for, and says so, in the order of the deadlines",
    (c, server) =>
      Effect.gen(function* () {
        const listener = yield* connect(server, 3)
        yield* listen(listener)
        yield* must(c, ["SET", "late", "v", "PX", "5000"], "OK")
        yield* must(c, ["SET", "early", "v", "PX", "10"], "OK")
        yield* must(c, ["SELECT", "1"], "OK")
        yield* must(c, ["SET", "elsewhere", "v", "PX", "20"], "OK")
        yield* TestClock.adjust(10)
        yield* expired(listener, "early")
        yield* TestClock.adjust(10)
        yield* expired(listener, "elsewhere", 1)
        yield* must(c, ["DBSIZE"], "(integer) 0")
        yield* TestClock.adjust(5000)
        yield* expired(listener, "late")
      }),
    { notifyKeyspaceEvents: "Ex" }
  )

  withServer(
    "is woken by a deadline that is brought forward",
    (c, server) =>
      Effect.gen(function* () {
        const listener = yield* connect(server, 3)
        yield* listen(listener)
        yield* must(c, ["SET", "k", "v", "EX", "1000"], "OK")
        yield* must(c, ["PEXPIRE", "k", "10"], "(integer) 1")
        yield* TestClock.adjust(10)
        yield* expired(listener, "k")
      }),
    { notifyKeyspaceEvents: "Ex" }
  )

  withServer("lets clients in while many keys go, and shows them none of those", (c) =>
    Effect.gen(function* () {
      const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`)
      yield* Effect.promise(() => c.pipeline(keys.map((key) => ["SET", key, "v", "PX", "10"])))
      yield* must(c, ["SET", "stays", "v"], "OK")
      yield* TestClock.adjust(10)
      yield* must(c, ["KEYS", "*"], '["stays"]')
      yield* must(c, ["RANDOMKEY"], '"stays"')
      yield* must(c, ["EXISTS", "k0", "k19999", "stays"], "(integer) 1")
      yield* must(c, ["RENAMENX", "stays", "k19999"], "(integer) 1")
      yield* must(c, ["DEL", "k19998", "k19999"], "(integer) 1")
      yield* must(c, ["RANDOMKEY"], "(nil)")
      yield* must(c, ["DBSIZE"], "(integer) 0")
    })
  )
})

describe("WATCH and deadlines", () => {
  /** EXEC after `change` with `key` watched. */
  const execAfter = (c: RespClient, change: Effect.Effect<void>, wanted: string) =>
    Effect.gen(function* () {
      yield* must(c, ["WATCH", "k"], "OK")
      yield* change
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["PING"], "QUEUED")
      yield* must(c, ["EXEC"], wanted)
    })

  withServer("a watched key that expires fails the transaction", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "PX", "10"], "OK")
      yield* execAfter(c, TestClock.adjust(9), "[PONG]")
      yield* execAfter(c, TestClock.adjust(1), "(nil)")
      yield* execAfter(c, Effect.void, "[PONG]")
    })
  )

  withServer("a new deadline is a change, asking for it is none", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* execAfter(c, must(c, ["EXPIRE", "k", "10"], "(integer) 1"), "(nil)")
      yield* execAfter(c, must(c, ["TTL", "k"], "(integer) 10"), "[PONG]")
      yield* execAfter(c, must(c, ["PERSIST", "k"], "(integer) 1"), "(nil)")
      yield* execAfter(c, must(c, ["PERSIST", "k"], "(integer) 0"), "[PONG]")
    })
  )

  withServer("time stands still inside a transaction", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "PX", "10"], "OK")
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["PTTL", "k"], "QUEUED")
      yield* must(c, ["PEXPIRE", "k", "0"], "QUEUED")
      yield* must(c, ["GET", "k"], "QUEUED")
      yield* must(c, ["EXEC"], "[(integer) 10, (integer) 1, (nil)]")
    })
  )
})
