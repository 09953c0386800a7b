/** The fibredis that a run judges: a child process of the built bundle, or of the sources where nothing is built. */
import { fileURLToPath } from "node:url"
import { ChildServer } from "./ChildServer.ts"

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** How node is to run fibredis, without the flags. */
export function fibredisCommand(built: boolean): ReadonlyArray<string> {
  return built ? [path("dist/main.js")] : ["--import", "tsx", path("src/main.ts")]
}

/** Starts fibredis from its sources (or, with `built`, from its bundle), with nothing on disk; more flags may be given. */
export function startFibredis(flags: ReadonlyArray<string> = [], built = false, port?: number): Promise<ChildServer> {
  return ChildServer.start(
    {
      name: "fibredis",
      command: process.execPath,
      args: (chosen) => [...fibredisCommand(built), "--port", String(chosen), "--enable-debug-command", "yes", ...flags]
    },
    port
  )
}
