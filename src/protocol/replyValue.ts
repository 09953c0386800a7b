/**
 * A reply as a value, for the few replies that are documents: many levels deep, with members that may be missing.
 * Everything else writes to the ReplyWriter as it goes.
 */
import type { ReplyWriter } from "./ReplyWriter.ts"

/** A word that is sent as a simple string. */
export interface Status {
  readonly status: string
}

/** Named members in order. A name may come more than once. */
export class Members {
  constructor(readonly entries: ReadonlyArray<readonly [name: string, value: ReplyValue]>) {}
}

/** Text is a bulk string, a number an integer, members are a map. */
export type ReplyValue = string | number | null | Status | Members | ReadonlyArray<ReplyValue> | ReadonlySet<ReplyValue>

/** The members of a record; those that are undefined are left out. */
export const fields = (record: { readonly [name: string]: ReplyValue | undefined }): Members =>
  new Members(Object.entries(record).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

/** Words that RESP3 sends as a set of simple strings. */
export const statuses = (words: Iterable<string>): ReadonlySet<Status> =>
  new Set(Array.from(words, (status) => ({ status })))

/** Writes the value in the form of the writer's protocol. */
export function writeValue(reply: ReplyWriter, value: ReplyValue): void {
  if (value === null) reply.null()
  else if (typeof value === "string") reply.bulkText(value)
  else if (typeof value === "number") reply.int(value)
  else if ("status" in value) reply.simple(value.status)
  else if (value instanceof Members) {
    reply.map(value.entries.length)
    for (const entry of value.entries) for (const part of entry) writeValue(reply, part)
  } else {
    if ("size" in value) reply.set(value.size)
    else reply.array(value.length)
    for (const item of value) writeValue(reply, item)
  }
}
