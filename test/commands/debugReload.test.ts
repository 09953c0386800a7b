import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Random } from "../conformance/Random.ts"
import { smallLimits, valueCommands, valueTypes } from "../support/randomValues.ts"
import { show } from "../support/showReply.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

const dir = mkdtempSync(join(tmpdir(), "fibredis-reload-"))
afterAll(() => rmSync(dir, { recursive: true }))

let files = 0
const onDisk = () => ({ dir, dbfilename: `reload${files++}.rdb` })

describe("DEBUG RELOAD", () => {
  withServer(
    "changes nothing, whatever the values are",
    (c) =>
      Effect.gen(function* () {
        const random = new Random(1)
        for (const limits of [[], smallLimits]) {
          for (const limit of limits) yield* must(c, ["CONFIG", "SET", ...limit], "OK")
          for (const db of [0, 3]) {
            yield* must(c, ["SELECT", db], "OK")
            for (let i = 0; i < 60; i++) {
              const type = random.pick(valueTypes)
              for (const words of valueCommands(type, `${type}${i}`, random)) yield* call(c, words)
              if (random.oneIn(3)) yield* call(c, ["EXPIRE", `${type}${i}`, 1000])
            }
          }
          const digest = show(yield* call(c, ["DEBUG", "DIGEST"]))
          yield* must(c, ["DEBUG", "RELOAD"], "OK")
          yield* must(c, ["DEBUG", "DIGEST"], digest)
          yield* must(c, ["DEBUG", "RELOAD", "NOSAVE"], "OK")
          yield* must(c, ["DEBUG", "DIGEST"], digest)
          yield* must(c, ["DEBUG", "RELOAD", "NOFLUSH", "MERGE"], "OK")
          yield* must(c, ["DEBUG", "DIGEST"], digest)
        }
      }),
    onDisk()
  )

  withServer(
    "NOSAVE goes back to what is on the disk, MERGE adds it to what is there",
    (c, server) =>
      Effect.gen(function* () {
        yield* must(c, ["MSET", "a", "1", "b", "1"], "OK")
        yield* must(c, ["SAVE"], "OK")
        yield* must(c, ["MSET", "b", "2", "c", "2"], "OK")
        yield* must(c, ["DEBUG", "RELOAD", "nosave", "noflush", "merge"], "OK")
        yield* must(c, ["MGET", "a", "b", "c"], '["1", "1", "2"]')
        const other = yield* connect(server)
        yield* must(other, ["WATCH", "c"], "OK")
        yield* must(c, ["DEBUG", "RELOAD", "NOSAVE"], "OK")
        yield* must(c, ["MGET", "a", "b", "c"], '["1", "1", (nil)]')
        yield* must(other, ["MULTI"], "OK")
        yield* must(other, ["EXEC"], "(nil)")
      }),
    onDisk()
  )

  const broken = onDisk()
  withServer(
    "errors",
    (c) =>
      Effect.gen(function* () {
        const failed = "ERR Error trying to load the RDB dump, check server logs."
        yield* mustFail(c, ["DEBUG", "RELOAD", "NOSAVE"], failed)
        yield* must(c, ["SET", "a", "1"], "OK")
        yield* must(c, ["SAVE"], "OK")
        yield* mustFail(c, ["DEBUG", "RELOAD", "NOSAVE", "NOFLUSH"], failed)
        writeFileSync(join(dir, broken.dbfilename), "REDIS0010 and more")
        yield* mustFail(c, ["DEBUG", "RELOAD", "NOSAVE"], failed)
        yield* mustFail(
          c,
          ["DEBUG", "RELOAD", "x"],
          "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options."
        )
        yield* must(c, ["MULTI"], "OK")
        yield* must(c, ["DEBUG", "RELOAD"], "QUEUED")
        yield* must(c, ["EXEC"], "[(error) ERR DEBUG RELOAD isn't allowed for a DENY BLOCKING client]")
        yield* must(c, ["PING"], "PONG")
      }),
    broken
  )

  withServer("is refused where there is no file", (c) =>
    mustFail(c, ["DEBUG", "RELOAD"], "ERR There is no snapshot file: the dbfilename option is empty")
  )
})
