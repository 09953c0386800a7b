/**
 * Strings as numbers: INCR DECR INCRBY DECRBY on 64-bit integers, INCRBYFLOAT on `long double`
 * (https://redis.io/docs/latest/commands/incr/).
 *
 * Integers are exact over all 64 bits; as long as they are safe in a double, counting allocates nothing and the digits are
 * written where the old ones were.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { StringOrigin } from "../../keyspace/Value.ts"
import { decimalLength, writeDecimal } from "../../values/decimal.ts"
import { addLongDouble } from "../../values/longDouble.ts"
import { INT64_MAX, INT64_MIN, parseInt64, parseSafeInteger } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"

const digits = new Slice()
const ZERO = Slice.latin1("0")

/** The number under the key, as text; a key that is not there counts as 0. */
const counterText = ({ db }: Context, ref: number): Slice => (ref === 0 ? ZERO : db.string(ref, digits))

/** Adds to the integer under the key and answers with the sum; all three are safe integers, or it is done exactly. */
function add(ctx: Context, increment: number): void {
  const ref = ctx.db.writeString(ctx.args.at(1))
  const value = parseSafeInteger(counterText(ctx, ref))
  const sum = value + increment
  if (Number.isSafeInteger(sum)) storeSum(ctx, ref, sum)
  else addExactly(ctx, ref, BigInt(increment))
}

/** As `add`, for whatever fits into 64 bits. */
function addExactly(ctx: Context, ref: number, increment: bigint): void {
  const { args, db, reply } = ctx
  const value = parseInt64(counterText(ctx, ref))
  if (value === undefined) throw Errors.notAnInteger
  const sum = value + increment
  if (sum < INT64_MIN || sum > INT64_MAX) throw Errors.overflow
  const key = args.at(1)
  db.setString(key, Slice.latin1(sum.toString()), true)
  db.changed(EventClass.String, "incrby", key)
  reply.bigint(sum)
}

function storeSum({ args, db, reply }: Context, found: number, sum: number): void {
  const key = args.at(1)
  const length = decimalLength(sum)
  const ref = found === 0 ? db.insertZeros(key, length) : db.resizeString(found, length)
  const { buffer, start } = db.string(ref, digits)
  writeDecimal(sum, length, buffer, start)
  db.dict.setEncoding(ref, StringOrigin.Stored)
  db.changed(EventClass.String, "incrby", key)
  reply.int(sum)
}

const incr: CommandDefinition = {
  name: "incr",
  summary: "Add one to the integer at a key",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 2,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY],
  run: (ctx) => add(ctx, 1)
}

const decr: CommandDefinition = {
  name: "decr",
  summary: "Take one from the integer at a key",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 2,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY],
  run: (ctx) => add(ctx, -1)
}

const incrby: CommandDefinition = {
  name: "incrby",
  summary: "Add to the integer at a key",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, { name: "increment", type: "integer" }],
  run: (ctx) => {
    const increment = ctx.args.int(2)
    if (Number.isSafeInteger(increment)) add(ctx, increment)
    else addExactly(ctx, ctx.db.writeString(ctx.args.at(1)), ctx.args.int64(2))
  }
}

const decrby: CommandDefinition = {
  name: "decrby",
  summary: "Take from the integer at a key",
  since: "1.0.0",
  group: "string",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, { name: "decrement", type: "integer" }],
  run: (ctx) => {
    const decrement = ctx.args.int(2)
    if (Number.isSafeInteger(decrement)) {
      add(ctx, -decrement)
      return
    }
    const exact = ctx.args.int64(2)
    if (exact === INT64_MIN) throw Errors.decrementOverflow
    addExactly(ctx, ctx.db.writeString(ctx.args.at(1)), -exact)
  }
}

const incrbyfloat: CommandDefinition = {
  name: "incrbyfloat",
  summary: "Add to the floating-point number at a key",
  since: "2.6.0",
  group: "string",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, { name: "increment", type: "double" }],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const key = args.at(1)
    const ref = db.writeString(key)
    const sum = addLongDouble(counterText(ctx, ref), args.at(2))
    if (sum === "invalid") throw Errors.notAFloat
    if (sum === "nan-or-inf") throw Errors.nanOrInfinity
    const stored = db.setString(key, Slice.latin1(sum), true)
    db.dict.setEncoding(stored, StringOrigin.Computed)
    db.changed(EventClass.String, "incrbyfloat", key)
    // Repeated as the result: another machine may round another way.
    ctx.journalAs(["SET", key, sum, "KEEPTTL"])
    reply.bulkText(sum)
  }
}

/** INCR DECR INCRBY DECRBY INCRBYFLOAT. */
export const counterCommands: ReadonlyArray<CommandDefinition> = [incr, decr, incrby, decrby, incrbyfloat]
