/**
 * A reply as a value, for the few replies that are documents: many levels deep, with members that may be missing.
 * Everything else writes to the ReplyWriter as it goes.
 */
import type { ReplyWriter } from "./ReplyWriter.ts"

/** A word that is sent as a simple string. */
export interface Status {
  readonly status: string
}

/** Named members in order; what is undefined is left out. */
export class Fields {
  readonly entries: ReadonlyArray<readonly [name: string, value: ReplyValue]>

  constructor(members: { readonly [name: string]: ReplyValue | undefined }) {
    this.entries = Object.entries(members).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  }
}

/** Text is a bulk string, a number an integer, `Fields` a map. */
export type ReplyValue = string | number | null | Status | Fields | ReadonlyArray<ReplyValue> | ReadonlySet<ReplyValue>

/** Words that RESP3 sends as a set of simple strings. */
export const statuses = (words: Iterable<string>): ReadonlySet<Status> =>
  new Set(Array.from(words, (status) => ({ status })))

/** Writes the value in the form of the writer's protocol. */
export function writeValue(reply: ReplyWriter, value: ReplyValue): void {
  if (value === null) reply.null()
  else if (typeof value === "string") reply.bulkText(value)
  else if (typeof value === "number") reply.int(value)
  else if ("status" in value) reply.simple(value.status)
  else if (value instanceof Fields) {
    reply.map(value.entries.length)
    for (const entry of value.entries) for (const part of entry) writeValue(reply, part)
  } else {
    if ("size" in value) reply.set(value.size)
    else reply.array(value.length)
    for (const item of value) writeValue(reply, item)
  }
}
