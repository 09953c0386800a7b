/**
 * Members within ranges, counted or removed: ZCOUNT ZLEXCOUNT ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREMRANGEBYLEX
 * (https://redis.io/docs/latest/commands/zcount/).
 */
import { EventClass } from "../../keyspace/Notifications.ts"
import { MemberRange, SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import type { Args } from "../Args.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { type Ranks, ranksBetween, readLexRange, readScoreRange } from "./sortedSetBounds.ts"

const set = new SortedSetView()
const borders = new MemberRange()

type ReadRange = (args: Args, min: number, max: number, into: MemberRange) => void

function answerCount({ args, db, reply }: Context, read: ReadRange): void {
  read(args, 2, 3, borders)
  if (!set.read(db, args.at(1))) {
    reply.int(0)
    return
  }
  const { from, to } = set.ranksOf(borders)
  reply.int(to - from)
}

const ends = (type: Argument["type"], first = "min", second = "max"): ReadonlyArray<Argument> => [
  KEY,
  { name: first, type },
  { name: second, type }
]

const count = (
  name: string,
  summary: string,
  since: string,
  type: Argument["type"],
  read: ReadRange
): CommandDefinition => ({
  name,
  summary,
  since,
  group: "sorted-set",
  complexity: "O(log(N)) with N being the number of elements in the sorted set.",
  arity: 4,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: ends(type),
  run: (ctx) => answerCount(ctx, read)
})

const zcount = count(
  "zcount",
  "Count the members of a sorted set within a range of scores",
  "2.0.0",
  "double",
  readScoreRange
)
const zlexcount = count(
  "zlexcount",
  "Count the members of a sorted set between two strings",
  "2.8.9",
  "string",
  readLexRange
)

/** Removes the members from rank `from` up to but not including `to`, of the set that the view is on. */
function removeRanks({ args, db, keyspace, reply }: Context, { from, to }: Ranks, event: string): void {
  const removed = to - from
  if (removed > 0) {
    const key = args.at(1)
    const isEmpty = removed === set.size
    if (isEmpty) set.remove()
    else set.deleteRanks(from, to)
    db.changed(EventClass.SortedSet, event, key)
    if (isEmpty) db.announce(EventClass.Generic, "del", key)
    keyspace.dirty += removed - 1
  }
  reply.int(removed)
}

function removeBetween(ctx: Context, event: string, read: ReadRange): void {
  const { args, db, reply } = ctx
  read(args, 2, 3, borders)
  if (!set.write(db, args.at(1))) {
    reply.int(0)
    return
  }
  removeRanks(ctx, set.ranksOf(borders), event)
}

function removeByRank(ctx: Context): void {
  const { args, db, reply } = ctx
  const first = args.int(2)
  const last = args.int(3)
  if (!set.write(db, args.at(1))) {
    reply.int(0)
    return
  }
  removeRanks(ctx, ranksBetween(first, last, set.size), "zremrangebyrank")
}

interface Removal {
  readonly name: string
  readonly summary: string
  readonly since: string
  readonly args: ReadonlyArray<Argument>
  readonly run: (ctx: Context) => void
}

const removals = [
  {
    name: "zremrangebyrank",
    summary: "Remove the members of a sorted set within a range of ranks",
    since: "2.0.0",
    args: ends("integer", "start", "stop"),
    run: removeByRank
  },
  {
    name: "zremrangebyscore",
    summary: "Remove the members of a sorted set within a range of scores",
    since: "1.2.0",
    args: ends("double"),
    run: (ctx: Context) => removeBetween(ctx, "zremrangebyscore", readScoreRange)
  },
  {
    name: "zremrangebylex",
    summary: "Remove the members of a sorted set between two strings",
    since: "2.8.9",
    args: ends("string"),
    run: (ctx: Context) => removeBetween(ctx, "zremrangebylex", readLexRange)
  }
].map(
  (removal: Removal): CommandDefinition => ({
    ...removal,
    group: "sorted-set",
    complexity:
      "O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.",
    arity: 4,
    flags: ["write"],
    keys: [keys(["RW", "delete"])]
  })
)

/** ZCOUNT ZLEXCOUNT ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREMRANGEBYLEX. */
export const sortedSetCountCommands: ReadonlyArray<CommandDefinition> = [zcount, zlexcount, ...removals]
