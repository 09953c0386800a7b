/** What the commands on sorted sets take, as COMMAND DOCS names it. */
import type { Argument } from "../Command.ts"

const token = (name: string, word = name.toUpperCase()): Argument => ({ name, type: "pure-token", token: word })

export const MEMBER: Argument = { name: "member", type: "string" }
export const MEMBERS: Argument = { ...MEMBER, multiple: true }

export const WITHSCORES: Argument = { ...token("withscores"), optional: true }

/** LIMIT of the commands that return ranges. */
export const LIMIT: Argument = {
  name: "offset_count",
  type: "block",
  token: "LIMIT",
  optional: true,
  args: [
    { name: "offset", type: "integer" },
    { name: "count", type: "integer" }
  ]
}

export const SORT_BY: Argument = {
  name: "sortby",
  type: "oneof",
  optional: true,
  args: [token("byscore"), token("bylex")]
}

export const REV: Argument = { ...token("rev"), optional: true }

export const NUMKEYS: Argument = { name: "numkeys", type: "integer" }
/** The keys that a number stands before. */
export const KEYS: Argument = { name: "key", type: "key", keySpec: 0, multiple: true }

export const WHERE: Argument = { name: "where", type: "oneof", args: [token("min"), token("max")] }

export const AGGREGATION: ReadonlyArray<Argument> = [
  { name: "weight", type: "integer", token: "WEIGHTS", optional: true, multiple: true },
  {
    name: "aggregate",
    type: "oneof",
    token: "AGGREGATE",
    optional: true,
    args: [token("sum"), token("min"), token("max")]
  }
]

export const CONDITION: Argument = {
  name: "condition",
  type: "oneof",
  since: "3.0.2",
  optional: true,
  args: [token("nx"), token("xx")]
}

export const COMPARISON: Argument = {
  name: "comparison",
  type: "oneof",
  since: "6.2.0",
  optional: true,
  args: [token("gt"), token("lt")]
}

export const CHANGE: Argument = { ...token("change", "CH"), since: "3.0.2", optional: true }
export const INCREMENT: Argument = { ...token("increment", "INCR"), since: "3.0.2", optional: true }

export const SCORES_AND_MEMBERS: Argument = {
  name: "score_member",
  type: "block",
  multiple: true,
  args: [{ name: "score", type: "double" }, MEMBER]
}
