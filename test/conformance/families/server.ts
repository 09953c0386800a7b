import { type Family, send } from "../Family.ts"

const settings = [
  ...[
    "maxclients",
    "timeout",
    "tcp-keepalive",
    "databases",
    "appendonly",
    "appendfsync",
    "notify-keyspace-events",
    "requirepass"
  ],
  ...[
    "slowlog-log-slower-than",
    "slowlog-max-len",
    "latency-monitor-threshold",
    "proto-max-bulk-len",
    "client-output-buffer-limit"
  ]
]

const pairs: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["timeout", ["0", "100", "-1", "a", "", "1.5"]],
  ["tcp-keepalive", ["300", "0", "-1", "x"]],
  ["slowlog-max-len", ["128", "0", "-1", "1kb", ""]],
  ["slowlog-log-slower-than", ["10000", "-1", "x"]],
  ["notify-keyspace-events", ["", "KEA", "Q", "AKE", "Kg$"]],
  ["appendfsync", ["everysec", "always", "no", "ALWAYS", "sometimes", ""]],
  ["latency-monitor-threshold", ["0", "-1", "x"]],
  ["proto-max-bulk-len", ["512mb", "1mb", "0", "1x", "536870912"]],
  ["databases", ["16"]],
  ["nosuchsetting", ["1"]]
]

/** The server about itself: settings, time, debugging, help. */
export const server: Family = {
  name: "server",
  connections: 1,
  configure: [
    ["CONFIG", "SET", "timeout", "0", "tcp-keepalive", "300", "slowlog-max-len", "128"],
    ["CONFIG", "SET", "slowlog-log-slower-than", "-1", "appendfsync", "everysec"],
    ["SLOWLOG", "RESET"]
  ],
  shapes: [
    [4, (make) => ["CONFIG", make.anyCase("GET"), make.random.pick(settings)]],
    [
      2,
      (make) => [
        "CONFIG",
        "GET",
        ...make.random
          .many(1, 3, () => make.random.pick(settings))
          .filter((name, at, all) => all.indexOf(name) === at)
          .slice(0, 1)
      ]
    ],
    [
      6,
      (make) => {
        const [setting, values] = make.random.pick(pairs)
        return ["CONFIG", make.anyCase("SET"), make.anyCase(setting), make.random.pick(values)]
      }
    ],
    [
      2,
      (make) => {
        const chosen = make.random.many(2, 3, () => make.random.pick(pairs))
        return ["CONFIG", "SET", ...chosen.flatMap(([setting, values]) => [setting, make.random.pick(values)])]
      }
    ],
    [1, (make) => ["CONFIG", make.anyCase("RESETSTAT", "NOSUCH", "REWRITE")]],
    // Not to be spoilt: a port of 0 would make the server deaf.
    [1, () => send(["CONFIG", "SET", "port", "x"])],
    [2, () => ["TIME"]],
    [3, (make) => ["SET", make.key(), make.value()]],
    [3, (make) => ["OBJECT", make.anyCase("ENCODING", "REFCOUNT", "FREQ", "IDLETIME"), make.key()]],
    [2, (make) => ["DEBUG", make.anyCase("OBJECT"), make.key()]],
    [3, () => ["DEBUG", "DIGEST"]],
    [3, (make) => ["DEBUG", "DIGEST-VALUE", ...make.keys()]],
    [2, (make) => ["DEBUG", "SET-ACTIVE-EXPIRE", make.random.pick(["0", "1"])]],
    [1, () => send(["DEBUG", "SET-ACTIVE-EXPIRE", "1"], ["DEBUG", "SLEEP", "0"])],
    [1, (make) => ["DEBUG", make.anyCase("NOSUCH", "OBJECT", "DIGEST-VALUE")]],
    [2, (make) => ["MEMORY", make.anyCase("USAGE"), make.key(), ...make.options(1, () => ["SAMPLES", make.integer()])]],
    [1, (make) => ["MEMORY", make.anyCase("NOSUCH", "USAGE", "PURGE")]],
    [1, (make) => ["SLOWLOG", make.anyCase("LEN", "RESET")]],
    [
      1,
      (make) => [
        "SLOWLOG",
        make.anyCase("GET"),
        ...make.options(1, () => [make.random.pick(["10", "-1", "-2", "a", ""])])
      ]
    ],
    [1, (make) => ["LATENCY", make.anyCase("LATEST", "RESET", "NOSUCH")]],
    [1, (make) => ["LATENCY", make.anyCase("HISTORY"), make.word()]],
    [1, (make) => ["LATENCY", make.anyCase("GRAPH"), make.word()]],
    [2, () => ["ROLE"]],
    [2, () => ["DBSIZE"]],
    [1, (make) => ["LOLWUT", ...make.options(1, () => ["VERSION", make.integer()])]],
    [1, (make) => send(["SHUTDOWN", make.random.pick(["NOSUCH", "NOSAVE SAVE", "ABORT"])])],
    [1, (make) => ["SWAPDB", make.database(), make.database()]],
    [1, (make) => [make.random.pick(["CONFIG", "OBJECT", "DEBUG", "MEMORY", "SLOWLOG", "LATENCY"]), "HELP", "x"]]
  ]
}
