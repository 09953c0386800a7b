/**
 * The real redis-server, the judge of the conformance suite. A machine without it skips what needs it and says so; a
 * machine that calls itself CI must have it.
 */
import { spawnSync } from "node:child_process"
import { ChildServer } from "./ChildServer.ts"

function versionOf(command: string): string | undefined {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" })
  return status === 0 ? /v=([\d.]+)|([\d.]+)/.exec(stdout)?.slice(1).find(Boolean) : undefined
}

/** The version of the redis-server on this machine, or undefined when there is none. */
export const version: string | undefined = versionOf("redis-server")

/** Whether suites that need redis-server can run. */
export const available: boolean = version !== undefined

/** Whether redis-cli and redis-benchmark are installed. */
export const toolsAvailable: boolean = versionOf("redis-cli") !== undefined

/**
 * Whether to skip a suite that needs redis-server or its tools: says so when it does.
 * Throws when the tools are missing although the machine calls itself CI (`CI=true`).
 */
export function skipWithout(present: boolean, suite: string): boolean {
  if (present) return false
  if (process.env.CI === "true") throw new Error(`${suite}: redis-server and redis-tools must be installed in CI`)
  console.warn(`skipped: ${suite}: redis-server and redis-tools are not installed`)
  return true
}

/** Starts a redis-server that keeps nothing on disk; more of its flags may be given. */
export function start(flags: ReadonlyArray<string> = [], port?: number): Promise<ChildServer> {
  return ChildServer.start(
    {
      name: "redis-server",
      command: "redis-server",
      // A program that sets save points and flushes makes it write a snapshot after all.
      ownFolder: true,
      args: (chosen) => [
        "--port",
        String(chosen),
        ...["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--enable-debug-command", "yes"],
        ...flags
      ]
    },
    port
  )
}
