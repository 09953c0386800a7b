/**
 * Random members of a set: SPOP takes them out, SRANDMEMBER lets them be.
 *
 * SPOP is repeated elsewhere as what it removed: as SREM, in batches, or as DEL when nothing was left.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { SetView } from "../../keyspace/views/SetView.ts"
import type { Slice } from "../../values/Slice.ts"
import { OwnSet } from "../../values/set/OwnSet.ts"
import { SetTable } from "../../values/set/SetTable.ts"
import { type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { drawnCount, needRoom } from "../drawing.ts"

/** The most members that one SREM in the journal removes. */
const JOURNAL_BATCH = 1024
/** Of a large set less than one member in so many is to stay: those are drawn instead of those that go. */
const KEEP_RATIO = 5
/** Of a set more than one member in so many is wanted: it is gone through once. */
const WALK_RATIO = 3

const set = new SetView()

// ---- SPOP --------------------------------------------------------------------------------------------------------------

function popOne(ctx: Context): void {
  const { args, db, keyspace, reply } = ctx
  const key = args.at(1)
  const member = set.pick()
  reply.bulk(member)
  if (keyspace.journal.active) ctx.journalAs(["SREM", key, member])
  set.deletePicked()
  const isEmpty = set.size === 0
  if (isEmpty) set.remove()
  db.changed(EventClass.Set, "spop", key)
  if (isEmpty) db.announce(EventClass.Generic, "del", key)
}

/** What goes, as SREM commands. */
class Removals {
  private batch: Array<Uint8Array> = []

  constructor(private readonly ctx: Context) {}

  add(member: Slice): void {
    if (!this.ctx.keyspace.journal.active) return
    this.batch.push(member.copy())
    if (this.batch.length === JOURNAL_BATCH) this.flush()
  }

  flush(): void {
    if (this.batch.length > 0) this.ctx.journalAs(["SREM", this.ctx.args.at(1), ...this.batch])
    this.batch = []
  }
}

function popAll(ctx: Context): void {
  const { args, db, keyspace, reply } = ctx
  const key = args.at(1)
  const { size } = set
  reply.set(size)
  set.forEach((member) => {
    reply.bulk(member)
  })
  set.remove()
  db.changed(EventClass.Set, "spop", key)
  keyspace.dirty += size - 1
  db.announce(EventClass.Generic, "del", key)
  ctx.journalAs(["DEL", key])
}

function popSome(ctx: Context, count: number): void {
  const { args, db, keyspace, reply } = ctx
  const removals = new Removals(ctx)
  const take = (member: Slice) => {
    reply.bulk(member)
    removals.add(member)
  }
  keyspace.journal.beginUnit()
  reply.set(count)
  const remaining = set.size - count
  if (set.isTable && remaining * KEEP_RATIO <= count) takeAllBut(remaining, take)
  else {
    for (let i = 0; i < count; i++) {
      take(set.pick())
      set.deletePicked()
    }
  }
  removals.flush()
  keyspace.journal.endUnit()
  db.changed(EventClass.Set, "spop", args.at(1))
  keyspace.dirty += count - 1
}

/** Leaves so many members in the set, which may become small by that. */
function takeAllBut(remaining: number, take: (member: Slice) => void): void {
  const { limits, hashSeed } = set.db.keyspace
  const kept = OwnSet.packed(limits, hashSeed)
  for (let i = 0; i < remaining; i++) {
    kept.add(set.pick())
    set.deletePicked()
  }
  set.forEach(take)
  set.become(kept)
}

function popMany(ctx: Context): void {
  const { args, db, reply } = ctx
  const count = args.intBetween(2, 0, Number.POSITIVE_INFINITY, Errors.mustBePositive)
  if (!set.write(db, args.at(1)) || count === 0) reply.set(0)
  else if (count >= set.size) popAll(ctx)
  else popSome(ctx, count)
}

const spop: CommandDefinition = {
  name: "spop",
  summary: "Remove one or more random members of a set and return them",
  since: "1.0.0",
  group: "set",
  complexity: "Without the count argument O(1), otherwise O(N) where N is the value of the passed count.",
  arity: -2,
  flags: ["write", "fast"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RW", "access", "delete"])],
  args: [KEY, { name: "count", type: "integer", since: "3.2.0", optional: true }],
  history: [["3.2.0", "Takes a count."]],
  run: (ctx) => {
    const { args, db, reply } = ctx
    if (args.count > 3) throw Errors.syntax
    if (args.count === 3) popMany(ctx)
    else if (set.write(db, args.at(1))) popOne(ctx)
    else reply.null()
  }
}

// ---- SRANDMEMBER -------------------------------------------------------------------------------------------------------

/** So many members, each drawn from all. */
function sample({ reply }: Context, count: number): void {
  needRoom(reply, count)
  reply.array(count)
  for (let left = count; left > 0; left--) {
    needRoom(reply, left)
    reply.bulk(set.pick())
  }
}

/** So many different members, fewer than there are. */
function sampleDistinct({ keyspace, reply }: Context, count: number): void {
  const { size } = set
  reply.array(count)
  if (set.isTable && count * WALK_RATIO <= size) {
    const seen = new SetTable(keyspace.hashSeed)
    while (seen.size < count) {
      const member = set.pick()
      if (seen.add(member)) reply.bulk(member)
    }
    return
  }
  let wanted = count
  let left = size
  set.forEach((member) => {
    if (keyspace.random() * left-- >= wanted) return
    wanted--
    reply.bulk(member)
  })
}

function randomMembers(ctx: Context): void {
  const { args, db, reply } = ctx
  const count = drawnCount(args)
  if (!set.read(db, args.at(1)) || count === 0) reply.array(0)
  else if (count < 0 || count === 1) sample(ctx, Math.abs(count))
  else if (count < set.size) sampleDistinct(ctx, count)
  else {
    reply.array(set.size)
    set.forEach((member) => {
      reply.bulk(member)
    })
  }
}

const srandmember: CommandDefinition = {
  name: "srandmember",
  summary: "Return one or more random members of a set",
  since: "1.0.0",
  group: "set",
  complexity: "Without the count argument O(1), otherwise O(N) where N is the absolute value of the passed count.",
  arity: -2,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO", "access"])],
  args: [KEY, { name: "count", type: "integer", since: "2.6.0", optional: true }],
  history: [["2.6.0", "Takes a count."]],
  run: (ctx) => {
    const { args, db, reply } = ctx
    if (args.count > 3) throw Errors.syntax
    if (args.count === 3) randomMembers(ctx)
    else if (set.read(db, args.at(1))) reply.bulk(set.pick())
    else reply.null()
  }
}

export const randomMemberCommands: ReadonlyArray<CommandDefinition> = [spop, srandmember]
