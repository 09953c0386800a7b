/** Values of every type under other names and in other databases. */
import { describe } from "@effect/vitest"
import { Effect } from "effect"
import { Random } from "../conformance/Random.ts"
import { smallLimits, valueCommands, valueTypes } from "../support/randomValues.ts"
import type { Words } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import { call, must, withServer } from "../support/TestServer.ts"

/** What makes any value of that type another. */
const changes: Readonly<Record<string, Words>> = {
  string: ["APPEND", "copy", "more"],
  list: ["LPUSH", "copy", "one more"],
  set: ["SADD", "copy", "one more"],
  zset: ["ZADD", "copy", "5", "one more"],
  hash: ["HSET", "copy", "one more", "value"],
  stream: ["XADD", "copy", "999999-1", "one", "more"]
}

describe("a value of any type", () => {
  for (const type of valueTypes) {
    withServer(`stays what it is wherever it goes: ${type}`, (c) =>
      Effect.gen(function* () {
        const random = new Random(7)
        for (const limits of [[], smallLimits]) {
          for (const limit of limits) yield* must(c, ["CONFIG", "SET", ...limit], "OK")
          for (let i = 0; i < 10; i++) {
            yield* must(c, ["FLUSHALL"], "OK")
            for (const words of valueCommands(type, "key", random)) yield* call(c, words)
            yield* must(c, ["EXPIRE", "key", 1000], "(integer) 1")
            const digest = show(yield* call(c, ["DEBUG", "DIGEST-VALUE", "key"]))
            const encoding = show(yield* call(c, ["OBJECT", "ENCODING", "key"]))
            yield* must(c, ["COPY", "key", "copy"], "(integer) 1")
            yield* must(c, ["DEBUG", "DIGEST-VALUE", "copy"], digest)
            if (type !== "string") yield* must(c, ["OBJECT", "ENCODING", "copy"], encoding)
            yield* call(c, changes[type]!)
            yield* must(c, ["DEBUG", "DIGEST-VALUE", "copy"], (text) => text !== digest)
            yield* must(c, ["DEBUG", "DIGEST-VALUE", "key"], digest)
            yield* must(c, ["RENAME", "key", "copy"], "OK")
            yield* must(c, ["DEBUG", "DIGEST-VALUE", "copy", "key"], (text) => text.startsWith(digest.slice(0, -1)))
            yield* must(c, ["OBJECT", "ENCODING", "copy"], encoding)
            yield* must(c, ["MOVE", "copy", 1], "(integer) 1")
            yield* must(c, ["SWAPDB", 1, 2], "OK")
            yield* must(c, ["SELECT", 2], "OK")
            yield* must(c, ["DEBUG", "DIGEST-VALUE", "copy"], digest)
            yield* must(c, ["OBJECT", "ENCODING", "copy"], encoding)
            yield* must(c, ["OBJECT", "IDLETIME", "copy"], "(integer) 0")
            yield* must(c, ["TTL", "copy"], "(integer) 1000")
            yield* must(c, ["MEMORY", "USAGE", "copy", "SAMPLES", 5], /^\(integer\) [1-9]/)
            yield* must(
              c,
              ["DEBUG", "OBJECT", "copy"],
              new RegExp(` encoding:${encoding.slice(1, -1)} serializedlength:[1-9]`)
            )
            yield* call(c, changes[type]!)
            yield* must(c, ["SELECT", 0], "OK")
          }
        }
      })
    )
  }
})
