import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { humanBytes } from "../../src/Info.ts"
import type { RespClient } from "../support/RespClient.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

/** INFO's text. */
const info = (c: RespClient, ...sections: ReadonlyArray<string>): Effect.Effect<string> =>
  Effect.map(call(c, ["INFO", ...sections]), (reply) =>
    reply._tag === "Bulk" ? Buffer.from(reply.bytes).toString("latin1") : ""
  )

const titles = (text: string) => [...text.matchAll(/^# (\w+)/gm)].map(([, title]) => title)

const USUAL = "Server Clients Memory Persistence Stats Replication CPU Modules Errorstats Cluster Keyspace".split(" ")
const ALL =
  "Server Clients Memory Persistence Stats Replication CPU Modules Commandstats Errorstats Latencystats Cluster Keyspace".split(
    " "
  )

/** A field as a number. */
const field = (text: string, name: string): number => Number(new RegExp(`^${name}:(.*)\r$`, "m").exec(text)?.[1])

describe("INFO", () => {
  withServer("shows the sections that are asked for, in its own order", (c) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(titles(yield* info(c)), USUAL)
      assert.deepStrictEqual(titles(yield* info(c, "default")), USUAL)
      assert.deepStrictEqual(titles(yield* info(c, "ALL")), ALL)
      assert.deepStrictEqual(titles(yield* info(c, "everything")), ALL)
      assert.deepStrictEqual(titles(yield* info(c, "keyspace", "nosuch", "CPU")), ["CPU", "Keyspace"])
      assert.deepStrictEqual(
        titles(yield* info(c, "default", "commandstats")),
        ALL.filter((title) => title !== "Latencystats")
      )
      assert.strictEqual(yield* info(c, "nosuch"), "")
      assert.strictEqual(yield* info(c, "cluster", "keyspace"), "# Cluster\r\ncluster_enabled:0\r\n\r\n# Keyspace\r\n")
    })
  )

  withServer("is a verbatim text in RESP3", (_, server) =>
    Effect.flatMap(connect(server, 3), (c) =>
      must(c, ["INFO", "cluster"], 'txt:"# Cluster\\r\\ncluster_enabled:0\\r\\n"')
    )
  )

  withServer("counts keys, deadlines and the mean time to live", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["MSET", "a", "1", "b", "2", "c", "3"], "OK")
      yield* must(c, ["PEXPIRE", "a", "1000"], "(integer) 1")
      yield* must(c, ["PEXPIRE", "b", "3000"], "(integer) 1")
      yield* must(c, ["SELECT", "3"], "OK")
      yield* must(c, ["SET", "x", "y"], "OK")
      assert.strictEqual(
        yield* info(c, "keyspace"),
        "# Keyspace\r\ndb0:keys=3,expires=2,avg_ttl=2000\r\ndb3:keys=1,expires=0,avg_ttl=0\r\n"
      )
    })
  )

  withServer("counts hits, misses, expired keys, connections, errors and bytes", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v", "PX", "10"], "OK")
      yield* must(c, ["GET", "k"], '"v"')
      yield* TestClock.adjust(10)
      yield* must(c, ["GET", "k"], "(nil)")
      yield* must(c, ["INCR"], /^\(error\)/)
      const other = yield* connect(server)
      yield* must(other, ["PING"], "PONG")
      const stats = yield* info(c, "stats")
      assert.strictEqual(field(stats, "keyspace_hits"), 1)
      assert.strictEqual(field(stats, "keyspace_misses"), 1)
      assert.strictEqual(field(stats, "expired_keys"), 1)
      assert.strictEqual(field(stats, "total_connections_received"), 2)
      assert.strictEqual(field(stats, "total_error_replies"), 1)
      assert.isAbove(field(stats, "total_net_input_bytes"), 50)
      assert.isAbove(field(stats, "total_net_output_bytes"), 10)
      assert.isAbove(field(stats, "total_reads_processed"), 4)
      assert.strictEqual(field(yield* info(c, "clients"), "connected_clients"), 2)
      assert.strictEqual(yield* info(c, "errorstats"), "# Errorstats\r\nerrorstat_ERR:count=1\r\n")
    })
  )

  withServer("tells of each command how often it ran, failed and was refused", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["INCR", "k"], /^\(error\)/)
      yield* must(c, ["INCR"], /^\(error\)/)
      yield* must(c, ["CONFIG", "GET", "timeout"], /./)
      const stats = yield* info(c, "commandstats")
      assert.match(stats, /^cmdstat_set:calls=1,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=0,failed_calls=0\r$/m)
      assert.match(stats, /^cmdstat_incr:calls=1,usec=\d+,usec_per_call=\d+\.\d\d,rejected_calls=1,failed_calls=1\r$/m)
      assert.match(stats, /^cmdstat_config\|get:calls=1,/m)
      assert.notMatch(stats, /^cmdstat_(get|config):/m)
    })
  )

  withServer("tells the percentiles that are configured", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["PING"], "PONG")
      assert.match(
        yield* info(c, "latencystats"),
        /^latency_percentiles_usec_ping:p50=\d+\.\d{3},p99=\d+\.\d{3},p99\.9=\d+\.\d{3}\r$/m
      )
      yield* must(c, ["CONFIG", "SET", "latency-tracking-info-percentiles", "0 100"], "OK")
      assert.match(yield* info(c, "latencystats"), /^latency_percentiles_usec_ping:p0=\d+\.\d{3},p100=\d+\.\d{3}\r$/m)
      yield* must(c, ["CONFIG", "SET", "latency-tracking", "no"], "OK")
      assert.strictEqual(yield* info(c, "latencystats"), "# Latencystats\r\n")
    })
  )

  withServer("tells the server's age and address", (c, { port }) =>
    Effect.gen(function* () {
      yield* TestClock.adjust("2 days")
      const server = yield* info(c, "server")
      assert.strictEqual(field(server, "uptime_in_seconds"), 2 * 86_400)
      assert.strictEqual(field(server, "uptime_in_days"), 2)
      assert.strictEqual(field(server, "tcp_port"), port)
      assert.strictEqual(field(server, "process_id"), process.pid)
    })
  )

  withServer("measures memory that grows with the data", (c) =>
    Effect.gen(function* () {
      const before = yield* info(c, "memory")
      yield* must(c, ["SETRANGE", "big", 64 * 2 ** 20, "x"], `(integer) ${64 * 2 ** 20 + 1}`)
      const after = yield* info(c, "memory")
      assert.isAbove(field(after, "used_memory") - field(before, "used_memory"), 50 * 2 ** 20)
      assert.isAtLeast(field(after, "used_memory_peak"), field(after, "used_memory"))
      assert.isAtMost(
        field(after, "used_memory_dataset") + field(after, "used_memory_startup"),
        field(after, "used_memory")
      )
    })
  )

  withServer("errors", (c) => mustFail(c, ["INFO2"], "ERR unknown command 'INFO2', with args beginning with: "))
})

describe("sizes for people", () => {
  it("have two digits after the point", () => {
    assert.deepStrictEqual([0, 1023, 1024, 916_632, 6_938_624, 25_276_514_304].map(humanBytes), [
      "0B",
      "1023B",
      "1.00K",
      "895.15K",
      "6.62M",
      "23.54G"
    ])
  })
})
