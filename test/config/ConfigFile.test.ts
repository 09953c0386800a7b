import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Result } from "effect"
import { apply, readBytes } from "../../src/config/ConfigFile.ts"
import { LiveConfig } from "../../src/config/LiveConfig.ts"
import { rewriteConfig, rewriteText } from "../../src/config/rewriteConfig.ts"
import { defaults, type ServerConfig } from "../../src/config/ServerConfig.ts"

/** A directory with these files in it, until the test is over. */
const folder = Effect.fnUntraced(function* (files: { readonly [name: string]: string }) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* fs.makeTempDirectoryScoped()
  for (const [name, text] of Object.entries(files)) yield* fs.writeFileString(`${path}/${name}`, text)
  return path
})

/** What a file sets, and nothing else. */
const read = (text: string) =>
  Effect.map(apply(defaults, text), (config) =>
    Object.fromEntries(
      Object.entries(config).filter(([field, value]) => value !== defaults[field as keyof ServerConfig])
    )
  )

const complaint = (text: string) => Effect.map(Effect.flip(apply(defaults, text)), (error) => error.message)

describe("a configuration file", () => {
  it.effect("is read as redis-server reads it", () =>
    Effect.gen(function* () {
      const text = [
        "# An excerpt in the manner of the file that comes with Redis.",
        "",
        "bind 127.0.0.1 -::1",
        "  PORT 7000  ",
        "timeout 0\r",
        "loglevel verbose",
        'logfile ""',
        "save 3600 1",
        "save 300 100 60 10000",
        'requirepass "foo bar\\x21"',
        "client-output-buffer-limit normal 0 0 0",
        "client-output-buffer-limit replica 512mb 64mb 60",
        "appendfsync always",
        "unixsocketperm 700",
        "notify-keyspace-events 'KEx'",
        "timeout 7"
      ]
      assert.deepStrictEqual(yield* read(text.join("\n")), {
        bind: ["127.0.0.1", "-::1"],
        port: 7000,
        timeout: 7,
        loglevel: "verbose",
        save: [
          { seconds: 3600, changes: 1 },
          { seconds: 300, changes: 100 },
          { seconds: 60, changes: 10000 }
        ],
        requirepass: "foo bar!",
        clientOutputBufferLimit: {
          ...defaults.clientOutputBufferLimit,
          replica: { hard: 2 ** 29, soft: 2 ** 26, softSeconds: 60 }
        },
        appendfsync: "always",
        unixsocketperm: 0o700,
        notifyKeyspaceEvents: "xKE"
      })
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("forgets save points at an empty one", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read('save 900 1\nsave ""\nsave 5 5'), { save: [{ seconds: 5, changes: 5 }] })
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("is refused line by line", () =>
    Effect.gen(function* () {
      const message = yield* complaint('port 1\n\nport 71x0\nhz 10\ntimeout 1 2\nrequirepass "a\n')
      assert.strictEqual(
        message,
        [
          "",
          "*** FATAL CONFIG FILE ERROR (fibredis 0.1.0) ***",
          "Reading the configuration file, at line 3",
          ">>> 'port 71x0'",
          "argument couldn't be parsed into an integer",
          "",
          "Reading the configuration file, at line 4",
          ">>> 'hz 10'",
          "Bad directive or wrong number of arguments: fibredis has no 'hz'",
          "",
          "Reading the configuration file, at line 5",
          ">>> 'timeout 1 2'",
          "wrong number of arguments",
          "",
          "Reading the configuration file, at line 6",
          ">>> 'requirepass \"a'",
          "Unbalanced quotes in configuration line"
        ].join("\n")
      )
    }).pipe(Effect.provide(NodeServices.layer))
  )
})

describe("include", () => {
  it.effect("reads files in their place, by name and by pattern", () =>
    Effect.gen(function* () {
      const path = yield* folder({
        "a1.conf": "port 1\ntimeout 1",
        "a2.conf": "port 2",
        ".a3.conf": "port 3",
        "b.conf": "port 4"
      })
      assert.deepStrictEqual(yield* read(`port 9\ninclude ${path}/a*.conf\ntimeout 5`), { port: 2, timeout: 5 })
      assert.deepStrictEqual(yield* read(`include "${path}/b.conf"`), { port: 4 })
      assert.deepStrictEqual(yield* read(`include ${path}/c*.conf`), {})
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("names the included file and its line when something is wrong there", () =>
    Effect.gen(function* () {
      const path = yield* folder({ "a.conf": "\nport x" })
      assert.include(yield* complaint(`include ${path}/a.conf`), `file '${path}/a.conf', at line 2\n>>> 'port x'`)
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("fails when a named file is missing", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* complaint("include /nonexistent.conf"),
        "Fatal error, can't open config file '/nonexistent.conf': No such file or directory"
      )
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("refuses a file that includes itself, directly or through another", () =>
    Effect.gen(function* () {
      const path = yield* folder({})
      const fs = yield* FileSystem.FileSystem
      yield* fs.writeFileString(`${path}/a.conf`, `include ${path}/b.conf`)
      yield* fs.writeFileString(`${path}/b.conf`, `include ${path}/a.conf`)
      const error = yield* Effect.flip(apply(defaults, yield* readBytes(`${path}/a.conf`), `${path}/a.conf`))
      assert.include(error.message, "the file includes itself")
    }).pipe(Effect.provide(NodeServices.layer))
  )
})

describe("CONFIG REWRITE", () => {
  it("replaces changed lines where they are and keeps everything else", () => {
    const text =
      '# mine\nport 7000\n\n# how long\ntimeout 5\nproto-max-bulk-len 1gb\nsave 900 1\nsave 300 10\nbind "::1"\n'
    const saved: ServerConfig = {
      ...defaults,
      port: 7000,
      timeout: 5,
      protoMaxBulkLen: 2 ** 30,
      save: [
        { seconds: 900, changes: 1 },
        { seconds: 300, changes: 10 }
      ],
      bind: ["::1"]
    }
    assert.strictEqual(rewriteText(text, saved, saved), text)
    assert.strictEqual(
      rewriteText(text, saved, { ...saved, timeout: 0, save: [{ seconds: 60, changes: 2 }] }),
      '# mine\nport 7000\n\n# how long\ntimeout 0\nproto-max-bulk-len 1gb\nsave 60 2\nbind "::1"\n'
    )
  })

  it("adds what has no line below one heading", () => {
    const once = rewriteText("port 1\n\n", { ...defaults, port: 1 }, { ...defaults, port: 1, requirepass: "a b" })
    assert.strictEqual(once, 'port 1\n# Generated by CONFIG REWRITE\nrequirepass "a b"\n')
    const saved = { ...defaults, port: 1, requirepass: "a b" }
    assert.strictEqual(rewriteText(once, saved, { ...saved, timeout: 3 }), `${once}timeout 3\n`)
  })

  it.effect("writes a file that gives the running settings back, with the permissions it had", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const path = yield* folder({ "ok.conf": "port 1\n" })
      yield* fs.chmod(`${path}/ok.conf`, 0o600)
      const live = new LiveConfig({ ...defaults, port: 1 }, `${path}/ok.conf`)
      Result.getOrThrow(
        live.set([
          ["requirepass", "\xc3\xa4 #"],
          ["save", "1 2 3 4"],
          ["notify-keyspace-events", "AnK"]
        ])
      )
      yield* rewriteConfig(live)
      const text = yield* readBytes(`${path}/ok.conf`)
      assert.deepStrictEqual(yield* apply(defaults, text), live.values)
      assert.strictEqual((yield* fs.stat(`${path}/ok.conf`)).mode & 0o777, 0o600)
      assert.deepStrictEqual((yield* fs.readDirectory(path)).sort(), ["ok.conf"])
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("overrules what included files say, wherever they are included", () =>
    Effect.gen(function* () {
      const path = yield* folder({})
      const fs = yield* FileSystem.FileSystem
      const include = `include ${path}/more.conf`
      yield* fs.writeFileString(`${path}/more.conf`, "save 900 1\nmaxclients 50\n")
      for (const text of [
        `${include}\nport 1\n`,
        `maxclients 20\nsave 60 1\nport 1\n${include}\n`,
        `${include}\nsave ""`
      ]) {
        const file = `${path}/main.conf`
        yield* fs.writeFileString(file, text)
        const live = new LiveConfig(yield* apply(defaults, text), file)
        for (const save of ["300 10", "", "60 1 70 2"]) {
          Result.getOrThrow(
            live.set([
              ["save", save],
              ["maxclients", `6${save.length}`]
            ])
          )
          yield* rewriteConfig(live)
          const rewritten = yield* readBytes(file)
          assert.deepStrictEqual(yield* apply(defaults, rewritten), live.values)
          assert.include(rewritten, `${include}\n`)
        }
      }
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("makes the file anew when it is gone", () =>
    Effect.gen(function* () {
      const path = yield* folder({})
      yield* rewriteConfig(new LiveConfig({ ...defaults, port: 1 }, `${path}/a.conf`))
      assert.strictEqual(yield* readBytes(`${path}/a.conf`), "# Generated by CONFIG REWRITE\nport 1\n")
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("is refused without a file, and when the file cannot be read back or written", () =>
    Effect.gen(function* () {
      const path = yield* folder({ "bad.conf": "port x\n" })
      const refusal = (file?: string) =>
        Effect.map(Effect.flip(rewriteConfig(new LiveConfig(defaults, file))), (error) => error.text)
      assert.strictEqual(yield* refusal(), "ERR The server is running without a config file")
      assert.strictEqual(
        yield* refusal(`${path}/bad.conf`),
        "ERR Rewriting config file: argument couldn't be parsed into an integer"
      )
      assert.strictEqual(yield* refusal(`${path}/none/a.conf`), "ERR Rewriting config file: No such file or directory")
    }).pipe(Effect.provide(NodeServices.layer))
  )
})
