import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { parseCursor } from "../../src/commands/scanOptions.ts"
import { Slice } from "../../src/values/Slice.ts"
import type { RespClient } from "../support/RespClient.ts"
import type { Words } from "../support/request.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

const NOT_AN_INTEGER = "ERR value is not an integer or out of range"

/** One SCAN: the next cursor and the keys. */
const scan = (c: RespClient, cursor: string, options: Words) =>
  Effect.map(call(c, ["SCAN", cursor, ...options]), (reply) => {
    if (reply._tag !== "Array") throw new Error(`not a reply of SCAN: ${reply._tag}`)
    const [next, keys] = reply.items
    if (next?._tag !== "Bulk" || keys?._tag !== "Array") throw new Error("not a reply of SCAN")
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1")
    return {
      next: text(next.bytes),
      keys: keys.items.map((key) => (key._tag === "Bulk" ? text(key.bytes) : key._tag))
    }
  })

/** A whole iteration, with something done between any two calls. */
const scanAll = (c: RespClient, options: Words = [], between: Effect.Effect<unknown> = Effect.void) =>
  Effect.gen(function* () {
    const seen: Array<string> = []
    let cursor = "0"
    do {
      const { keys, next } = yield* scan(c, cursor, options)
      seen.push(...keys)
      cursor = next
      yield* between
    } while (cursor !== "0")
    return seen
  })

const fill = (c: RespClient, prefix: string, count: number) =>
  call(c, ["MSET", ...Array.from({ length: count }, (_, i) => [`${prefix}${i}`, "v"]).flat()])

describe("SCAN", () => {
  withServer("returns every key once while nothing changes", (c) =>
    Effect.gen(function* () {
      yield* fill(c, "k", 1000)
      const keys = yield* scanAll(c)
      assert.strictEqual(keys.length, 1000)
      assert.strictEqual(new Set(keys).size, 1000)
    })
  )

  withServer("returns every key that stays, however the table grows and shrinks meanwhile", (c, server) =>
    Effect.gen(function* () {
      const writer = yield* connect(server)
      yield* fill(c, "stays", 500)
      let round = 0
      const churn = Effect.suspend(() => {
        const prefix = `churn${round >> 1}:`
        const grow = round++ % 2 === 0
        return grow
          ? fill(writer, prefix, 3000)
          : call(writer, ["DEL", ...Array.from({ length: 3000 }, (_, i) => `${prefix}${i}`)])
      })
      const seen = new Set(yield* scanAll(c, ["COUNT", "100"], churn))
      for (let i = 0; i < 500; i++) assert.isTrue(seen.has(`stays${i}`), `stays${i}`)
    })
  )

  withServer("filters by pattern and type, whatever the order of the options", (c) =>
    Effect.gen(function* () {
      yield* fill(c, "a", 20)
      yield* fill(c, "b", 20)
      const all = ["COUNT", "1000"]
      const match = yield* scanAll(c, ["MATCH", "a1*", ...all])
      assert.sameMembers(match, ["a1", ...Array.from({ length: 10 }, (_, i) => `a1${i}`)])
      assert.strictEqual((yield* scanAll(c, ["TYPE", "String", ...all, "match", "b*"])).length, 20)
      assert.deepStrictEqual(yield* scanAll(c, ["TYPE", "hash", ...all]), [])
      assert.deepStrictEqual(yield* scanAll(c, ["TYPE", "nosuchtype", ...all]), [])
    })
  )

  withServer("finds the empty key with MATCH *, as Redis does", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "", "v"], "OK")
      yield* must(c, ["SCAN", "0", "MATCH", "*"], '["0", [""]]')
      yield* must(c, ["SCAN", "0", "MATCH", "**"], '["0", []]')
    })
  )

  withServer("answers with the same arrays on RESP3", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["SET", "a", "v"], "OK")
      yield* must(c, ["SCAN", "0"], '["0", ["a"]]')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["SCAN"], "ERR wrong number of arguments for 'scan' command")
      yield* mustFail(c, ["SCAN", "a", "FOO"], "ERR invalid cursor")
      yield* mustFail(c, ["SCAN", "0", "COUNT"], "ERR syntax error")
      yield* mustFail(c, ["SCAN", "0", "COUNT", "a"], NOT_AN_INTEGER)
      yield* mustFail(c, ["SCAN", "0", "COUNT", "0"], "ERR syntax error")
      yield* mustFail(c, ["SCAN", "0", "COUNT", "5", "COUNT", "-1"], "ERR syntax error")
      yield* mustFail(c, ["SCAN", "0", "MATCH", "*", "TYPE"], "ERR syntax error")
      yield* mustFail(c, ["SCAN", "0", "FOO", "BAR", "COUNT", "a"], "ERR syntax error")
    })
  )
})

describe("a cursor", () => {
  const parsed = (text: string) => {
    try {
      return parseCursor(Slice.latin1(text))
    } catch {
      return undefined
    }
  }

  it("is read as C's strtoul reads it", () => {
    assert.strictEqual(parsed("0"), 0)
    assert.strictEqual(parsed(""), 0)
    assert.strictEqual(parsed("007"), 7)
    assert.strictEqual(parsed("+5"), 5)
    assert.strictEqual(parsed("5\0x"), 5)
    assert.strictEqual(parsed("4294967295"), 4294967295)
    assert.strictEqual(parsed("4294967296"), 0)
    assert.strictEqual(parsed("18446744073709551615"), 4294967295)
    assert.strictEqual(parsed("-1"), 4294967295)
  })

  it("is refused where that has something left over or no room", () => {
    for (const text of ["a", "5a", " 5", "5 ", "-", "+", "--5", "0x10", "1.5", "18446744073709551616"]) {
      assert.isUndefined(parsed(text), text)
    }
  })
})

describe("KEYS", () => {
  withServer("returns the keys that match", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["KEYS", "*"], "[]")
      yield* must(c, ["MSET", "one", "1", "\xff\x00", "2"], "OK")
      yield* must(c, ["KEYS", "o?e"], '["one"]')
      yield* must(c, ["KEYS", "[^o]*"], '["\\xff\\x00"]')
      yield* must(c, ["KEYS", "nosuch*"], "[]")
      yield* must(c, ["SELECT", "1"], "OK")
      yield* must(c, ["KEYS", "*"], "[]")
    })
  )
})

describe("RANDOMKEY", () => {
  withServer("returns some key, or nil when there is none", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["RANDOMKEY"], "(nil)")
      yield* must(c, ["MSET", "a", "1", "b", "2"], "OK")
      yield* must(c, ["RANDOMKEY"], /^"[ab]"$/)
    })
  )
})
