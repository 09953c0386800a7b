import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Data, Effect, Exit, FileSystem, Layer, Path, Runtime, Stdio, Stream } from "effect"
import { TestConsole } from "effect/testing"
import { makeCli } from "../src/Cli.ts"
import { defaults, type ServerConfig } from "../src/config/ServerConfig.ts"

interface Launch {
  readonly environment?: { readonly [name: string]: string }
  readonly stdin?: string
}

/** Runs the command line; what it would have served, what it printed, and its exit code. */
const run = Effect.fnUntraced(
  function* (argv: ReadonlyArray<string>, { environment = {}, stdin = "" }: Launch = {}) {
    let served: { readonly config: ServerConfig; readonly file: string | undefined } | undefined
    const cli = makeCli((config, file) =>
      Effect.sync(() => {
        served = { config, file }
      })
    )
    const exit = yield* Effect.exit(
      cli(argv).pipe(
        Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnvRecord(environment)),
        Effect.provide(Stdio.layerTest({ stdin: Stream.make(Buffer.from(stdin)) }))
      )
    )
    let code = -1
    Runtime.defaultTeardown(exit, (value) => {
      code = value
    })
    const out = (yield* TestConsole.logLines).join("\n")
    const err = (yield* TestConsole.errorLines).join("\n")
    return { served, code, out, err, exit }
  },
  Effect.provide(Layer.merge(NodeServices.layer, Layer.fresh(TestConsole.layer)))
)

/** The settings that differ from the defaults. */
const settings = Effect.fnUntraced(function* (argv: ReadonlyArray<string>, launch?: Launch) {
  const { served, err } = yield* run(argv, launch)
  assert.strictEqual(err, "")
  return Object.fromEntries(
    Object.entries(served!.config).filter(([field, value]) => value !== defaults[field as keyof ServerConfig])
  )
})

/** What is printed on standard error by a start that fails with exit code 1. */
const complaint = Effect.fnUntraced(function* (argv: ReadonlyArray<string>, launch?: Launch) {
  const { served, code, out, err } = yield* run(argv, launch)
  assert.isUndefined(served)
  assert.strictEqual(code, 1)
  assert.strictEqual(out, "")
  return err
})

/** A file with this text, until the test is over. */
const fileOf = Effect.fnUntraced(function* (text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.join(yield* fs.makeTempDirectoryScoped(), "fibredis.conf")
  yield* fs.writeFileString(file, text)
  return file
}, Effect.provide(NodeServices.layer))

describe("flags", () => {
  it.effect("have redis-server's names and forms", () =>
    Effect.gen(function* () {
      const argv = ["--port", "7000", "--bind", "127.0.0.1", "-::1", "--save", "900", "1", "--save", "60 5"]
      assert.deepStrictEqual(yield* settings([...argv, "--requirepass=a b", "--appendonly", "YES", "--timeout 5"]), {
        port: 7000,
        bind: ["127.0.0.1", "-::1"],
        save: [
          { seconds: 900, changes: 1 },
          { seconds: 60, changes: 5 }
        ],
        requirepass: "a b",
        appendonly: true,
        timeout: 5
      })
    })
  )

  it.effect("may be absent", () =>
    Effect.gen(function* () {
      const { served, code } = yield* run([])
      assert.deepStrictEqual(served, { config: defaults, file: undefined })
      assert.strictEqual(code, 0)
    })
  )

  it.effect("count by their last value when they are repeated", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* settings(["--port", "1", "--port", "2"]), { port: 2 })
    })
  )

  it.effect("may have values that begin with dashes, and text of any language", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* settings(["--slowlog-log-slower-than", "-1", "--requirepass", "--käse"]), {
        slowlogLogSlowerThan: -1,
        requirepass: "--käse"
      })
    })
  )

  it.effect("are refused by name, all at once", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* complaint(["--port", "abc", "--timeout", "1", "2", "--loglevel"]),
        [
          "--port abc: argument couldn't be parsed into an integer",
          "--timeout 1 2: wrong number of arguments",
          "--loglevel: wrong number of arguments"
        ].join("\n")
      )
    })
  )

  it.effect("do not show a password that is refused", () =>
    Effect.gen(function* () {
      assert.notInclude(yield* complaint(["--requirepass", "my", "secret"]), "secret")
    })
  )

  it.effect("that do not exist are named, with a guess", () =>
    Effect.gen(function* () {
      const message = yield* complaint(["--prot", "7000"])
      assert.include(message, "--prot")
      assert.include(message, "--port")
      assert.include(yield* complaint(["--hz", "10"]), "--hz")
      assert.include(yield* complaint(["-x"]), "-x")
    })
  )

  it.effect("name a directory that must be there", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* complaint(["--dir", "/nonexistent"]), "dir: /nonexistent: No such file or directory")
      assert.strictEqual(yield* complaint(["--dir", "/dev/null"]), "dir: /dev/null: Not a directory")
    })
  )
})

describe("sources of settings", () => {
  it.effect("rank flags before the environment before the file before the defaults", () =>
    Effect.gen(function* () {
      const file = yield* fileOf("port 1\ntimeout 1\nmaxclients 1\n")
      const environment = { FIBREDIS_PORT: "2", FIBREDIS_TIMEOUT: "2" }
      assert.deepStrictEqual(yield* settings([file, "--port", "3"], { environment }), {
        port: 3,
        timeout: 2,
        maxclients: 1
      })
    })
  )

  it.effect("include the environment, each variable one value", () =>
    Effect.gen(function* () {
      const environment = { FIBREDIS_REQUIREPASS: "a b", FIBREDIS_BIND: "127.0.0.1 ::1", FIBREDIS_TCP_KEEPALIVE: "9" }
      assert.deepStrictEqual(yield* settings([], { environment }), {
        requirepass: "a b",
        bind: ["127.0.0.1", "::1"],
        tcpKeepalive: 9
      })
      assert.strictEqual(
        yield* complaint([], { environment: { FIBREDIS_PORT: "x" } }),
        "FIBREDIS_PORT=x: argument couldn't be parsed into an integer"
      )
    })
  )

  it.effect("include standard input, after the file", () =>
    Effect.gen(function* () {
      const file = yield* fileOf("port 1\ntimeout 1\n")
      const stdin = "timeout 2\n"
      assert.deepStrictEqual(yield* settings(["-"], { stdin }), { timeout: 2 })
      assert.deepStrictEqual(yield* settings([file, "-"], { stdin }), { port: 1, timeout: 2 })
      assert.deepStrictEqual(yield* settings([file, "--port", "3", "-"], { stdin }), { port: 3, timeout: 2 })
    })
  )

  it.effect("give the file's absolute path to the server", () =>
    Effect.gen(function* () {
      const file = yield* fileOf("port 1\n")
      const relative = (yield* Path.Path).relative(process.cwd(), file)
      assert.strictEqual((yield* run([relative])).served?.file, file)
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("are refused when the file is missing, wrong, or one of two", () =>
    Effect.gen(function* () {
      const file = yield* fileOf("port 1\nhz 10\n")
      assert.include(yield* complaint([file]), "at line 2\n>>> 'hz 10'\n")
      assert.strictEqual(
        yield* complaint(["/nonexistent.conf"]),
        "Fatal error, can't open config file '/nonexistent.conf': No such file or directory"
      )
      assert.include(yield* complaint([file, "/other.conf"]), "/other.conf")
    })
  )
})

describe("the program", () => {
  it.effect("shows a help line for each directive", () =>
    Effect.gen(function* () {
      const { served, code, out } = yield* run(["--help"])
      assert.isUndefined(served)
      assert.strictEqual(code, 0)
      assert.match(out, /--tcp-keepalive number +seconds of silence/)
    })
  )

  it.effect("shows its version and Node's", () =>
    Effect.gen(function* () {
      assert.match((yield* run(["--version"])).out, /^fibredis \d+\.\d+\.\d+ \(Redis 7\.2\.\d+, Node v\d+/)
    })
  )

  it.effect("prints completions for shells", () =>
    Effect.gen(function* () {
      for (const shell of ["bash", "zsh", "fish"]) {
        assert.include((yield* run(["--completions", shell])).out, "appendfsync", shell)
      }
    })
  )

  it.effect("prints in one line what keeps the server from starting", () =>
    Effect.gen(function* () {
      class InUse extends Data.TaggedError("InUse")<{ readonly message: string }> {}
      const exit = yield* Effect.exit(makeCli(() => Effect.fail(new InUse({ message: "Address already in use" })))([]))
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(yield* TestConsole.errorLines, ["Address already in use"])
    }).pipe(Effect.provide(Layer.merge(NodeServices.layer, TestConsole.layer)))
  )
})
