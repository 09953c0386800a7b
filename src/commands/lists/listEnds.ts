/**
 * The two ends of a list, and what the commands have in common that take elements away.
 */
import { syntax } from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { ListView } from "../../keyspace/views/ListView.ts"
import type { ReplyWriter } from "../../protocol/ReplyWriter.ts"
import type { Slice } from "../../values/Slice.ts"
import type { Args } from "../Args.ts"
import type { Argument } from "../Command.ts"
import type { Context } from "../Context.ts"

/** An end as commands name it, and what happens there. */
export interface ListEnd {
  readonly atFront: boolean
  readonly pushed: string
  readonly popped: string
  /** The command that takes elements away here: how every other such command is repeated. */
  readonly pop: string
}

export const LEFT: ListEnd = { atFront: true, pushed: "lpush", popped: "lpop", pop: "LPOP" }
export const RIGHT: ListEnd = { atFront: false, pushed: "rpush", popped: "rpop", pop: "RPOP" }

/** The end that a word names. */
export function readEnd(args: Args, index: number): ListEnd {
  if (args.is(index, "left")) return LEFT
  if (args.is(index, "right")) return RIGHT
  throw syntax
}

/** The argument that names an end, in COMMAND DOCS. */
export const endArgument = (name: string): Argument => ({
  name,
  type: "oneof",
  args: [
    { name: "left", type: "pure-token", token: "LEFT" },
    { name: "right", type: "pure-token", token: "RIGHT" }
  ]
})

/** The view on the list of the command that is running. */
export const list = new ListView()

/** Answers with elements, each where it lies: so many of them, from the one of that number on, forwards or backwards. */
export function writeElements(reply: ReplyWriter, from: number, count: number, backwards: boolean): void {
  reply.array(count)
  list.seek(from)
  for (let i = 0; i < count; i++) {
    reply.bulk(list.current())
    if (backwards) list.previous()
    else list.next()
  }
}

/** Elements have been taken out of the list: it tells of that, and goes when it has none left. */
export function removed({ db, keyspace }: Context, from: ListView, key: Slice, event: string, count: number): void {
  keyspace.dirty += count
  db.announce(EventClass.List, event, key)
  if (from.length > 0) from.shrink()
  else {
    from.remove()
    db.announce(EventClass.Generic, "del", key)
  }
  keyspace.touched(db, key)
}

/** Answers with up to `count` elements from an end and takes them away; gives back how many. */
export function popMany(ctx: Context, key: Slice, end: ListEnd, count: number): number {
  const most = Math.min(count, list.length)
  writeElements(ctx.reply, end.atFront ? 0 : -1, most, !end.atFront)
  list.drop(most, end.atFront)
  removed(ctx, list, key, end.popped, most)
  return most
}

/** Answers with the element at an end and takes it away. */
export function popOne(ctx: Context, key: Slice, end: ListEnd): void {
  ctx.reply.bulk(list.peek(end.atFront))
  list.drop(1, end.atFront)
  removed(ctx, list, key, end.popped, 1)
}
