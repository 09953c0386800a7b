/**
 * A server in a process of its own, on a port of its own, that answers PING before it is handed out and dies with its
 * owner: `await using` stops it, and so does the end of this process.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"

/** How to start a server: the command is given the port that it shall listen on. */
export interface Launch {
  /** What messages call it. */
  readonly name: string
  readonly command: string
  readonly args: (port: number) => ReadonlyArray<string>
  /** It runs in an empty folder, which goes with it. */
  readonly ownFolder?: true
  /** Milliseconds until the first PONG must have come; 15 s when absent. */
  readonly patience?: number
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = Net.createServer()
    probe.once("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
}

/** Whether a server answers PING on that port of this machine (an error reply, as NOAUTH, is an answer too). */
export function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = Net.connect(port, "127.0.0.1", () => socket.write("PING\r\n"))
    const done = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.setTimeout(1000, () => done(false))
    socket.once("error", () => done(false))
    socket.once("close", () => done(false))
    socket.once("data", (chunk) => done(!chunk.toString().startsWith("-LOADING")))
  })
}

/** What runs, and the folders that go with it. */
const running = new Map<ChildProcess, string | undefined>()
process.on("exit", () => {
  for (const child of running.keys()) child.kill("SIGKILL")
  for (const folder of running.values()) removeFolder(folder)
})
function removeFolder(folder: string | undefined): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
}

// By default a signal ends a process without the event above; a test runner ends its workers so.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1))

/** A running child server. */
export class ChildServer implements AsyncDisposable {
  readonly host = "127.0.0.1"
  /** Resolves with the exit code, or with the name of the signal that ended it. */
  readonly exited: Promise<number | string>
  private printed = ""

  private constructor(
    readonly name: string,
    readonly port: number,
    private readonly child: ChildProcess,
    folder: string | undefined
  ) {
    running.set(child, folder)
    child.stdout?.on("data", (chunk) => this.keep(chunk))
    child.stderr?.on("data", (chunk) => this.keep(chunk))
    this.exited = new Promise((resolve) => {
      child.once("error", (error) => {
        this.printed += `${error.message}\n`
        resolve("not started")
      })
      child.once("close", (code, signal) => {
        running.delete(child)
        removeFolder(folder)
        resolve(code ?? signal ?? "unknown")
      })
    })
  }

  /** Starts the server and waits for its first PONG; fails with what it printed when it ends before that. */
  static async start(launch: Launch, port?: number): Promise<ChildServer> {
    const chosen = port ?? (await freePort())
    const folder = launch.ownFolder ? mkdtempSync(join(tmpdir(), `${launch.name}-`)) : undefined
    const child = spawn(launch.command, launch.args(chosen), { stdio: ["ignore", "pipe", "pipe"], cwd: folder })
    const server = new ChildServer(launch.name, chosen, child, folder)
    await server.ready(launch.patience ?? 15_000)
    return server
  }

  /** The process id: what /proc knows it by. */
  get pid(): number {
    return this.child.pid ?? 0
  }

  /** What the server printed so far (the last 64 KiB). */
  get output(): string {
    return this.printed
  }

  /** Whether the process still runs. */
  get alive(): boolean {
    return running.has(this.child)
  }

  /** Ends the process by a signal and waits until it has ended. */
  kill(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal)
    return this.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.alive) return
    const forced = setTimeout(() => this.child.kill("SIGKILL"), 5000)
    await this.kill("SIGTERM")
    clearTimeout(forced)
  }

  private keep(chunk: Buffer): void {
    this.printed = (this.printed + chunk.toString("latin1")).slice(-65_536)
  }

  private async ready(patience: number): Promise<void> {
    const deadline = performance.now() + patience
    while (performance.now() < deadline) {
      if (!this.alive) throw new Error(`${this.name} ended at start: ${await this.exited}\n${this.printed}`)
      if (await answersPing(this.port)) return
      await sleep(10)
    }
    await this.kill("SIGKILL")
    throw new Error(`${this.name} did not answer within ${patience} ms\n${this.printed}`)
  }
}
