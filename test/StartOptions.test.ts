import { tmpdir } from "node:os"
import { assert, it } from "@effect/vitest"
import { defaults, type ServerConfig } from "../src/config/ServerConfig.ts"
import { start } from "../src/index.ts"
import type { StartOptions } from "../src/StartOptions.ts"
import { RespClient } from "./support/RespClient.ts"
import { show } from "./support/showReply.ts"

// These two compile only as long as both say the same.
const toSettings = (options: Required<StartOptions>): ServerConfig => options
const toOptions = (settings: ServerConfig): Required<StartOptions> => settings

it("the options of start() are the directives, with the same types", () => {
  assert.strictEqual(toSettings(toOptions(defaults)), defaults)
})

const snapshotOf = async (options: StartOptions): Promise<string> => {
  await using server = await start(options)
  await using client = await RespClient.connect(server)
  return show(await client.call("CONFIG", "GET", "dbfilename"))
}

it("start() knows of a snapshot only when it is told where data is, or when to save it", async () => {
  const none = '["dbfilename", ""]'
  const usual = '["dbfilename", "dump.rdb"]'
  assert.strictEqual(await snapshotOf({}), none)
  assert.strictEqual(await snapshotOf({ dir: tmpdir() }), usual)
  assert.strictEqual(await snapshotOf({ save: [{ seconds: 900, changes: 1 }] }), usual)
})
