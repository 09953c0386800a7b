/**
 * What two strings have in common: LCS (https://redis.io/docs/latest/commands/lcs/).
 */
import * as Errors from "../../Errors.ts"
import type { Ref } from "../../keyspace/Database.ts"
import { ValueType } from "../../keyspace/Value.ts"
import { LongestCommonSubsequence } from "../../values/longestCommonSubsequence.ts"
import { Slice } from "../../values/Slice.ts"
import type { Args } from "../Args.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"

interface Options {
  readonly len: boolean
  readonly idx: boolean
  readonly withMatchLen: boolean
  /** Shorter matches are left out of IDX. */
  readonly minMatchLen: number
}

function readOptions(args: Args): Options {
  const given = new Set<string>()
  let minMatchLen = 0
  for (let i = 3; i < args.count; i++) {
    const word = args.lower(i)
    if (word === "minmatchlen" && i + 1 < args.count) minMatchLen = args.int(++i)
    else if (word === "len" || word === "idx" || word === "withmatchlen") given.add(word)
    else throw Errors.syntax
  }
  const [len, idx] = [given.has("len"), given.has("idx")]
  if (len && idx) throw Errors.lcsLengthAndIndexes
  return { len, idx, withMatchLen: given.has("withmatchlen"), minMatchLen }
}

/** The string at a key; empty when there is none. */
function stringAt({ db }: Context, ref: Ref): Slice {
  if (ref === 0) return new Slice()
  if (db.dict.type(ref) !== ValueType.String) throw Errors.lcsNotStrings
  return db.string(ref, new Slice())
}

function compute({ config }: Context, a: Slice, b: Slice): LongestCommonSubsequence {
  if (LongestCommonSubsequence.memory(a.length, b.length) > config.values.protoMaxBulkLen) throw Errors.lcsTooLarge
  try {
    return new LongestCommonSubsequence(a, b)
  } catch (failure) {
    throw failure instanceof RangeError ? Errors.lcsNoMemory : failure
  }
}

function replyWithMatches({ reply }: Context, lcs: LongestCommonSubsequence, options: Options): void {
  reply.map(2)
  reply.bulkText("matches")
  const mark = reply.length
  let count = 0
  for (const { a, b, length } of lcs.matches()) {
    if (length < options.minMatchLen) continue
    count++
    reply.array(options.withMatchLen ? 3 : 2)
    for (const [first, last] of [a, b]) {
      reply.array(2)
      reply.int(first)
      reply.int(last)
    }
    if (options.withMatchLen) reply.int(length)
  }
  reply.arrayAt(mark, count)
  reply.bulkText("len")
  reply.int(lcs.length)
}

const lcs: CommandDefinition = {
  name: "lcs",
  summary: "Find the longest subsequence that the strings at two keys have in common",
  since: "7.0.0",
  group: "string",
  complexity: "O(N*M) where N and M are the lengths of the strings",
  arity: -3,
  flags: ["readonly"],
  keys: [keys(["RO", "access"], 1, 2)],
  args: [
    { name: "key1", type: "key", keySpec: 0 },
    { name: "key2", type: "key", keySpec: 0 },
    { name: "len", type: "pure-token", token: "LEN", optional: true },
    { name: "idx", type: "pure-token", token: "IDX", optional: true },
    { name: "min-match-len", type: "integer", token: "MINMATCHLEN", optional: true },
    { name: "withmatchlen", type: "pure-token", token: "WITHMATCHLEN", optional: true }
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    // Both keys count as read before one of them is refused.
    const first = db.read(args.at(1))
    const second = db.read(args.at(2))
    const a = stringAt(ctx, first)
    const b = stringAt(ctx, second)
    const options = readOptions(args)
    const result = compute(ctx, a, b)
    if (options.idx) replyWithMatches(ctx, result, options)
    else if (options.len) reply.int(result.length)
    else reply.bulkBytes(result.bytes())
  }
}

/** LCS. */
export const lcsCommands: ReadonlyArray<CommandDefinition> = [lcs]
