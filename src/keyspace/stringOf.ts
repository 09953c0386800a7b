/** Where the bytes of a string are: in its record, or beside it if they are many. */

import type { Dict, Ref } from "../values/dict/Dict.ts"
import { LongString } from "../values/LongString.ts"
import type { Slice } from "../values/Slice.ts"
import type { ObjectValue } from "./Value.ts"

/** What stands beside a record whose value is bytes. */
export function longBytes(object: ObjectValue): LongString {
  if (object instanceof LongString) return object
  throw new Error("Bytes were expected where the large form of a collection is")
}

/** The bytes of a record that holds a string or a compact collection, in place; `into` is the slice to use. */
export function stringOf(records: Dict<ObjectValue>, ref: Ref, into: Slice): Slice {
  if (records.hasObject(ref)) {
    const long = longBytes(records.object(ref))
    into.buffer = long.bytes
    into.start = 0
    into.length = long.length
  } else {
    into.buffer = records.bytes(ref)
    into.start = records.valueStart(ref)
    into.length = records.valueLength(ref)
  }
  return into
}
