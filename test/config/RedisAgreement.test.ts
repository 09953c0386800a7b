/** The table of directives against a real redis-server: the same CONFIG SET to both, and the same CONFIG GET after it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { makeCli } from "../../src/Cli.ts"
import { apply } from "../../src/config/ConfigFile.ts"
import { table } from "../../src/config/Directives.ts"
import { LiveConfig, type Pair } from "../../src/config/LiveConfig.ts"
import { defaults } from "../../src/config/ServerConfig.ts"
import { available, skipWithout, start } from "../support/RedisServer.ts"
import { RespClient } from "../support/RespClient.ts"
import { show } from "../support/showReply.ts"

const integers = [
  "0",
  "1",
  "-1",
  "7",
  "05",
  "+5",
  "",
  " 5",
  "5 ",
  "x",
  "2147483647",
  "2147483648",
  "99999999999999999999"
]
const memories = ["2mb", "2M", "2m", "1024", "1kb", "0", "", "1.5gb", "-1", "5gB", "2xb", "3000000b", "kb"]
const answers = ["yes", "NO", "maybe", "", "1", " yes"]
const signals = [
  "save",
  "nosave now",
  "NOW force",
  "force now",
  "save nosave",
  "default",
  "default now",
  "",
  "x",
  "save save"
]

/** Values that are tried, in this order, for each directive that redis-server can change without closing its port. */
const trials: { readonly [name: string]: ReadonlyArray<string> } = {
  timeout: integers,
  "tcp-keepalive": integers,
  "shutdown-timeout": integers,
  "slowlog-log-slower-than": integers.slice(0, -2),
  "slowlog-max-len": integers,
  "latency-monitor-threshold": integers,
  "tracking-table-max-keys": integers.slice(0, -1),
  maxclients: ["100", "0", "x", "-1"],
  "proto-max-bulk-len": memories,
  "client-query-buffer-limit": memories,
  "protected-mode": answers,
  "latency-tracking": answers,
  "aof-load-truncated": answers,
  appendfsync: ["always", "NO", "everysec", "x", "", "always no"],
  loglevel: ["debug", "VERBOSE", "notice", "warning"],
  save: ["900 1", "900 1 300 10", "900 x", "900", "0 1", "1 0", "1 -1", "900  1", " 900 1", "900 1 ", ""],
  requirepass: ["\xc3\xa4 b", ""],
  "shutdown-on-sigint": signals,
  "shutdown-on-sigterm": signals,
  "notify-keyspace-events": [
    "KEA",
    "mKEn",
    "nmA",
    "g$lshzxetd",
    "g$lshzxetdn",
    "zKElsxmt$hend",
    "dg",
    "Q",
    "K E",
    "KK",
    ""
  ],
  "latency-tracking-info-percentiles": [
    "50",
    "99 50",
    "50.1234567 0 100",
    "100.1",
    "-1",
    "x",
    "50  1",
    "1e1 .5 5. +1",
    ""
  ],
  "client-output-buffer-limit": [
    "normal 1 2 3",
    "normal 1gb 2mb 3 pubsub 1 2 3",
    "replica 1k 1kb 0",
    "SLAVE 1 1 1",
    "master 1 2 3",
    "normal 1 2",
    "foo 1 2 3",
    "normal x 2 3",
    "normal 1 2 x",
    "normal 1 2 -1",
    "normal  1 2 3",
    ""
  ],
  databases: ["4"],
  "tcp-backlog": ["4"],
  unixsocket: ["x"],
  unixsocketperm: ["700"],
  appendfilename: ["x"],
  logfile: ["x"],
  "enable-debug-command": ["yes"],
  dir: ["/"],
  "no-such-directive": ["1"]
}

/** Requests with several directives: which complaint comes first, and under which name. */
const requests: ReadonlyArray<ReadonlyArray<Pair>> = [
  [
    ["timeout", "3"],
    ["TCP-KeepAlive", "4"]
  ],
  [
    ["timeout", "1"],
    ["TIMEOUT", "2"]
  ],
  [
    ["timeout", "1"],
    ["Databases", "2"],
    ["timeout", "2"]
  ],
  [
    ["timeout", "1"],
    ["timeout", "2"],
    ["databases", "2"]
  ],
  [
    ["timeout", "x"],
    ["no-such-directive", "2"]
  ],
  [
    ["Databases", "2"],
    ["no-such-directive", "2"]
  ],
  [
    ["TIMEOUT", "x"],
    ["tcp-keepalive", "y"]
  ],
  [
    ["timeout", "9"],
    ["tcp-keepalive", "y"]
  ]
]

/** Redis 7.0 lacks a log level. */
const asRedis70 = (text: string) => text.replace(", nothing", "")

/** The reply to CONFIG GET in the manner of `show`. */
const printed = (live: LiveConfig, name: string): string => {
  const words = live.get([name]).flat()
  return `[${words.map((word) => show({ _tag: "Bulk", bytes: Buffer.from(word, "latin1") })).join(", ")}]`
}

/** What the two differ in by the way the tests start them, and what only fibredis has. */
const later = ["set-max-listpack-entries", "set-max-listpack-value"]
const elsewhere = new Set(["port", "bind", "dir", "enable-debug-command", "log-format", ...later])

/** Asserts that CONFIG GET of every other directive says the same. */
const compareAll = async (live: LiveConfig, client: RespClient) => {
  for (const { name } of table.filter((directive) => !elsewhere.has(directive.name))) {
    assert.strictEqual(printed(live, name), show(await client.call("CONFIG", "GET", name)), name)
  }
}

/** The reply to CONFIG SET in the manner of `show`. */
const set = (live: LiveConfig, pairs: ReadonlyArray<Pair>): string =>
  Result.match(live.set(pairs), {
    onSuccess: () => "OK",
    onFailure: (error) => `(error) ${asRedis70(error.text)}`
  })

describe.skipIf(skipWithout(available, "the table of directives"))("CONFIG SET and GET", () => {
  it("read and print values as redis-server does", async () => {
    await using server = await start(["--enable-debug-command", "no"])
    await using client = await RespClient.connect(server)
    const live = new LiveConfig({ ...defaults, port: server.port })
    for (const [name, values] of Object.entries(trials)) {
      for (const value of values) {
        const theirs = show(await client.call("CONFIG", "SET", name, Buffer.from(value, "latin1")))
        assert.strictEqual(set(live, [[name, value]]), theirs, `${name} "${value}"`)
        if (name !== "dir")
          assert.strictEqual(printed(live, name), show(await client.call("CONFIG", "GET", name)), name)
      }
    }
  })

  it("change several directives or none as redis-server does", async () => {
    await using server = await start()
    await using client = await RespClient.connect(server)
    const live = new LiveConfig(defaults)
    for (const pairs of requests) {
      assert.strictEqual(set(live, pairs), show(await client.call("CONFIG", "SET", ...pairs.flat())), pairs.join(" "))
      for (const name of ["timeout", "tcp-keepalive"]) {
        assert.strictEqual(printed(live, name), show(await client.call("CONFIG", "GET", name)), name)
      }
    }
  })

  it("agree on a file as redis-server reads it", async () => {
    const text = [
      "# comments and empty lines say nothing",
      "",
      "   TIMEOUT\t5  ",
      'save ""',
      "save 3600 1",
      'save "300 100" \r',
      'requirepass ""',
      "unixsocketperm 0700",
      "latency-tracking-info-percentiles 50.50 '99.9' 1e1",
      "client-output-buffer-limit normal 1k 1kb 5 replica 1gb 1g 0",
      'client-output-buffer-limit "pubsub 1 2 3"',
      "shutdown-on-sigterm force save",
      'notify-keyspace-events "g\\x4b\\x45"',
      "proto-max-bulk-len 64mb",
      "loglevel WARNING",
      "timeout 7"
    ].join("\n")
    const folder = await mkdtemp(join(tmpdir(), "fibredis-"))
    await writeFile(join(folder, "redis.conf"), text)
    await using server = await start(["--include", join(folder, "redis.conf")])
    await using client = await RespClient.connect(server)
    const live = new LiveConfig(await Effect.runPromise(Effect.provide(apply(defaults, text), NodeServices.layer)))
    await compareAll(live, client)
    await rm(folder, { recursive: true })
  })

  it("agree on a command line as redis-server reads it", async () => {
    const flags = [
      ...["--save", "900", "1", "--save", "300 10", "--timeout 5", "--timeout", "6", "--requirepass", "--port"],
      ...["--requirepass", "", "--client-output-buffer-limit", "normal", "1k", "1kb", "0", "pubsub", "1", "2", "3"],
      ...["--shutdown-on-sigint", "now", "save", "--latency-tracking-info-percentiles", "50 99.50"],
      ...["--slowlog-log-slower-than", "-1", "--Notify-Keyspace-Events", "KEx", "--loglevel", "verbose"]
    ]
    await using server = await start(flags)
    await using client = await RespClient.connect(server)
    const cli = makeCli((config) => Effect.promise(() => compareAll(new LiveConfig(config), client)))
    await Effect.runPromise(Effect.provide(cli(flags), NodeServices.layer))
  })
})
