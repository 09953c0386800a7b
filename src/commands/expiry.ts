/**
 * Deadlines of keys: EXPIRE PEXPIRE EXPIREAT PEXPIREAT, TTL PTTL EXPIRETIME PEXPIRETIME, PERSIST
 * (https://redis.io/docs/latest/commands/expire/). What is journaled is always the absolute deadline.
 */
import * as Errors from "../Errors.ts"
import type { Deadline } from "../keyspace/ExpiryIndex.ts"
import { EventClass } from "../keyspace/Notifications.ts"
import type { Args } from "./Args.ts"
import { type Argument, type CommandDefinition, keys } from "./Command.ts"
import type { Context } from "./Context.ts"
import { deadlineOf, type TimeUnit } from "./deadline.ts"

// ---- setting a deadline ------------------------------------------------------------------------------------------------

/** The conditions of EXPIRE as bits: that there is no deadline, that there is one, that the new one is later, or earlier. */
const Condition = { Nx: 1, Xx: 2, Gt: 4, Lt: 8 } as const

function conditionAt(args: Args, index: number): number {
  if (args.is(index, "nx")) return Condition.Nx
  if (args.is(index, "xx")) return Condition.Xx
  if (args.is(index, "gt")) return Condition.Gt
  if (args.is(index, "lt")) return Condition.Lt
  throw Errors.unsupportedOption(args.text(index))
}

function conditionsFrom(args: Args, index: number): number {
  let conditions = 0
  for (let i = index; i < args.count; i++) conditions |= conditionAt(args, i)
  if ((conditions & Condition.Nx) !== 0 && conditions !== Condition.Nx) throw Errors.expireNxConflict
  if ((conditions & Condition.Gt) !== 0 && (conditions & Condition.Lt) !== 0) throw Errors.expireGtLtConflict
  return conditions
}

/** Whether the conditions let `deadline` replace `current`; a key without a deadline (-1) lives for ever. */
function allow(conditions: number, deadline: Deadline, current: Deadline): boolean {
  const endless = current === -1
  if ((conditions & Condition.Nx) !== 0 && !endless) return false
  if ((conditions & Condition.Xx) !== 0 && endless) return false
  if ((conditions & Condition.Gt) !== 0 && (endless || deadline <= current)) return false
  return (conditions & Condition.Lt) === 0 || endless || deadline < current
}

interface ExpireForm {
  readonly name: string
  readonly summary: string
  readonly since: string
  readonly argument: Argument
  readonly unit: TimeUnit
  /** The time counts from now, not from 1970. */
  readonly relative: boolean
}

function expire(ctx: Context, { name, relative, unit }: ExpireForm): void {
  const { args, db, keyspace, reply } = ctx
  const conditions = conditionsFrom(args, 3)
  const deadline = deadlineOf(args, 2, unit, relative ? ctx.now : 0, Errors.invalidExpire(name))
  const key = args.at(1)
  const ref = db.write(key)
  if (ref === 0 || !allow(conditions, deadline, db.deadline(ref))) {
    reply.int(0)
    return
  }
  if (deadline <= keyspace.expiredBy) {
    db.remove(ref)
    if (keyspace.journal.active) ctx.journalAs(["DEL", key])
    db.changed(EventClass.Generic, "del", key)
  } else {
    db.setDeadline(ref, deadline)
    if (keyspace.journal.active) ctx.journalAs(["PEXPIREAT", key, deadline])
    db.changed(EventClass.Generic, "expire", key)
  }
  reply.int(1)
}

const CONDITION: Argument = {
  name: "condition",
  type: "oneof",
  since: "7.0.0",
  optional: true,
  args: [
    { name: "nx", type: "pure-token", token: "NX" },
    { name: "xx", type: "pure-token", token: "XX" },
    { name: "gt", type: "pure-token", token: "GT" },
    { name: "lt", type: "pure-token", token: "LT" }
  ]
}

const expireCommand = (form: ExpireForm): CommandDefinition => ({
  name: form.name,
  summary: form.summary,
  since: form.since,
  group: "generic",
  complexity: "O(1)",
  arity: -3,
  flags: ["write", "fast"],
  keys: [keys(["RW", "update"])],
  args: [{ name: "key", type: "key", keySpec: 0 }, form.argument, CONDITION],
  history: [["7.0.0", "Takes the conditions `NX`, `XX`, `GT` and `LT`."]],
  run: (ctx) => expire(ctx, form)
})

const setting: ReadonlyArray<CommandDefinition> = [
  {
    name: "expire",
    summary: "Let a key go after so many seconds",
    since: "1.0.0",
    argument: { name: "seconds", type: "integer" } as const,
    unit: 1000,
    relative: true
  } as const,
  {
    name: "pexpire",
    summary: "Let a key go after so many milliseconds",
    since: "2.6.0",
    argument: { name: "milliseconds", type: "integer" } as const,
    unit: 1,
    relative: true
  } as const,
  {
    name: "expireat",
    summary: "Let a key go at a moment given in seconds since 1970",
    since: "1.2.0",
    argument: { name: "unix-time-seconds", type: "unix-time" } as const,
    unit: 1000,
    relative: false
  } as const,
  {
    name: "pexpireat",
    summary: "Let a key go at a moment given in milliseconds since 1970",
    since: "2.6.0",
    argument: { name: "unix-time-milliseconds", type: "unix-time" } as const,
    unit: 1,
    relative: false
  } as const
].map(expireCommand)

// ---- asking for it -----------------------------------------------------------------------------------------------------

const NO_KEY = -2
const NO_DEADLINE = -1

/** Whole units, rounded to the nearest. */
function inUnits(millis: Deadline, unit: TimeUnit): Deadline {
  if (unit === 1) return millis
  return typeof millis === "bigint" ? (millis + 500n) / 1000n : Math.floor((millis + 500) / 1000)
}

interface AskForm {
  readonly name: string
  readonly summary: string
  readonly since: string
  readonly unit: TimeUnit
  /** The answer is the time left, not the moment. */
  readonly relative: boolean
}

function tell({ args, db, now, reply }: Context, { relative, unit }: AskForm): void {
  const ref = db.inspect(args.at(1))
  if (ref === 0) {
    reply.int(NO_KEY)
    return
  }
  const deadline = db.deadline(ref)
  if (deadline === NO_DEADLINE) {
    reply.int(NO_DEADLINE)
    return
  }
  const origin = relative ? now : 0
  const time = inUnits(typeof deadline === "bigint" ? deadline - BigInt(origin) : deadline - origin, unit)
  if (typeof time === "bigint") reply.bigint(time)
  else reply.int(time)
}

/** The time left changes by itself; the moment does not. */
const askCommand = (form: AskForm): CommandDefinition => ({
  name: form.name,
  summary: form.summary,
  since: form.since,
  group: "generic",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [{ name: "key", type: "key", keySpec: 0 }],
  ...(form.relative
    ? { tips: ["nondeterministic_output"], history: [["2.8.0", "Answers -2 when there is no such key."]] as const }
    : {}),
  run: (ctx) => tell(ctx, form)
})

const asking: ReadonlyArray<CommandDefinition> = [
  {
    name: "ttl",
    summary: "Return how many seconds a key has left",
    since: "1.0.0",
    unit: 1000,
    relative: true
  } as const,
  {
    name: "pttl",
    summary: "Return how many milliseconds a key has left",
    since: "2.6.0",
    unit: 1,
    relative: true
  } as const,
  {
    name: "expiretime",
    summary: "Return the moment at which a key goes, in seconds since 1970",
    since: "7.0.0",
    unit: 1000,
    relative: false
  } as const,
  {
    name: "pexpiretime",
    summary: "Return the moment at which a key goes, in milliseconds since 1970",
    since: "7.0.0",
    unit: 1,
    relative: false
  } as const
].map(askCommand)

// ---- taking it away ----------------------------------------------------------------------------------------------------

const persist: CommandDefinition = {
  name: "persist",
  summary: "Let a key live for ever again",
  since: "2.2.0",
  group: "generic",
  complexity: "O(1)",
  arity: 2,
  flags: ["write", "fast"],
  keys: [keys(["RW", "update"])],
  args: [{ name: "key", type: "key", keySpec: 0 }],
  run: ({ args, db, reply }) => {
    const key = args.at(1)
    const ref = db.write(key)
    if (ref === 0 || !db.persist(ref)) {
      reply.int(0)
      return
    }
    db.changed(EventClass.Generic, "persist", key)
    reply.int(1)
  }
}

export const expiryCommands: ReadonlyArray<CommandDefinition> = [...setting, ...asking, persist]
