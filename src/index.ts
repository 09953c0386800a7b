/**
 * fibredis for everyone: a Redis-compatible server inside your process, with plain promises.
 *
 * ```ts
 * import { start } from "fibredis"
 *
 * await using server = await start({ port: 0 })
 * const client = createClient({ url: server.url })
 * ```
 */
import { Context, Effect, Exit, Layer, Logger, Scope } from "effect"
import type { ServerConfig } from "./config/ServerConfig.ts"
import { Server } from "./Server.ts"

export type { ServerConfig } from "./config/ServerConfig.ts"

/** A running server. */
export interface RunningServer extends AsyncDisposable {
  /** The first TCP address that is listened on; "" and 0 when there is only a Unix socket. */
  readonly host: string
  readonly port: number
  /** `redis://host:port`, as clients take it. */
  readonly url: string
  /** Lets the commands in hand finish and their replies leave, writes what is to be kept, and closes. Calling it again is harmless. */
  readonly stop: () => Promise<void>
}

/**
 * Starts a server and resolves when it accepts connections. Settings are redis-server's directives in camelCase (`appendonly`,
 * `maxclients`, `notifyKeyspaceEvents`); port 0, the default here, draws a free one.
 *
 * Rejects with a `ConfigError` for a setting that is not valid, a `ListenError` for an address that cannot be listened on, and
 * an `AofLoadError` for data that cannot be read.
 */
export async function start(config: Partial<ServerConfig> = {}): Promise<RunningServer> {
  const scope = Scope.makeUnsafe()
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  const layer = Server.layer({ port: 0, ...config }).pipe(Layer.provide(Logger.layer([])))
  const server = await Effect.runPromise(Effect.map(Layer.buildWithScope(layer, scope), Context.get(Server))).catch(
    async (error: unknown) => {
      await close()
      throw error
    }
  )
  const { host, port, url } = server
  return { host, port, url, stop: close, [Symbol.asyncDispose]: close }
}
