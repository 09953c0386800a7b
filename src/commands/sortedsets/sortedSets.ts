/**
 * Sorted sets, member by member: ZCARD ZSCORE ZMSCORE ZRANK ZREVRANK ZREM ZSCAN
 * (https://redis.io/docs/latest/develop/data-types/sorted-sets/).
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { Form } from "../../keyspace/Value.ts"
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { formatDouble } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import { packedScoreText } from "../../values/sortedset/PackedSortedSet.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { type Scannable, scanCollection } from "../collectionScan.ts"
import { KEY } from "../commonArguments.ts"
import { cursorArguments } from "../scanOptions.ts"
import { MEMBER, MEMBERS } from "./sortedSetArguments.ts"

const set = new SortedSetView()

const zcard: CommandDefinition = {
  name: "zcard",
  summary: "Return how many members a sorted set has",
  since: "1.2.0",
  group: "sorted-set",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY],
  run: ({ args, db, reply }) => reply.int(set.read(db, args.at(1)) ? set.size : 0)
}

const zscore: CommandDefinition = {
  name: "zscore",
  summary: "Return the score of a member of a sorted set",
  since: "1.2.0",
  group: "sorted-set",
  complexity: "O(1)",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [KEY, MEMBER],
  run: ({ args, db, reply }) => {
    const score = set.read(db, args.at(1)) ? set.score(args.at(2)) : undefined
    if (score === undefined) reply.null()
    else reply.double(score)
  }
}

const zmscore: CommandDefinition = {
  name: "zmscore",
  summary: "Return the scores of members of a sorted set",
  since: "6.2.0",
  group: "sorted-set",
  complexity: "O(N) where N is the number of members being requested.",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [KEY, MEMBERS],
  run: ({ args, db, reply }) => {
    const isThere = set.read(db, args.at(1))
    reply.array(args.count - 2)
    for (let i = 2; i < args.count; i++) {
      const score = isThere ? set.score(args.at(i)) : undefined
      if (score === undefined) reply.null()
      else reply.double(score)
    }
  }
}

/** The most words of ZRANK, which its arity does not limit. */
const RANK_WORDS = 4

function answerRank({ args, db, reply }: Context, reverse: boolean): void {
  if (args.count > RANK_WORDS) throw Errors.wrongArity(args.lower(0))
  const withScore = args.count === RANK_WORDS
  if (withScore && !args.is(3, "withscore")) throw Errors.syntax
  const rank = set.read(db, args.at(1)) ? set.rank(args.at(2)) : undefined
  if (rank === undefined) {
    if (withScore) reply.nullArray()
    else reply.null()
    return
  }
  if (withScore) reply.array(2)
  reply.int(reverse ? set.size - 1 - rank : rank)
  if (withScore) reply.double(set.score(args.at(2))!)
}

const rankCommand = (name: string, summary: string, reverse: boolean): CommandDefinition => ({
  name,
  summary,
  since: "2.0.0",
  group: "sorted-set",
  complexity: "O(log(N))",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  history: [["7.2.0", "Takes WITHSCORE."]],
  args: [KEY, MEMBER, { name: "withscore", type: "pure-token", token: "WITHSCORE", optional: true }],
  run: (ctx) => answerRank(ctx, reverse)
})

const zrank = rankCommand("zrank", "Return how many members of a sorted set come before one", false)
const zrevrank = rankCommand("zrevrank", "Return how many members of a sorted set come behind one", true)

const zrem: CommandDefinition = {
  name: "zrem",
  summary: "Remove members from a sorted set",
  since: "1.2.0",
  group: "sorted-set",
  complexity:
    "O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.",
  arity: -3,
  flags: ["write", "fast"],
  keys: [keys(["RW", "delete"])],
  history: [["2.4.0", "Takes several members."]],
  args: [KEY, MEMBERS],
  run: ({ args, db, keyspace, reply }) => {
    const isThere = set.write(db, args.at(1))
    let removed = 0
    for (let i = 2; isThere && i < args.count && set.size > 0; i++) if (set.delete(args.at(i))) removed++
    if (removed > 0) {
      const key = args.at(1)
      const isEmpty = set.size === 0
      if (isEmpty) set.remove()
      db.changed(EventClass.SortedSet, "zrem", key)
      if (isEmpty) db.announce(EventClass.Generic, "del", key)
      keyspace.dirty += removed - 1
    }
    reply.int(removed)
  }
}

/** Redis shows the scores of a packed set as they are kept. */
const walked: Scannable = {
  scan: (cursor, visit) => {
    const scoreText = set.form === Form.Table ? formatDouble : packedScoreText
    return set.scan(cursor, (member, score) => visit(member, Slice.latin1(scoreText(score))))
  }
}

const zscan: CommandDefinition = {
  name: "zscan",
  summary: "Walk through the members of a sorted set and their scores, some at a time",
  since: "2.8.0",
  group: "sorted-set",
  complexity:
    "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection..",
  arity: -3,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO", "access"])],
  args: [KEY, ...cursorArguments],
  run: (ctx) => scanCollection(ctx, () => (set.read(ctx.db, ctx.args.at(1)) ? walked : undefined))
}

/** ZCARD ZSCORE ZMSCORE ZRANK ZREVRANK ZREM ZSCAN. */
export const sortedSetCommands: ReadonlyArray<CommandDefinition> = [
  ...[zcard, zscore, zmscore, zrank, zrevrank],
  ...[zrem, zscan]
]
