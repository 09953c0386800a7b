/**
 * Whole strings under one key: GET SET GETEX GETDEL GETSET SETNX SETEX PSETEX
 * (https://redis.io/docs/latest/develop/data-types/strings/).
 *
 * Every write that comes with a deadline is journaled with the moment itself, so that repeating it later means the same.
 */
import { invalidExpire, type ReplyError } from "../../Errors.ts"
import type { Deadline } from "../../keyspace/ExpiryIndex.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { Slice } from "../../values/Slice.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY, VALUE } from "../commonArguments.ts"
import type { TimeUnit } from "../deadline.ts"
import { NO_DEADLINE, Option, positiveDeadline, readGetexOptions, readSetOptions } from "./stringOptions.ts"

const RELATIVE: ReadonlyArray<Argument> = [
  { name: "seconds", type: "integer", token: "EX" },
  { name: "milliseconds", type: "integer", token: "PX" }
]
const ABSOLUTE: ReadonlyArray<Argument> = [
  { name: "unix-time-seconds", type: "unix-time", token: "EXAT" },
  { name: "unix-time-milliseconds", type: "unix-time", token: "PXAT" }
]

/** Options that came later than their command. */
const since = (version: string, options: ReadonlyArray<Argument>): ReadonlyArray<Argument> =>
  options.map((option) => ({ ...option, since: version }))

/** What is said of a deadline that is not positive or does not fit into 64 bits. */
const BAD_DEADLINE = {
  set: invalidExpire("set"),
  setex: invalidExpire("setex"),
  psetex: invalidExpire("psetex"),
  getex: invalidExpire("getex")
}

const stored = new Slice()

/** Answers with the string under the key, or null, and returns its record. */
function replyWithString({ args, db, reply }: Context): number {
  const ref = db.readString(args.at(1))
  if (ref === 0) reply.null()
  else reply.bulk(db.string(ref, stored))
  return ref
}

/** Stores the word at `valueAt` under the key, with its deadline unless that is `NO_DEADLINE`. */
function store(ctx: Context, valueAt: number, deadline: Deadline, keepTtl: boolean): void {
  const { args, db, keyspace } = ctx
  const key = args.at(1)
  const expires = deadline !== NO_DEADLINE
  const ref = db.setString(key, args.at(valueAt), keepTtl || expires)
  db.changed(EventClass.String, "set", key)
  if (!expires) return
  db.setDeadline(ref, deadline)
  db.announce(EventClass.Generic, "expire", key)
  if (keyspace.journal.active) ctx.journalAs(["SET", key, args.at(valueAt), "PXAT", deadline])
}

const get: CommandDefinition = {
  name: "get",
  summary: "Return the string at a key",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [KEY],
  run: (ctx) => {
    replyWithString(ctx)
  }
}

function setWithOptions(ctx: Context): void {
  const { args, db, reply } = ctx
  const options = readSetOptions(args)
  const deadline = options.deadline(ctx, BAD_DEADLINE.set)
  const answersOld = options.has(Option.Get)
  if (answersOld) replyWithString(ctx)
  if (options.has(db.write(args.at(1)) === 0 ? Option.Xx : Option.Nx)) {
    if (!answersOld) reply.null()
    return
  }
  const keepTtl = options.has(Option.KeepTtl)
  store(ctx, 2, deadline, keepTtl)
  if (!answersOld) reply.ok()
  else if (deadline === NO_DEADLINE) {
    // Repeated without GET, which would refuse a key that is of another type there.
    ctx.journalAs(keepTtl ? ["SET", args.at(1), args.at(2), "KEEPTTL"] : ["SET", args.at(1), args.at(2)])
  }
}

const set: CommandDefinition = {
  name: "set",
  summary: "Store a string under a key, whatever was there",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: -3,
  flags: ["write", "denyoom"],
  keys: [
    {
      ...keys(["RW", "access", "update"]),
      flagsOf: (args) => (args.includes("get", 3) ? ["RW", "access", "update"] : ["OW", "update"]),
      notes: "reads the key only with GET"
    }
  ],
  history: [
    ["2.6.12", "Takes EX, PX, NX and XX."],
    ["6.0.0", "Takes KEEPTTL."],
    ["6.2.0", "Takes GET, EXAT and PXAT."],
    ["7.0.0", "Takes NX and GET together."]
  ],
  args: [
    KEY,
    VALUE,
    {
      name: "condition",
      type: "oneof",
      since: "2.6.12",
      optional: true,
      args: [
        { name: "nx", type: "pure-token", token: "NX" },
        { name: "xx", type: "pure-token", token: "XX" }
      ]
    },
    { name: "get", type: "pure-token", token: "GET", since: "6.2.0", optional: true },
    {
      name: "expiration",
      type: "oneof",
      optional: true,
      args: [
        ...since("2.6.12", RELATIVE),
        ...since("6.2.0", ABSOLUTE),
        { name: "keepttl", type: "pure-token", token: "KEEPTTL", since: "6.0.0" }
      ]
    }
  ],
  run: (ctx) => {
    if (ctx.args.count > 3) return setWithOptions(ctx)
    store(ctx, 2, NO_DEADLINE, false)
    ctx.reply.ok()
  }
}

const getex: CommandDefinition = {
  name: "getex",
  summary: "Return the string at a key, and set or take away its deadline",
  since: "6.2.0",
  group: "string",
  complexity: "O(1)",
  arity: -2,
  flags: ["write", "fast"],
  keys: [{ ...keys(["RW", "access", "update"]), notes: "updates the deadline" }],
  args: [
    KEY,
    {
      name: "expiration",
      type: "oneof",
      optional: true,
      args: [...RELATIVE, ...ABSOLUTE, { name: "persist", type: "pure-token", token: "PERSIST" }]
    }
  ],
  run: (ctx) => {
    const { args, db, keyspace } = ctx
    const options = readGetexOptions(args)
    const ref = replyWithString(ctx)
    if (ref === 0) return
    const deadline = options.deadline(ctx, BAD_DEADLINE.getex)
    // Only now: the deadline may be so many words behind the key that it is read through the same slice.
    const key = args.at(1)
    if (options.isAbsolute && deadline <= keyspace.expiredBy) {
      db.remove(ref)
      db.changed(EventClass.Generic, "del", key)
      ctx.journalAs(["DEL", key])
    } else if (deadline !== NO_DEADLINE) {
      db.setDeadline(ref, deadline)
      db.changed(EventClass.Generic, "expire", key)
      if (keyspace.journal.active) ctx.journalAs(["PEXPIREAT", key, deadline])
    } else if (options.has(Option.Persist) && db.persist(ref)) {
      db.changed(EventClass.Generic, "persist", key)
      ctx.journalAs(["PERSIST", key])
    }
  }
}

const getdel: CommandDefinition = {
  name: "getdel",
  summary: "Return the string at a key and delete the key",
  since: "6.2.0",
  group: "string",
  complexity: "O(1)",
  arity: 2,
  flags: ["write", "fast"],
  keys: [keys(["RW", "access", "delete"])],
  args: [KEY],
  run: (ctx) => {
    const { args, db } = ctx
    const key = args.at(1)
    const ref = replyWithString(ctx)
    if (ref === 0) return
    db.remove(ref)
    db.changed(EventClass.Generic, "del", key)
    ctx.journalAs(["DEL", key])
  }
}

const getset: CommandDefinition = {
  name: "getset",
  summary: "Store a string under a key and return the one before it",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  deprecated: { since: "6.2.0", replacedBy: "`SET` with the `!GET` argument" },
  args: [KEY, VALUE],
  run: (ctx) => {
    replyWithString(ctx)
    store(ctx, 2, NO_DEADLINE, false)
    ctx.journalAs(["SET", ctx.args.at(1), ctx.args.at(2)])
  }
}

const setnx: CommandDefinition = {
  name: "setnx",
  summary: "Store a string under a key that is not there",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["OW", "insert"])],
  args: [KEY, VALUE],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const free = db.write(args.at(1)) === 0
    if (free) store(ctx, 2, NO_DEADLINE, false)
    reply.int(free ? 1 : 0)
  }
}

/** SETEX and PSETEX: key, time to live in units of `unit` milliseconds, value. */
function setWithTtl(ctx: Context, unit: TimeUnit, refusal: ReplyError): void {
  store(ctx, 3, positiveDeadline(ctx.args, 2, unit, ctx.now, refusal), false)
  ctx.reply.ok()
}

const setex: CommandDefinition = {
  name: "setex",
  summary: "Store a string under a key for so many seconds",
  since: "2.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [keys(["OW", "update"])],
  args: [KEY, { name: "seconds", type: "integer" }, VALUE],
  run: (ctx) => setWithTtl(ctx, 1000, BAD_DEADLINE.setex)
}

const psetex: CommandDefinition = {
  name: "psetex",
  summary: "Store a string under a key for so many milliseconds",
  since: "2.6.0",
  group: "string",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [keys(["OW", "update"])],
  args: [KEY, { name: "milliseconds", type: "integer" }, VALUE],
  run: (ctx) => setWithTtl(ctx, 1, BAD_DEADLINE.psetex)
}

/** GET SET GETEX GETDEL GETSET SETNX SETEX PSETEX. */
export const stringCommands: ReadonlyArray<CommandDefinition> = [get, set, getex, getdel, getset, setnx, setex, psetex]
