/**
 * fibredis for Effect programs: the server as a Layer.
 *
 * ```ts
 * import { Server } from "fibredis/effect"
 *
 * const program = Effect.gen(function* () {
 *   const { url } = yield* Server
 *   ...
 * }).pipe(Effect.provide(Server.layer({ port: 0 })))
 * ```
 *
 * Under TestClock the server lives in virtual time: `TestClock.adjust` is what makes its keys expire.
 */
export { ConfigError, defaults, type ServerConfig } from "./config/ServerConfig.ts"
export { type BoundAddress, ListenError } from "./net/listen.ts"
export { AofLoadError } from "./persistence/AofLoadError.ts"
export { RdbLoadError } from "./persistence/RdbLoadError.ts"
export { type EmbeddedConfig, Server, type StartError } from "./Server.ts"
