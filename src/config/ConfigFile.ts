/**
 * redis.conf: reading it, with what it includes.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/
 *
 * A file is bytes; here it is text with one character a byte (see Words.ts).
 */
import { Data, Effect, FileSystem, Path, type PlatformError, Result } from "effect"
import { VERSION } from "../ServerIdentity.ts"
import { type AnyDirective, findDirective } from "./Directives.ts"
import { expandPath } from "./expandPath.ts"
import { assign, type ServerConfig } from "./ServerConfig.ts"
import { systemReason } from "./systemReason.ts"
import { splitWords, toText } from "./Words.ts"

/** A line that cannot be obeyed. */
export interface Problem {
  /** The included file it is in; undefined for the file that was named, and for standard input. */
  readonly file: string | undefined
  /** Counted from 1. */
  readonly number: number
  readonly line: string
  readonly reason: string
}

const describe = ({ file, number, line, reason }: Problem): string =>
  `Reading the configuration file${file === undefined ? "" : ` '${file}'`}, at line ${number}\n>>> '${toText(line)}'\n${reason}`

/** Lines that cannot be obeyed, all of them. */
export class BadConfigFile extends Data.TaggedError("BadConfigFile")<{ readonly problems: ReadonlyArray<Problem> }> {
  override get message(): string {
    const heading = `\n*** FATAL CONFIG FILE ERROR (fibredis ${VERSION}) ***\n`
    return heading + this.problems.map(describe).join("\n\n")
  }
}

/** A file that cannot be read. */
export class UnreadableConfigFile extends Data.TaggedError("UnreadableConfigFile")<{
  readonly path: string
  readonly error: PlatformError.PlatformError
}> {
  override get message(): string {
    return `Fatal error, can't open config file '${this.path}': ${systemReason(this.error)}`
  }
}

/** A line that sets something; comments and empty lines are none. */
export type ParsedLine =
  | { readonly _tag: "Setting"; readonly directive: AnyDirective; readonly words: ReadonlyArray<string> }
  | { readonly _tag: "Include"; readonly pattern: string }
  | { readonly _tag: "Bad"; readonly reason: string }

/** What one line says; undefined when it says nothing. */
export const parseLine = (line: string): ParsedLine | undefined => {
  const trimmed = line.trim()
  if (trimmed === "" || trimmed.startsWith("#")) return undefined
  const [name, ...words] = splitWords(trimmed) ?? []
  if (name === undefined) return { _tag: "Bad", reason: "Unbalanced quotes in configuration line" }
  const directive = findDirective(name)
  if (directive !== undefined) return { _tag: "Setting", directive, words }
  return name.toLowerCase() === "include" && words.length === 1
    ? { _tag: "Include", pattern: toText(words[0]!) }
    : { _tag: "Bad", reason: `Bad directive or wrong number of arguments: fibredis has no '${toText(name)}'` }
}

/** One file among those being read, the outermost last. */
interface Source {
  readonly text: string
  /** Undefined for standard input. */
  readonly path: string | undefined
  readonly includedBy: Source | undefined
}

const isOpen = (source: Source | undefined, path: string): boolean =>
  source !== undefined && (source.path === path || isOpen(source.includedBy, path))

/** Reads sources one after the other, each setting on top of those before; a bad line does not hide the next one. */
class Reader {
  config: ServerConfig
  readonly problems: Array<Problem> = []

  constructor(config: ServerConfig) {
    this.config = config
  }

  read(source: Source): Effect.Effect<void, UnreadableConfigFile, FileSystem.FileSystem | Path.Path> {
    const file = source.includedBy === undefined ? undefined : source.path
    const lines = source.text.split("\n").map((line) => line.trim())
    return Effect.forEach(
      lines,
      (line, index) => {
        const blame = (reason: string) => this.problems.push({ file, number: index + 1, line, reason })
        const parsed = parseLine(line)
        if (parsed === undefined) return Effect.void
        if (parsed._tag === "Include") return this.include(parsed.pattern, source, blame)
        const next =
          parsed._tag === "Bad" ? Result.fail(parsed.reason) : assign(this.config, parsed.directive, parsed.words)
        if (Result.isFailure(next)) blame(next.failure)
        else this.config = next.success
        return Effect.void
      },
      { discard: true }
    )
  }

  include = Effect.fnUntraced(function* (this: Reader, pattern: string, by: Source, blame: (reason: string) => void) {
    const path = yield* Path.Path
    for (const name of yield* expandPath(pattern)) {
      const file = path.resolve(name)
      if (isOpen(by, file)) blame("the file includes itself")
      else yield* this.read({ text: yield* readBytes(file), path: file, includedBy: by })
    }
  })

  get result(): Effect.Effect<ServerConfig, BadConfigFile> {
    return this.problems.length === 0
      ? Effect.succeed(this.config)
      : Effect.fail(new BadConfigFile({ problems: this.problems }))
  }
}

/** The bytes of a file, one character each. */
export const readBytes = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* fs.readFile(path).pipe(Effect.mapError((error) => new UnreadableConfigFile({ path, error })))
  return Buffer.from(bytes).toString("latin1")
})

/** The settings of `base` with those of the text on top; `path` is where the text comes from, if it is a file. */
export const apply = Effect.fnUntraced(function* (base: ServerConfig, text: string, path?: string) {
  const reader = new Reader(base)
  yield* reader.read({ text, path, includedBy: undefined })
  return yield* reader.result
})
