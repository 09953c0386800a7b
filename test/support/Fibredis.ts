/**
 * fibredis in a process of its own, as its users run it: the built bundle where it is not older than the sources (`npm
 * test` builds first), else the sources.
 */
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { ChildServer } from "./ChildServer.ts"

const BUNDLE = fileURLToPath(new URL("../../dist/main.cjs", import.meta.url))
const SOURCES = fileURLToPath(new URL("../../src", import.meta.url))

/** When a file was last written, in ms since 1970; 0 when it is not there. */
const writtenAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

function isBundleFresh(): boolean {
  const bundled = writtenAt(BUNDLE)
  const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  return sources.every((source) => writtenAt(join(SOURCES, source)) <= bundled)
}

/** What node is to run for fibredis: the bundle or the sources, or by default the bundle when it is fresh. */
export const fibredisCommand = (built = isBundleFresh()): ReadonlyArray<string> =>
  built ? [BUNDLE] : ["--import", "tsx", join(SOURCES, "main.ts")]

/** Starts fibredis with nothing on disk and DEBUG allowed; more flags may be given. */
export function startFibredis(flags: ReadonlyArray<string> = [], built?: boolean, port?: number): Promise<ChildServer> {
  const command = fibredisCommand(built)
  return ChildServer.start(
    {
      name: "fibredis",
      command: process.execPath,
      args: (chosen) => [
        ...[...command, "--port", String(chosen), "--enable-debug-command", "yes", "--dbfilename", ""],
        ...flags
      ]
    },
    port
  )
}
