/**
 * An element from one end of a list to an end of another, or of the same: LMOVE RPOPLPUSH
 * (https://redis.io/docs/latest/commands/lmove/). Nobody can see it in neither list, or in both.
 */
import { EventClass } from "../../keyspace/Notifications.ts"
import { ListView } from "../../keyspace/views/ListView.ts"
import { Slice } from "../../values/Slice.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { endArgument, LEFT, type ListEnd, RIGHT, readEnd, removed, list as source } from "./listEnds.ts"

const destination = new ListView()

/**
 * Takes the element out of the source, and adds it to the destination. Announces what was pushed before what was popped, as
 * Redis does; so the source, although empty, stays until then.
 */
function moveElement(ctx: Context, found: boolean, from: ListEnd, to: ListEnd): void {
  const { args, db, keyspace, reply } = ctx
  const key = args.at(1)
  const target = args.at(2)
  const element = source.peek(from.atFront)
  const value = new Slice(element.copy())
  // Redis does not count the bytes of a number that comes out of a large list.
  const bytes = source.isLarge && element.isInteger ? 0 : value.length
  source.drop(1, from.atFront)
  if (found) destination.open(db, db.peek(target))
  else destination.create(db, target)
  destination.expect(1, bytes)
  destination.push(value, to.atFront)
  keyspace.touched(db, target)
  db.announce(EventClass.List, to.pushed, target)
  reply.bulk(value)
  // The destination may be the source, in another form or at another place now.
  removed(ctx, source.open(db, db.peek(key)), key, from.popped, 1)
}

/** Moves an element between the lists of the first two keys and answers with it; false if there is none. */
export function move(ctx: Context, from: ListEnd, to: ListEnd): boolean {
  const { args, db } = ctx
  if (!source.write(db, args.at(1))) return false
  moveElement(ctx, destination.write(db, args.at(2)), from, to)
  return true
}

/** The keys of commands that move an element. */
export const moveKeys = [keys(["RW", "access", "delete"]), keys(["RW", "insert"], 2)]

const SOURCE: Argument = { name: "source", type: "key", keySpec: 0 }
const DESTINATION: Argument = { name: "destination", type: "key", keySpec: 1 }

/** The arguments of LMOVE and RPOPLPUSH. */
export const moveArguments = [SOURCE, DESTINATION, endArgument("wherefrom"), endArgument("whereto")]
export const rotateArguments = [SOURCE, DESTINATION]

const lmove: CommandDefinition = {
  name: "lmove",
  summary: "Move an element from an end of a list to an end of another",
  since: "6.2.0",
  group: "list",
  complexity: "O(1)",
  arity: 5,
  flags: ["write", "denyoom"],
  keys: moveKeys,
  args: moveArguments,
  run: (ctx) => {
    const from = readEnd(ctx.args, 3)
    const to = readEnd(ctx.args, 4)
    if (!move(ctx, from, to)) ctx.reply.null()
  }
}

const rpoplpush: CommandDefinition = {
  name: "rpoplpush",
  summary: "Move the last element of a list to the front of another",
  since: "1.2.0",
  group: "list",
  complexity: "O(1)",
  arity: 3,
  flags: ["write", "denyoom"],
  keys: moveKeys,
  args: rotateArguments,
  deprecated: { since: "6.2.0", replacedBy: "`LMOVE` with the `RIGHT` and `LEFT` arguments" },
  run: (ctx) => {
    if (!move(ctx, RIGHT, LEFT)) ctx.reply.null()
  }
}

/** LMOVE RPOPLPUSH. */
export const listMoveCommands: ReadonlyArray<CommandDefinition> = [lmove, rpoplpush]
