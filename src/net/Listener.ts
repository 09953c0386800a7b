/**
 * Where clients come in: TCP on every bind address, and a Unix socket. Each accepted socket gets a fiber; a Semaphore holds
 * as many permits as `maxclients`, and who finds none is told so and sent away.
 *
 * Invariant: when the layer is released nothing is accepted any more, and every connection's fiber has sent its replies and
 * ended, before anything below (the keyspace, the append-only file) is released.
 */
import type { Socket } from "node:net"
import { resolve } from "node:path"
import { Cause, Context, Effect, Fiber, FiberSet, Layer, Option, Semaphore } from "effect"
import { Dispatch } from "../commands/Dispatch.ts"
import type { LiveConfig } from "../config/LiveConfig.ts"
import { maxClients, protectedMode, type ReplyError } from "../Errors.ts"
import { Keyspace } from "../keyspace/Keyspace.ts"
import { type ConnectionDeps, serve } from "./Connection.ts"
import { type BoundAddress, ListenError, listenUnix } from "./listen.ts"
import { Outbox } from "./Outbox.ts"
import { describeSocket } from "./socketAddress.ts"
import { TcpListeners } from "./TcpListeners.ts"

/** The directives that say where to listen, and what CONFIG SET answers when that is not possible. */
const LISTENING = [
  ["port", "Unable to listen on this port. Check server logs."],
  ["bind", "Failed to bind to specified addresses."]
] as const

/** Does something until the scope closes and its return value undoes it. */
const whileOpen = (subscribe: () => () => void) =>
  Effect.acquireRelease(Effect.sync(subscribe), (unsubscribe) => Effect.sync(unsubscribe))

class Acceptor {
  private readonly semaphore: Semaphore.Semaphore

  constructor(
    private readonly deps: ConnectionDeps,
    private readonly config: LiveConfig
  ) {
    this.semaphore = Semaphore.makeUnsafe(config.values.maxclients)
  }

  readonly followMaxClients = Effect.suspend(() => Semaphore.resize(this.semaphore, this.config.values.maxclients))

  /** One connection, from its beginning to its end. What goes wrong in it is logged and ends nothing else. */
  accept(socket: Socket): Effect.Effect<void> {
    const admitted = Semaphore.withPermitsIfAvailable(
      this.semaphore,
      1
    )(Effect.suspend(() => this.admit(socket))).pipe(
      Effect.flatMap((served) => (Option.isSome(served) ? Effect.void : this.refuse(socket, maxClients)))
    )
    return Effect.catchCause(admitted, (cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.failCause(cause)
        : Effect.logError("A command failed as none should: its connection is closed", cause)
    )
  }

  private admit(socket: Socket): Effect.Effect<void> {
    const { protectedMode: isProtected, requirepass, tcpKeepalive } = this.config.values
    if (isProtected && requirepass === "" && !describeSocket(socket).isLoopback) {
      return this.refuse(socket, protectedMode)
    }
    if (tcpKeepalive > 0) socket.setKeepAlive(true, tcpKeepalive * 1000)
    this.deps.dispatcher.parts.stats.connectionsReceived++
    return Effect.scoped(serve(socket, this.deps))
  }

  /** Tells the client why it may not stay, and closes. */
  private refuse(socket: Socket, { text }: ReplyError): Effect.Effect<void> {
    return Effect.sync(() => {
      this.deps.dispatcher.parts.stats.connectionsRejected++
      socket.on("error", () => socket.destroy())
      socket.resume()
      socket.end(`-${text}\r\n`, () => socket.destroy())
    })
  }
}

/**
 * The fibers of all connections. When the scope closes each finishes the batch in hand and sends its replies; those whose
 * clients do not take them within `shutdown-timeout` are cut.
 */
const makeConnections = Effect.fnUntraced(function* (deps: ConnectionDeps, config: LiveConfig) {
  const connections = yield* FiberSet.make<void>()
  yield* Effect.addFinalizer(() =>
    Effect.gen(function* () {
      const cut = Effect.sync(() => {
        for (const { transport } of [...deps.dispatcher.parts.clients]) transport.kill()
      })
      const deadline = Effect.delay(cut, config.values.shutdownTimeout * 1000)
      const watch = yield* Effect.forkChild(Effect.interruptible(deadline), { startImmediately: true })
      yield* FiberSet.clear(connections)
      yield* Fiber.interrupt(watch)
    })
  )
  return yield* FiberSet.runtime(connections)()
})

export class Listener extends Context.Service<
  Listener,
  {
    /** What is being listened on, in the order of the configuration. */
    readonly addresses: ReadonlyArray<BoundAddress>
  }
>()("fibredis/net/Listener") {
  static readonly layer = Layer.effect(
    Listener,
    Effect.gen(function* () {
      const dispatcher = yield* Dispatch
      const { config, identity } = dispatcher.parts
      const deps = { keyspace: yield* Keyspace, dispatcher, outbox: new Outbox() }
      const acceptor = new Acceptor(deps, config)
      const run = yield* makeConnections(deps, config)
      const onConnection = (socket: Socket) => void run(acceptor.accept(socket))
      const tcp = yield* TcpListeners.make(onConnection, config.values.tcpBacklog)
      const listen = Effect.gen(function* () {
        const { bind, port, unixsocket } = config.values
        // Port 0 beside a Unix socket means no TCP, as in Redis; alone it means any free port.
        yield* tcp.listen(port === 0 && unixsocket !== "" ? [] : bind, port)
        identity.port = tcp.port
      })
      const { dir, tcpBacklog, unixsocket, unixsocketperm } = config.values
      yield* listen
      const path = resolve(dir, unixsocket)
      const unix = unixsocket === "" ? [] : [yield* listenUnix(path, unixsocketperm, tcpBacklog, onConnection)]
      const addresses = [...tcp.addresses, ...unix]
      if (addresses.length === 0) {
        return yield* new ListenError({ address: "any address", code: "", reason: "none is configured" })
      }
      yield* whileOpen(() =>
        config.onChange("maxclients", () => {
          run(acceptor.followMaxClients)
          return undefined
        })
      )
      for (const [directive, reason] of LISTENING) {
        const follow = listen.pipe(
          Effect.tapError((error) => Effect.logWarning(error.message)),
          Effect.mapError(() => reason)
        )
        yield* whileOpen(() => config.onChangeDo(directive, () => follow))
      }
      return Listener.of({ addresses })
    })
  )
}
