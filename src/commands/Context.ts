/**
 * Everything a command may touch while it runs. There is one, reused for every command: what it points at is valid only
 * until the command returns.
 */
import type { Effect } from "effect"
import type { LiveConfig } from "../config/LiveConfig.ts"
import type { ReplyError } from "../Errors.ts"
import type { Database } from "../keyspace/Database.ts"
import type { KeyspaceState } from "../keyspace/Keyspace.ts"
import type { LatencyMonitor } from "../LatencyMonitor.ts"
import type { ClientRegistry } from "../net/Clients.ts"
import type { Session } from "../net/Session.ts"
import type { TrackingTable } from "../net/Tracking.ts"
import type { PersistenceService } from "../persistence/Persistence.ts"
import type { Snapshots } from "../persistence/Snapshot.ts"
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"
import type { HubService } from "../pubsub/Hub.ts"
import type { ServerIdentity } from "../ServerIdentity.ts"
import type { ShutdownService } from "../Shutdown.ts"
import type { SlowLog } from "../SlowLog.ts"
import type { ServerStats } from "../Stats.ts"
import type { Slice } from "../values/Slice.ts"
import { Args } from "./Args.ts"
import type { Pause } from "./Pause.ts"
import type { Registry } from "./Registry.ts"
import type { QueuedCommand } from "./Transaction.ts"

/** The server's parts, as far as commands deal with them; all synchronous. */
export interface ServerParts {
  readonly keyspace: KeyspaceState
  readonly reply: ReplyWriter
  readonly config: LiveConfig
  readonly registry: Registry
  readonly clients: ClientRegistry
  readonly hub: HubService
  readonly tracking: TrackingTable
  readonly persistence: PersistenceService
  readonly snapshots: Snapshots
  readonly shutdown: ShutdownService
  readonly stats: ServerStats
  readonly slowLog: SlowLog
  readonly latency: LatencyMonitor
  readonly pause: Pause
  readonly identity: ServerIdentity
  /** CONFIG REWRITE. */
  readonly rewriteConfig: Effect.Effect<void, ReplyError>
}

export class Context implements ServerParts {
  readonly keyspace: KeyspaceState
  readonly reply: ReplyWriter
  readonly config: LiveConfig
  readonly registry: Registry
  readonly clients: ClientRegistry
  readonly hub: HubService
  readonly tracking: TrackingTable
  readonly persistence: PersistenceService
  readonly snapshots: Snapshots
  readonly shutdown: ShutdownService
  readonly stats: ServerStats
  readonly slowLog: SlowLog
  readonly latency: LatencyMonitor
  readonly pause: Pause
  readonly identity: ServerIdentity
  readonly rewriteConfig: Effect.Effect<void, ReplyError>
  readonly args = new Args()
  session!: Session
  /** The database that the session has selected. */
  db!: Database
  /** The command runs inside EXEC: it may not wait. */
  inTransaction = false
  /** The command wrote its own journal entry (or none): the request itself is not repeated. */
  journaled = false

  constructor(
    parts: ServerParts,
    /** Runs a queued command as EXEC does: its words, its reply, its journal entry. */
    readonly execute: (command: QueuedCommand) => void
  ) {
    this.keyspace = parts.keyspace
    this.reply = parts.reply
    this.config = parts.config
    this.registry = parts.registry
    this.clients = parts.clients
    this.hub = parts.hub
    this.tracking = parts.tracking
    this.persistence = parts.persistence
    this.snapshots = parts.snapshots
    this.shutdown = parts.shutdown
    this.stats = parts.stats
    this.slowLog = parts.slowLog
    this.latency = parts.latency
    this.pause = parts.pause
    this.identity = parts.identity
    this.rewriteConfig = parts.rewriteConfig
  }

  /** Milliseconds since 1970; stands still while the transaction runs. */
  get now(): number {
    return this.keyspace.now
  }

  select(index: number): void {
    this.session.db = index
    this.db = this.keyspace.databases[index]!
  }

  /** Repeats this command elsewhere in this form instead of its own: the deterministic one. Database of the session unless given. */
  journalAs(words: ReadonlyArray<Slice | Uint8Array | string | number | bigint>, db = this.db.index): void {
    this.journaled = true
    this.keyspace.journal.command(db, words)
  }
}
