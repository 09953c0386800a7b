import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, send } from "../Family.ts"

/** The commands whose facts must be Redis': those of every family. */
const COMMANDS: ReadonlyArray<string> = [
  ...[
    "get",
    "set",
    "getex",
    "getdel",
    "getset",
    "setnx",
    "setex",
    "psetex",
    "mget",
    "mset",
    "msetnx",
    "append",
    "strlen"
  ],
  ...["setrange", "getrange", "substr", "incr", "decr", "incrby", "decrby", "incrbyfloat", "lcs"],
  ...[
    "lpush",
    "rpush",
    "lpushx",
    "rpushx",
    "lpop",
    "rpop",
    "llen",
    "lindex",
    "lset",
    "linsert",
    "lrange",
    "ltrim",
    "lrem"
  ],
  ...["lpos", "lmove", "rpoplpush", "lmpop", "blpop", "brpop", "blmove", "brpoplpush", "blmpop"],
  ...["setbit", "getbit", "bitcount", "bitpos", "bitop", "bitfield", "bitfield_ro"],
  ...[
    "del",
    "unlink",
    "exists",
    "touch",
    "type",
    "keys",
    "scan",
    "randomkey",
    "rename",
    "renamenx",
    "copy",
    "move",
    "swapdb",
    "select"
  ],
  ...[
    "dbsize",
    "flushdb",
    "flushall",
    "expire",
    "pexpire",
    "expireat",
    "pexpireat",
    "ttl",
    "pttl",
    "expiretime",
    "pexpiretime",
    "persist",
    "object"
  ],
  ...["xadd", "xlen", "xrange", "xrevrange", "xdel", "xtrim", "xsetid", "xread"],
  ...["save", "bgsave", "lastsave"],
  ...[
    "ping",
    "echo",
    "hello",
    "auth",
    "quit",
    "reset",
    "client",
    "subscribe",
    "unsubscribe",
    "psubscribe",
    "punsubscribe",
    "publish"
  ],
  ...["ssubscribe", "sunsubscribe", "spublish", "pubsub", "multi", "exec", "discard", "watch", "unwatch"],
  ...[
    "command",
    "config",
    "info",
    "time",
    "lolwut",
    "monitor",
    "slowlog",
    "latency",
    "memory",
    "debug",
    "shutdown",
    "role"
  ]
]

/** Whole commands, of two words at least: fewer were an error of arity in 7.0 and are not any more in 7.2. */
const getKeys = (make: Arguments): Words =>
  make.random.pick<() => Words>([
    () => ["GET", make.key()],
    () => ["SET", make.key(), "v", "GET"],
    () => ["MSET", make.key(), "1", make.key(), "2"],
    () => ["MGET", ...make.keys()],
    () => ["DEL", ...make.keys()],
    () => ["COPY", make.key(), make.key()],
    () => ["RENAME", make.key(), make.key()],
    () => ["BITOP", "AND", make.key(), ...make.keys()],
    () => ["LCS", make.key(), make.key()],
    () => ["OBJECT", "ENCODING", make.key()],
    () => ["MEMORY", "USAGE", make.key()],
    () => ["BITFIELD", make.key(), "GET", "u8", "0"],
    () => ["GETEX", make.key(), "PERSIST"],
    () => ["XADD", make.key(), "*", "field", "value"],
    () => ["XREAD", "COUNT", "1", "STREAMS", make.key(), make.key(), "0", "$"],
    () => ["nosuch", make.key()],
    () => ["WATCH", ...make.keys()],
    () => ["LMPOP", "2", make.key(), make.key(), "LEFT"],
    () => ["BLMPOP", "0", make.random.pick(["0", "1", "2", "9"]), make.key(), make.key(), "LEFT"],
    () => ["BLPOP", ...make.keys(), "0"],
    () => ["LMOVE", make.key(), make.key(), "LEFT", "RIGHT"],
    () => ["CLIENT", "ID"],
    () => ["PUBLISH", "channel", "message"]
  ])()

/** What COMMAND tells about the commands: arity, flags, key positions. */
export const facts: Family = {
  name: "facts",
  connections: 1,
  weight: 0.2,
  shapes: [
    [6, (make) => ["COMMAND", make.anyCase("INFO"), make.random.pick(COMMANDS)]],
    [
      1,
      (make) => [
        "COMMAND",
        "INFO",
        ...make.random.many(0, 3, () => make.random.pick([...COMMANDS, "nosuch", "config|get", "client|nosuch"]))
      ]
    ],
    [6, (make) => send(["COMMAND", make.anyCase("GETKEYS"), ...getKeys(make)])],
    [4, (make) => send(["COMMAND", make.anyCase("GETKEYSANDFLAGS"), ...getKeys(make)])],
    [1, () => ["COMMAND", "COUNT"]],
    [1, (make) => ["COMMAND", "DOCS", make.random.pick(COMMANDS)]],
    [
      1,
      (make) => [
        "COMMAND",
        make.anyCase("LIST"),
        "FILTERBY",
        make.anyCase("ACLCAT", "PATTERN", "NOSUCH"),
        make.random.pick(["nosuchcategory", "nosuch*", "getex"])
      ]
    ],
    [1, (make) => ["COMMAND", make.anyCase("NOSUCH", "INFO", "COUNT")]]
  ]
}
