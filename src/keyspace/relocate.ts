/**
 * Records under another name or in another database: what RENAME, MOVE and COPY do. Value, type, encoding and deadline go
 * with the record, whatever the value is.
 *
 * Invariant: the place that a record goes to is free; the callers see to that.
 */
import type { Slice } from "../values/Slice.ts"
import type { Database, Ref } from "./Database.ts"
import { StringOrigin, ValueType } from "./Value.ts"

/** A record in `to` with the bytes of `ref`'s inline value, or without a value if that is an object. */
function enter(from: Database, ref: Ref, to: Database, key: Slice): Ref {
  const source = from.dict
  const target = to.dict
  const length = source.hasObject(ref) ? 0 : source.valueLength(ref)
  const entered = target.insert(key, length)
  const start = source.valueStart(ref)
  target.bytes(entered).set(source.bytes(ref).subarray(start, start + length), target.valueStart(entered))
  target.setType(entered, source.type(ref))
  target.setEncoding(entered, source.encoding(ref))
  to.inserted(entered, key)
  return entered
}

function takeDeadline(from: Database, ref: Ref, to: Database, entered: Ref): Ref {
  const deadline = from.deadline(ref)
  return deadline === -1 ? entered : to.setDeadline(entered, deadline)
}

/** Makes the record the one of `key` in `to`, with its value itself and the time of its last use; gives back where it is. */
export function moveRecord(from: Database, ref: Ref, to: Database, key: Slice): Ref {
  const entered = enter(from, ref, to, key)
  if (from.dict.hasObject(ref)) to.dict.setObject(entered, from.dict.object(ref))
  to.dict.setClock(entered, from.dict.clock(ref))
  const moved = takeDeadline(from, ref, to, entered)
  from.remove(ref)
  return moved
}

/** Makes a copy of the record the one of `key` in `to`; gives back where it is. */
export function copyRecord(from: Database, ref: Ref, to: Database, key: Slice): Ref {
  const entered = enter(from, ref, to, key)
  if (from.dict.hasObject(ref)) to.dict.setObject(entered, from.dict.object(ref).clone())
  if (from.dict.type(ref) === ValueType.String && from.dict.encoding(ref) === StringOrigin.Stored) {
    to.dict.setEncoding(entered, StringOrigin.Copied)
  }
  return takeDeadline(from, ref, to, entered)
}
