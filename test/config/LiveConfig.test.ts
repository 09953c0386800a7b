import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { LiveConfig, type Pair } from "../../src/config/LiveConfig.ts"
import { defaults } from "../../src/config/ServerConfig.ts"

const makeLive = () => new LiveConfig(defaults)

const set = (live: LiveConfig, ...pairs: ReadonlyArray<Pair>): string =>
  Result.match(live.set(pairs), { onSuccess: () => "OK", onFailure: (error) => error.text })

const failed = (name: string, reason: string) =>
  `ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`

describe("CONFIG GET", () => {
  it("finds names by glob, whatever their case", () => {
    const live = makeLive()
    assert.deepStrictEqual(live.get(["TCP-*"]), [
      ["tcp-backlog", "511"],
      ["tcp-keepalive", "300"]
    ])
    assert.deepStrictEqual(live.get(["appendf[i]lename"]), [["appendfilename", "appendonly.aof"]])
  })

  it("says a plain name as it was asked, and each directive once", () => {
    assert.deepStrictEqual(makeLive().get(["PORT", "port", "por?"]), [["PORT", "6379"]])
  })

  it("knows nothing of other names", () => {
    assert.deepStrictEqual(makeLive().get(["hz", "nosuch*"]), [])
  })

  it("prints directories in full", () => {
    assert.deepStrictEqual(makeLive().get(["dir"]), [["dir", process.cwd()]])
  })
})

describe("CONFIG SET", () => {
  it("changes several directives at once", () => {
    const live = makeLive()
    assert.strictEqual(set(live, ["timeout", "5"], ["MaxClients", "7"]), "OK")
    assert.strictEqual(live.values.timeout, 5)
    assert.strictEqual(live.values.maxclients, 7)
  })

  it("changes nothing when one of them is refused", () => {
    const live = makeLive()
    const before = live.values
    assert.strictEqual(
      set(live, ["timeout", "5"], ["maxclients", "0"]),
      failed("maxclients", "argument must be between 1 and 4294967295 inclusive")
    )
    assert.strictEqual(
      set(live, ["timeout", "5"], ["hz", "1"]),
      "ERR Unknown option or number of arguments for CONFIG SET - 'hz'"
    )
    assert.strictEqual(live.values, before)
  })

  it("refuses what only the start can set, before it looks at values", () => {
    assert.strictEqual(
      set(makeLive(), ["timeout", "x"], ["Databases", "4"]),
      failed("Databases", "can't set immutable config")
    )
    assert.strictEqual(set(makeLive(), ["dir", "/"]), failed("dir", "can't set protected config"))
  })

  it("refuses a directive that is named twice", () => {
    assert.strictEqual(set(makeLive(), ["timeout", "1"], ["TIMEOUT", "2"]), failed("TIMEOUT", "duplicate parameter"))
  })

  it("replaces save points, and keeps the limits of classes that are not named", () => {
    const live = makeLive()
    assert.strictEqual(set(live, ["save", "900 1"]), "OK")
    assert.strictEqual(set(live, ["save", "60 5 30 9"]), "OK")
    assert.deepStrictEqual(live.get(["save"]), [["save", "60 5 30 9"]])
    assert.strictEqual(set(live, ["client-output-buffer-limit", "normal 1gb 2mb 3"]), "OK")
    assert.match(set(live, ["client-output-buffer-limit", "constructor 1 2 3"]), /Invalid client class/)
    assert.strictEqual(set(live, ["client-output-buffer-limit", "pubsub 1 2 3"]), "OK")
    assert.deepStrictEqual(live.get(["client-output-buffer-limit"]), [
      ["client-output-buffer-limit", "normal 1073741824 2097152 3 slave 268435456 67108864 60 pubsub 1 2 3"]
    ])
  })
})

describe("a listener", () => {
  it("hears of a new value when it is in force, and of nothing else", () => {
    const live = makeLive()
    const heard: Array<string> = []
    live.onChange("timeout", (value, previous) => {
      heard.push(`${previous} -> ${value} (${live.values.timeout})`)
      return undefined
    })
    set(live, ["timeout", "5"])
    set(live, ["timeout", "5"])
    set(live, ["maxclients", "5"])
    assert.deepStrictEqual(heard, ["0 -> 5 (5)"])
  })

  it("may refuse, which takes everything back from those that agreed", () => {
    const live = makeLive()
    const heard: Array<string> = []
    live.onChange("timeout", (value) => {
      heard.push(`timeout ${value} (${live.values.timeout})`)
    })
    live.onChange("port", () => "Unable to listen on this port")
    assert.strictEqual(set(live, ["timeout", "5"], ["port", "1"]), failed("port", "Unable to listen on this port"))
    assert.deepStrictEqual(heard, ["timeout 5 (5)", "timeout 0 (0)"])
    assert.deepStrictEqual(live.values, defaults)
  })

  it("hears nothing any more once it is stopped", () => {
    const live = makeLive()
    const stop = live.onChange("timeout", () => "no")
    assert.strictEqual(set(live, ["timeout", "5"]), failed("timeout", "no"))
    stop()
    assert.strictEqual(set(live, ["timeout", "5"]), "OK")
  })
})

describe("an action on a change", () => {
  const complete = (live: LiveConfig, ...pairs: ReadonlyArray<Pair>): Effect.Effect<string> =>
    Result.match(live.set(pairs), {
      onFailure: (error) => Effect.succeed(error.text),
      onSuccess: (completion) =>
        Effect.match(completion ?? Effect.void, { onFailure: (error) => error.text, onSuccess: () => "OK" })
    })

  it.effect("is done when the new values are in force", () =>
    Effect.gen(function* () {
      const live = makeLive()
      const done: Array<string> = []
      live.onChangeDo("port", (value, previous) =>
        Effect.sync(() => void done.push(`${previous} -> ${value} (${live.values.port}, ${live.values.timeout})`))
      )
      assert.strictEqual(yield* complete(live, ["port", "7000"], ["timeout", "5"]), "OK")
      assert.deepStrictEqual(done, ["6379 -> 7000 (7000, 5)"])
    })
  )

  it("leaves nothing to do when its directive stays as it is", () => {
    const live = makeLive()
    live.onChangeDo("port", () => Effect.void)
    assert.deepStrictEqual(live.set([["timeout", "5"]]), Result.succeed(undefined))
  })

  it.effect("may fail, which takes everything back", () =>
    Effect.gen(function* () {
      const live = makeLive()
      const heard: Array<string> = []
      live.onChange("timeout", (value) => void heard.push(`timeout ${value}`))
      live.onChangeDo("port", (value) => Effect.sync(() => void heard.push(`port ${value}`)))
      live.onChangeDo("appendonly", () => Effect.fail("Unable to turn on AOF"))
      assert.strictEqual(
        yield* complete(live, ["timeout", "5"], ["port", "7000"], ["appendonly", "yes"]),
        failed("appendonly", "Unable to turn on AOF")
      )
      assert.deepStrictEqual(heard, ["timeout 5", "port 7000", "timeout 0", "port 6379"])
      assert.deepStrictEqual(live.values, defaults)
    })
  )
})
