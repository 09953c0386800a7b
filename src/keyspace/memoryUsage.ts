/**
 * What keys take in memory, in bytes.
 */

import { HEADER_BYTES } from "../values/dict/recordLayout.ts"
import type { Database, Ref } from "./Database.ts"

/** A record's place in its bucket. */
const LINK_BYTES = 4
/** An entry of the expiry index. */
const DEADLINE_BYTES = 20

/** What the key takes, with its value, its deadline and what is free in its block. */
export function memoryOf({ dict }: Database, ref: Ref): number {
  const deadline = dict.expiryId(ref) === 0 ? 0 : DEADLINE_BYTES
  const object = dict.hasObject(ref) ? dict.object(ref).memory : 0
  return dict.memoryOf(ref) + deadline + object
}

/** What a database takes beside the bytes of keys and values. */
export interface Overhead {
  /** Headers of records, buckets, and what is free in the pages. */
  readonly keys: number
  readonly deadlines: number
}

export function overheadOf({ dict, expires }: Database): Overhead {
  const free = dict.memory() - dict.memoryLive()
  return { keys: dict.size * (HEADER_BYTES + LINK_BYTES) + free, deadlines: expires.memory() }
}
