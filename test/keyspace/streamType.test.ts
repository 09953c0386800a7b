import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import { encodeCommands } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, startServer } from "../support/TestServer.ts"

/** A directory that goes with the scope. */
const directory: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "fibredis-"))),
  (dir) => Effect.sync(() => rmSync(dir, { recursive: true }))
)

const commandsOf = (lines: ReadonlyArray<string>) => lines.map((line) => line.split(" "))

describe("a stream in a new append-only file", () => {
  it.effect("comes back as it was", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      const keys = ["full", "emptied", "made", "grouped"]
      const states = yield* Effect.scoped(
        Effect.gen(function* () {
          const c = yield* connect(yield* startServer({ dir }))
          for (const words of commandsOf([
            "XADD full 1-1 a 1",
            "XADD full 1-2 a 1 b 2",
            "XADD full 5-0 a 1",
            "XDEL full 1-1 5-0",
            "XADD emptied 7-7 a 1",
            "XTRIM emptied MAXLEN 0",
            "XGROUP CREATE made g $ MKSTREAM",
            "XADD grouped 3-1 a 1",
            "XADD grouped 3-2 a 2",
            "XADD grouped 3-3 a 3",
            "XGROUP CREATE grouped g 0",
            "XREADGROUP GROUP g alice COUNT 2 STREAMS grouped >",
            "XGROUP CREATECONSUMER grouped g bob",
            "XCLAIM grouped g bob 0 3-2 TIME 0 RETRYCOUNT 5"
          ]))
            yield* call(c, words)
          yield* must(c, ["CONFIG", "SET", "appendonly", "yes"], "OK")
          return yield* Effect.forEach(keys, (key) => call(c, ["XINFO", "STREAM", key, "FULL"]))
        })
      )
      const c = yield* connect(yield* startServer({ dir, appendonly: true }))
      for (const [index, key] of keys.entries()) {
        const state = yield* call(c, ["XINFO", "STREAM", key, "FULL"])
        assert.strictEqual(comparable(show(state)), comparable(show(states[index]!)))
      }
    })
  )
})

/** When consumers were last there is not in the commands. */
const comparable = (info: string): string => info.replace(/"(seen|active)-time", \(integer\) -?\d+/g, "")

describe("a log of Redis'", () => {
  it.effect("may have limits beside what trimming came to", () =>
    Effect.gen(function* () {
      const dir = yield* directory
      const log = [
        "XADD s 1-1 f v",
        "XADD s MAXLEN = 1 LIMIT 7 1-2 f v",
        "XADD s 1-3 f v",
        "XTRIM s MINID = 1-3 LIMIT 0"
      ]
      writeFileSync(join(dir, "appendonly.aof"), encodeCommands(commandsOf(["SELECT 0", ...log])))
      const c = yield* connect(yield* startServer({ dir, appendonly: true }))
      yield* must(c, ["XRANGE", "s", "-", "+"], '[["1-3", ["f", "v"]]]')
    })
  )
})
