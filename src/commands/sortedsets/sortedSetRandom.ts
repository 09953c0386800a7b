/** Members by chance: ZRANDMEMBER (https://redis.io/docs/latest/commands/zrandmember/). */
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import { Entry } from "../../values/listpack/entries.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { needRoom, readDraw } from "../drawing.ts"
import { WITHSCORES } from "./sortedSetArguments.ts"
import { writeMember, writeMemberCount } from "./sortedSetReplies.ts"

const set = new SortedSetView()
const member = new Entry()

const randomRank = ({ keyspace }: Context): number => Math.floor(keyspace.random() * set.size)

/** `count` different ranks of the set that the view is on, each choice as likely as the others (Floyd's algorithm). */
function differentRanks({ keyspace }: Context, count: number): Iterable<number> {
  const chosen = new Set<number>()
  for (let i = set.size - count; i < set.size; i++) {
    const rank = Math.floor(keyspace.random() * (i + 1))
    chosen.add(chosen.has(rank) ? i : rank)
  }
  return chosen
}

function* repeatedRanks(ctx: Context, count: number): Iterable<number> {
  for (let i = 0; i < count; i++) yield randomRank(ctx)
}

function* allRanks(): Iterable<number> {
  for (let rank = set.size - 1; rank >= 0; rank--) yield rank
}

/** The ranks that are answered with; the same one may come again if `count` is negative. */
function ranksFor(ctx: Context, count: number): Iterable<number> {
  if (count < 0) return repeatedRanks(ctx, -count)
  return count >= set.size ? allRanks() : differentRanks(ctx, count)
}

function answerMany(ctx: Context): void {
  const { args, db, reply } = ctx
  const { count, withValues: withScores } = readDraw(args, "withscores")
  if (!set.read(db, args.at(1)) || count === 0) {
    reply.array(0)
    return
  }
  let left = count < 0 ? -count : Math.min(count, set.size)
  needRoom(reply, left)
  writeMemberCount(reply, left, withScores)
  for (const rank of ranksFor(ctx, count)) {
    needRoom(reply, left--)
    const score = set.at(rank, member)
    writeMember(reply, member, score, withScores)
  }
}

const zrandmember: CommandDefinition = {
  name: "zrandmember",
  summary: "Return members of a sorted set by chance",
  since: "6.2.0",
  group: "sorted-set",
  complexity: "O(N) where N is the number of elements returned",
  arity: -2,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO", "access"])],
  args: [
    KEY,
    {
      name: "options",
      type: "block",
      optional: true,
      args: [{ name: "count", type: "integer" }, WITHSCORES]
    }
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    if (args.count > 2) {
      answerMany(ctx)
      return
    }
    if (!set.read(db, args.at(1))) {
      reply.null()
      return
    }
    set.at(randomRank(ctx), member)
    reply.bulk(member)
  }
}

export const sortedSetRandomCommands: ReadonlyArray<CommandDefinition> = [zrandmember]
