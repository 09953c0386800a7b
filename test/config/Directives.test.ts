import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import { directives, findDirective, table } from "../../src/config/Directives.ts"
import { format } from "../../src/config/Kind.ts"
import { assign, defaults, make, type ServerConfig } from "../../src/config/ServerConfig.ts"
import { joinWords, splitWords, toText, toWord } from "../../src/config/Words.ts"

const RUNS = { arbitrary: { runs: 100, size: 40 } }

const int = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))
const count = int(0, Number.MAX_SAFE_INTEGER)
const time = int(0, 2 ** 31 - 1)
const bytes = int(1024 ** 2, Number.MAX_SAFE_INTEGER)
const isText = (value: string) => toText(toWord(value)) === value
const text = Arbitrary.filter(Arbitrary.schema(Schema.String), isText)
const name = Arbitrary.filter(Arbitrary.schema(Schema.NonEmptyString), (value) => isText(value) && !value.includes("/"))
const shutdown = Arbitrary.schema(
  Schema.Literals(["", "now", "force", "now force", "save", "nosave force", "save now force"])
).pipe(Arbitrary.map((value) => value.split(" ").filter((word) => word !== "")))
const limit = Schema.Struct({ hard: count, soft: count, softSeconds: count })
const letters = Arbitrary.schema(Schema.Array(Schema.Literals([..."Ag$lshzxetdKEmn"])))

/** Values of every directive; `Record` makes the compiler ask for the ones that are missing. */
const values: Record<keyof ServerConfig, Schema.Schema<unknown> | Arbitrary.Arbitrary<unknown>> = {
  port: int(0, 65535),
  bind: Schema.Array(Schema.Literals(["*", "-::*", "127.0.0.1", "-::1", "::1", "localhost"])).check(
    Schema.isMaxLength(16)
  ),
  unixsocket: text,
  unixsocketperm: int(0, 0o777),
  protectedMode: Schema.Boolean,
  tcpBacklog: time,
  tcpKeepalive: time,
  timeout: time,
  maxclients: int(1, 2 ** 32 - 1),
  databases: int(1, 2 ** 31 - 1),
  requirepass: text,
  clientOutputBufferLimit: Schema.Struct({ normal: limit, replica: limit, pubsub: limit }),
  clientQueryBufferLimit: bytes,
  protoMaxBulkLen: bytes,
  save: Schema.Array(Schema.Struct({ seconds: int(1, 2 ** 31 - 1), changes: count })),
  dbfilename: Arbitrary.filter(text, (value) => !value.includes("/")),
  rdbchecksum: Schema.Boolean,
  stopWritesOnBgsaveError: Schema.Boolean,
  dir: name,
  appendonly: Schema.Boolean,
  appendfilename: name,
  appendfsync: Schema.Literals(["everysec", "always", "no"]),
  aofLoadTruncated: Schema.Boolean,
  shutdownTimeout: time,
  shutdownOnSigint: shutdown,
  shutdownOnSigterm: shutdown,
  loglevel: Schema.Literals(["debug", "verbose", "notice", "warning", "nothing"]),
  logfile: text,
  logFormat: Schema.Literals(["auto", "pretty", "json", "logfmt"]),
  enableDebugCommand: Schema.Literals(["no", "yes", "local"]),
  notifyKeyspaceEvents: Arbitrary.map(letters, (all) =>
    Result.getOrThrow(directives["notify-keyspace-events"].kind.parse([all.join("")], ""))
  ),
  slowlogLogSlowerThan: int(-1, Number.MAX_SAFE_INTEGER),
  slowlogMaxLen: count,
  latencyMonitorThreshold: count,
  latencyTracking: Schema.Boolean,
  latencyTrackingInfoPercentiles: Arbitrary.map(Arbitrary.schema(Schema.Array(int(0, 100_000_000))), (millionths) =>
    millionths.map((value) => value / 1e6)
  ),
  hashMaxListpackEntries: count,
  hashMaxListpackValue: count,
  listMaxListpackSize: int(-(2 ** 31), 2 ** 31 - 1),
  setMaxIntsetEntries: count,
  setMaxListpackEntries: count,
  setMaxListpackValue: count,
  zsetMaxListpackEntries: count,
  zsetMaxListpackValue: count,
  streamNodeMaxBytes: count,
  streamNodeMaxEntries: count,
  hllSparseMaxBytes: count,
  trackingTableMaxKeys: count
}

describe("a directive's value", () => {
  for (const directive of table) {
    it.prop(
      `${directive.name}: the lines that say it give it back`,
      { value: values[directive.field] },
      ({ value }) => {
        let config = defaults
        for (const words of directive.kind.lines(value)) {
          config = Result.getOrThrow(assign(config, directive, splitWords(joinWords(words))!))
        }
        assert.deepStrictEqual<unknown>(config[directive.field], value)
      },
      RUNS
    )

    it.prop(
      `${directive.name}: an embedder may give it`,
      { value: values[directive.field] },
      ({ value }) => {
        const config = Result.getOrThrow(make({ [directive.field]: value }))
        assert.deepStrictEqual<unknown>(config, { ...defaults, [directive.field]: value })
      },
      RUNS
    )
  }
})

/** What CONFIG GET prints for a directive after these words, or why they are refused. */
const read = (name: string, ...words: ReadonlyArray<string>): string => {
  const directive = findDirective(name)!
  return Result.match(directive.kind.parse(words, directive.default), {
    onSuccess: (value) => format(directive.kind, value),
    onFailure: (reason) => `! ${reason}`
  })
}

describe("the table", () => {
  it("finds directives whatever their case", () => {
    assert.strictEqual(findDirective("TCP-KeepAlive"), directives["tcp-keepalive"])
    assert.isUndefined(findDirective("hz"))
  })

  it("has defaults that print as redis-server prints its own", () => {
    const printed = (name: string) => format(findDirective(name)!.kind, findDirective(name)!.default)
    assert.strictEqual(printed("bind"), "127.0.0.1 -::1")
    assert.strictEqual(
      printed("client-output-buffer-limit"),
      "normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"
    )
    assert.strictEqual(printed("shutdown-on-sigint"), "default")
    assert.strictEqual(printed("latency-tracking-info-percentiles"), "50 99 99.9")
  })

  it("reads memory sizes in thousands and in 1024s", () => {
    assert.strictEqual(read("proto-max-bulk-len", "2m"), "2000000")
    assert.strictEqual(read("proto-max-bulk-len", "2MB"), "2097152")
    assert.strictEqual(read("proto-max-bulk-len", "1gb"), "1073741824")
    assert.strictEqual(read("proto-max-bulk-len", "1.5gb"), "! argument must be a memory value")
    assert.strictEqual(read("proto-max-bulk-len", "-1"), "! argument must be a memory value")
    assert.strictEqual(read("proto-max-bulk-len", "2mb\0x"), "2097152")
    assert.strictEqual(read("proto-max-bulk-len", "9223372036854775807"), "9223372036854775807")
    assert.strictEqual(
      read("proto-max-bulk-len", "9223372036854775808"),
      "! argument must be between 1048576 and 9223372036854775807 inclusive"
    )
    assert.strictEqual(
      read("proto-max-bulk-len", "1kb"),
      "! argument must be between 1048576 and 9223372036854775807 inclusive"
    )
  })

  it("reads integers as strictly as Redis", () => {
    for (const word of ["", "05", "+5", " 5", "5x", "0x5", "5.0", "9223372036854775808"]) {
      assert.strictEqual(read("timeout", word), "! argument couldn't be parsed into an integer", word)
    }
    assert.strictEqual(read("timeout", "-1"), "! argument must be between 0 and 2147483647 inclusive")
    assert.strictEqual(read("timeout"), "! wrong number of arguments")
    assert.strictEqual(read("timeout", "1", "2"), "! wrong number of arguments")
  })

  it("reads permissions as octal numbers", () => {
    assert.strictEqual(read("unixsocketperm", "0700"), "700")
    assert.strictEqual(read("unixsocketperm", "999"), "! argument couldn't be parsed as an octal number")
    assert.strictEqual(read("unixsocketperm", "7777"), "! argument must be between 0 and 777 inclusive")
  })

  it("orders and joins the classes of keyspace events as Redis does", () => {
    assert.strictEqual(read("notify-keyspace-events", "zKElsxmt$hend"), "$lshzxetdnKEm")
    assert.strictEqual(read("notify-keyspace-events", "g$lshzxetdK"), "AK")
    assert.strictEqual(read("notify-keyspace-events", "AnKEm"), "AKEm")
    assert.strictEqual(read("notify-keyspace-events", "Q"), "! Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
  })

  it("splits the one word of a value of several words", () => {
    assert.strictEqual(read("save", "900 1 300 10"), "900 1 300 10")
    assert.strictEqual(read("save", "900", "1"), "900 1")
    assert.strictEqual(read("save", "900  1"), "! Invalid save parameters")
    assert.strictEqual(read("bind", "127.0.0.1 -::1"), "127.0.0.1 -::1")
    assert.strictEqual(read("bind", ""), "")
  })

  it("changes only the classes of clients that are named", () => {
    assert.strictEqual(
      read("client-output-buffer-limit", "replica", "1k", "1kb", "5"),
      "normal 0 0 0 slave 1000 1024 5 pubsub 33554432 8388608 60"
    )
  })

  it("refuses text that is not UTF-8", () => {
    assert.strictEqual(read("requirepass", "\xff"), "! argument must be valid UTF-8")
    assert.strictEqual(read("requirepass", "\xc3\xa4"), "\xc3\xa4")
  })
})

describe("the settings of an embedder", () => {
  const reason = (given: object) => Result.match(make(given), { onSuccess: () => "fine", onFailure: (e) => e.message })

  it("have defaults where nothing, or undefined, is given", () => {
    assert.deepStrictEqual(Result.getOrThrow(make({ port: 0, timeout: undefined })), { ...defaults, port: 0 })
  })

  it("are refused by the directive's name", () => {
    assert.strictEqual(reason({ port: 70000 }), "port: argument must be between 0 and 65535 inclusive")
    assert.strictEqual(reason({ tcpKeepalive: 1.5 }), "tcp-keepalive: argument couldn't be parsed into an integer")
    assert.strictEqual(reason({ appendonly: "no" }), "appendonly: must be a boolean")
    assert.strictEqual(reason({ bind: "127.0.0.1" }), "bind: must be a list")
    assert.match(reason({ notifyKeyspaceEvents: "KQ" }), /^notify-keyspace-events: Invalid event class character/)
    const unfit = "a part of it is missing or of another type"
    assert.strictEqual(reason({ clientOutputBufferLimit: {} }), `client-output-buffer-limit: ${unfit}`)
    assert.strictEqual(reason({ bind: [1] }), `bind: ${unfit}`)
  })

  it("are refused when there is no such setting", () => {
    assert.strictEqual(reason({ prot: 1 }), "prot: no such setting")
  })
})
