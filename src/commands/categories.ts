/**
 * ACL categories (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/#command-categories): a
 * command's flags and group imply them, but for a few commands that name their own.
 */
import type { CommandDefinition, CommandGroup } from "./Command.ts"

/** All categories, in the order in which Redis lists them. */
export const CATEGORIES = [
  "keyspace",
  "read",
  "write",
  "set",
  "sortedset",
  "list",
  "hash",
  "string",
  "bitmap",
  "hyperloglog",
  "geo",
  "stream",
  "pubsub",
  "admin",
  "fast",
  "slow",
  "blocking",
  "dangerous",
  "connection",
  "transaction",
  "scripting"
] as const

/** A category, without the `@`. */
export type Category = (typeof CATEGORIES)[number]

/** What the commands of a group are in; `server` says nothing, and for pub/sub the flag does. */
const ofGroup: { readonly [Group in CommandGroup]?: Category } = {
  generic: "keyspace",
  string: "string",
  list: "list",
  set: "set",
  "sorted-set": "sortedset",
  hash: "hash",
  bitmap: "bitmap",
  hyperloglog: "hyperloglog",
  geo: "geo",
  stream: "stream",
  connection: "connection",
  transactions: "transaction",
  scripting: "scripting"
}

/** The categories of a command, in Redis' order. A container that does nothing by itself is in none but `slow`. */
export function categoriesOf(command: CommandDefinition): ReadonlyArray<Category> {
  const flags = new Set(command.flags)
  const group = command.run && ofGroup[command.group]
  const own = command.categories ?? (group === undefined ? [] : [group])
  const implied: { readonly [Name in Category]?: boolean } = {
    read: flags.has("readonly") && !own.includes("scripting"),
    write: flags.has("write"),
    pubsub: flags.has("pubsub"),
    admin: flags.has("admin"),
    dangerous: flags.has("admin"),
    fast: flags.has("fast"),
    slow: !flags.has("fast"),
    blocking: flags.has("blocking")
  }
  return CATEGORIES.filter((category) => implied[category] || own.includes(category))
}
