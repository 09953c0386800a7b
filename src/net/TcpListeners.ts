/**
 * The TCP addresses that the server listens on; they may change while it runs.
 *
 * Invariant: `listen` changes them to what was asked for or, when that fails, leaves them as they were.
 */
import type { Server } from "node:net"
import { Effect, type Scope } from "effect"
import { type BoundAddress, type ListenError, newServer, type OnConnection, start } from "./listen.ts"

/** The same port is drawn for all addresses: how often it may turn out to be taken on one of them. */
const DRAWS = 32

const isTaken = ({ code }: ListenError) => code === "EADDRINUSE"
const isMissing = ({ code }: ListenError) => code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT"

/** A word of the directive `bind`: with a `-` before it the server starts even if the address is not there. */
interface BindWord {
  readonly host: string
  readonly optional: boolean
}

function bindWord(word: string): BindWord {
  const optional = word.startsWith("-")
  const host = optional ? word.slice(1) : word
  return { optional, host: host === "*" ? "0.0.0.0" : host === "::*" ? "::" : host }
}

interface TcpListener {
  readonly host: string
  readonly port: number
  readonly server: Server
}

const closeAll = (listeners: ReadonlyArray<TcpListener>) => {
  for (const { server } of listeners) server.close()
}

export class TcpListeners {
  private listeners: ReadonlyArray<TcpListener> = []

  private constructor(
    private readonly onConnection: OnConnection,
    private readonly backlog: number
  ) {}

  /** Listens on nothing yet; when the scope closes, on nothing any more. */
  static make(onConnection: OnConnection, backlog: number): Effect.Effect<TcpListeners, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => new TcpListeners(onConnection, backlog)),
      (self) => Effect.sync(() => closeAll(self.listeners))
    )
  }

  /** The port of the first address; 0 when there is none. */
  get port(): number {
    return this.listeners[0]?.port ?? 0
  }

  get addresses(): ReadonlyArray<BoundAddress> {
    return this.listeners.map(({ host, port }) => ({ _tag: "Tcp", host, port }))
  }

  /** Listens on these addresses instead of the present ones. Port 0 is the present port or, at first, any free one. */
  readonly listen = (bind: ReadonlyArray<string>, port: number): Effect.Effect<void, ListenError> =>
    Effect.uninterruptible(
      Effect.suspend(() => {
        const wantedPort = port === 0 ? this.port : port
        const words = bind.map(bindWord)
        const hosts = new Set(words.map(({ host }) => host))
        const stay = this.listeners.filter((old) => old.port === wantedPort && hosts.has(old.host))
        const leave = this.listeners.filter((old) => !stay.includes(old))
        const missing = words.filter(({ host }) => !stay.some((old) => old.host === host))
        return Effect.map(this.replace(leave, missing, wantedPort), (opened) => {
          this.listeners = [...stay, ...opened]
        })
      })
    )

  /** Opens the new before it closes the old, unless the old are in the way, as 127.0.0.1 is for 0.0.0.0. */
  private replace(old: ReadonlyArray<TcpListener>, words: ReadonlyArray<BindWord>, port: number) {
    const open = this.openAll(words, port)
    const closeOld = Effect.sync(() => closeAll(old))
    const restore = Effect.map(
      Effect.forEach(old, (listener) => this.open(listener.host, listener.port)),
      (reopened) => {
        this.listeners = this.listeners.map((each) => reopened.find(({ host }) => host === each.host) ?? each)
      }
    )
    const inTheWay = (error: ListenError) => isTaken(error) && old.some((listener) => listener.port === port)
    return Effect.catch(Effect.tap(open, closeOld), (error) =>
      inTheWay(error)
        ? Effect.andThen(
            closeOld,
            Effect.onError(open, () => Effect.ignore(restore))
          )
        : Effect.fail(error)
    )
  }

  /** All or none of these; of an optional address that is not there nothing is opened. */
  private openAll(words: ReadonlyArray<BindWord>, port: number): Effect.Effect<Array<TcpListener>, ListenError> {
    const attempt = Effect.suspend(() => {
      const opened: Array<TcpListener> = []
      const openOne = ({ host, optional }: BindWord) =>
        Effect.matchEffect(this.open(host, opened[0]?.port ?? port), {
          onFailure: (error) => (optional && isMissing(error) ? Effect.void : Effect.fail(error)),
          onSuccess: (listener) => Effect.sync(() => void opened.push(listener))
        })
      return Effect.forEach(words, openOne).pipe(
        Effect.onError(() => Effect.sync(() => closeAll(opened))),
        Effect.as(opened)
      )
    })
    return Effect.retry(attempt, { times: DRAWS, while: (error) => port === 0 && words.length > 1 && isTaken(error) })
  }

  private open(host: string, port: number): Effect.Effect<TcpListener, ListenError> {
    return Effect.suspend(() => {
      const server = newServer(this.onConnection)
      const options = { host, port, backlog: this.backlog, ipv6Only: host.includes(":") }
      return Effect.map(start(server, options, `${host}:${port}`), () => {
        const address = server.address()
        return { host, server, port: address !== null && typeof address === "object" ? address.port : port }
      })
    })
  }
}
