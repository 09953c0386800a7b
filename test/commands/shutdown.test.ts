import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { startFibredis } from "../support/Fibredis.ts"
import { RespClient } from "../support/RespClient.ts"
import { show } from "../support/showReply.ts"
import { must, mustFail, withServer } from "../support/TestServer.ts"

const dir = mkdtempSync(join(tmpdir(), "fibredis-"))
afterAll(() => rmSync(dir, { recursive: true }))

let directories = 0
/** A directory of its own for a server's files. */
function own(): string {
  const path = join(dir, String(++directories))
  mkdirSync(path)
  return path
}

describe("SHUTDOWN", () => {
  withServer("errors", (c) =>
    Effect.gen(function* () {
      for (const words of ["NOSUCH", "SAVE NOSAVE", "ABORT NOW", "SAVE ABORT"]) {
        yield* mustFail(c, ["SHUTDOWN", ...words.split(" ")], "ERR syntax error")
      }
      yield* mustFail(c, ["SHUTDOWN", "ABORT"], "ERR No shutdown in progress.")
      yield* mustFail(c, ["SHUTDOWN", "abort", "ABORT"], "ERR No shutdown in progress.")
      yield* must(c, ["MULTI"], "OK")
      yield* mustFail(c, ["SHUTDOWN", "NOSAVE"], "ERR Command not allowed inside a transaction")
    })
  )

  withServer("closes all clients after their replies", (c) =>
    Effect.promise(async () => {
      c.write("SET k v\r\nSHUTDOWN NOSAVE\r\nGET k\r\n")
      assert.strictEqual(show(await c.read()), "OK")
      await c.closed
    })
  )

  it("flushes the append-only file and exits with 0", { timeout: 20_000 }, async () => {
    const place = own()
    await using server = await startFibredis(["--dir", place, "--appendonly", "yes"])
    await using client = await RespClient.connect(server)
    await client.call("SET", "k", "v")
    client.write("SHUTDOWN\r\n")
    assert.strictEqual(await server.exited, 0)
    assert.include(readFileSync(join(place, "appendonly.aof"), "latin1"), "SET\r\n$1\r\nk\r\n$1\r\nv")
    assert.include(server.output, "Shutting down")
  })

  it("SAVE is refused when saving fails, unless FORCE is given: then the exit code is 1", {
    timeout: 20_000
  }, async () => {
    const place = own()
    await using server = await startFibredis(["--dir", place, "--dbfilename", "dump.rdb"])
    await using client = await RespClient.connect(server)
    await client.call("SET", "k", "v")
    rmSync(place, { recursive: true })
    assert.strictEqual(
      show(await client.call("SHUTDOWN", "SAVE")),
      "(error) ERR Errors trying to SHUTDOWN. Check logs."
    )
    assert.strictEqual(show(await client.call("GET", "k")), '"v"')
    client.write("SHUTDOWN SAVE FORCE\r\n")
    assert.strictEqual(await server.exited, 1)
  })
})

describe("a signal", () => {
  it("ends the server well, as shutdown-on-sigterm says", { timeout: 20_000 }, async () => {
    const place = own()
    await using server = await startFibredis([
      ...["--dir", place, "--dbfilename", "dump.rdb", "--shutdown-on-sigterm", "save"]
    ])
    await using client = await RespClient.connect(server)
    await client.call("SET", "k", "v")
    assert.strictEqual(await server.kill("SIGTERM"), 0)
    assert.isTrue(existsSync(join(place, "dump.rdb")))
    assert.include(server.output, "Received SIGTERM")
  })

  it("SIGINT does as shutdown-on-sigint says", { timeout: 20_000 }, async () => {
    const place = own()
    await using server = await startFibredis([
      ...["--dir", place, "--dbfilename", "dump.rdb", "--save", "900", "1", "--shutdown-on-sigint", "nosave"]
    ])
    await using client = await RespClient.connect(server)
    await client.call("SET", "k", "v")
    assert.strictEqual(await server.kill("SIGINT"), 0)
    assert.isFalse(existsSync(join(place, "dump.rdb")))
  })

  it("ends nothing when saving fails; another one comes as a first", { timeout: 20_000 }, async () => {
    const place = own()
    await using server = await startFibredis([
      ...["--dir", place, "--dbfilename", "dump.rdb", "--shutdown-on-sigterm", "save"]
    ])
    await using client = await RespClient.connect(server)
    await client.call("SET", "k", "v")
    rmSync(place, { recursive: true })
    void server.kill("SIGTERM")
    while (!server.output.includes("called off")) await sleep(10)
    assert.strictEqual(show(await client.call("GET", "k")), '"v"')
    mkdirSync(place)
    assert.strictEqual(await server.kill("SIGTERM"), 0)
    assert.isTrue(existsSync(join(place, "dump.rdb")))
  })

  it("that is repeated ends the process at once, with 1", { timeout: 20_000 }, async () => {
    await using server = await startFibredis(["--shutdown-timeout", "60"])
    await using reader = await RespClient.connect(server)
    await reader.call("SETRANGE", "big", 200_000_000, "x")
    // A client that asks for much and reads nothing would hold up the shutdown for a minute.
    reader.pause()
    reader.write("GET big\r\n")
    await sleep(500)
    void server.kill("SIGTERM")
    while (!server.output.includes("Shutting down")) await sleep(10)
    await sleep(200)
    assert.isTrue(server.alive)
    assert.strictEqual(await server.kill("SIGTERM"), 1)
  })
})
