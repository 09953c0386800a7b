import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { ReplyDecoder } from "../../src/protocol/ReplyDecoder.ts"
import { encodeCommands, wordText } from "../support/request.ts"
import { withServer } from "../support/TestServer.ts"

/** The commands in the append-only file, a line each. */
function logged(dir: string): ReadonlyArray<string> {
  const decoder = new ReplyDecoder()
  decoder.push(readFileSync(join(dir, "appendonly.aof")))
  const lines: Array<string> = []
  for (let next = decoder.next(); next !== undefined; next = decoder.next()) {
    const words = next._tag === "Array" ? next.items : []
    lines.push(words.map((word) => (word._tag === "Bulk" ? wordText(word.bytes) : "?")).join(" "))
  }
  return lines
}

/** The commands, sent in one batch at time 0, leave exactly these lines in the append-only file. */
const leaves = (name: string, commands: ReadonlyArray<string>, lines: ReadonlyArray<string>): void => {
  const dir = mkdtempSync(join(tmpdir(), "fibredis-"))
  afterAll(() => rmSync(dir, { recursive: true }))
  withServer(
    name,
    (c) =>
      Effect.gen(function* () {
        c.write(encodeCommands(commands.map((line) => line.split(" "))))
        for (const _ of commands) yield* Effect.promise(() => c.read())
        assert.deepStrictEqual(logged(dir), ["SELECT 0", ...lines])
      }),
    { appendonly: true, appendfsync: "always", dir }
  )
}

describe("what is journaled of string commands", () => {
  leaves(
    "holds deadlines as moments",
    ["SET a 1 EX 100 NX", "SETEX a 9 2", "PSETEX a 9 3", "SET a 4 PXAT 5000 GET", "GETEX a PX 70", "GETEX a"],
    ["SET a 1 PXAT 100000", "SET a 2 PXAT 9000", "SET a 3 PXAT 9", "SET a 4 PXAT 5000", "PEXPIREAT a 70"]
  )

  leaves(
    "is the write alone, without what was asked for besides",
    [
      "SET a 1 GET",
      "SET a 2 GET KEEPTTL",
      "GETSET a 3",
      "GETEX a PERSIST",
      "GETEX a EX 1",
      "GETEX a PERSIST",
      "GETDEL a"
    ],
    ["SET a 1", "SET a 2 KEEPTTL", "SET a 3", "PEXPIREAT a 1000", "PERSIST a", "DEL a"]
  )

  const deterministic = [
    "incr n",
    "APPEND n 0",
    "SETRANGE n 1 5",
    "SETBIT b 7 1",
    "BITOP NOT b b",
    "BITFIELD b SET u8 0 1",
    "MSETNX x 1 y 2"
  ]
  leaves("is the request itself where repeating it does the same", deterministic, deterministic)

  leaves("holds the sum of INCRBYFLOAT", ["SET f 1.5", "INCRBYFLOAT f 0.1"], ["SET f 1.5", "SET f 1.6 KEEPTTL"])

  leaves(
    "is nothing when nothing was changed",
    [
      "SET a 1",
      "SET a 2 NX",
      "SETNX a 2",
      "MSETNX b 1 a 2",
      "SETRANGE a 3 ",
      "GETEX a",
      "BITFIELD a GET u8 0",
      "INCR b"
    ],
    ["SET a 1", "INCR b"]
  )
})
