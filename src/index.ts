/**
 * fibredis for everyone: a Redis-compatible server inside your process, with plain promises.
 *
 * ```ts
 * import { start } from "fibredis"
 *
 * await using server = await start()
 * const client = createClient({ url: server.url })
 * ```
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import { makeEmbedded } from "./config/ServerConfig.ts"
import { Settings } from "./config/Settings.ts"
import * as Logging from "./Logging.ts"
import { Server } from "./Server.ts"
import type { StartOptions } from "./StartOptions.ts"

export type { StartOptions, StartOutputLimit } from "./StartOptions.ts"

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

const layer = (options: StartOptions) =>
  Layer.unwrap(
    Effect.map(Effect.fromResult(makeEmbedded({ port: 0, loglevel: "nothing", ...options })), (values) =>
      Server.layerNoSettings.pipe(
        Layer.provide(Logging.layer),
        Layer.provide(Settings.layer(values)),
        Layer.provide(NodeServices.layer)
      )
    )
  )

/**
 * Starts a server and resolves when it accepts connections.
 *
 * Rejects with a `ConfigError` for a setting that is not valid, a `ListenError` for an address that cannot be listened on, and
 * an `AofLoadError` for data that cannot be read; all are `Error`s with a `_tag`.
 */
export async function start(options: StartOptions = {}): Promise<RunningServer> {
  const scope = Scope.makeUnsafe()
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  try {
    const context = await Effect.runPromise(Layer.buildWithScope(layer(options), scope))
    const { host, port, stopped, url } = Context.get(context, Server)
    // SHUTDOWN ends an embedded server as it would end a process.
    void Effect.runPromise(stopped).then(close)
    return { host, port, url, stop: close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}
