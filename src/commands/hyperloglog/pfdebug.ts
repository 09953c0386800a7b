/**
 * A look into HyperLogLogs, and a test of them, for those who work on the server: PFDEBUG PFSELFTEST.
 *
 * To COMMAND, PFDEBUG is one command without subcommands, as in Redis; here is its own table of them.
 */
import * as Errors from "../../Errors.ts"
import type { RecordBytes } from "../../keyspace/views/RecordBytes.ts"
import { becomeDense, mergeInto } from "../../values/hyperloglog/HyperLogLog.ts"
import { isDense } from "../../values/hyperloglog/layout.ts"
import { REGISTERS } from "../../values/hyperloglog/registers.ts"
import { selfTest } from "../../values/hyperloglog/selfTest.ts"
import { describeRuns } from "../../values/hyperloglog/sparse.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { changingHyperLogLog } from "./hyperLogLogKey.ts"

/** Makes it dense, which is a write although nothing is announced; false if it is. */
function toDense({ keyspace }: Context, bytes: RecordBytes): boolean {
  if (isDense(bytes)) return false
  if (!becomeDense(bytes)) throw Errors.corruptHyperLogLog
  keyspace.dirty++
  return true
}

type Subcommand = (ctx: Context, bytes: RecordBytes) => void

const subcommands: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  [
    "getreg",
    (ctx, bytes) => {
      toDense(ctx, bytes)
      const registers = new Uint8Array(REGISTERS)
      mergeInto(registers, bytes)
      ctx.reply.array(REGISTERS)
      for (const value of registers) ctx.reply.int(value)
    }
  ],
  [
    "decode",
    ({ reply }, bytes) => {
      if (isDense(bytes)) throw Errors.notSparse
      reply.bulkText(describeRuns(bytes))
    }
  ],
  ["encoding", ({ reply }, bytes) => reply.simple(isDense(bytes) ? "dense" : "sparse")],
  ["todense", (ctx, bytes) => ctx.reply.int(toDense(ctx, bytes) ? 1 : 0)]
])

const pfdebug: CommandDefinition = {
  name: "pfdebug",
  summary: "Look into a HyperLogLog, or make it dense",
  since: "2.8.9",
  group: "hyperloglog",
  complexity: "N/A",
  arity: 3,
  flags: ["write", "denyoom", "admin"],
  keys: [keys(["RW", "access"], 2)],
  internal: true,
  args: [{ name: "subcommand", type: "string" }, KEY],
  run: (ctx) => {
    const { args, db } = ctx
    const ref = db.writeString(args.at(2))
    if (ref === 0) throw Errors.noSpecifiedKey
    const bytes = changingHyperLogLog(db, ref)
    const subcommand = subcommands.get(args.lower(1))
    if (subcommand === undefined) throw Errors.unknownPfdebug(args.text(1))
    subcommand(ctx, bytes)
  }
}

const pfselftest: CommandDefinition = {
  name: "pfselftest",
  summary: "Test HyperLogLogs on random elements",
  since: "2.8.9",
  group: "hyperloglog",
  complexity: "N/A",
  arity: 1,
  flags: ["admin"],
  internal: true,
  run: ({ keyspace, reply }) => {
    const finding = selfTest(keyspace.random, keyspace.limits.hllSparseMaxBytes)
    if (finding !== undefined) throw Errors.selfTestFailed(finding)
    reply.ok()
  }
}

/** PFDEBUG PFSELFTEST. */
export const pfdebugCommands: ReadonlyArray<CommandDefinition> = [pfdebug, pfselftest]
