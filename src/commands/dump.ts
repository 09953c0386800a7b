/**
 * DUMP and RESTORE: a value as bytes that another server takes (https://redis.io/docs/latest/commands/dump/).
 */
import * as Errors from "../Errors.ts"
import { insertDetached } from "../keyspace/DetachedValue.ts"
import type { Deadline } from "../keyspace/ExpiryIndex.ts"
import { EventClass } from "../keyspace/Notifications.ts"
import { dumpPayload, isPayload, readPayload } from "../persistence/dumpPayload.ts"
import type { Slice } from "../values/Slice.ts"
import type { Args } from "./Args.ts"
import { type CommandDefinition, keys } from "./Command.ts"
import type { Context } from "./Context.ts"

/** Seconds that fit into the 24 bits in which a key's last use is kept. */
const CLOCK_SECONDS = 2 ** 24
const HIGHEST_FREQUENCY = 255

const dump: CommandDefinition = {
  name: "dump",
  summary: "Return the value of a key as bytes that RESTORE takes",
  since: "2.6.0",
  group: "generic",
  complexity:
    "O(1) to access the key and additional O(N*M) to serialize it, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1).",
  arity: 2,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO", "access"])],
  args: [{ name: "key", type: "key", keySpec: 0 }],
  run: ({ args, db, reply }) => {
    const ref = db.read(args.at(1))
    if (ref === 0) reply.null()
    else reply.bulkBytes(dumpPayload(db.dict, ref))
  }
}

interface RestoreOptions {
  replace: boolean
  /** The time to live is a moment, in milliseconds since 1970. */
  absolute: boolean
  /** Seconds since the value was used; -1 if it does not matter. */
  idle: number
}

/** How often the value is used is checked and does not matter, as long as no eviction policy asks for it. */
function restoreOptions(args: Args): RestoreOptions {
  const options: RestoreOptions = { replace: false, absolute: false, idle: -1 }
  let frequency = -1
  for (let i = 4; i < args.count; i++) {
    const more = i + 1 < args.count
    if (args.is(i, "replace")) options.replace = true
    else if (args.is(i, "absttl")) options.absolute = true
    else if (args.is(i, "idletime") && more && frequency === -1) {
      options.idle = args.int(++i)
      if (options.idle < 0) throw Errors.invalidIdleTime
    } else if (args.is(i, "freq") && more && options.idle === -1) {
      frequency = args.int(++i)
      if (frequency < 0 || frequency > HIGHEST_FREQUENCY) throw Errors.invalidFrequency
    } else throw Errors.syntax
  }
  return options
}

/** The moment until which the value is to live, in milliseconds since 1970; -1 for ever. Redis lets the sum overflow. */
function deadlineIn({ args, now }: Context, absolute: boolean): Deadline {
  const ttl = args.int64(2)
  if (ttl < 0n) throw Errors.invalidTtl
  if (ttl === 0n) return -1
  const deadline = absolute ? ttl : BigInt.asIntN(64, ttl + BigInt(now))
  return Number.isSafeInteger(Number(deadline)) ? Number(deadline) : deadline
}

function restoreKey(ctx: Context): void {
  const { args, db, keyspace } = ctx
  const { absolute, idle, replace } = restoreOptions(args)
  const key = args.at(1)
  if (!replace && db.write(key) !== 0) throw Errors.busyKey
  const deadline = deadlineIn(ctx, absolute)
  const payload = args.at(3)
  if (!isPayload(payload)) throw Errors.wrongPayload
  const value = readPayload(payload, keyspace)
  if (value === undefined) throw Errors.badPayload
  const replaced = db.delete(key)
  if (deadline !== -1 && deadline <= keyspace.expiredBy) {
    if (replaced) vanished(ctx, key)
    return
  }
  let ref = insertDetached(db, key, value)
  if (idle !== -1) db.dict.setClock(ref, (((keyspace.clock - idle) % CLOCK_SECONDS) + CLOCK_SECONDS) % CLOCK_SECONDS)
  if (deadline !== -1) {
    ref = db.setDeadline(ref, deadline)
    if (!absolute && keyspace.journal.active) journalAbsolute(ctx, deadline)
  }
  db.changed(EventClass.Generic, "restore", key)
}

/** What was there is replaced by something that is past its time already. */
function vanished(ctx: Context, key: Slice): void {
  if (ctx.keyspace.journal.active) ctx.journalAs(["DEL", key])
  ctx.db.changed(EventClass.Generic, "del", key)
}

function journalAbsolute(ctx: Context, deadline: Deadline): void {
  const { args } = ctx
  ctx.journalAs(["RESTORE", args.at(1), deadline, args.at(3), ...Array.from(args.texts(4)), "ABSTTL"])
}

const restore: CommandDefinition = {
  name: "restore",
  summary: "Make a key of what DUMP has returned",
  since: "2.6.0",
  group: "generic",
  complexity:
    "O(1) to create the new key and additional O(N*M) to reconstruct the serialized value, where N is the number of Redis objects composing the value and M their average size. For small string values the time complexity is thus O(1)+O(1*M) where M is small, so simply O(1). However for sorted set values the complexity is O(N*M*log(N)) because inserting values into sorted sets is O(log(N)).",
  arity: -4,
  flags: ["write", "denyoom"],
  categories: ["keyspace", "dangerous"],
  keys: [keys(["OW", "update"])],
  args: [
    { name: "key", type: "key", keySpec: 0 },
    { name: "ttl", type: "integer" },
    { name: "serialized-value", type: "string" },
    { name: "replace", type: "pure-token", token: "REPLACE", optional: true, since: "3.0.0" },
    { name: "absttl", type: "pure-token", token: "ABSTTL", optional: true, since: "5.0.0" },
    { name: "seconds", type: "integer", token: "IDLETIME", optional: true, since: "5.0.0" },
    { name: "frequency", type: "integer", token: "FREQ", optional: true, since: "5.0.0" }
  ],
  history: [
    ["3.0.0", "Takes `REPLACE`."],
    ["5.0.0", "Takes `ABSTTL`."],
    ["5.0.0", "Takes `IDLETIME` and `FREQ`."]
  ],
  run: (ctx) => {
    restoreKey(ctx)
    ctx.reply.ok()
  }
}

export const dumpCommands: ReadonlyArray<CommandDefinition> = [dump, restore]
