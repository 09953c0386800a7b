/**
 * The server's log: Effect's log calls as lines, of the levels that `loglevel` lets through, on standard output or in
 * `logfile`. https://redis.io/docs/latest/operate/oss_and_stack/management/config/
 *
 * Redis' four levels are Effect's: warning is Warn and above, notice is Info, verbose is Debug, debug is Trace.
 */
import { Cause, Data, Effect, Formatter, Layer, Logger, type LogLevel, Path, References, Stdio } from "effect"
import type { DirectiveValue } from "./config/Directives.ts"
import { Settings } from "./config/Settings.ts"
import { systemReason } from "./config/systemReason.ts"

/** The log file cannot be opened. */
export class LogFileError extends Data.TaggedError("LogFileError")<{ readonly path: string; readonly reason: string }> {
  override get message(): string {
    return `Can't open the log file '${this.path}': ${this.reason}`
  }
}

interface Level {
  /** How Redis marks a line of the level. */
  readonly mark: string
  /** Levels count from debug, 0, upwards. */
  readonly rank: number
  /** The ANSI colour of the mark. */
  readonly colour: number
}

const debug: Level = { mark: ".", rank: 0, colour: 90 }
const verbose: Level = { mark: "-", rank: 1, colour: 90 }
const notice: Level = { mark: "*", rank: 2, colour: 36 }
const warning: Level = { mark: "#", rank: 3, colour: 33 }

const levels: { readonly [Severity in LogLevel.LogLevel]: Level } = {
  All: debug,
  Trace: debug,
  Debug: verbose,
  Info: notice,
  Warn: warning,
  Error: { ...warning, colour: 31 },
  Fatal: { ...warning, colour: 31 },
  None: warning
}

/** The lowest rank that each value of `loglevel` lets through. */
const thresholds: { readonly [Name in DirectiveValue<"loglevel">]: number } = {
  debug: debug.rank,
  verbose: verbose.rank,
  notice: notice.rank,
  warning: warning.rank,
  nothing: Number.POSITIVE_INFINITY
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

const padded = (value: number, width = 2): string => String(value).padStart(width, "0")

const time = (date: Date): string =>
  `${padded(date.getHours())}:${padded(date.getMinutes())}:${padded(date.getSeconds())}.${padded(date.getMilliseconds(), 3)}`

const day = (date: Date): string => `${padded(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()}`

const words = (message: unknown): string =>
  (Array.isArray(message) ? message : [message])
    .map((part: unknown) => (typeof part === "string" ? part : Formatter.format(part)))
    .join(" ")

/** Everything a log call says: its message, its annotations, and the cause on lines of its own. */
const text = ({ message, cause, fiber }: Logger.Options<unknown>): string => {
  const annotations = Object.entries(fiber.getRef(References.CurrentLogAnnotations))
  const notes = annotations.map(([key, value]) => ` ${key}=${words(value)}`).join("")
  return words(message) + notes + (cause.reasons.length === 0 ? "" : `\n${Cause.pretty(cause)}`)
}

/** redis-server's own form: `pid:M 21 Nov 2026 10:00:00.000 * message`. */
const plain = Logger.make((options) => {
  const { date, logLevel } = options
  return `${process.pid}:M ${day(date)} ${time(date)} ${levels[logLevel].mark} ${text(options)}`
})

/** For people in front of a terminal: the time of day and the mark, in colour. */
const pretty = Logger.make((options) => {
  const { colour, mark } = levels[options.logLevel]
  return `\x1b[90m${time(options.date)}\x1b[0m \x1b[${colour}m${mark}\x1b[0m ${text(options)}`
})

const formatters = { plain, pretty, json: Logger.formatJson, logfmt: Logger.formatLogFmt }

/** Appends to the file in short batches; what is left is written when the Layer closes. */
const toFile = (formatter: Logger.Logger<unknown, string>, path: string) =>
  Logger.toFile(formatter, path, { flag: "a", batchWindow: "100 millis" }).pipe(
    Effect.mapError((error) => new LogFileError({ path, reason: systemReason(error) }))
  )

/** The log as the directives `loglevel` (at any time), `logfile`, `log-format` and `dir` want it. */
export const layer = Layer.unwrap(
  Effect.gen(function* () {
    const live = yield* Settings
    const { resolve } = yield* Path.Path
    const stdio = yield* Stdio.Stdio
    const { dir, logfile, logFormat } = live.values
    const isTerminal = logfile === "" && (yield* stdio.stdoutIsTerminal)
    const formatter = formatters[logFormat === "auto" ? (isTerminal ? "pretty" : "plain") : logFormat]
    const sink =
      logfile === "" ? Effect.succeed(Logger.withConsoleLog(formatter)) : toFile(formatter, resolve(dir, logfile))
    const logger = Effect.map(sink, (out) =>
      Logger.make((options) => {
        if (levels[options.logLevel].rank >= thresholds[live.values.loglevel]) out.log(options)
      })
    )
    return Layer.merge(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "Trace"))
  })
)
