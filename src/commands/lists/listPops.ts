/**
 * Taking elements off the ends of lists: LPOP RPOP LMPOP (https://redis.io/docs/latest/commands/lpop/).
 */
import * as Errors from "../../Errors.ts"
import type { Args } from "../Args.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { endArgument, LEFT, type ListEnd, list, popMany, popOne, RIGHT, readEnd } from "./listEnds.ts"

function pop(ctx: Context, name: string, end: ListEnd): void {
  const { args, db, reply } = ctx
  const key = args.at(1)
  if (args.count === 2) {
    if (list.write(db, key)) popOne(ctx, key, end)
    else reply.null()
    return
  }
  if (args.count > 3) throw Errors.wrongArity(name)
  const count = args.intBetween(2, 0, Number.POSITIVE_INFINITY, Errors.mustBePositive)
  if (!list.write(db, key)) reply.nullArray()
  else if (count === 0) reply.array(0)
  else popMany(ctx, key, end, count)
}

const COUNT = { name: "count", type: "integer", since: "6.2.0", optional: true } as const

const lpop: CommandDefinition = {
  name: "lpop",
  summary: "Take elements off the front of a list",
  since: "1.0.0",
  group: "list",
  complexity: "O(N) where N is the number of elements taken",
  arity: -2,
  flags: ["write", "fast"],
  keys: [keys(["RW", "access", "delete"])],
  args: [KEY, COUNT],
  history: [["6.2.0", "Takes a `count`."]],
  run: (ctx) => pop(ctx, "lpop", LEFT)
}

const rpop: CommandDefinition = {
  name: "rpop",
  summary: "Take elements off the end of a list",
  since: "1.0.0",
  group: "list",
  complexity: "O(N) where N is the number of elements taken",
  arity: -2,
  flags: ["write", "fast"],
  keys: [keys(["RW", "access", "delete"])],
  args: [KEY, COUNT],
  history: [["6.2.0", "Takes a `count`."]],
  run: (ctx) => pop(ctx, "rpop", RIGHT)
}

/** What LMPOP and BLMPOP are asked for. */
export interface MultiPop {
  /** The keys' words, the last one excluded. */
  readonly first: number
  readonly behind: number
  readonly end: ListEnd
  readonly count: number
}

/** Reads `numkeys key [key ...] LEFT|RIGHT [COUNT count]`, from `index` on. */
export function readMultiPop(args: Args, index: number): MultiPop {
  const numkeys = args.intBetween(index, 1, Number.POSITIVE_INFINITY, Errors.numkeysNotPositive)
  const first = index + 1
  const behind = args.need(first + numkeys)
  const end = readEnd(args, behind)
  if (args.count === behind + 1) return { first, behind, end, count: 1 }
  if (args.count < behind + 3 || !args.is(behind + 1, "count")) throw Errors.syntax
  const count = args.intBetween(behind + 2, 1, Number.POSITIVE_INFINITY, Errors.countNotPositive)
  if (args.count > behind + 3) throw Errors.syntax
  return { first, behind, end, count }
}

/** Serves the request from the first of its keys that has a list; false if none has. */
export function popFromFirst(ctx: Context, { behind, count, end, first }: MultiPop): boolean {
  const { args, db, reply } = ctx
  for (let i = first; i < behind; i++) {
    const key = args.at(i)
    if (!list.write(db, key)) continue
    reply.array(2)
    reply.bulk(key)
    const popped = popMany(ctx, key, end, count)
    ctx.journalAs([end.pop, key, popped])
    return true
  }
  return false
}

const lmpop: CommandDefinition = {
  name: "lmpop",
  summary: "Take elements off the first of several lists that has any",
  since: "7.0.0",
  group: "list",
  complexity: "O(N+M) where N is the number of keys and M is the number of elements taken",
  arity: -4,
  flags: ["write"],
  keys: [
    {
      flags: ["RW", "access", "delete"],
      begin: { index: 1 },
      find: { keyNumIndex: 0, firstKey: 1, step: 1 }
    }
  ],
  args: [
    { name: "numkeys", type: "integer" },
    { ...KEY, multiple: true },
    endArgument("where"),
    { name: "count", type: "integer", token: "COUNT", optional: true }
  ],
  run: (ctx) => {
    if (!popFromFirst(ctx, readMultiPop(ctx.args, 1))) ctx.reply.nullArray()
  }
}

/** LPOP RPOP LMPOP. */
export const listPopCommands: ReadonlyArray<CommandDefinition> = [lpop, rpop, lmpop]
