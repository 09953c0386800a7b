/**
 * Fields of hashes as numbers: HINCRBY on 64-bit integers, HINCRBYFLOAT on `long double`
 * (https://redis.io/docs/latest/commands/hincrby/).
 *
 * The increment is looked at before the key, the value of the field after it, as in Redis.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { HashView } from "../../keyspace/views/HashView.ts"
import { Entry } from "../../values/listpack/entries.ts"
import { addLongDouble } from "../../values/longDouble.ts"
import { INT64_MAX, INT64_MIN, parseInt64, parseSafeInteger } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"

const hash = new HashView()
const stored = new Entry()
const sumText = new Entry()
const ZERO = Slice.latin1("0")

/** The number in the field, as text; one that is not there counts as 0. */
const counterText = ({ args }: Context, found: boolean): Slice =>
  (found ? hash.get(args.at(2), stored) : undefined) ?? ZERO

/** Makes the sum the field's value, in a new hash if none was found. */
function store({ args, db }: Context, found: boolean, sum: Slice, event: string): void {
  const key = args.at(1)
  if (!found) hash.create(db, key)
  hash.set(args.at(2), sum)
  db.changed(EventClass.Hash, event, key)
}

/** As what HINCRBY does with safe integers, for whatever fits into 64 bits. */
function addExactly(ctx: Context, found: boolean): void {
  const increment = ctx.args.int64(3)
  const value = parseInt64(counterText(ctx, found))
  if (value === undefined) throw Errors.hashValueNotAnInteger
  const sum = value + increment
  if (sum < INT64_MIN || sum > INT64_MAX) throw Errors.overflow
  store(ctx, found, Slice.latin1(sum.toString()), "hincrby")
  ctx.reply.bigint(sum)
}

const hincrby: CommandDefinition = {
  name: "hincrby",
  summary: "Add to the integer in a field",
  since: "2.0.0",
  group: "hash",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, { name: "field", type: "string" }, { name: "increment", type: "integer" }],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const increment = args.int(3)
    const found = hash.write(db, args.at(1))
    const sum = parseSafeInteger(counterText(ctx, found)) + increment
    if (!Number.isSafeInteger(sum) || !Number.isSafeInteger(increment)) {
      addExactly(ctx, found)
      return
    }
    sumText.spell(sum)
    store(ctx, found, sumText, "hincrby")
    reply.int(sum)
  }
}

const hincrbyfloat: CommandDefinition = {
  name: "hincrbyfloat",
  summary: "Add to the floating-point number in a field",
  since: "2.6.0",
  group: "hash",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, { name: "field", type: "string" }, { name: "increment", type: "double" }],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const increment = addLongDouble(ZERO, args.at(3))
    if (increment === "invalid") throw Errors.notAFloat
    if (increment === "nan-or-inf") throw Errors.infiniteIncrement
    const found = hash.write(db, args.at(1))
    const sum = addLongDouble(counterText(ctx, found), args.at(3))
    if (sum === "invalid") throw Errors.hashValueNotAFloat
    if (sum === "nan-or-inf") throw Errors.nanOrInfinity
    store(ctx, found, Slice.latin1(sum), "hincrbyfloat")
    // Repeated as the result: another machine may round another way.
    ctx.journalAs(["HSET", args.at(1), args.at(2), sum])
    reply.bulkText(sum)
  }
}

/** HINCRBY HINCRBYFLOAT. */
export const hashCounterCommands: ReadonlyArray<CommandDefinition> = [hincrby, hincrbyfloat]
