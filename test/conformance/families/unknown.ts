import type { Family } from "../Family.ts"

const containers = ["CLIENT", "CONFIG", "OBJECT", "COMMAND", "PUBSUB", "MEMORY", "SLOWLOG", "LATENCY", "DEBUG"]

const names = [
  "nosuch",
  "",
  "get ",
  "GETX",
  "no\r\nsuch",
  "x".repeat(200),
  "\x00",
  "\xff\xfe",
  "a'b",
  "SE",
  "nosuch|sub",
  "get|set",
  "config|get"
]

/** Commands and subcommands that do not exist: the error quotes what was sent, up to a length. */
export const unknown: Family = {
  name: "unknown",
  connections: 1,
  // What takes long is each server's own.
  configure: [
    ["CONFIG", "SET", "slowlog-log-slower-than", "-1"],
    ["SLOWLOG", "RESET"]
  ],
  shapes: [
    [8, (make) => [make.random.pick(names), ...make.random.many(0, 12, make.value)]],
    [
      2,
      (make) => [make.random.pick(names), ...make.random.many(1, 3, () => "y".repeat(make.random.between(100, 140)))]
    ],
    [6, (make) => [make.random.pick(containers), make.random.pick(names), ...make.random.many(0, 3, make.word)]],
    [2, (make) => [make.random.pick(containers)]],
    [2, () => ["MULTI"]],
    [2, () => ["EXEC"]],
    [2, (make) => ["SET", make.key()]]
  ]
}
