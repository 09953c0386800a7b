/**
 * Commands are data: one record per command says what it is called, what it takes, what it touches and how it runs.
 *
 * COMMAND and its subcommands, arity errors, ACL categories, the checks before a command runs, propagation of writes and
 * the README's table all derive from these records; nothing else in the server knows a command by its name.
 */
import type { Args } from "./Args.ts"
import type { Context } from "./Context.ts"
import type { Category } from "./categories.ts"
import type { Block, Suspend } from "./Suspend.ts"

/** Redis' command flags (https://redis.io/docs/latest/commands/command/), in the order in which COMMAND INFO prints them. */
export type CommandFlag =
  | "write"
  | "readonly"
  | "denyoom"
  | "admin"
  | "pubsub"
  | "noscript"
  | "blocking"
  | "loading"
  | "stale"
  | "skip_monitor"
  | "skip_slowlog"
  | "asking"
  | "fast"
  | "no_auth"
  | "may_replicate"
  | "no_mandatory_keys"
  | "no_async_loading"
  | "no_multi"
  | "allow_busy"

/** The groups of the documentation. */
export type CommandGroup =
  | "generic"
  | "string"
  | "list"
  | "set"
  | "sorted-set"
  | "hash"
  | "pubsub"
  | "transactions"
  | "connection"
  | "server"
  | "scripting"
  | "hyperloglog"
  | "cluster"
  | "geo"
  | "stream"
  | "bitmap"

/** What a command does with the keys a key specification finds, as COMMAND INFO prints it. */
export type KeyFlag = "RO" | "RW" | "OW" | "RM" | "access" | "update" | "insert" | "delete" | "not_key" | "incomplete"

/**
 * Where a command's keys stand among its words (https://redis.io/docs/latest/develop/reference/key-specs/).
 * `begin` finds the first, `find` the rest.
 */
export interface KeySpec {
  readonly flags: ReadonlyArray<KeyFlag>
  /** What one request does with its keys, where its options decide; `flags` then are the most that it may do. */
  readonly flagsOf?: (args: Args) => ReadonlyArray<KeyFlag>
  readonly notes?: string
  /** Where the keys are that no rule finds: the numbers of their words. */
  readonly positions?: (args: Args) => ReadonlyArray<number>
  readonly begin: { readonly index: number } | { readonly keyword: string; readonly from: number } | "unknown"
  readonly find:
    | { readonly lastKey: number; readonly step: number; readonly limit: number }
    | { readonly keyNumIndex: number; readonly firstKey: number; readonly step: number }
    | "unknown"
}

/** The syntax of an argument, as COMMAND DOCS prints it. */
export interface Argument {
  readonly name: string
  readonly type: "key" | "string" | "integer" | "double" | "pattern" | "unix-time" | "pure-token" | "oneof" | "block"
  readonly display?: string
  /** Index into the command's key specifications. */
  readonly keySpec?: number
  readonly token?: string
  readonly summary?: string
  readonly since?: string
  readonly deprecatedSince?: string
  readonly optional?: boolean
  readonly multiple?: boolean
  readonly multipleToken?: boolean
  readonly args?: ReadonlyArray<Argument>
}

/** What a command does. It runs inside a transaction on the keyspace, never waits, and writes its reply to `ctx.reply`. */
// biome-ignore lint/suspicious/noConfusingVoidType: a command that is finished need not say so
export type Run = (ctx: Context) => Suspend | Block | void

interface CommandFacts {
  /** One line, in the imperative, without a full stop. */
  readonly summary: string
  /** The Redis version that brought it. */
  readonly since: string
  readonly group: CommandGroup
  /** In the documentation's O(...) form, which a few commands lack. */
  readonly complexity?: string
  /** Number of words including the name; negative: at least that many. */
  readonly arity: number
  readonly flags: ReadonlyArray<CommandFlag>
  /** ACL categories in the place of the group's; those that flags imply come on top. */
  readonly categories?: ReadonlyArray<Category>
  readonly keys?: ReadonlyArray<KeySpec>
  readonly args?: ReadonlyArray<Argument>
  /** The words that are nobody else's business, passwords for one: MONITOR and SLOWLOG hide them. */
  readonly secrets?: (args: Args) => ReadonlyArray<number>
  /** COMMAND INFO's tips, such as `nondeterministic_output`. */
  readonly tips?: ReadonlyArray<string>
  readonly history?: ReadonlyArray<readonly [version: string, change: string]>
  /** Meant for those who work on the server itself: Redis documents it as a `syscmd`. */
  readonly internal?: boolean
  /** Set when the documentation calls it deprecated: since when, and what to use. */
  readonly deprecated?: { readonly since: string; readonly replacedBy: string }
}

/** How a command is written down in its group's file: `name` in lower case. A container runs alone only if it has a `run`. */
export type CommandDefinition = CommandFacts & { readonly name: string } & (
    | { readonly run: Run; readonly subcommands?: ReadonlyArray<CommandDefinition> }
    | { readonly run?: undefined; readonly subcommands: ReadonlyArray<CommandDefinition> }
  )

/** The first key at `first`, then every `step` words up to `last` (negative: counted from the end), all used alike. */
export const keys = (flags: ReadonlyArray<KeyFlag>, first = 1, last = first, step = 1): KeySpec => ({
  flags,
  begin: { index: first },
  find: { lastKey: last < 0 ? last : last - first, step, limit: 0 }
})
