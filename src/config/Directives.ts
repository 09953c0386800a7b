/**
 * The table of directives. Everything that reads or shows settings derives from it: flags, files, environment, CONFIG GET,
 * SET and REWRITE, `ServerConfig`. Names, ranges and defaults are those of Redis 7.2, except that `save` is off and that only this machine is listened to, as in the redis.conf that Redis ships.
 * A directive is in the table only if the server obeys it.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */
import { resolve } from "node:path"
import { Result } from "effect"
import { camelCase, type Directive, type DirectiveSpec, directive } from "./Directive.ts"
import { eventClasses } from "./EventClasses.ts"
import { integer, type Kind, memory, octal, oneOf, several, text, wordsOrEmpty, yesNo } from "./Kind.ts"
import { outputLimits } from "./OutputLimits.ts"
import { percentiles } from "./Percentiles.ts"
import { savePoints } from "./SavePoints.ts"
import { shutdownOptions } from "./ShutdownOptions.ts"
import { toWord } from "./Words.ts"

const MAX_INT = 2 ** 31 - 1
const MEGABYTE = 1024 ** 2
const MAX_ADDRESSES = 16

/** Addresses to listen on, a leading `-` for those that may be missing, `*` for all of IPv4. */
const addresses = several<ReadonlyArray<string>>({
  metavar: '"address ..."',
  parse: (words) => {
    if (words.length === 1 && words[0] === "") return Result.succeed([])
    if (words.length > MAX_ADDRESSES) return Result.fail("Too many bind addresses specified.")
    return words.includes("") ? Result.fail("Failed to bind to specified addresses.") : Result.succeed(words)
  },
  lines: (value) => [wordsOrEmpty(value)]
})

/** The name of a file in `dir`. */
const fileName =
  (directive: string) =>
  (name: string): string | undefined =>
    name.includes("/") ? `${directive} can't be a path, just a filename` : undefined

const logName = (name: string): string | undefined =>
  name === "" ? "appendfilename can't be empty" : fileName("appendfilename")(name)

/** A directory, relative to where the server was started; CONFIG GET prints it in full. */
const directory: Kind<string> = {
  ...text("path", (path) => (path === "" ? "No such file or directory" : undefined)),
  print: (path) => toWord(resolve(path))
}

const specs = {
  port: directive(integer(0, 65535), 6379, "TCP port to listen on"),
  bind: directive(addresses, ["127.0.0.1", "-::1"], "addresses to listen on; a - before one lets it be missing"),
  unixsocket: directive(text("path"), "", "path of a Unix socket to listen on, relative to dir", { changes: "start" }),
  unixsocketperm: directive(octal, 0, "permissions of the Unix socket; 0 leaves them", { changes: "start" }),
  "protected-mode": directive(yesNo, true, "refuse other hosts while there is no password"),
  "tcp-backlog": directive(integer(0, MAX_INT), 511, "length of the queue of pending connections", {
    changes: "start"
  }),
  "tcp-keepalive": directive(integer(0, MAX_INT), 300, "seconds of silence before a client is probed; 0 for never"),
  timeout: directive(integer(0, MAX_INT), 0, "seconds before an idle client is closed; 0 for never"),
  maxclients: directive(integer(1, 2 ** 32 - 1), 10_000, "how many clients may be connected at once"),
  databases: directive(integer(1, MAX_INT), 16, "number of databases", { changes: "start" }),
  requirepass: directive(text("password"), "", "password that clients must give", { secret: true }),
  "client-output-buffer-limit": directive(
    outputLimits,
    {
      normal: { hard: 0, soft: 0, softSeconds: 0 },
      replica: { hard: 256 * MEGABYTE, soft: 64 * MEGABYTE, softSeconds: 60 },
      pubsub: { hard: 32 * MEGABYTE, soft: 8 * MEGABYTE, softSeconds: 60 }
    },
    "bytes of unread replies at which a client is cut off"
  ),
  "client-query-buffer-limit": directive(memory(MEGABYTE), 1024 * MEGABYTE, "bytes of one request a client may send"),
  "proto-max-bulk-len": directive(memory(MEGABYTE), 512 * MEGABYTE, "bytes of one argument a client may send"),
  save: directive(savePoints, [], "when to take a snapshot: after so many seconds and changes", { additive: true }),
  dbfilename: directive(
    text("name", fileName("dbfilename")),
    "dump.rdb",
    "name of the snapshot; none is loaded if empty",
    {
      changes: "protected"
    }
  ),
  rdbchecksum: directive(yesNo, true, "end snapshots with a checksum", { changes: "start" }),
  "stop-writes-on-bgsave-error": directive(yesNo, true, "refuse writes while the last snapshot could not be saved"),
  dir: directive(directory, ".", "directory of the data files", { changes: "protected" }),
  appendonly: directive(yesNo, false, "keep an append-only file of all writes"),
  appendfilename: directive(text("name", logName), "appendonly.aof", "name of the append-only file", {
    changes: "start"
  }),
  appendfsync: directive(oneOf("everysec", "always", "no"), "everysec", "when the append-only file is forced to disk"),
  "aof-load-truncated": directive(yesNo, true, "start although the end of the append-only file is missing"),
  "shutdown-timeout": directive(integer(0, MAX_INT), 10, "seconds that a shutdown may take"),
  "shutdown-on-sigint": directive(shutdownOptions, [], "options of SHUTDOWN on SIGINT"),
  "shutdown-on-sigterm": directive(shutdownOptions, [], "options of SHUTDOWN on SIGTERM"),
  loglevel: directive(oneOf("debug", "verbose", "notice", "warning", "nothing"), "notice", "how much to log"),
  logfile: directive(text("path"), "", "file to log to instead of standard output, relative to dir", {
    changes: "start"
  }),
  "log-format": directive(oneOf("auto", "pretty", "json", "logfmt"), "auto", "how log lines look", {
    changes: "start"
  }),
  "enable-debug-command": directive(oneOf("no", "yes", "local"), "no", "who may use DEBUG", { changes: "start" }),
  "notify-keyspace-events": directive(eventClasses, "", "classes of keyspace events to publish"),
  "slowlog-log-slower-than": directive(
    integer(-1),
    10_000,
    "microseconds from which a command is logged; -1 for never"
  ),
  "slowlog-max-len": directive(integer(0), 128, "length of the slow log"),
  "latency-monitor-threshold": directive(integer(0), 0, "milliseconds from which a latency is recorded; 0 for never"),
  "latency-tracking": directive(yesNo, true, "keep latency percentiles of each command"),
  "latency-tracking-info-percentiles": directive(
    percentiles,
    [50, 99, 99.9],
    "percentiles that INFO latencystats shows"
  ),
  "hash-max-listpack-entries": directive(integer(0), 512, "fields up to which a hash is kept compact", {
    alias: "hash-max-ziplist-entries"
  }),
  "hash-max-listpack-value": directive(memory(0), 64, "bytes of a field or value up to which a hash is kept compact", {
    alias: "hash-max-ziplist-value"
  }),
  "list-max-listpack-size": directive(
    integer(-(2 ** 31), MAX_INT),
    -2,
    "elements in a node of a list, or its size: -1 to -5 for 4 to 64 KiB",
    { alias: "list-max-ziplist-size" }
  ),
  "set-max-intset-entries": directive(integer(0), 512, "members up to which a set of integers is kept compact"),
  "set-max-listpack-entries": directive(integer(0), 128, "members up to which a set is kept compact"),
  "set-max-listpack-value": directive(memory(0), 64, "bytes of a member up to which a set is kept compact"),
  "zset-max-listpack-entries": directive(integer(0), 128, "members up to which a sorted set is kept compact", {
    alias: "zset-max-ziplist-entries"
  }),
  "zset-max-listpack-value": directive(memory(0), 64, "bytes of a member up to which a sorted set is kept compact", {
    alias: "zset-max-ziplist-value"
  }),
  "stream-node-max-bytes": directive(memory(0), 4096, "bytes in a node of a stream; 0 for no limit"),
  "stream-node-max-entries": directive(integer(0), 100, "entries in a node of a stream; 0 for no limit"),
  "hll-sparse-max-bytes": directive(memory(0), 3000, "bytes up to which a HyperLogLog is kept sparse"),
  "tracking-table-max-keys": directive(integer(0), 1_000_000, "keys remembered for client side caching; 0 for no limit")
}

type Specs = typeof specs

/** The name of a directive, as redis-server spells it. */
export type DirectiveName = keyof Specs

/** The type of a directive's values. */
export type DirectiveValue<Name extends DirectiveName> = Specs[Name] extends DirectiveSpec<infer A> ? A : never

/** The whole table as a type. */
export type Directives = { readonly [Name in DirectiveName]: Directive<DirectiveValue<Name>, Name> }

const entries = Object.entries(specs).map(([name, spec]) => [name, { ...spec, name, field: camelCase(name) }])

/** All directives by name. */
export const directives = Object.fromEntries(entries) as Directives

/** A directive whose type of values is left open. */
export type AnyDirective = Directive<unknown, DirectiveName>

/** All directives in the order of the table. */
export const table: ReadonlyArray<AnyDirective> = Object.values(directives)

/** Every name of every directive, in the order of the table. */
export const directiveNames: ReadonlyMap<string, AnyDirective> = new Map(
  table.flatMap((entry) =>
    [entry.name, ...(entry.alias === undefined ? [] : [entry.alias])].map((name) => [name, entry])
  )
)

/** The directive of that name, whatever its case. */
export const findDirective = (name: string): AnyDirective | undefined => directiveNames.get(name.toLowerCase())
