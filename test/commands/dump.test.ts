import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Crc64 } from "../../src/persistence/Crc64.ts"
import { waiting } from "../support/exchange.ts"
import { leaves } from "../support/journaled.ts"
import type { RespClient } from "../support/RespClient.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

/** A payload of these bytes, with the version and the right checksum. */
function payload(bytes: ReadonlyArray<number>, version = 10): Uint8Array {
  const body = Buffer.from([...bytes, version & 255, version >> 8])
  const crc = new Crc64()
  crc.update(body, 0, body.length)
  return Buffer.concat([body, crc.bytes])
}

const text = (value: string) => [value.length, ...Buffer.from(value)]
const string = (value: string) => payload([0, ...text(value)])

const dumped = (c: RespClient, key: string) =>
  Effect.map(call(c, ["DUMP", key]), (reply) => (reply._tag === "Bulk" ? reply.bytes : new Uint8Array(0)))

describe("DUMP", () => {
  withServer("gives the type, the value, the version and a checksum", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "hello"], "OK")
      assert.deepStrictEqual(Buffer.from(yield* dumped(c, "k")), Buffer.from(string("hello")))
      yield* must(c, ["DUMP", "nosuch"], "(nil)")
      yield* mustFail(c, ["DUMP"], "ERR wrong number of arguments for 'dump' command")
    })
  )

  withServer("gives what RESTORE makes the same value of, whatever the type", (c) =>
    Effect.gen(function* () {
      const commands = ["SET k1 v", "RPUSH k2 a 1", "SADD k3 a", "SADD k4 1 2", "ZADD k5 1.5 a 2 b", "XADD k6 1-1 f v"]
      for (const [i, line] of commands.entries()) {
        yield* call(c, line.split(" "))
        const key = `k${i + 1}`
        yield* must(c, ["RESTORE", "copy", "0", yield* dumped(c, key), "REPLACE"], "OK")
        const digest = show(yield* call(c, ["DEBUG", "DIGEST-VALUE", key]))
        yield* must(c, ["DEBUG", "DIGEST-VALUE", "copy"], digest)
        const encoding = show(yield* call(c, ["OBJECT", "ENCODING", key]))
        yield* must(c, ["OBJECT", "ENCODING", "copy"], encoding)
      }
    })
  )
})

describe("RESTORE", () => {
  withServer("makes the key, and replaces one only when told", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RESTORE", "k", "0", string("a")], "OK")
      yield* must(c, ["GET", "k"], '"a"')
      yield* must(c, ["TTL", "k"], "(integer) -1")
      yield* mustFail(c, ["RESTORE", "k", "0", string("b")], "BUSYKEY Target key name already exists.")
      yield* must(c, ["RPUSH", "l", "1"], "(integer) 1")
      yield* must(c, ["RESTORE", "l", "0", string("b"), "replace"], "OK")
      yield* must(c, ["GET", "l"], '"b"')
    })
  )

  withServer("gives a time to live, from now or as a moment", (c) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_000_000)
      yield* must(c, ["RESTORE", "k", "5000", string("a")], "OK")
      yield* must(c, ["PEXPIRETIME", "k"], "(integer) 1005000")
      yield* must(c, ["RESTORE", "k", "2000000", string("a"), "REPLACE", "ABSTTL"], "OK")
      yield* must(c, ["PEXPIRETIME", "k"], "(integer) 2000000")
      yield* must(c, ["RESTORE", "far", "9223372036854775807", string("a"), "ABSTTL"], "OK")
      yield* must(c, ["PEXPIRETIME", "far"], "(integer) 9223372036854775807")
      // What is past its time already is not there, and neither is what it replaces.
      yield* must(c, ["RESTORE", "k", "999999", string("a"), "REPLACE", "ABSTTL"], "OK")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
      yield* must(c, ["RESTORE", "k", "9223372036854775807", string("a")], "OK")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )

  withServer("does not find a key busy that has expired", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["DEBUG", "SET-ACTIVE-EXPIRE", "0"], "OK")
      yield* must(c, ["SET", "k", "old", "PX", "10"], "OK")
      yield* TestClock.adjust(20)
      yield* must(c, ["RESTORE", "k", "0", string("new")], "OK")
      yield* must(c, ["GET", "k"], '"new"')
    })
  )

  withServer("takes the time since the value was used", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RESTORE", "k", "0", string("a"), "IDLETIME", "1000"], "OK")
      yield* must(c, ["OBJECT", "IDLETIME", "k"], "(integer) 1000")
      yield* must(c, ["RESTORE", "k", "0", string("a"), "REPLACE", "FREQ", "255"], "OK")
      yield* must(c, ["OBJECT", "IDLETIME", "k"], "(integer) 0")
    })
  )

  withServer("lets those go on who wait for the key", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["RPUSH", "l", "a", "b"], "(integer) 2")
      const list = yield* dumped(c, "l")
      yield* must(c, ["DEL", "l"], "(integer) 1")
      const blocked = yield* waiting(c, server, "BLPOP l 0")
      yield* must(c, ["RESTORE", "l", "0", list], "OK")
      assert.strictEqual(show(yield* Effect.promise(() => blocked.read())), '["l", "a"]')
      yield* must(c, ["LRANGE", "l", "0", "-1"], '["b"]')
    })
  )

  withServer("tells of it", (c, server) =>
    Effect.gen(function* () {
      const listener = yield* connect(server)
      yield* must(c, ["CONFIG", "SET", "notify-keyspace-events", "KA"], "OK")
      yield* call(listener, ["SUBSCRIBE", "__keyspace@0__:k"])
      yield* must(c, ["RESTORE", "k", "1000", string("a")], "OK")
      yield* must(c, ["RESTORE", "k", "1", string("a"), "REPLACE", "ABSTTL"], "OK")
      yield* TestClock.adjust(5)
      for (const event of ["restore", "restore"])
        assert.include(show(yield* Effect.promise(() => listener.read())), `"${event}"`)
    })
  )

  withServer("counts as a change, which breaks a transaction that watches the key", (c, server) =>
    Effect.gen(function* () {
      const other = yield* connect(server)
      yield* must(c, ["WATCH", "k"], "OK")
      yield* must(other, ["RESTORE", "k", "0", string("a")], "OK")
      yield* must(c, ["MULTI"], "OK")
      yield* must(c, ["EXEC"], "(nil)")
    })
  )

  withServer("leaves out collections without elements", (c) =>
    Effect.gen(function* () {
      const empty = [
        [1, 0],
        [2, 0],
        [4, 0],
        [5, 0],
        [18, 0],
        [16, 7, 7, 0, 0, 0, 0, 0, 255],
        [17, 7, 7, 0, 0, 0, 0, 0, 255],
        [20, 7, 7, 0, 0, 0, 0, 0, 255]
      ]
      for (const bytes of empty) yield* mustFail(c, ["RESTORE", "k", "0", payload(bytes)], "ERR Bad data format")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      const good = string("a")
      const wrong = "ERR DUMP payload version or checksum are wrong"
      yield* must(c, ["SET", "taken", "1"], "OK")
      yield* mustFail(c, ["RESTORE", "k", "0"], "ERR wrong number of arguments for 'restore' command")
      yield* mustFail(c, ["RESTORE", "k", "0", good, "nosuch"], "ERR syntax error")
      yield* mustFail(c, ["RESTORE", "k", "0", good, "IDLETIME"], "ERR syntax error")
      yield* mustFail(c, ["RESTORE", "k", "0", good, "IDLETIME", "1", "FREQ", "1"], "ERR syntax error")
      yield* mustFail(c, ["RESTORE", "k", "0", good, "FREQ", "1", "IDLETIME", "1"], "ERR syntax error")
      yield* mustFail(c, ["RESTORE", "k", "0", good, "IDLETIME", "x"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["RESTORE", "k", "0", good, "IDLETIME", "-1"], "ERR Invalid IDLETIME value, must be >= 0")
      yield* mustFail(c, ["RESTORE", "k", "0", good, "FREQ", "256"], "ERR Invalid FREQ value, must be >= 0 and <= 255")
      yield* mustFail(c, ["RESTORE", "taken", "x", "y"], "BUSYKEY Target key name already exists.")
      yield* mustFail(c, ["RESTORE", "k", "x", "y"], "ERR value is not an integer or out of range")
      yield* mustFail(c, ["RESTORE", "k", "-1", "y"], "ERR Invalid TTL value, must be >= 0")
      yield* mustFail(c, ["RESTORE", "k", "0", "y"], wrong)
      yield* mustFail(c, ["RESTORE", "k", "0", ""], wrong)
      yield* mustFail(c, ["RESTORE", "k", "0", good.map((byte, i) => (i === 2 ? byte + 1 : byte))], wrong)
      yield* mustFail(c, ["RESTORE", "k", "0", payload([0, ...text("a")], 12)], wrong)
      yield* must(c, ["RESTORE", "latest", "0", payload([0, ...text("a")], 11)], "OK")
      yield* mustFail(c, ["RESTORE", "k", "0", payload([0, 5, 97])], "ERR Bad data format")
      yield* mustFail(c, ["RESTORE", "k", "0", payload([])], "ERR Bad data format")
      yield* mustFail(c, ["RESTORE", "k", "0", payload([99, 1, 97])], "ERR Bad data format")
      // What cannot be read replaces nothing.
      yield* mustFail(c, ["RESTORE", "taken", "0", payload([0, 5, 97]), "REPLACE"], "ERR Bad data format")
      yield* must(c, ["GET", "taken"], '"1"')
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
    })
  )
})

describe("in the append-only file RESTORE", () => {
  const a = Buffer.from(string("a")).toString("latin1")
  leaves(
    "has moments",
    [
      `RESTORE k 0 ${a}`,
      `RESTORE k 5000 ${a} REPLACE`,
      `RESTORE l 7000 ${a} ABSTTL IDLETIME 5`,
      `RESTORE k 1 ${a}`,
      `RESTORE k -1 ${a} REPLACE`
    ],
    [`RESTORE k 0 ${a}`, `RESTORE k 5000 ${a} REPLACE ABSTTL`, `RESTORE l 7000 ${a} ABSTTL IDLETIME 5`]
  )
})
