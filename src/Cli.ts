/**
 * The command line: `fibredis [path/to/fibredis.conf] [--directive value ...]`, one flag for each directive of the table.
 *
 * Settings come from flags, then the environment (`FIBREDIS_PORT`), then the configuration file, then the defaults. Nothing
 * starts unless all of them are valid.
 */
import { Config, Console, Data, Effect, FileSystem, Option, Path, Result, Runtime, Stdio, Stream } from "effect"
import { Argument, CliConfig, type CliError, CliOutput, Command, Flag, GlobalFlag } from "effect/cli"
import { flagLines, joinArguments } from "./config/Arguments.ts"
import { apply, readBytes } from "./config/ConfigFile.ts"
import { type AnyDirective, table } from "./config/Directives.ts"
import { assign, ConfigError, defaults, type ServerConfig } from "./config/ServerConfig.ts"
import { systemReason } from "./config/systemReason.ts"
import { joinWords, toText, toWord } from "./config/Words.ts"
import { REDIS_VERSION, VERSION } from "./ServerIdentity.ts"

/** The server did not start, for a reason that has been printed. The exit code is 1. */
export class LaunchError extends Data.TaggedError("LaunchError")<{ readonly message: string }> {
  override readonly [Runtime.errorReported] = false
}

/** A directive with the lines that a flag or a variable gives it; `source` is how it begins where the user wrote it. */
interface Given {
  readonly directive: AnyDirective
  readonly source: string
  readonly lines: ReadonlyArray<ReadonlyArray<string>>
}

const variableName = (directive: AnyDirective): string =>
  `FIBREDIS_${directive.name.replaceAll("-", "_").toUpperCase()}`

const flagOf = (directive: AnyDirective): Flag.Flag<Option.Option<Given>> => {
  const variable = variableName(directive)
  return Flag.String(directive.name).pipe(
    Flag.withDescription(directive.help),
    Flag.withMetavar(directive.kind.metavar),
    Flag.map((value): Given => ({ directive, source: `--${directive.name} `, lines: flagLines(value) })),
    Flag.withFallbackConfig(
      Config.map(
        Config.String(variable),
        (value): Given => ({ directive, source: `${variable}=`, lines: [[toWord(value)]] })
      )
    ),
    Flag.optional
  )
}

const sources = Argument.String("path/to/fibredis.conf").pipe(
  Argument.withDescription("configuration file in the format of redis.conf; - reads one from standard input"),
  Argument.between(0, 2)
)

const settings: { readonly [name: string]: Flag.Flag<Option.Option<Given>> } = Object.fromEntries(
  table.map((directive) => [directive.name, flagOf(directive)])
)

const readStdin = Effect.gen(function* () {
  const stdio = yield* Stdio.Stdio
  return Buffer.concat(yield* Stream.runCollect(stdio.stdin)).toString("latin1")
})

/** The settings with those of flags and variables on top; fails with everything that is wrong. */
const assignAll = (base: ServerConfig, given: ReadonlyArray<Given>): Effect.Effect<ServerConfig, LaunchError> => {
  const problems: Array<string> = []
  let config = base
  for (const { directive, source, lines } of given) {
    for (const words of lines) {
      const next = assign(config, directive, words)
      const shown = directive.secret ? "***" : toText(joinWords(words))
      if (Result.isSuccess(next)) config = next.success
      else problems.push(`${`${source}${shown}`.trimEnd()}: ${next.failure}`)
    }
  }
  return problems.length === 0 ? Effect.succeed(config) : Effect.fail(new LaunchError({ message: problems.join("\n") }))
}

/** The directory that `dir` names must be there before anything starts. */
const checkDirectory = Effect.fnUntraced(function* ({ dir }: ServerConfig) {
  const fs = yield* FileSystem.FileSystem
  const reason = yield* fs.stat(dir).pipe(
    Effect.map((info) => (info.type === "Directory" ? undefined : "Not a directory")),
    Effect.catch((error) => Effect.succeed(systemReason(error)))
  )
  if (reason !== undefined) return yield* new ConfigError({ directive: "dir", reason: `${dir}: ${reason}` })
})

/** All settings, and the absolute path of the configuration file if there is one. */
const configure = Effect.fnUntraced(function* (paths: ReadonlyArray<string>, given: ReadonlyArray<Given>) {
  const path = yield* Path.Path
  const files = paths.filter((name) => name !== "-").map((name) => path.resolve(name))
  if (files.length > 1)
    return yield* new LaunchError({ message: `only one configuration file can be given: ${files[1]}` })
  const file = files[0]
  let config = defaults
  if (file !== undefined) config = yield* apply(config, yield* readBytes(file), file)
  if (files.length < paths.length) config = yield* apply(config, yield* readStdin)
  config = yield* assignAll(config, given)
  yield* checkDirectory(config)
  return { config, file }
})

/** Prints what stopped the start as one message on standard error. */
const refuse = (error: Error): Effect.Effect<never, LaunchError> =>
  Effect.andThen(Console.error(error.message), Effect.fail(new LaunchError({ message: error.message })))

const describe = (error: CliError.NonShowHelpErrors): string =>
  error._tag === "UnknownSubcommand" ? `Unexpected argument: ${error.subcommand}` : error.message

/** Help and version on standard output; complaints on standard error without the help around them. */
const presenter: CliOutput.Presenter = {
  present: (event) => {
    if (event._tag === "Help") return CliOutput.defaultPresenter.present(event)
    if (event._tag === "Version")
      return Console.log(`fibredis ${event.version} (Redis ${REDIS_VERSION}, Node ${process.version})`)
    return Console.error([...event.errors.map(describe), "Try fibredis --help"].join("\n"))
  }
}

/**
 * The program for the words after `fibredis`. `serve` runs the server with valid settings until it is stopped;
 * `configFile` is what CONFIG REWRITE writes. What `serve` fails with is printed, too.
 */
export const makeCli = <E extends Error, R>(
  serve: (config: ServerConfig, configFile: string | undefined) => Effect.Effect<void, E, R>
) => {
  const command = Command.make("fibredis", { sources, settings }, ({ sources, settings }) =>
    configure(sources, Object.values(settings).flatMap(Option.toArray)).pipe(
      Effect.flatMap(({ config, file }) => serve(config, file)),
      Effect.catch(refuse)
    )
  ).pipe(
    Command.withDescription(
      "A Redis-compatible server. Directives are those of redis.conf; each can be a flag, an environment variable " +
        "(FIBREDIS_PORT for port) or a line of the configuration file, in this order."
    ),
    Command.withExamples([
      { command: "fibredis --port 7000 --save '' --appendonly yes", description: "without a configuration file" },
      { command: "fibredis ./fibredis.conf --loglevel verbose", description: "flags come before the file" }
    ])
  )
  const run = Command.runWith(command, { version: VERSION })
  return (argv: ReadonlyArray<string>) =>
    run(joinArguments(argv)).pipe(
      Effect.provideService(CliOutput.Presenter, presenter),
      Effect.provide(CliConfig.layer({ builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions] }))
    )
}
