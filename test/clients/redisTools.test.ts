/** redis-cli and redis-benchmark, as they are installed, against fibredis. */
import { spawn, spawnSync } from "node:child_process"
import { assert, describe, it } from "@effect/vitest"
import { startFibredis } from "../support/Fibredis.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { encodeCommands } from "../support/request.ts"

const skip = RedisServer.skipWithout(RedisServer.toolsAvailable, "redis-cli and redis-benchmark")

/** Runs a program with this input and gives what it printed on both outputs. */
function runTool(command: string, args: ReadonlyArray<string | number>, input: string | Buffer = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args.map(String), { stdio: ["pipe", "pipe", "pipe"] })
    let printed = ""
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("latin1")))
    child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString("latin1")))
    child.once("error", reject)
    child.once("close", () => resolve(printed))
    child.stdin.end(input)
  })
}

const noTerminal = spawnSync("script", ["--version"]).error !== undefined

/** `script` (util-linux) gives redis-cli a terminal, so it prompts; a dumb one takes what is typed ahead. */
const atTerminal = (port: number, typed: string): Promise<string> =>
  runTool("script", ["-qec", `TERM=dumb redis-cli -p ${port}`, "/dev/null"], typed)

describe.skipIf(skip)("redis-cli", () => {
  it("runs commands from its command line", async () => {
    await using server = await startFibredis()
    const cli = (...words: ReadonlyArray<string>) => runTool("redis-cli", ["-p", server.port, "--no-raw", ...words])
    assert.strictEqual(await cli("SET", "k", "v"), "OK\n")
    assert.strictEqual(await cli("GET", "k"), '"v"\n')
    assert.strictEqual(await cli("INCR", "k"), "(error) ERR value is not an integer or out of range\n")
    assert.strictEqual(await cli("-3", "MGET", "k", "none"), '1) "v"\n2) (nil)\n')
    assert.strictEqual(await cli("-n", "1", "EXISTS", "k"), "(integer) 0\n")
  })

  it("reads commands from standard input, transactions and databases included", async () => {
    await using server = await startFibredis()
    const lines = [
      "SET a 1",
      "MULTI",
      "INCR a",
      "APPEND a 5",
      "EXEC",
      "SELECT 1",
      "DBSIZE",
      'SET "two words" "\\x00\\xff"',
      "STRLEN 'two words'"
    ]
    assert.deepStrictEqual(
      (await runTool("redis-cli", ["-p", server.port, "--no-raw"], lines.join("\n"))).trimEnd().split("\n"),
      [
        ...[
          "OK",
          "OK",
          "QUEUED",
          "QUEUED",
          "1) (integer) 2",
          "2) (integer) 2",
          "OK",
          "(integer) 0",
          "OK",
          "(integer) 2"
        ]
      ]
    )
  })

  it.skipIf(noTerminal)("prompts at a terminal", async () => {
    await using server = await startFibredis()
    const printed = await atTerminal(server.port, 'SET k "a b"\nGET k\nSELECT 3\nMULTI\nexit\n')
    assert.include(printed, `127.0.0.1:${server.port}> `)
    assert.include(printed, '"a b"')
    assert.include(printed, `127.0.0.1:${server.port}[3](TX)> `)
  })

  it.skipIf(noTerminal)("shows syntax and help as COMMAND DOCS tells them", async () => {
    await using server = await startFibredis()
    const printed = await atTerminal(server.port, "help set\nhelp client no-touch\nhelp @transactions\nexit\n")
    assert.include(printed, "key value [NX|XX] [GET] [EX seconds|PX milliseconds|EXAT unix-time-seconds|")
    assert.include(printed, "Store a string under a key")
    assert.include(printed, "ON|OFF")
    assert.include(printed, "Forget all watched keys")
  })

  it("talks RESP3 with -3", async () => {
    await using server = await startFibredis()
    const printed = await runTool("redis-cli", ["-p", server.port, "-3", "--no-raw"], "HELLO\nCONFIG GET port\n")
    assert.include(printed, '"proto" => (integer) 3')
    assert.include(printed, `"port" => "${server.port}"`)
  })

  it("loads ten thousand commands with --pipe", async () => {
    await using server = await startFibredis()
    const commands = Array.from({ length: 10_000 }, (_, i) => ["SET", `key:${i}`, `value ${i}`])
    const printed = await runTool("redis-cli", ["-p", server.port, "--pipe"], encodeCommands(commands))
    assert.include(printed, "errors: 0, replies: 10000")
    assert.strictEqual(await runTool("redis-cli", ["-p", server.port, "DBSIZE"]), "10000\n")
  })

  it("scans, finds big keys and measures latency", async () => {
    await using server = await startFibredis()
    await runTool("redis-cli", ["-p", server.port, "MSET", "a", "1", "b", "2", "c", "long value"])
    const scanned = await runTool("redis-cli", ["-p", server.port, "--scan", "--pattern", "[ab]"])
    assert.deepStrictEqual(scanned.trim().split("\n").sort(), ["a", "b"])
    assert.include(await runTool("redis-cli", ["-p", server.port, "--bigkeys"]), '"c"')
  })

  it("authenticates with -a", async () => {
    await using server = await startFibredis(["--requirepass", "secret"])
    const cli = (...words: ReadonlyArray<string>) =>
      runTool("redis-cli", ["-p", server.port, "--no-auth-warning", ...words])
    assert.strictEqual(await cli("-a", "secret", "PING"), "PONG\n")
    assert.include(await cli("PING"), "NOAUTH Authentication required.")
    assert.include(await cli("-a", "wrong", "PING"), "WRONGPASS")
  })
})

describe.skipIf(skip)("redis-benchmark", () => {
  const tests = ["ping_inline", "ping_mbulk", "set", "get", "incr", "mset"]

  it.each([1, 16])("runs its tests of the commands that exist, %s at a time", { timeout: 60_000 }, async (pipeline) => {
    await using server = await startFibredis()
    const args = ["-p", server.port, "-n", 5000, "-P", pipeline, "-r", 1000, "-t", tests.join(","), "--csv"]
    const printed = await runTool("redis-benchmark", args)
    for (const name of ["PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"])
      assert.include(printed, `"${name}"`)
    assert.notInclude(printed.toLowerCase(), "error")
  })
})
