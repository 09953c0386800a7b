/**
 * INFO: the server about itself, in sections of `field:value` lines (https://redis.io/docs/latest/commands/info/).
 *
 * Fields have the names of redis-server 7.2, and those that monitoring tools such as redis_exporter read are all here. A field
 * is left out where any value would be made up: build ids and compilers, jemalloc's figures, defragmentation, forks and
 * copy-on-write, the cycles of an event loop that is not Redis', Lua memory. What does not exist here but has a true number
 * (no replicas, nothing evicted) is 0.
 */
import * as Os from "node:os"
import type { ServerParts } from "./commands/Context.ts"
import type { RegisteredCommand } from "./commands/Registry.ts"
import { datasetPercent, memoryReport, percentOf } from "./MemoryReport.ts"
import { REDIS_VERSION, VERSION } from "./ServerIdentity.ts"

/** One line of a section. */
type Field = readonly [name: string, value: string | number]

/** One section; `always`: it is among those that INFO shows when none is asked for. */
export interface InfoSection {
  readonly title: string
  readonly always: boolean
  readonly fields: (server: ServerParts) => Iterable<Field>
}

/** `1.21M`: a size in bytes for people. */
export function humanBytes(bytes: number): string {
  const units = ["B", "K", "M", "G", "T", "P"]
  let size = bytes
  let unit = 0
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024
  return unit === 0 ? `${size}B` : `${size.toFixed(2)}${units[unit]}`
}

const percent = (value: number): string => `${value.toFixed(2)}%`

/** A size in bytes, as it is and for people. */
const sized = (name: string, bytes: number): ReadonlyArray<Field> => [
  [name, bytes],
  [`${name}_human`, humanBytes(bytes)]
]

const yes = (condition: boolean): number => (condition ? 1 : 0)

/** What libuv waits with. */
const pollers: Readonly<Record<string, string>> = { linux: "epoll", darwin: "kqueue", win32: "iocp" }

const DAY = 86_400

function* server({ config, identity, keyspace }: ServerParts): Iterable<Field> {
  const uptime = Math.floor((keyspace.now - identity.startedAt) / 1000)
  yield ["redis_version", REDIS_VERSION]
  yield ["fibredis_version", VERSION]
  yield ["node_version", process.versions.node]
  yield ["redis_mode", "standalone"]
  yield ["os", `${Os.type()} ${Os.release()} ${Os.machine()}`]
  yield ["arch_bits", 64]
  yield ["monotonic_clock", "POSIX clock_gettime"]
  yield ["multiplexing_api", pollers[process.platform] ?? "poll"]
  yield ["process_id", process.pid]
  yield ["process_supervised", "no"]
  yield ["run_id", identity.runId]
  yield ["tcp_port", identity.port]
  yield ["server_time_usec", keyspace.epochMicroseconds()]
  yield ["uptime_in_seconds", uptime]
  yield ["uptime_in_days", Math.floor(uptime / DAY)]
  yield ["lru_clock", keyspace.clock]
  yield ["executable", process.execPath]
  yield ["config_file", config.file ?? ""]
  yield ["io_threads_active", 0]
}

function* clients({ clients, config, tracking }: ServerParts): Iterable<Field> {
  let input = 0
  let output = 0
  for (const { inbox, transport } of clients) {
    input = Math.max(input, transport.pendingInput())
    output = Math.max(output, transport.pendingOutput() + (inbox?.pendingBytes ?? 0))
  }
  yield ["connected_clients", clients.size]
  yield ["cluster_connections", 0]
  yield ["maxclients", config.values.maxclients]
  yield ["client_recent_max_input_buffer", input]
  yield ["client_recent_max_output_buffer", output]
  yield ["blocked_clients", clients.blocked]
  yield ["tracking_clients", tracking.clients]
  yield ["clients_in_timeout_table", 0]
  yield ["total_blocking_keys", 0]
  yield ["total_blocking_keys_on_nokey", 0]
}

function* memory(parts: ServerParts): Iterable<Field> {
  const report = memoryReport(parts)
  const { clients, dataset, log, overhead, peak, resident, startup, system, used } = report
  yield* sized("used_memory", used)
  yield* sized("used_memory_rss", resident)
  yield* sized("used_memory_peak", peak)
  yield ["used_memory_peak_perc", percent(percentOf(used, peak))]
  yield ["used_memory_overhead", overhead]
  yield ["used_memory_startup", startup]
  yield ["used_memory_dataset", dataset]
  yield ["used_memory_dataset_perc", percent(datasetPercent(report))]
  yield* sized("total_system_memory", system)
  yield ["number_of_cached_scripts", 0]
  yield ["number_of_functions", 0]
  yield ["number_of_libraries", 0]
  yield* sized("maxmemory", 0)
  yield ["maxmemory_policy", "noeviction"]
  yield ["mem_fragmentation_ratio", (resident / used).toFixed(2)]
  yield ["mem_fragmentation_bytes", resident - used]
  yield ["mem_not_counted_for_evict", 0]
  yield ["mem_replication_backlog", 0]
  yield ["mem_total_replication_buffers", 0]
  yield ["mem_clients_slaves", 0]
  yield ["mem_clients_normal", clients]
  yield ["mem_cluster_links", 0]
  yield ["mem_aof_buffer", log]
  yield ["mem_allocator", `v8-${process.versions.v8}`]
  yield ["lazyfree_pending_objects", 0]
  yield ["lazyfreed_objects", 0]
}

function* persistence({ keyspace, persistence, snapshots }: ServerParts): Iterable<Field> {
  const log = persistence.info()
  const { current, history, loaded } = snapshots
  const background = current?.kind === "background" ? current.run : undefined
  yield ["loading", yes(keyspace.loading)]
  yield ["async_loading", 0]
  yield ["current_cow_size", background?.copied ?? 0]
  yield ["current_save_keys_processed", background?.records.shown ?? 0]
  yield ["current_save_keys_total", background?.records.total ?? 0]
  yield ["rdb_changes_since_last_save", keyspace.dirty]
  yield ["rdb_bgsave_in_progress", yes(background !== undefined)]
  yield ["rdb_last_save_time", Math.floor(history.lastSave / 1000)]
  yield ["rdb_last_bgsave_status", history.ok ? "ok" : "err"]
  yield ["rdb_last_bgsave_time_sec", history.lastSeconds]
  yield [
    "rdb_current_bgsave_time_sec",
    background === undefined ? -1 : Math.floor((keyspace.now - background.startedAt) / 1000)
  ]
  yield ["rdb_saves", history.saves]
  yield ["rdb_last_cow_size", history.lastCopied]
  yield ["rdb_last_load_keys_expired", loaded.expired]
  yield ["rdb_last_load_keys_loaded", loaded.loaded]
  yield ["aof_enabled", yes(log.enabled)]
  yield ["aof_rewrite_in_progress", yes(log.rewriteInProgress)]
  yield ["aof_rewrite_scheduled", 0]
  yield ["aof_last_rewrite_time_sec", -1]
  yield ["aof_current_rewrite_time_sec", -1]
  yield ["aof_last_bgrewrite_status", "ok"]
  yield ["aof_rewrites", 0]
  yield ["aof_rewrites_consecutive_failures", 0]
  yield ["aof_last_write_status", log.lastWriteOk ? "ok" : "err"]
  if (!log.enabled) return
  yield ["aof_current_size", log.currentSize]
  yield ["aof_base_size", log.baseSize]
  yield ["aof_pending_rewrite", 0]
  yield ["aof_buffer_length", log.bufferLength]
  yield ["aof_pending_bio_fsync", yes(log.pendingFsync)]
  yield ["aof_delayed_fsync", log.delayedFsync]
}

/** Bytes a second in the unit that Redis has for it. */
const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(2)

function* stats({ hub, keyspace, stats, tracking }: ServerParts): Iterable<Field> {
  stats.sample(keyspace.now)
  yield ["total_connections_received", stats.connectionsReceived]
  yield ["total_commands_processed", stats.commandsProcessed]
  yield ["instantaneous_ops_per_sec", Math.round(stats.commandRate.value)]
  yield ["total_net_input_bytes", stats.netInput]
  yield ["total_net_output_bytes", stats.netOutput]
  yield ["total_net_repl_input_bytes", 0]
  yield ["total_net_repl_output_bytes", 0]
  yield ["instantaneous_input_kbps", kilobytes(stats.inputRate.value)]
  yield ["instantaneous_output_kbps", kilobytes(stats.outputRate.value)]
  yield ["instantaneous_input_repl_kbps", "0.00"]
  yield ["instantaneous_output_repl_kbps", "0.00"]
  yield ["rejected_connections", stats.connectionsRejected]
  yield ["sync_full", 0]
  yield ["sync_partial_ok", 0]
  yield ["sync_partial_err", 0]
  yield ["expired_keys", keyspace.stats.expired]
  yield ["evicted_keys", 0]
  yield ["evicted_clients", 0]
  yield ["total_eviction_exceeded_time", 0]
  yield ["current_eviction_exceeded_time", 0]
  yield ["keyspace_hits", keyspace.stats.hits]
  yield ["keyspace_misses", keyspace.stats.misses]
  yield ["pubsub_channels", hub.channels.size]
  yield ["pubsub_patterns", hub.patterns.size]
  yield ["pubsubshard_channels", hub.shardChannels.size]
  yield ["latest_fork_usec", 0]
  yield ["total_forks", 0]
  yield ["migrate_cached_sockets", 0]
  yield ["slave_expires_tracked_keys", 0]
  yield ["tracking_total_keys", tracking.totalKeys]
  yield ["tracking_total_items", tracking.totalItems]
  yield ["tracking_total_prefixes", tracking.totalPrefixes]
  yield ["unexpected_error_replies", 0]
  yield ["total_error_replies", stats.errorReplies]
  yield ["total_reads_processed", stats.readsProcessed]
  yield ["total_writes_processed", stats.writesProcessed]
  yield ["io_threaded_reads_processed", 0]
  yield ["io_threaded_writes_processed", 0]
  yield ["client_query_buffer_limit_disconnections", stats.queryLimitDisconnections]
  yield ["client_output_buffer_limit_disconnections", stats.outputLimitDisconnections]
  yield ["acl_access_denied_auth", stats.authFailures]
  yield ["acl_access_denied_cmd", 0]
  yield ["acl_access_denied_key", 0]
  yield ["acl_access_denied_channel", 0]
}

function* replication({ identity }: ServerParts): Iterable<Field> {
  yield ["role", "master"]
  yield ["connected_slaves", 0]
  yield ["master_failover_state", "no-failover"]
  yield ["master_replid", identity.replicationId]
  yield ["master_replid2", "0".repeat(40)]
  yield ["master_repl_offset", 0]
  yield ["second_repl_offset", -1]
  yield ["repl_backlog_active", 0]
  yield ["repl_backlog_first_byte_offset", 0]
  yield ["repl_backlog_histlen", 0]
}

/** Microseconds of processor time as seconds. */
const seconds = (microseconds: number): string => (microseconds / 1e6).toFixed(6)

/** Of the whole process with all its threads; there are no child processes. */
function* cpu(): Iterable<Field> {
  const { system, user } = process.cpuUsage()
  yield ["used_cpu_sys", seconds(system)]
  yield ["used_cpu_user", seconds(user)]
  yield ["used_cpu_sys_children", seconds(0)]
  yield ["used_cpu_user_children", seconds(0)]
}

// ---- commands ----------------------------------------------------------------------------------------------------------

/** All commands, a container's subcommands instead of the container where they were called. */
function* called({ registry }: ServerParts): Iterable<RegisteredCommand> {
  for (const command of registry.commands) {
    yield command
    yield* command.subcommands?.values() ?? []
  }
}

function* commandstats(parts: ServerParts): Iterable<Field> {
  for (const { calls, failedCalls, fullName, microseconds, rejectedCalls } of called(parts)) {
    if (calls + failedCalls + rejectedCalls === 0) continue
    const each = calls === 0 ? 0 : microseconds / calls
    const time = `calls=${calls},usec=${Math.round(microseconds)},usec_per_call=${each.toFixed(2)}`
    yield [`cmdstat_${fullName}`, `${time},rejected_calls=${rejectedCalls},failed_calls=${failedCalls}`]
  }
}

function* errorstats({ stats }: ServerParts): Iterable<Field> {
  for (const [code, count] of stats.errors) yield [`errorstat_${code}`, `count=${count}`]
}

function* latencystats(parts: ServerParts): Iterable<Field> {
  const { latencyTracking, latencyTrackingInfoPercentiles: percentiles } = parts.config.values
  if (!latencyTracking) return
  for (const { fullName, histogram } of called(parts)) {
    if (histogram === undefined || histogram.count === 0) continue
    const times = percentiles.map((share) => `p${share}=${histogram.percentile(share).toFixed(3)}`)
    yield [`latency_percentiles_usec_${fullName}`, times.join(",")]
  }
}

// ---- keys --------------------------------------------------------------------------------------------------------------

function* cluster(): Iterable<Field> {
  yield ["cluster_enabled", 0]
}

/** As many deadlines are looked at for the mean time to live. */
const TTL_SAMPLES = 1000

function* keyspace({ keyspace }: ServerParts): Iterable<Field> {
  for (const { expires, index, size } of keyspace.databases) {
    if (size === 0) continue
    const ttl = Math.floor(expires.averageTtl(keyspace.now, TTL_SAMPLES))
    yield [`db${index}`, `keys=${size},expires=${expires.size},avg_ttl=${ttl}`]
  }
}

const section = (title: string, fields: InfoSection["fields"], always = true): InfoSection => ({
  title,
  always,
  fields
})

/** All sections, in the order in which INFO shows them. */
const sections: ReadonlyArray<InfoSection> = [
  section("Server", server),
  section("Clients", clients),
  section("Memory", memory),
  section("Persistence", persistence),
  section("Stats", stats),
  section("Replication", replication),
  section("CPU", cpu),
  section("Modules", () => []),
  section("Commandstats", commandstats, false),
  section("Errorstats", errorstats),
  section("Latencystats", latencystats, false),
  section("Cluster", cluster),
  section("Keyspace", keyspace)
]

const ALL = new Set(["all", "everything"])

/** The sections of these names, in any case; `default` and `all` stand for several, and no name for `default`. */
export function info(server: ServerParts, names: ReadonlyArray<string>): string {
  const wanted = new Set(names.length === 0 ? ["default"] : names.map((name) => name.toLowerCase()))
  const everything = [...wanted].some((name) => ALL.has(name))
  return sections
    .filter(({ always, title }) => everything || (always && wanted.has("default")) || wanted.has(title.toLowerCase()))
    .map(({ fields, title }) => {
      const lines = Array.from(fields(server), ([name, value]) => `${name}:${value}\r\n`)
      return `# ${title}\r\n${lines.join("")}`
    })
    .join("\r\n")
}
