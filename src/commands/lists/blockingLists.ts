/**
 * The commands on lists that wait until there is an element: BLPOP BRPOP BLMPOP BLMOVE BRPOPLPUSH
 * (https://redis.io/docs/latest/commands/blpop/). Where there is one they do what their kin without the B does, and are repeated
 * elsewhere as that.
 */
import { blockOn, listLane, secondsTimeout } from "../blocking.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import type { Block, Resume } from "../Suspend.ts"
import { endArgument, LEFT, type ListEnd, list, popOne, RIGHT, readEnd } from "./listEnds.ts"
import { move, moveArguments, moveKeys, rotateArguments } from "./listMoves.ts"
import { popFromFirst, readMultiPop } from "./listPops.ts"

const timedOut: Resume = ({ reply }) => reply.nullArray()

/** Waits for an element under the keys of these words, the last one excluded. */
function waitFor(ctx: Context, first: number, behind: number, timeout: number): Block | undefined {
  const keys = Array.from({ length: behind - first }, (_, i) => first + i)
  return blockOn(ctx, { keys, lane: listLane, timeout, timedOut })
}

function blockingPop(ctx: Context, end: ListEnd): Block | undefined {
  const { args, db, reply } = ctx
  const last = args.count - 1
  const timeout = secondsTimeout(args, last)
  for (let i = 1; i < last; i++) {
    const key = args.at(i)
    if (!list.write(db, key)) continue
    reply.array(2)
    reply.bulk(key)
    popOne(ctx, key, end)
    ctx.journalAs([end.pop, key])
    return undefined
  }
  return waitFor(ctx, 1, last, timeout)
}

/** `command` is the one that does the same without waiting. */
function blockingMove(ctx: Context, from: ListEnd, to: ListEnd, timeout: number, command: string): Block | undefined {
  if (move(ctx, from, to)) {
    const { args } = ctx
    ctx.journalAs([command, ...Array.from({ length: args.count - 2 }, (_, i) => args.at(i + 1))])
    return undefined
  }
  if (!ctx.inTransaction) return waitFor(ctx, 1, 2, timeout)
  // Redis has a null of another kind for who must not wait than for who waited in vain.
  ctx.reply.null()
  return undefined
}

const TIMEOUT: Argument = { name: "timeout", type: "double" }
const KEYS: Argument = { ...KEY, multiple: true }
const IN_SECONDS = [["6.0.0", "`timeout` may be a fraction of a second."]] as const

const blpop: CommandDefinition = {
  name: "blpop",
  summary: "Take the first element of the first list that has any, or wait for one",
  since: "2.0.0",
  group: "list",
  complexity: "O(N) where N is the number of keys",
  arity: -3,
  flags: ["write", "blocking"],
  keys: [keys(["RW", "access", "delete"], 1, -2)],
  args: [KEYS, TIMEOUT],
  history: IN_SECONDS,
  run: (ctx) => blockingPop(ctx, LEFT)
}

const brpop: CommandDefinition = {
  name: "brpop",
  summary: "Take the last element of the first list that has any, or wait for one",
  since: "2.0.0",
  group: "list",
  complexity: "O(N) where N is the number of keys",
  arity: -3,
  flags: ["write", "blocking"],
  keys: [keys(["RW", "access", "delete"], 1, -2)],
  args: [KEYS, TIMEOUT],
  history: IN_SECONDS,
  run: (ctx) => blockingPop(ctx, RIGHT)
}

const blmpop: CommandDefinition = {
  name: "blmpop",
  summary: "Take elements off the first of several lists that has any, or wait for them",
  since: "7.0.0",
  group: "list",
  complexity: "O(N+M) where N is the number of keys and M is the number of elements taken",
  arity: -5,
  flags: ["write", "blocking"],
  keys: [
    {
      flags: ["RW", "access", "delete"],
      begin: { index: 2 },
      find: { keyNumIndex: 0, firstKey: 1, step: 1 }
    }
  ],
  args: [
    TIMEOUT,
    { name: "numkeys", type: "integer" },
    KEYS,
    endArgument("where"),
    { name: "count", type: "integer", token: "COUNT", optional: true }
  ],
  run: (ctx) => {
    const request = readMultiPop(ctx.args, 2)
    const timeout = secondsTimeout(ctx.args, 1)
    return popFromFirst(ctx, request) ? undefined : waitFor(ctx, request.first, request.behind, timeout)
  }
}

const blmove: CommandDefinition = {
  name: "blmove",
  summary: "Move an element from an end of a list to an end of another, or wait for one",
  since: "6.2.0",
  group: "list",
  complexity: "O(1)",
  arity: 6,
  flags: ["write", "denyoom", "blocking"],
  keys: moveKeys,
  args: [...moveArguments, TIMEOUT],
  run: (ctx) => {
    const from = readEnd(ctx.args, 3)
    const to = readEnd(ctx.args, 4)
    return blockingMove(ctx, from, to, secondsTimeout(ctx.args, 5), "LMOVE")
  }
}

const brpoplpush: CommandDefinition = {
  name: "brpoplpush",
  summary: "Move the last element of a list to the front of another, or wait for one",
  since: "2.2.0",
  group: "list",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "denyoom", "blocking"],
  keys: moveKeys,
  args: [...rotateArguments, TIMEOUT],
  history: IN_SECONDS,
  deprecated: { since: "6.2.0", replacedBy: "`BLMOVE` with the `RIGHT` and `LEFT` arguments" },
  run: (ctx) => blockingMove(ctx, RIGHT, LEFT, secondsTimeout(ctx.args, 3), "RPOPLPUSH")
}

/** BLPOP BRPOP BLMPOP BLMOVE BRPOPLPUSH. */
export const blockingListCommands: ReadonlyArray<CommandDefinition> = [blpop, brpop, blmpop, blmove, brpoplpush]
