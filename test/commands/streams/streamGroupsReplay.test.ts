/** What the append-only file holds of consumer groups, as it was written or written anew, brings them back as they were. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { RespClient } from "../../support/RespClient.ts"
import { show } from "../../support/showReply.ts"
import { call, connect, must, startServer } from "../../support/TestServer.ts"

/** When consumers were there is not in the file. */
const state = (c: RespClient) =>
  Effect.map(call(c, ["XINFO", "STREAM", "s", "FULL", "COUNT", "0"]), (reply) =>
    show(reply).replace(/"(seen|active)-time", \(integer\) -?\d+/g, "")
  )

/** A log with all that happens to groups; nothing of it is lost when it is repeated or written anew. */
const commands = [
  ...Array.from({ length: 20 }, (_, i) => `XADD s ${i + 1}-0 f v`),
  "XGROUP CREATE s g 0 ENTRIESREAD 0",
  "XGROUP CREATE s far 99-9",
  "XREADGROUP GROUP g alice COUNT 5 STREAMS s >",
  "XREADGROUP GROUP g bob COUNT 5 NOACK STREAMS s >",
  "XREADGROUP GROUP g carol COUNT 5 STREAMS s >",
  "XCLAIM s g dave 0 1-0 3-0 11-0 IDLE 7 RETRYCOUNT 9",
  "XAUTOCLAIM s g dave 0 12-0 COUNT 1 JUSTID",
  "XGROUP CREATECONSUMER s far idle",
  "XACK s g 2-0 13-0",
  "XGROUP DELCONSUMER s g carol",
  "XCLAIM s far idle 0 17-0 FORCE LASTID 100-0"
]

const comesBack = (how: string, lastly: (c: RespClient) => Effect.Effect<void>, appendonly: boolean) =>
  it.effect(how, () =>
    Effect.gen(function* () {
      const dir = yield* Effect.acquireRelease(
        Effect.sync(() => mkdtempSync(join(tmpdir(), "fibredis-"))),
        (path) => Effect.sync(() => rmSync(path, { recursive: true }))
      )
      yield* TestClock.adjust(1_000_000)
      const before = yield* Effect.scoped(
        Effect.gen(function* () {
          const c = yield* connect(yield* startServer({ dir, appendonly, appendfsync: "always" }))
          for (const line of commands) {
            const reply = yield* call(c, line.split(" "))
            assert.notStrictEqual(reply._tag, "Error", `${line}: ${show(reply)}`)
            yield* TestClock.adjust(10)
          }
          yield* lastly(c)
          return yield* state(c)
        })
      )
      yield* TestClock.adjust(1_000_000)
      const c = yield* connect(yield* startServer({ dir, appendonly: true }))
      assert.strictEqual(yield* state(c), before)
    })
  )

describe("consumer groups come back", () => {
  comesBack("from the log of what happened", () => Effect.void, true)
  comesBack("from a log that was written anew", (c) => must(c, ["CONFIG", "SET", "appendonly", "yes"], "OK"), false)
})
