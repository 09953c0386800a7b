/**
 * Listening: what a server socket of any kind takes, and the Unix socket. TCP is in TcpListeners.ts.
 */
import * as FS from "node:fs"
import * as Net from "node:net"
import { Data, Effect, type Scope } from "effect"
import { shareReads } from "./sharedReads.ts"

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

/** Gets every socket that comes in, paused. The chunks that it gives are only valid until its listeners return. */
export type OnConnection = (socket: Net.Socket) => void

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "Address already in use",
  EACCES: "Permission denied",
  EADDRNOTAVAIL: "Cannot assign requested address",
  ENOENT: "No such file or directory",
  ENOTFOUND: "Name or service not known"
}

const failure = (address: string, { code = "", message }: NodeJS.ErrnoException) =>
  new ListenError({ address, code, reason: reasons[code] ?? message })

/** A client may send its last request and say so at once: it still gets its replies. */
export const newServer = (onConnection: OnConnection) =>
  Net.createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) =>
    onConnection(shareReads(socket))
  )

/** Ends when the server listens. Closing it later closes no connection. */
export const start = (
  server: Net.Server,
  options: Net.ListenOptions,
  address: string
): Effect.Effect<void, ListenError> =>
  Effect.callback((resume) => {
    // For as long as the server lives: an accept that fails for want of memory or descriptors must not end the process.
    server.on("error", (error) => resume(Effect.fail(failure(address, error))))
    server.listen(options, () => resume(Effect.void))
    return Effect.sync(() => void server.close())
  })

/** A socket that a killed server left behind would make listening fail; any other file stays and makes it fail. */
function removeStale(path: string): void {
  if (FS.lstatSync(path, { throwIfNoEntry: false })?.isSocket()) FS.unlinkSync(path)
}

/** Listens until the scope closes, which removes the file. `permissions` are mode bits; 0 leaves what the umask gives. */
export const listenUnix = Effect.fnUntraced(function* (
  path: string,
  permissions: number,
  backlog: number,
  onConnection: OnConnection
): Effect.fn.Return<BoundAddress, ListenError, Scope.Scope> {
  const file = (act: () => void) =>
    Effect.try({ try: act, catch: (error) => failure(path, error instanceof Error ? error : new Error(String(error))) })
  const server = newServer(onConnection)
  yield* file(() => removeStale(path))
  yield* Effect.acquireRelease(start(server, { path, backlog }, path), () => Effect.sync(() => void server.close()))
  if (permissions !== 0) yield* file(() => FS.chmodSync(path, permissions))
  return { _tag: "Unix", path }
})
