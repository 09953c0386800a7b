/**
 * The server: its Layers, put together. Their order is the order of the start, and reversed the order of the shutdown:
 *
 *   settings, statistics -> keyspace -> hub -> append-only file, snapshots -> shutdown -> dispatcher -> data loaded
 *     -> sweeper, save points -> listener
 *
 * so the listener is the last to open and the first to close, and the files are written when no command can run any more.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { Clock, Context, Data, Deferred, Effect, Exit, type FileSystem, Layer, type Path, Random, Scope } from "effect"
import { CommandTable } from "./commands/all.ts"
import type { ServerParts } from "./commands/Context.ts"
import { Dispatch, Dispatcher } from "./commands/Dispatch.ts"
import { ClientPause } from "./commands/Pause.ts"
import { Registry } from "./commands/Registry.ts"
import { loadAppendOnlyFile } from "./commands/replay.ts"
import { rewriteConfig } from "./config/rewriteConfig.ts"
import { type ConfigError, makeEmbedded, type ServerConfig } from "./config/ServerConfig.ts"
import { Settings } from "./config/Settings.ts"
import { Housekeeper } from "./keyspace/Housekeeper.ts"
import { Keyspace } from "./keyspace/Keyspace.ts"
import { Sweeper } from "./keyspace/Sweeper.ts"
import { LatencyMonitor } from "./LatencyMonitor.ts"
import * as Logging from "./Logging.ts"
import { Clients } from "./net/Clients.ts"
import { IdleClients } from "./net/IdleClients.ts"
import { Listener } from "./net/Listener.ts"
import type { BoundAddress, ListenError } from "./net/listen.ts"
import { formatAddress } from "./net/socketAddress.ts"
import { TrackingTable } from "./net/Tracking.ts"
import { obeySettings } from "./obeySettings.ts"
import type { AofLoadError } from "./persistence/AofLoadError.ts"
import { Autosave } from "./persistence/Autosave.ts"
import { Persistence } from "./persistence/Persistence.ts"
import type { RdbLoadError } from "./persistence/RdbLoadError.ts"
import { Snapshot } from "./persistence/Snapshot.ts"
import { ReplyWriter } from "./protocol/ReplyWriter.ts"
import { Hub } from "./pubsub/Hub.ts"
import { randomId } from "./ServerIdentity.ts"
import { Shutdown, type ShutdownService } from "./Shutdown.ts"
import { handleSignals, type Signal } from "./Signals.ts"
import { SlowLog } from "./SlowLog.ts"
import { Stats } from "./Stats.ts"

/** Why a server did not start. */
export type StartError = ConfigError | ListenError | AofLoadError | RdbLoadError

/** Settings of a server inside an Effect program; what it logs goes to the program's own logger. */
export type EmbeddedConfig = Omit<ServerConfig, "loglevel" | "logfile" | "logFormat">

const KeyspaceLive = Layer.unwrap(
  Effect.map(Settings, (settings) => Keyspace.layer({ databases: settings.values.databases }))
)

/** Ties the parts together: what happens to keys reaches those who want to know. */
const DispatchLive = Layer.effect(
  Dispatch,
  Effect.gen(function* () {
    const config = yield* Settings
    const { state: keyspace } = yield* Keyspace
    const hub = yield* Hub
    const clients = yield* Clients
    const random = yield* Random.Random
    const drawId = () => randomId(() => random.nextDoubleUnsafe())
    const tracking = new TrackingTable(
      (id) => clients.get(id),
      () => config.values.trackingTableMaxKeys
    )
    keyspace.observer = tracking
    keyspace.events.sink = hub
    const services = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
    const parts: ServerParts = {
      keyspace,
      reply: new ReplyWriter(),
      config,
      registry: new Registry(yield* CommandTable),
      clients,
      hub,
      tracking,
      persistence: yield* Persistence,
      snapshots: yield* Snapshot,
      shutdown: yield* Shutdown,
      stats: yield* Stats,
      slowLog: new SlowLog(),
      latency: new LatencyMonitor(),
      pause: yield* ClientPause,
      identity: {
        runId: drawId(),
        replicationId: drawId(),
        startedAt: yield* Clock.currentTimeMillis,
        port: config.values.port
      },
      rewriteConfig: Effect.provideContext(rewriteConfig(config), services)
    }
    obeySettings(parts)
    return new Dispatcher(parts)
  })
).pipe(Layer.provide([NodeFileSystem.layer, NodePath.layer]))

/** Brings back what the append-only file holds, or else the snapshot, before the first client can see anything. */
const DataLive = Layer.effectDiscard(
  Effect.gen(function* () {
    const keyspace = yield* Keyspace
    const dispatcher = yield* Dispatch
    const { config, persistence, snapshots } = dispatcher.parts
    yield* config.values.appendonly ? loadAppendOnlyFile(keyspace, dispatcher) : snapshots.load
    if (persistence.info().enabled) keyspace.state.journal.connect(persistence.append)
  })
)

const CoreLive = Layer.mergeAll(Sweeper, Housekeeper, Autosave, IdleClients).pipe(
  Layer.provideMerge(DataLive),
  Layer.provideMerge(DispatchLive),
  Layer.provideMerge(Shutdown.layer),
  Layer.provideMerge(Layer.mergeAll(Persistence.layer, Snapshot.layer)),
  Layer.provideMerge(Layer.mergeAll(KeyspaceLive, Hub.layer, Clients.layer, ClientPause.layer, Stats.layer))
)

/** A running server. */
export class Server extends Context.Service<
  Server,
  {
    /** What it listens on, in the order of the configuration. */
    readonly addresses: ReadonlyArray<BoundAddress>
    /** The first TCP address; "" and 0 when there is only a Unix socket. */
    readonly host: string
    readonly port: number
    /** `redis://host:port`, or `redis+unix://path`, as clients take it. */
    readonly url: string
    /** Ends when a client has stopped the server with SHUTDOWN: nothing is listened on any more. */
    readonly stopped: Effect.Effect<void>
  }
>()("fibredis/Server") {
  /**
   * A server with these settings; what is left out has redis-server's default, and port 0 draws a free port. There is a snapshot
   * only if `dir`, `save` or `dbfilename` is given. It lives as long as the Layer's scope and takes its time from the ambient
   * Clock, so that under TestClock keys expire when the test says so.
   */
  static readonly layer = (config: Partial<EmbeddedConfig> = {}): Layer.Layer<Server, StartError> =>
    Layer.unwrap(
      Effect.map(Effect.fromResult(makeEmbedded(config)), (values) =>
        Server.layerNoSettings.pipe(Layer.provide(Settings.layer(values)))
      )
    )

  static readonly layerNoSettings: Layer.Layer<Server, StartError, Settings> = Layer.suspend(() =>
    Layer.provide(ServerLive, CoreLive)
  )
}

const ServerLive = Layer.effect(
  Server,
  Effect.gen(function* () {
    const shutdown = yield* Shutdown
    const { identity } = (yield* Dispatch).parts
    // SHUTDOWN closes the listener with all its connections; the rest goes with this Layer's own scope.
    const scope = yield* Scope.fork(yield* Effect.scope)
    const stopped = yield* Deferred.make<void>()
    const { addresses } = Context.get(yield* Layer.buildWithScope(Listener.layer, scope), Listener)
    yield* shutdown.requested.pipe(
      Effect.andThen(Scope.close(scope, Exit.void)),
      Effect.andThen(Deferred.succeed(stopped, undefined)),
      Effect.forkScoped
    )
    const tcp = addresses.find((address) => address._tag === "Tcp") ?? { host: "", port: 0 }
    identity.port = tcp.port
    for (const address of addresses) yield* Effect.logInfo(`Ready to accept connections ${describe(address)}`)
    return Server.of({
      addresses,
      host: tcp.host,
      port: tcp.port,
      url: urlOf(addresses),
      stopped: Deferred.await(stopped)
    })
  })
)

// ---- as a program ------------------------------------------------------------------------------------------------------

/** The server has ended, and not all that had to be saved was. */
export class UnsavedError extends Data.TaggedError("UnsavedError") {
  override get message(): string {
    return "The server ended although its data could not be saved"
  }
}

/** Runs a server until a client or a signal stops it, and says whether all was saved that had to be. */
const runUntilStopped = Effect.scoped(
  Effect.gen(function* () {
    const settings = yield* Settings
    const signalled = yield* Deferred.make<Signal>()
    const shutdown = yield* Deferred.make<ShutdownService>()
    const options = (signal: Signal) =>
      signal === "SIGINT" ? settings.values.shutdownOnSigint : settings.values.shutdownOnSigterm
    yield* handleSignals(
      Effect.fnUntraced(function* (signal) {
        yield* Effect.logWarning(`Received ${signal}`)
        yield* Deferred.succeed(signalled, signal)
        const { request } = yield* Deferred.await(shutdown)
        yield* Effect.ignore(request(options(signal)))
      })
    )
    const running = Layer.build(Layer.provideMerge(ServerLive, CoreLive))
    // A signal that comes while the data is being loaded ends the server at once: nothing has changed that would have to be saved.
    const started = yield* Effect.raceFirst(running, Effect.as(Deferred.await(signalled), undefined))
    if (started === undefined) return true
    yield* Deferred.succeed(shutdown, Context.get(started, Shutdown))
    yield* Context.get(started, Server).stopped
    return yield* Context.get(started, Shutdown).requested
  })
)

/**
 * The program: runs a server with these settings, and its log, until a client stops it with SHUTDOWN or a signal comes; `file` is
 * what CONFIG REWRITE writes.
 */
export const serve = (values: ServerConfig, file: string | undefined) =>
  Effect.gen(function* () {
    const saved = yield* runUntilStopped
    yield* Effect.logWarning("The server has ended")
    if (!saved) return yield* new UnsavedError()
  }).pipe(Effect.provide(Logging.layer), Effect.provide(Settings.layer(values, file)))

const describe = (address: BoundAddress): string =>
  address._tag === "Unix" ? `unix ${address.path}` : `tcp ${formatAddress(address.host, address.port)}`

/** Who listens on every address is reached on the loopback one. */
const reachable = (host: string): string => (host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host)

const urlOf = ([first]: ReadonlyArray<BoundAddress>): string => {
  if (first === undefined) return ""
  return first._tag === "Unix"
    ? `redis+unix://${first.path}`
    : `redis://${formatAddress(reachable(first.host), first.port)}`
}
