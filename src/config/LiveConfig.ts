/**
 * The settings of a running server: what CONFIG GET reads and CONFIG SET changes.
 * https://redis.io/docs/latest/commands/config-set/
 *
 * Invariant: `values` is valid as a whole and agreed to by every listener, except while `set` asks them.
 */
import { Effect, Result } from "effect"
import * as Errors from "../Errors.ts"
import { matchGlob } from "../values/glob.ts"
import { Slice } from "../values/Slice.ts"
import {
  type AnyDirective,
  type DirectiveName,
  type DirectiveValue,
  directiveNames,
  findDirective
} from "./Directives.ts"
import { format } from "./Kind.ts"
import type { ServerConfig } from "./ServerConfig.ts"
import { joinWords } from "./Words.ts"

/** Acts on a new value; returns the reason when it cannot, which takes the whole CONFIG SET back. */
export type ChangeListener<A> = (value: A, previous: A) => string | undefined

/** As `ChangeListener`, for what takes time; fails with the reason. */
export type ChangeAction<A> = (value: A, previous: A) => Effect.Effect<void, string>

/** What is left to do after CONFIG SET, before it is answered. When it fails, with the reply, everything has been taken back. */
export type Completion = Effect.Effect<void, Errors.ReplyError>

/** A name and a value as they stand in a request, one character a byte. */
export type Pair = readonly [name: string, value: string]

interface Change {
  readonly directive: AnyDirective
  readonly value: unknown
  readonly previous: unknown
}

type Listeners<Listener> = Map<DirectiveName, Array<Listener>>

/** Adds a listener for the directive, and returns how to take it away. */
function listen<Listener>(all: Listeners<Listener>, name: DirectiveName, listener: Listener): () => void {
  const listeners = all.get(name) ?? []
  all.set(name, listeners)
  listeners.push(listener)
  return () => void listeners.splice(listeners.indexOf(listener), 1)
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

  readonly #listeners: Listeners<ChangeListener<unknown>> = new Map()
  readonly #actions: Listeners<ChangeAction<unknown>> = new Map()

  constructor(values: ServerConfig, file?: string) {
    this.values = values
    this.file = file
  }

  /** Calls `listener` whenever CONFIG SET gives the directive another value, after `values` has it. Returns how to stop that. */
  onChange<Name extends DirectiveName>(name: Name, listener: ChangeListener<DirectiveValue<Name>>): () => void {
    return listen(this.#listeners, name, (value, previous) =>
      listener(value as DirectiveValue<Name>, previous as DirectiveValue<Name>)
    )
  }

  /** As `onChange`, for what takes time: it is done when all listeners have agreed, one action after the other. */
  onChangeDo<Name extends DirectiveName>(name: Name, action: ChangeAction<DirectiveValue<Name>>): () => void {
    return listen(this.#actions, name, (value, previous) =>
      action(value as DirectiveValue<Name>, previous as DirectiveValue<Name>)
    )
  }

  /** CONFIG GET: names and values that match a name or glob, without regard to case. A plain name comes back as it was asked. */
  get(patterns: ReadonlyArray<string>): ReadonlyArray<Pair> {
    const found = new Map<string, Pair>()
    const add = (name: string, directive: AnyDirective, shown: string) => {
      if (!found.has(name)) found.set(name, [shown, format(directive.kind, this.values[directive.field])])
    }
    for (const pattern of patterns) {
      const glob = Slice.latin1(pattern)
      if (!isGlob(pattern)) {
        const directive = findDirective(pattern)
        if (directive !== undefined) add(pattern.toLowerCase(), directive, pattern)
        continue
      }
      for (const [name, directive] of directiveNames) {
        if (matchGlob(glob, Slice.latin1(name), true)) add(name, directive, name)
      }
    }
    return [...found.values()]
  }

  /**
   * CONFIG SET: changes all of `pairs` or nothing. Fails with the reply for the client; undefined: nothing is left to do.
   * Who cannot wait is refused what takes time.
   */
  set(pairs: ReadonlyArray<Pair>, canWait = true): Result.Result<Completion | undefined, Errors.ReplyError> {
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
    const slow = canWait ? undefined : changes.find(({ directive }) => this.#actions.has(directive.name))
    if (slow !== undefined) {
      return Result.fail(
        Errors.configSetFailed(slow.directive.name, "it takes time, which a transaction does not have")
      )
    }
    return Result.map(this.#apply(changes), (takeBack) => this.#complete(changes, takeBack))
  }

  /** Gives `values` the changes and tells the listeners; returns how to take everything back. */
  #apply(changes: ReadonlyArray<Change>): Result.Result<() => void, Errors.ReplyError> {
    const told: Array<() => void> = []
    const takeBack = () => {
      this.#assign(changes.map(({ directive, previous }) => [directive, previous]))
      for (const undo of told.reverse()) undo()
    }
    this.#assign(changes.map(({ directive, value }) => [directive, value]))
    for (const { directive, value, previous } of changes) {
      for (const listener of this.#listeners.get(directive.name) ?? []) {
        const reason = listener(value, previous)
        if (reason !== undefined) {
          takeBack()
          return Result.fail(Errors.configSetFailed(directive.name, reason))
        }
        told.push(() => void listener(previous, value))
      }
    }
    return Result.succeed(takeBack)
  }

  #assign(values: ReadonlyArray<readonly [AnyDirective, unknown]>): void {
    const fields = values.map(([directive, value]) => [directive.field, value])
    this.values = { ...this.values, ...Object.fromEntries(fields) }
  }

  #complete(changes: ReadonlyArray<Change>, takeBack: () => void): Completion | undefined {
    const due = changes.flatMap((change) =>
      (this.#actions.get(change.directive.name) ?? []).map((action) => ({ ...change, action }))
    )
    if (due.length === 0) return undefined
    const done: typeof due = []
    return Effect.forEach(
      due,
      (change) => {
        const { action, directive, previous, value } = change
        return action(value, previous).pipe(
          Effect.map(() => done.push(change)),
          Effect.mapError((reason) => Errors.configSetFailed(directive.name, reason))
        )
      },
      { discard: true }
    ).pipe(
      Effect.tapError(() => {
        takeBack()
        return Effect.forEach(done.reverse(), ({ action, previous, value }) => Effect.ignore(action(previous, value)))
      }),
      // The client that asked may go away meanwhile; what was begun is finished all the same.
      Effect.uninterruptible
    )
  }
}
