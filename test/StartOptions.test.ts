import { assert, it } from "@effect/vitest"
import { defaults, type ServerConfig } from "../src/config/ServerConfig.ts"
import type { StartOptions } from "../src/StartOptions.ts"

// These two compile only as long as both say the same.
const toSettings = (options: Required<StartOptions>): ServerConfig => options
const toOptions = (settings: ServerConfig): Required<StartOptions> => settings

it("the options of start() are the directives, with the same types", () => {
  assert.strictEqual(toSettings(toOptions(defaults)), defaults)
})
