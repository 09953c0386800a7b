/**
 * HSCAN, SSCAN and ZSCAN: walking through a collection, some elements at a time
 * (https://redis.io/docs/latest/commands/scan/).
 */
import { matchGlob } from "../values/glob.ts"
import type { Slice } from "../values/Slice.ts"
import type { Context } from "./Context.ts"
import { BUCKETS_PER_ELEMENT, parseCursor, readScanOptions } from "./scanOptions.ts"

/** Is shown an element, with what belongs to it; the slices are valid during the call only. */
export type VisitElement = (element: Slice, value?: Slice) => void

/** What can be walked through. */
export interface Scannable {
  /** Visits the elements of one bucket, or all that there are if the collection is small; gives the cursor to go on with, 0 at the end. */
  readonly scan: (cursor: number, visit: VisitElement) => number
}

/**
 * Answers for the collection under the key, which `find` turns to (undefined: there is none). The cursor is looked at before
 * the key, the options after it, as in Redis.
 */
export function scanCollection(ctx: Context, find: () => Scannable | undefined): void {
  const { args, reply } = ctx
  let cursor = parseCursor(args.at(2))
  const collection = find()
  if (collection === undefined) {
    reply.array(2)
    reply.bulkText("0")
    reply.array(0)
    return
  }
  const { count: wanted, pattern } = readScanOptions(args, 3)
  const mark = reply.length
  let seen = 0
  let texts = 0
  const visit: VisitElement = (element, value) => {
    seen++
    if (pattern !== undefined && !matchGlob(pattern, element)) return
    reply.bulk(element)
    texts++
    if (value === undefined) return
    reply.bulk(value)
    texts++
  }
  let buckets = wanted * BUCKETS_PER_ELEMENT
  do cursor = collection.scan(cursor, visit)
  while (cursor !== 0 && --buckets > 0 && seen < wanted)
  const elements = reply.take(mark)
  reply.array(2)
  reply.bulkText(String(cursor))
  reply.array(texts)
  reply.raw(elements)
}
