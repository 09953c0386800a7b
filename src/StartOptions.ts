/**
 * The settings that `start()` takes, written out: the same fields as `ServerConfig`, with types that need no other package.
 * They are redis-server's directives in camelCase; what is left out has redis-server's default.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 */

/** When a client that does not read its replies is cut off; 0 is no limit. */
export interface StartOutputLimit {
  /** Bytes at which it is cut off at once. */
  readonly hard: number
  /** Bytes at which it is cut off after `softSeconds` without a pause. */
  readonly soft: number
  readonly softSeconds: number
}

export interface StartOptions {
  /** TCP port; 0, the default here, draws a free one. */
  readonly port?: number
  /** Addresses to listen on; a `-` before one lets it be missing. */
  readonly bind?: ReadonlyArray<string>
  /** Path of a Unix socket to listen on, relative to `dir`; with port 0 there is then no TCP. */
  readonly unixsocket?: string
  /** Permissions of the Unix socket, such as 0o700. */
  readonly unixsocketperm?: number
  /** Refuse other hosts while there is no password. */
  readonly protectedMode?: boolean
  /** Length of the queue of pending connections. */
  readonly tcpBacklog?: number
  /** Seconds of silence before a client is probed; 0 for never. */
  readonly tcpKeepalive?: number
  /** Seconds before an idle client is closed; 0 for never. */
  readonly timeout?: number
  /** How many clients may be connected at once. */
  readonly maxclients?: number
  /** Number of databases. */
  readonly databases?: number
  /** Password that clients must give; "" for none. */
  readonly requirepass?: string
  /** How much each class of clients may leave unread. */
  readonly clientOutputBufferLimit?: {
    readonly normal: StartOutputLimit
    readonly replica: StartOutputLimit
    readonly pubsub: StartOutputLimit
  }
  /** Bytes of one request a client may send. */
  readonly clientQueryBufferLimit?: number
  /** Bytes of one argument a client may send. */
  readonly protoMaxBulkLen?: number
  /** When to take a snapshot: once so many changes happened and so many seconds passed. */
  readonly save?: ReadonlyArray<{ readonly seconds: number; readonly changes: number }>
  /** Name of the snapshot, which is loaded at the start if it is there; "", the default without `dir` and `save`, for none. */
  readonly dbfilename?: string
  /** End snapshots with a checksum. */
  readonly rdbchecksum?: boolean
  /** Refuse writes while the last snapshot of a save point could not be saved. */
  readonly stopWritesOnBgsaveError?: boolean
  /** Directory of the data files. */
  readonly dir?: string
  /** Keep an append-only file of all writes. */
  readonly appendonly?: boolean
  readonly appendfilename?: string
  /** When the append-only file is forced to disk. */
  readonly appendfsync?: "always" | "everysec" | "no"
  /** Start although the end of the append-only file is missing. */
  readonly aofLoadTruncated?: boolean
  /** Seconds that a shutdown may take. */
  readonly shutdownTimeout?: number
  /** Options of SHUTDOWN that the signal stands for, when the server is a program of its own. */
  readonly shutdownOnSigint?: ReadonlyArray<"save" | "nosave" | "now" | "force">
  readonly shutdownOnSigterm?: ReadonlyArray<"save" | "nosave" | "now" | "force">
  /** How much to log; nothing by default. */
  readonly loglevel?: "debug" | "verbose" | "notice" | "warning" | "nothing"
  /** File to log to instead of standard output. */
  readonly logfile?: string
  readonly logFormat?: "auto" | "pretty" | "json" | "logfmt"
  /** Who may use DEBUG; local means clients of this machine. */
  readonly enableDebugCommand?: "no" | "yes" | "local"
  /** Classes of keyspace events to publish, such as "KEA". */
  readonly notifyKeyspaceEvents?: string
  /** Microseconds from which a command is logged by SLOWLOG; -1 for never. */
  readonly slowlogLogSlowerThan?: number
  readonly slowlogMaxLen?: number
  /** Milliseconds from which LATENCY records; 0 for never. */
  readonly latencyMonitorThreshold?: number
  /** Keep the distribution of each command's time. */
  readonly latencyTracking?: boolean
  /** Percentiles that INFO latencystats shows. */
  readonly latencyTrackingInfoPercentiles?: ReadonlyArray<number>
  /** Fields up to which a hash is kept compact, and bytes that each of its fields and values may have then. */
  readonly hashMaxListpackEntries?: number
  readonly hashMaxListpackValue?: number
  /** Elements in a node of a list, or its size: -1 to -5 for 4 to 64 KiB. */
  readonly listMaxListpackSize?: number
  /** Members up to which a set is kept compact: integers only, or any, and then the bytes that each may have. */
  readonly setMaxIntsetEntries?: number
  readonly setMaxListpackEntries?: number
  readonly setMaxListpackValue?: number
  /** Members up to which a sorted set is kept compact, and bytes that each may have then. */
  readonly zsetMaxListpackEntries?: number
  readonly zsetMaxListpackValue?: number
  /** Bytes and entries in a node of a stream; 0 for no limit. */
  readonly streamNodeMaxBytes?: number
  readonly streamNodeMaxEntries?: number
  /** Bytes up to which a HyperLogLog is kept sparse. */
  readonly hllSparseMaxBytes?: number
  /** Keys remembered for client-side caching; 0 for no limit. */
  readonly trackingTableMaxKeys?: number
}
