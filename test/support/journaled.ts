/**
 * What commands leave in the append-only file: the form in which they are repeated.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert } from "@effect/vitest"
import { Effect } from "effect"
import { ReplyDecoder } from "../../src/protocol/ReplyDecoder.ts"
import { encodeCommands, wordText } from "./request.ts"
import { withServer } from "./TestServer.ts"

/** The commands in the append-only file, a line each. */
export function logged(dir: string): ReadonlyArray<string> {
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
export const leaves = (name: string, commands: ReadonlyArray<string>, lines: ReadonlyArray<string>): void => {
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
