/**
 * HyperLogLogs, which count different elements in at most 12 KB: PFADD PFCOUNT PFMERGE
 * (https://redis.io/docs/latest/develop/data-types/probabilistic/hyperloglogs/). They are strings to every other command.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import type { RecordBytes } from "../../keyspace/views/RecordBytes.ts"
import {
  addElement,
  becomeDense,
  cardinalityOf,
  cardinalityOfRegisters,
  EMPTY_BYTES,
  mergeInto,
  raiseRegisters,
  writeEmpty
} from "../../values/hyperloglog/HyperLogLog.ts"
import { isDense, keepCardinality, keptCardinality, outdate } from "../../values/hyperloglog/layout.ts"
import { REGISTERS } from "../../values/hyperloglog/registers.ts"
import { Slice } from "../../values/Slice.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { changingHyperLogLog, hyperLogLog } from "./hyperLogLogKey.ts"

/** The HyperLogLog of the record found for the command's first key, to be changed; an empty one if there is none. */
function openTarget({ args, db }: Context, found: number): RecordBytes {
  if (found !== 0) return changingHyperLogLog(db, found)
  const created = db.insertZeros(args.at(1), EMPTY_BYTES)
  writeEmpty(db.string(created, new Slice()))
  return changingHyperLogLog(db, created)
}

const pfadd: CommandDefinition = {
  name: "pfadd",
  summary: "Add elements to a HyperLogLog, and make it if need be",
  since: "2.8.9",
  group: "hyperloglog",
  complexity: "O(1) to add every element.",
  arity: -2,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "insert"])],
  args: [KEY, { name: "element", type: "string", optional: true, multiple: true }],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    const { hllSparseMaxBytes } = keyspace.limits
    const found = db.writeString(args.at(1))
    const bytes = openTarget(ctx, found)
    let changes = found === 0 ? 1 : 0
    for (let i = 2; i < args.count; i++) {
      const outcome = addElement(bytes, args.at(i), hllSparseMaxBytes)
      if (outcome === "corrupt") throw Errors.corruptHyperLogLog
      if (outcome === "raised") changes++
    }
    if (changes > 0) {
      outdate(bytes)
      db.changed(EventClass.String, "pfadd", args.at(1))
      keyspace.dirty += changes - 1
    }
    reply.int(changes > 0 ? 1 : 0)
  }
}

/** The cardinality of one HyperLogLog. It is kept in the string, which is a write although the command only reads. */
function countOne({ args, db, keyspace, reply }: Context): void {
  const key = args.at(1)
  const ref = db.readString(key)
  if (ref === 0) {
    reply.int(0)
    return
  }
  const bytes = changingHyperLogLog(db, ref)
  const kept = keptCardinality(bytes)
  if (kept !== undefined) {
    reply.bigint(kept)
    return
  }
  const cardinality = cardinalityOf(bytes)
  if (cardinality === undefined) throw Errors.corruptHyperLogLog
  keepCardinality(bytes, cardinality)
  keyspace.touched(db, key)
  keyspace.dirty++
  reply.bigint(BigInt(cardinality))
}

/** The registers of all HyperLogLogs together, among the keys from the first on; those that are not there are empty. */
function unionOf({ args, db }: Context): { readonly highest: Uint8Array; readonly anyDense: boolean } {
  const highest = new Uint8Array(REGISTERS)
  let anyDense = false
  for (let i = 1; i < args.count; i++) {
    const ref = db.readString(args.at(i))
    if (ref === 0) continue
    const bytes = hyperLogLog(db, ref)
    if (isDense(bytes)) anyDense = true
    if (!mergeInto(highest, bytes)) throw Errors.corruptHyperLogLog
  }
  return { highest, anyDense }
}

const pfcount: CommandDefinition = {
  name: "pfcount",
  summary: "Estimate how many different elements HyperLogLogs have seen, all together",
  since: "2.8.9",
  group: "hyperloglog",
  complexity:
    "O(1) with a very small average constant time when called with a single key. O(N) with N being the number of keys, and much bigger constant times, when called with multiple keys.",
  arity: -2,
  flags: ["readonly", "may_replicate"],
  keys: [{ ...keys(["RW", "access"], 1, -1), notes: "writes because the result for a single key is kept in it" }],
  args: [{ ...KEY, multiple: true }],
  run: (ctx) => {
    if (ctx.args.count === 2) countOne(ctx)
    else ctx.reply.bigint(BigInt(cardinalityOfRegisters(unionOf(ctx).highest)))
  }
}

const pfmerge: CommandDefinition = {
  name: "pfmerge",
  summary: "Merge HyperLogLogs into the first of them",
  since: "2.8.9",
  group: "hyperloglog",
  complexity: "O(N) to merge N HyperLogLogs, but with high constant times.",
  arity: -2,
  flags: ["write", "denyoom"],
  keys: [keys(["RW", "access", "insert"]), keys(["RO", "access"], 2, -1)],
  args: [
    { name: "destkey", type: "key", keySpec: 0 },
    { name: "sourcekey", type: "key", keySpec: 1, optional: true, multiple: true }
  ],
  run: (ctx) => {
    const { args, db, keyspace, reply } = ctx
    const { anyDense, highest } = unionOf(ctx)
    const bytes = openTarget(ctx, db.writeString(args.at(1)))
    if (anyDense) becomeDense(bytes)
    raiseRegisters(bytes, highest, keyspace.limits.hllSparseMaxBytes)
    outdate(bytes)
    db.changed(EventClass.String, "pfadd", args.at(1))
    reply.ok()
  }
}

/** PFADD PFCOUNT PFMERGE. */
export const hyperLogLogCommands: ReadonlyArray<CommandDefinition> = [pfadd, pfcount, pfmerge]
