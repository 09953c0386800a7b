/**
 * The settings of one server as plain values: one field for each directive of the table, each of them valid.
 */
import { Data, Result } from "effect"
import type { CamelCase } from "./Directive.ts"
import { type AnyDirective, type DirectiveName, type DirectiveValue, table } from "./Directives.ts"

/** One read-only field for each directive, `tcp-keepalive` as `tcpKeepalive`; units are in the directive's help. */
export type ServerConfig = {
  readonly [Name in DirectiveName as CamelCase<Name>]: DirectiveValue<Name>
}

/** A setting that a directive does not accept. */
export class ConfigError extends Data.TaggedError("ConfigError")<{
  /** The directive's name, as redis-server spells it. */
  readonly directive: string
  readonly reason: string
}> {
  override get message(): string {
    return `${this.directive}: ${this.reason}`
  }
}

/** Settings with the value that `read` gives for each directive: the table is what makes the record complete. */
const fields = (read: (directive: AnyDirective) => unknown): ServerConfig =>
  Object.fromEntries(table.map((directive) => [directive.field, read(directive)])) as ServerConfig

/** The settings of a server that was told nothing: those of Redis 7.2, without save points. */
export const defaults: ServerConfig = fields((directive) => directive.default)

/** The settings after one more line: the words that follow a directive's name. Fails with the reason. */
export const assign = (
  config: ServerConfig,
  directive: AnyDirective,
  words: ReadonlyArray<string>
): Result.Result<ServerConfig, string> =>
  Result.map(directive.kind.parse(words, config[directive.field]), (value) => ({ ...config, [directive.field]: value }))

const shape = (value: unknown): string => (Array.isArray(value) ? "list" : typeof value)

/** The value as the directive itself would have read it, or why it would not. */
const validate = (directive: AnyDirective, value: unknown): Result.Result<unknown, string> => {
  if (shape(value) !== shape(directive.default)) return Result.fail(`must be a ${shape(directive.default)}`)
  const read = () => {
    let result: Result.Result<unknown, string> = Result.succeed(directive.default)
    for (const words of directive.kind.lines(value)) {
      result = Result.flatMap(result, (before) => directive.kind.parse(words, before))
    }
    return result
  }
  // Types do not keep a caller from JavaScript from giving a value with parts that are missing or something else.
  const attempt = Result.try({ try: read, catch: () => "a part of it is missing or of another type" })
  return Result.flatMap(attempt, (result) => result)
}

const fieldNames: ReadonlySet<string> = new Set(table.map((directive) => directive.field))

/** Some of the settings. */
type GivenSettings = { readonly [Field in keyof ServerConfig]?: ServerConfig[Field] | undefined }

/**
 * The whole settings from the few that are given; the others, and those that are `undefined`, have their defaults.
 * Fails with the first that is not valid or that there is no directive for.
 */
export const make = (given: GivenSettings): Result.Result<ServerConfig, ConfigError> => {
  const unknown = Object.keys(given).find((name) => !fieldNames.has(name))
  if (unknown !== undefined) return Result.fail(new ConfigError({ directive: unknown, reason: "no such setting" }))
  const values = new Map<string, unknown>()
  for (const directive of table) {
    const value = given[directive.field]
    const result = value === undefined ? Result.succeed(directive.default) : validate(directive, value)
    if (Result.isFailure(result)) {
      return Result.fail(new ConfigError({ directive: directive.name, reason: result.failure }))
    }
    values.set(directive.name, result.success)
  }
  return Result.succeed(fields((directive) => values.get(directive.name)))
}

/**
 * As `make`, for a server inside another program: one that says nothing of data does not want the snapshot that may happen to lie
 * where it was started.
 */
export const makeEmbedded = (given: GivenSettings): Result.Result<ServerConfig, ConfigError> => {
  const hasData = given.dir !== undefined || given.save !== undefined
  return make(hasData ? given : { ...given, dbfilename: given.dbfilename ?? "" })
}
