/**
 * The settings of a running server: what CONFIG GET reads and CONFIG SET changes.
 * https://redis.io/docs/latest/commands/config-set/
 *
 * Invariant: `values` is valid as a whole and agreed to by every listener, except while `set` asks them.
 */
import { Result } from "effect"
import * as Errors from "../Errors.ts"
import { matchGlob } from "../values/glob.ts"
import { Slice } from "../values/Slice.ts"
import { type AnyDirective, type DirectiveName, type DirectiveValue, findDirective, table } from "./Directives.ts"
import { format } from "./Kind.ts"
import type { ServerConfig } from "./ServerConfig.ts"
import { joinWords } from "./Words.ts"

/** Acts on a new value; returns the reason when it cannot, which takes the whole CONFIG SET back. */
export type ChangeListener<A> = (value: A, previous: A) => string | undefined

/** A name and a value as they stand in a request, one character a byte. */
export type Pair = readonly [name: string, value: string]

interface Change {
  readonly directive: AnyDirective
  readonly value: unknown
  readonly previous: unknown
}

const isGlob = (pattern: string): boolean => /[*?[]/.test(pattern)

const sameLines = (directive: AnyDirective, a: unknown, b: unknown): boolean =>
  directive.kind.lines(a).map(joinWords).join("\n") === directive.kind.lines(b).map(joinWords).join("\n")

/** Why `pairs` cannot be set whatever their values are. */
const refusal = (pairs: ReadonlyArray<Pair>): Errors.ReplyError | undefined => {
  const names = pairs.map(([name]) => name.toLowerCase())
  for (const [index, [name]] of pairs.entries()) {
    const directive = findDirective(name)
    if (directive === undefined) return Errors.unknownDirective(name)
    if (directive.changes === "start") return Errors.configSetFailed(name, "can't set immutable config")
    if (directive.changes === "protected") return Errors.configSetFailed(name, "can't set protected config")
    if (names.indexOf(names[index]!) !== index) return Errors.configSetFailed(name, "duplicate parameter")
  }
  return undefined
}

/** The mutable settings of one server. */
export class LiveConfig {
  /** The present settings; a new object after each change, so do not keep it. */
  values: ServerConfig

  /** Path of the file that was read at the start and that CONFIG REWRITE writes; undefined without one. */
  readonly file: string | undefined

  readonly #listeners = new Map<DirectiveName, Array<ChangeListener<unknown>>>()

  constructor(values: ServerConfig, file?: string) {
    this.values = values
    this.file = file
  }

  /** Calls `listener` whenever CONFIG SET gives the directive another value, after `values` has it. Returns how to stop that. */
  onChange<Name extends DirectiveName>(name: Name, listener: ChangeListener<DirectiveValue<Name>>): () => void {
    const listeners = this.#listeners.get(name) ?? []
    this.#listeners.set(name, listeners)
    const entry: ChangeListener<unknown> = (value, previous) =>
      listener(value as DirectiveValue<Name>, previous as DirectiveValue<Name>)
    listeners.push(entry)
    return () => void listeners.splice(listeners.indexOf(entry), 1)
  }

  /** CONFIG GET: names and values that match a name or glob, without regard to case. A plain name comes back as it was asked. */
  get(patterns: ReadonlyArray<string>): ReadonlyArray<Pair> {
    const found = new Map<AnyDirective, string>()
    for (const pattern of patterns) {
      const glob = Slice.latin1(pattern)
      const matches = isGlob(pattern)
        ? table.filter((directive) => matchGlob(glob, Slice.latin1(directive.name), true))
        : [findDirective(pattern)].filter((directive) => directive !== undefined)
      for (const directive of matches) {
        if (!found.has(directive)) found.set(directive, isGlob(pattern) ? directive.name : pattern)
      }
    }
    return Array.from(
      found,
      ([directive, name]) => [name, format(directive.kind, this.values[directive.field])] as const
    )
  }

  /** CONFIG SET: changes all of `pairs` or nothing. Fails with the reply for the client. */
  set(pairs: ReadonlyArray<Pair>): Result.Result<void, Errors.ReplyError> {
    const refused = refusal(pairs)
    if (refused !== undefined) return Result.fail(refused)
    const changes: Array<Change> = []
    for (const [name, text] of pairs) {
      const directive = findDirective(name)!
      const previous = this.values[directive.field]
      const parsed = directive.kind.parse([text], directive.additive ? directive.default : previous)
      if (Result.isFailure(parsed)) return Result.fail(Errors.configSetFailed(directive.name, parsed.failure))
      if (sameLines(directive, parsed.success, previous)) continue
      changes.push({ directive, value: parsed.success, previous })
    }
    return this.#apply(changes)
  }

  #apply(changes: ReadonlyArray<Change>): Result.Result<void, Errors.ReplyError> {
    const before = this.values
    const fields = changes.map(({ directive, value }) => [directive.field, value])
    this.values = { ...before, ...Object.fromEntries(fields) }
    const told: Array<() => void> = []
    for (const { directive, value, previous } of changes) {
      for (const listener of this.#listeners.get(directive.name) ?? []) {
        const reason = listener(value, previous)
        if (reason !== undefined) {
          this.values = before
          for (const takeBack of told.reverse()) takeBack()
          return Result.fail(Errors.configSetFailed(directive.name, reason))
        }
        told.push(() => void listener(previous, value))
      }
    }
    return Result.succeed(undefined)
  }
}
