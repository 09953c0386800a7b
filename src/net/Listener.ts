/**
 * Where clients come in: TCP on every bind address, and a Unix socket. Each accepted socket gets a fiber; a Semaphore holds
 * as many permits as `maxclients`, and who finds none is told so and sent away.
 *
 * Invariant: when the layer is released nothing is accepted any more, and every connection's fiber has sent its replies and
 * ended, before anything below (the keyspace, the append-only file) is released.
 */
import * as FS from "node:fs"
import * as Net from "node:net"
import { Context, Data, Effect, FiberSet, Layer, Option, Semaphore } from "effect"
import { Dispatch } from "../commands/Dispatch.ts"
import type { LiveConfig } from "../config/LiveConfig.ts"
import { maxClients, protectedMode } from "../Errors.ts"
import { Keyspace } from "../keyspace/Keyspace.ts"
import { type ConnectionDeps, serve } from "./Connection.ts"
import { describeSocket } from "./socketAddress.ts"

/** An address could not be listened on. */
export class ListenError extends Data.TaggedError("ListenError")<{
  readonly address: string
  /** Such as `Address already in use`. */
  readonly reason: string
  /** The system's code, such as EADDRINUSE. */
  readonly code: string
}> {
  override get message(): string {
    return `Could not listen on ${this.address}: ${this.reason}`
  }
}

export type BoundAddress =
  | { readonly _tag: "Tcp"; readonly host: string; readonly port: number }
  | { readonly _tag: "Unix"; readonly path: string }

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "Address already in use",
  EACCES: "Permission denied",
  EADDRNOTAVAIL: "Cannot assign requested address",
  ENOENT: "No such file or directory",
  ENOTFOUND: "Name or service not known"
}

/** A `-` before an address means that the server starts even when the address is not there. */
interface BindAddress {
  readonly host: string
  readonly optional: boolean
}

function bindAddress(word: string): BindAddress {
  const optional = word.startsWith("-")
  const host = optional ? word.slice(1) : word
  return { optional, host: host === "*" ? "0.0.0.0" : host === "::*" ? "::" : host }
}

const isMissingAddress = (error: ListenError) => error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT"

const listen = (server: Net.Server, options: Net.ListenOptions, address: string) =>
  Effect.acquireRelease(
    Effect.callback<void, ListenError>((resume) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        const code = error.code ?? ""
        resume(Effect.fail(new ListenError({ address, code, reason: reasons[code] ?? error.message })))
      })
      server.listen(options, () => resume(Effect.void))
    }),
    // Not waited for: the connections that are still open are ended by their own fibers.
    () => Effect.sync(() => void server.close())
  )

/** Tells the client why it may not stay, and closes. */
const sendAway = (socket: Net.Socket, text: string) => {
  socket.on("error", () => socket.destroy())
  socket.end(`-${text}\r\n`)
  socket.destroySoon()
}

class Acceptor {
  private readonly semaphore: Semaphore.Semaphore

  constructor(
    private readonly deps: ConnectionDeps,
    private readonly config: LiveConfig,
    private readonly run: (effect: Effect.Effect<void>) => unknown
  ) {
    this.semaphore = Semaphore.makeUnsafe(config.values.maxclients)
  }

  readonly followMaxClients = Effect.suspend(() => Semaphore.resize(this.semaphore, this.config.values.maxclients))

  server(): Net.Server {
    return Net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.run(this.accept(socket)))
  }

  private accept(socket: Net.Socket): Effect.Effect<void> {
    const { stats } = this.deps.dispatcher.parts
    const { protectedMode: isProtected, requirepass, tcpKeepalive } = this.config.values
    if (isProtected && requirepass === "" && !describeSocket(socket).isLoopback) {
      stats.connectionsRejected++
      return Effect.sync(() => sendAway(socket, protectedMode.text))
    }
    if (tcpKeepalive > 0) socket.setKeepAlive(true, tcpKeepalive * 1000)
    return Semaphore.withPermitsIfAvailable(
      this.semaphore,
      1
    )(
      Effect.suspend(() => {
        stats.connectionsReceived++
        return Effect.scoped(serve(socket, this.deps))
      })
    ).pipe(
      Effect.flatMap((served) =>
        Effect.sync(() => {
          if (Option.isSome(served)) return
          stats.connectionsRejected++
          sendAway(socket, maxClients.text)
        })
      )
    )
  }
}

const listenTcp = Effect.fnUntraced(function* (acceptor: Acceptor, config: LiveConfig) {
  const { bind, port, tcpBacklog } = config.values
  const bound: Array<BoundAddress> = []
  for (const word of bind) {
    const { host, optional } = bindAddress(word)
    // With port 0 the first address draws a port and the others take the same.
    const wanted = bound[0]?._tag === "Tcp" ? bound[0].port : port
    const server = acceptor.server()
    const options = { host, port: wanted, backlog: tcpBacklog, ipv6Only: host.includes(":") }
    const listening = yield* listen(server, options, `${host}:${wanted}`).pipe(
      Effect.as(true),
      Effect.catchIf(
        (error) => optional && isMissingAddress(error),
        () => Effect.succeed(false)
      )
    )
    if (listening) bound.push({ _tag: "Tcp", host, port: (server.address() as Net.AddressInfo).port })
  }
  return bound
})

const listenUnix = Effect.fnUntraced(function* (acceptor: Acceptor, config: LiveConfig) {
  const { unixsocket: path, unixsocketperm: permissions } = config.values
  // A socket file left by a server that was killed would make listening fail.
  yield* Effect.sync(() => FS.rmSync(path, { force: true }))
  yield* listen(acceptor.server(), { path }, path)
  if (permissions !== 0) yield* Effect.sync(() => FS.chmodSync(path, permissions))
  return { _tag: "Unix", path } as const
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
      const { config } = dispatcher.parts
      const connections = yield* FiberSet.make<void>()
      const run = yield* FiberSet.runtime(connections)()
      const acceptor = new Acceptor({ keyspace: yield* Keyspace, dispatcher }, config, run)
      config.onChange("maxclients", () => {
        run(Effect.asVoid(acceptor.followMaxClients))
        return undefined
      })
      const { port, unixsocket } = config.values
      const addresses: Array<BoundAddress> = []
      // Port 0 beside a Unix socket means no TCP, as in Redis; alone it means any free port.
      if (port !== 0 || unixsocket === "") addresses.push(...(yield* listenTcp(acceptor, config)))
      if (unixsocket !== "") addresses.push(yield* listenUnix(acceptor, config))
      return Listener.of({ addresses })
    })
  )
}
