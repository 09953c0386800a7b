/**
 * The running server's settings as a service: every Layer that obeys a directive asks for this.
 */
import { Context, Layer } from "effect"
import { LiveConfig } from "./LiveConfig.ts"
import type { ServerConfig } from "./ServerConfig.ts"

export class Settings extends Context.Service<Settings, LiveConfig>()("fibredis/config/Settings") {
  /** `file` is what CONFIG REWRITE writes. */
  static readonly layer = (values: ServerConfig, file?: string) =>
    Layer.sync(Settings, () => new LiveConfig(values, file))
}
