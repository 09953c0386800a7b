/**
 * Lists, but for taking elements off their ends: LPUSH RPUSH LPUSHX RPUSHX LLEN LINDEX LRANGE LSET LINSERT LTRIM LREM
 * (https://redis.io/docs/latest/develop/data-types/lists/).
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { parseSafeInteger } from "../../values/numbers.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { range } from "../range.ts"
import { LEFT, type ListEnd, list, RIGHT, removed, writeElements } from "./listEnds.ts"

const ELEMENT: Argument = { name: "element", type: "string" }

/** Adds the elements of the command at an end; where there is no list, to a new one or not at all. */
function push({ args, db, keyspace, reply }: Context, end: ListEnd, create: boolean): void {
  const key = args.at(1)
  if (!list.write(db, key)) {
    if (!create) {
      reply.int(0)
      return
    }
    list.create(db, key)
  }
  const elements = args.count - 2
  let bytes = 0
  for (let i = 2; i < args.count; i++) bytes += args.length(i)
  list.expect(elements, bytes)
  for (let i = 2; i < args.count; i++) list.push(args.at(i), end.atFront)
  keyspace.dirty += elements - 1
  db.changed(EventClass.List, end.pushed, args.at(1))
  reply.int(list.length)
}

const PUSH_COMPLEXITY = "O(N) where N is the number of elements added"

type PushFacts = Pick<CommandDefinition, "name" | "summary" | "since" | "history">

const pushCommand = (facts: PushFacts, end: ListEnd, create: boolean): CommandDefinition => ({
  ...facts,
  group: "list",
  complexity: PUSH_COMPLEXITY,
  arity: -3,
  flags: ["write", "denyoom", "fast"],
  keys: [keys(["RW", "insert"])],
  args: [KEY, { ...ELEMENT, multiple: true }],
  run: (ctx) => push(ctx, end, create)
})

const lpush = pushCommand(
  {
    name: "lpush",
    summary: "Add elements at the front of a list, which need not be there",
    since: "1.0.0",
    history: [["2.4.0", "Takes several elements."]]
  },
  LEFT,
  true
)

const rpush = pushCommand(
  {
    name: "rpush",
    summary: "Add elements at the end of a list, which need not be there",
    since: "1.0.0",
    history: [["2.4.0", "Takes several elements."]]
  },
  RIGHT,
  true
)

const lpushx = pushCommand(
  {
    name: "lpushx",
    summary: "Add elements at the front of a list if it is there",
    since: "2.2.0",
    history: [["4.0.0", "Takes several elements."]]
  },
  LEFT,
  false
)

const rpushx = pushCommand(
  {
    name: "rpushx",
    summary: "Add elements at the end of a list if it is there",
    since: "2.2.0",
    history: [["4.0.0", "Takes several elements."]]
  },
  RIGHT,
  false
)

const llen: CommandDefinition = {
  name: "llen",
  summary: "Return the length of a list",
  since: "1.0.0",
  group: "list",
  complexity: "O(1)",
  arity: 2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO"])],
  args: [KEY],
  run: ({ args, db, reply }) => reply.int(list.read(db, args.at(1)) ? list.length : 0)
}

const lindex: CommandDefinition = {
  name: "lindex",
  summary: "Return the element at an index of a list",
  since: "1.0.0",
  group: "list",
  complexity: "O(N) where N is the number of elements between the index and the nearer end",
  arity: 3,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  args: [KEY, { name: "index", type: "integer" }],
  run: ({ args, db, reply }) => {
    if (list.read(db, args.at(1)) && list.seek(args.int(2))) reply.bulk(list.current())
    else reply.null()
  }
}

const lrange: CommandDefinition = {
  name: "lrange",
  summary: "Return the elements between two indexes of a list",
  since: "1.0.0",
  group: "list",
  complexity:
    "O(S+N) where S is the distance of the first of them from the nearer end and N is the number of elements returned",
  arity: 4,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  args: [KEY, { name: "start", type: "integer" }, { name: "stop", type: "integer" }],
  run: ({ args, db, reply }) => {
    range.read(args, 2)
    if (!list.read(db, args.at(1))) reply.array(0)
    else {
      range.clipStrictly(list.length)
      writeElements(reply, range.first, range.length, false)
    }
  }
}

const lset: CommandDefinition = {
  name: "lset",
  summary: "Replace the element at an index of a list",
  since: "1.0.0",
  group: "list",
  complexity: "O(N) where N is the length of the list; at either end O(1)",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [keys(["RW", "update"])],
  args: [KEY, { name: "index", type: "integer" }, ELEMENT],
  run: ({ args, db, reply }) => {
    const key = args.at(1)
    const value = args.at(3)
    if (!list.write(db, key)) throw Errors.noSuchKey
    const index = args.int(2)
    list.expect(1, value.length)
    if (!list.seek(index)) throw Errors.indexOutOfRange
    list.replace(value)
    db.changed(EventClass.List, "lset", key)
    list.shrink()
    reply.ok()
  }
}

/** Whether the word says AFTER; BEFORE otherwise. */
function isAfter({ args }: Context, index: number): boolean {
  if (args.is(index, "after")) return true
  if (args.is(index, "before")) return false
  throw Errors.syntax
}

const linsert: CommandDefinition = {
  name: "linsert",
  summary: "Add an element before or after another in a list",
  since: "2.2.0",
  group: "list",
  complexity: "O(N) where N is the number of elements up to the pivot",
  arity: 5,
  flags: ["write", "denyoom"],
  keys: [keys(["RW", "insert"])],
  args: [
    KEY,
    {
      name: "where",
      type: "oneof",
      args: [
        { name: "before", type: "pure-token", token: "BEFORE" },
        { name: "after", type: "pure-token", token: "AFTER" }
      ]
    },
    { name: "pivot", type: "string" },
    ELEMENT
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const after = isAfter(ctx, 2)
    const key = args.at(1)
    const value = args.at(4)
    if (!list.write(db, key)) {
      reply.int(0)
      return
    }
    // As in Redis this is before the pivot is looked for, and stays if there is none.
    list.expect(1, value.length)
    const pivot = args.at(3)
    const integer = parseSafeInteger(pivot)
    let more = list.seek(0)
    while (more && !list.equals(pivot, integer)) more = list.next()
    if (!more) {
      reply.int(-1)
      return
    }
    if (after) list.insertAfter(value)
    else list.insertBefore(value)
    db.changed(EventClass.List, "linsert", key)
    reply.int(list.length)
  }
}

const ltrim: CommandDefinition = {
  name: "ltrim",
  summary: "Remove all elements of a list but those between two indexes",
  since: "1.0.0",
  group: "list",
  complexity: "O(N) where N is the number of elements removed",
  arity: 4,
  flags: ["write"],
  keys: [keys(["RW", "delete"])],
  args: [KEY, { name: "start", type: "integer" }, { name: "stop", type: "integer" }],
  run: (ctx) => {
    const { args, db, reply } = ctx
    range.read(args, 2)
    const key = args.at(1)
    if (list.write(db, key)) {
      const { length } = list
      range.clipStrictly(length)
      const before = range.empty ? length : range.first
      const behind = range.empty ? 0 : length - 1 - range.last
      list.drop(before, true)
      list.drop(behind, false)
      removed(ctx, list, key, "ltrim", before + behind)
    }
    reply.ok()
  }
}

const lrem: CommandDefinition = {
  name: "lrem",
  summary: "Remove elements of a list that are equal to one",
  since: "1.0.0",
  group: "list",
  complexity: "O(N+M) where N is the length of the list and M is the number of elements removed",
  arity: 4,
  flags: ["write"],
  keys: [keys(["RW", "delete"])],
  args: [KEY, { name: "count", type: "integer" }, ELEMENT],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const count = args.int(2)
    const key = args.at(1)
    if (!list.write(db, key)) {
      reply.int(0)
      return
    }
    const element = args.at(3)
    const integer = parseSafeInteger(element)
    const wanted = count === 0 ? Number.POSITIVE_INFINITY : Math.abs(count)
    let gone = 0
    for (let more = list.seek(count < 0 ? -1 : 0); more && gone < wanted; ) {
      if (!list.equals(element, integer)) more = count < 0 ? list.previous() : list.next()
      else {
        gone++
        more = count < 0 ? list.removeBackward() : list.removeForward()
      }
    }
    if (gone > 0) removed(ctx, list, key, "lrem", gone)
    reply.int(gone)
  }
}

/** LPUSH RPUSH LPUSHX RPUSHX LLEN LINDEX LRANGE LSET LINSERT LTRIM LREM. */
export const listCommands: ReadonlyArray<CommandDefinition> = [
  ...[lpush, rpush, lpushx, rpushx],
  ...[llen, lindex, lrange],
  ...[lset, linsert, ltrim, lrem]
]
