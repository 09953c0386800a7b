/** Snapshots on a real disk, given to and taken from a real redis-server. */
import { spawnSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import * as RedisServer from "../support/RedisServer.ts"
import { RespClient } from "../support/RespClient.ts"
import type { Words } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, startServer } from "../support/TestServer.ts"

const directory = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "fibredis-rdb-"))),
  (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
)

const compressible = "abc".repeat(1000)
const binary = Uint8Array.from({ length: 300 }, (_, i) => i & 255)

const writes: ReadonlyArray<Words> = [
  ["SET", "int8", "-128"],
  ["SET", "int16", "32767"],
  ["SET", "int32", "-2147483648"],
  ["SET", "int64", "9223372036854775807"],
  ["SET", "no number", "007"],
  ["SET", "", ""],
  ["SET", binary, binary],
  ["SET", "compressible", compressible],
  ["SETRANGE", "long", "200000", "x"],
  ["SET", "far", "1", "PXAT", "4102444800123"],
  ["SET", "farthest", "1"],
  ["PEXPIREAT", "farthest", "9223372036854775807"],
  ["SELECT", "9"],
  ["SET", "int8", "9"]
]

const questions: ReadonlyArray<Words> = [
  ["DBSIZE"],
  ["GET", "int8"],
  ["SELECT", "0"],
  ["DBSIZE"],
  ["MGET", "int8", "int16", "int32", "int64", "no number", "", binary, "compressible", "long"],
  ["PEXPIRETIME", "far"],
  ["PEXPIRETIME", "farthest"],
  ["PEXPIRETIME", "int8"]
]

const answers = [
  "(integer) 1",
  '"9"',
  "OK",
  "(integer) 11",
  /^\["-128", "32767", "-2147483648", "9223372036854775807", "007", "", "\\x00.*\+", "abc.*abc", "\\x00.*x"\]$/s,
  "(integer) 4102444800123",
  "(integer) 9223372036854775807",
  "(integer) -1"
]

const mustAnswer = (replies: ReadonlyArray<string>) => {
  assert.strictEqual(replies.length, answers.length)
  for (const [i, wanted] of answers.entries()) {
    if (typeof wanted === "string") assert.strictEqual(replies[i], wanted)
    else assert.match(replies[i]!, wanted)
  }
}

const ask = async (server: { readonly host: string; readonly port: number }, words: ReadonlyArray<Words>) => {
  const client = await RespClient.connect(server)
  const replies = (await client.pipeline(words)).map(show)
  client.destroy()
  return replies
}

describe.skipIf(RedisServer.skipWithout(RedisServer.available, "snapshots of redis-server"))("redis-server", () => {
  it.live("starts on our snapshot, and so does its checker", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      const c = yield* connect(yield* startServer({ dir, dbfilename: "ours.rdb" }))
      for (const words of writes) yield* call(c, words)
      yield* must(c, ["SAVE"], "OK")
      assert.deepStrictEqual(Fs.readdirSync(dir), ["ours.rdb"])
      const checked = spawnSync("redis-check-rdb", [Path.join(dir, "ours.rdb")], { encoding: "utf8" })
      assert.include(checked.stdout, "RDB looks OK!")
      assert.include(checked.stdout, "[info] 12 keys read")
      const replies = yield* Effect.promise(async () => {
        await using server = await RedisServer.start(["--dir", dir, "--dbfilename", "ours.rdb"])
        return await ask(server, [["SELECT", "9"], ...questions])
      })
      mustAnswer(replies.slice(1))
    })
  )

  for (const checksum of ["yes", "no"]) {
    it.live(`leaves snapshots that we load (rdbchecksum ${checksum})`, () =>
      Effect.gen(function* () {
        const dir = yield* directory
        yield* Effect.promise(async () => {
          await using server = await RedisServer.start(["--dir", dir, "--rdbchecksum", checksum])
          await ask(server, [...writes, ["SAVE"]])
        })
        const server = yield* startServer({ dir, dbfilename: "dump.rdb" })
        const replies = yield* Effect.promise(() => ask(server, [["SELECT", "9"], ...questions]))
        mustAnswer(replies.slice(1))
      })
    )
  }
})

describe("on a real disk", () => {
  it.live("a file that cannot be replaced stays, and nothing is left beside it", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      // A directory with something in it cannot be replaced by a file.
      Fs.mkdirSync(Path.join(dir, "dump.rdb", "in the way"), { recursive: true })
      const error = yield* Effect.flip(startServer({ dir, dbfilename: "dump.rdb" }))
      assert.match(error.message, /^Can't read the snapshot .*: Is a directory$/)
      Fs.renameSync(Path.join(dir, "dump.rdb"), Path.join(dir, "other"))
      const c = yield* connect(yield* startServer({ dir, dbfilename: "dump.rdb" }))
      Fs.renameSync(Path.join(dir, "other"), Path.join(dir, "dump.rdb"))
      yield* must(c, ["SAVE"], "(error) ERR")
      assert.deepStrictEqual(Fs.readdirSync(dir), ["dump.rdb"])
    })
  )
})
