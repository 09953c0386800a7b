/**
 * Sets member by member: SADD SREM SMEMBERS SISMEMBER SMISMEMBER SCARD SMOVE SSCAN
 * (https://redis.io/docs/latest/develop/data-types/sets/).
 */
import { EventClass } from "../../keyspace/Notifications.ts"
import { SetView } from "../../keyspace/views/SetView.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import { scanCollection } from "../collectionScan.ts"
import { KEY } from "../commonArguments.ts"
import { cursorArguments } from "../scanOptions.ts"

const MEMBER: Argument = { name: "member", type: "string" }
const MEMBERS: Argument = { ...MEMBER, multiple: true }

const set = new SetView()
/** Where SMOVE moves to. */
const destination = new SetView()

const sadd: CommandDefinition = {
  name: "sadd",
  summary: "Add members to a set, and return how many were new",
  since: "1.0.0",
  group: "set",
  complexity:
    "O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.",
  arity: -3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "insert"])],
  args: [KEY, MEMBERS],
  history: [["2.4.0", "Takes any number of members."]],
  run: ({ args, db, keyspace, reply }) => {
    const members = args.count - 2
    if (set.write(db, args.at(1))) set.prepare(members)
    else set.create(db, args.at(1), args.at(2), members)
    let added = 0
    for (let i = 2; i < args.count; i++) if (set.add(args.at(i))) added++
    if (added > 0) {
      db.changed(EventClass.Set, "sadd", args.at(1))
      keyspace.dirty += added - 1
    }
    reply.int(added)
  }
}

const srem: CommandDefinition = {
  name: "srem",
  summary: "Remove members from a set, and return how many were there",
  since: "1.0.0",
  group: "set",
  complexity: "O(N) where N is the number of members to be removed.",
  arity: -3,
  flags: ["write", "fast"],
  keys: [keys(["RW", "delete"])],
  args: [KEY, MEMBERS],
  history: [["2.4.0", "Takes any number of members."]],
  run: ({ args, db, keyspace, reply }) => {
    let removed = 0
    let isEmpty = false
    if (set.write(db, args.at(1))) {
      for (let i = 2; i < args.count && !isEmpty; i++) {
        if (!set.delete(args.at(i))) continue
        removed++
        isEmpty = set.size === 0
      }
    }
    if (isEmpty) set.remove()
    if (removed > 0) {
      const key = args.at(1)
      db.changed(EventClass.Set, "srem", key)
      keyspace.dirty += removed - 1
      if (isEmpty) db.announce(EventClass.Generic, "del", key)
    }
    reply.int(removed)
  }
}

const smembers: CommandDefinition = {
  name: "smembers",
  summary: "Return all members of a set",
  since: "1.0.0",
  group: "set",
  complexity: "O(N) where N is the set cardinality.",
  arity: 2,
  flags: ["readonly"],
  tips: ["nondeterministic_output_order"],
  keys: [keys(["RO", "access"])],
  args: [KEY],
  run: ({ args, db, reply }) => {
    if (!set.read(db, args.at(1))) return reply.set(0)
    reply.set(set.size)
    set.forEach((member) => {
      reply.bulk(member)
    })
  }
}

const sismember: CommandDefinition = {
  name: "sismember",
  summary: "Say whether something is a member of a set",
  since: "1.0.0",
  group: "set",
  complexity: "O(1)",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY, MEMBER],
  run: ({ args, db, reply }) => {
    reply.int(set.read(db, args.at(1)) && set.has(args.at(2)) ? 1 : 0)
  }
}

const smismember: CommandDefinition = {
  name: "smismember",
  summary: "Say of several things whether they are members of a set",
  since: "6.2.0",
  group: "set",
  complexity: "O(N) where N is the number of elements being checked for membership",
  arity: -3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [KEY, MEMBERS],
  run: ({ args, db, reply }) => {
    const isThere = set.read(db, args.at(1))
    reply.array(args.count - 2)
    for (let i = 2; i < args.count; i++) reply.int(isThere && set.has(args.at(i)) ? 1 : 0)
  }
}

const scard: CommandDefinition = {
  name: "scard",
  summary: "Return how many members a set has",
  since: "1.0.0",
  group: "set",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY],
  run: ({ args, db, reply }) => reply.int(set.read(db, args.at(1)) ? set.size : 0)
}

const smove: CommandDefinition = {
  name: "smove",
  summary: "Move a member from one set to another",
  since: "1.0.0",
  group: "set",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "fast"],
  keys: [keys(["RW", "access", "delete"]), keys(["RW", "insert"], 2)],
  args: [{ name: "source", type: "key", keySpec: 0 }, { name: "destination", type: "key", keySpec: 1 }, MEMBER],
  run: ({ args, db, reply }) => {
    const from = args.at(1)
    const to = args.at(2)
    const member = args.at(3)
    if (!set.write(db, from)) return reply.int(0)
    const hasDestination = destination.write(db, to)
    if (hasDestination && destination.ref === set.ref) return reply.int(set.has(member) ? 1 : 0)
    if (!set.delete(member)) return reply.int(0)
    const isEmpty = set.size === 0
    if (isEmpty) set.remove()
    db.changed(EventClass.Set, "srem", from)
    if (isEmpty) db.announce(EventClass.Generic, "del", from)
    if (!hasDestination) destination.create(db, to, member)
    if (destination.add(member)) db.changed(EventClass.Set, "sadd", to)
    reply.int(1)
  }
}

const sscan: CommandDefinition = {
  name: "sscan",
  summary: "Return some members of a set and where to go on",
  since: "2.8.0",
  group: "set",
  complexity:
    "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. " +
    "N is the number of elements inside the collection.",
  arity: -3,
  flags: ["readonly"],
  tips: ["nondeterministic_output"],
  keys: [keys(["RO", "access"])],
  args: [KEY, ...cursorArguments],
  run: (ctx) => scanCollection(ctx, () => (set.read(ctx.db, ctx.args.at(1)) ? set : undefined))
}

/** SADD SREM SMEMBERS SISMEMBER SMISMEMBER SCARD SMOVE SSCAN. */
export const setCommands: ReadonlyArray<CommandDefinition> = [
  sadd,
  srem,
  smembers,
  sismember,
  smismember,
  scard,
  smove,
  sscan
]
