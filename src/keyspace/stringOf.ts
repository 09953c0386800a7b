/** Where the bytes of a string are: in its record, or beside it if they are many. */

import type { Dict, Ref } from "../values/dict/Dict.ts"
import type { Slice } from "../values/Slice.ts"
import type { ObjectValue } from "./Value.ts"

/** The bytes of a record that holds a string, in place; `into` is the slice to use. */
export function stringOf(records: Dict<ObjectValue>, ref: Ref, into: Slice): Slice {
  if (records.hasObject(ref)) {
    const long = records.object(ref)
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
