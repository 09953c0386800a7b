/** What a user gets from npm: the tarball, installed in an empty folder, without the repository around it. */
import { execFileSync, spawn } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { VERSION } from "../../src/ServerIdentity.ts"
import { answersPing, freePort } from "../support/ChildServer.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const installed = (...path: ReadonlyArray<string>): string => join(folder, "node_modules", ...path)
/** Without what the test runner gives to its own process. */
const { NODE_OPTIONS: _, ...env } = process.env
let folder: string

const run = (command: string, ...args: ReadonlyArray<string>): string =>
  execFileSync(command, args, { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "inherit"] })

const runScript = (name: string, source: string): string => {
  writeFileSync(join(folder, name), source)
  return run(process.execPath, name)
}

describe("the package", () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fibredis-package-"))
    const [{ filename }] = JSON.parse(
      execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
        cwd: root,
        encoding: "utf8"
      })
    ) as [{ filename: string }]
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }')
    run("npm", "install", "--no-audit", "--no-fund", "--offline", "--omit=peer", `./${filename}`)
  }, 120_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it("has the version that the server tells", () => {
    assert.strictEqual(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version, VERSION)
  })

  it("installs nothing but itself", () => {
    assert.deepStrictEqual(Object.keys(JSON.parse(run("npm", "ls", "--json")).dependencies), ["fibredis"])
  })

  it("has a program that serves", async () => {
    const port = await freePort()
    const server = spawn(installed(".bin", "fibredis"), ["--port", String(port)], { stdio: "ignore" })
    try {
      while (!(await answersPing(port))) assert.isNull(server.exitCode)
    } finally {
      server.kill("SIGTERM")
    }
    assert.strictEqual(await new Promise((resolve) => server.once("exit", resolve)), 0)
  })

  it("has a main entry that starts and stops a server", () => {
    const printed = runScript(
      "main.js",
      `import { start } from "fibredis"
       import { connect } from "node:net"
       const server = await start()
       const socket = connect(server.port, "127.0.0.1")
       socket.write("PING\\r\\n")
       socket.once("data", async (reply) => { socket.destroy(); await server.stop(); console.log(String(reply)) })`
    )
    assert.strictEqual(printed.trim(), "+PONG")
  })

  it("has types that need no other package but those of Node", () => {
    writeFileSync(
      join(folder, "user.ts"),
      `import { start, type StartOptions } from "fibredis"
       const options: StartOptions = { appendonly: true, appendfsync: "always" }
       export const url: Promise<string> = start(options).then((server) => server.url)`
    )
    run(
      process.execPath,
      join(root, "node_modules", "typescript", "bin", "tsc"),
      ...["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2023,esnext.disposable"],
      ...["--types", "", "user.ts"]
    )
  })

  it("has Layers that run on the user's own effect", () => {
    for (const peer of ["effect", "@effect"]) symlinkSync(join(root, "node_modules", peer), installed(peer))
    const printed = runScript(
      "layer.js",
      `import { Effect } from "effect"
       import { Server } from "fibredis/effect"
       const program = Effect.map(Server, (server) => server.url).pipe(Effect.provide(Server.layer({ port: 0 })))
       console.log(await Effect.runPromise(program))`
    )
    assert.match(printed, /redis:\/\/127\.0\.0\.1:\d+/)
  })
})
