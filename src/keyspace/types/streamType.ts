/** What the keyspace says of streams. */
import type { Slice } from "../../values/Slice.ts"
import type { Stream } from "../../values/stream/Stream.ts"
import { StreamCursor } from "../../values/stream/StreamCursor.ts"
import { SpelledId, StreamId } from "../../values/stream/StreamId.ts"
import type { Database, Ref } from "../Database.ts"
import type { Digest } from "../Digest.ts"
import { StreamView } from "../views/StreamView.ts"
import { rebuildGroups } from "./streamGroups.ts"
import type { EmitCommand, TypeFacets } from "./TypeFacets.ts"

const view = new StreamView()
const cursor = new StreamCursor()
const spelled = new SpelledId()

const GREATEST = 2n ** 63n - 1n

const streamAt = (db: Database, ref: Ref): Stream => view.open(db, ref).stream

const DASH = "-".charCodeAt(0)
const DOT = ".".charCodeAt(0)

/** Every entry's id, with a dot in it, and fields, in their order. */
function appendTo(digest: Digest, db: Database, ref: Ref): void {
  cursor.forward(streamAt(db, ref), StreamId.MIN, StreamId.MAX)
  while (cursor.next()) {
    const id = spelled.spell(cursor.id).view()
    id[id.indexOf(DASH)] = DOT
    digest.append(id)
    for (let left = cursor.fieldCount; left > 0; left--) {
      cursor.nextField()
      digest.append(cursor.field.view())
      digest.append(cursor.value.view())
    }
  }
}

/** The commands in the order in which Redis writes them. */
function rebuild(db: Database, ref: Ref, key: Slice, emit: EmitCommand): void {
  const stream = streamAt(db, ref)
  const { groups, lastId, length, maxDeletedId } = stream
  // What has run over 63 bits could not be read again.
  const entriesAdded = stream.entriesAdded < 0n ? GREATEST : stream.entriesAdded
  if (length > 0) emitEntries(stream, key, emit)
  // A stream without entries is made by adding one that is trimmed away at once.
  else emit(["XADD", key, "MAXLEN", "0", "0-1", "x", "y"])
  emit(["XSETID", key, lastId.toString(), "ENTRIESADDED", entriesAdded, "MAXDELETEDID", maxDeletedId.toString()])
  rebuildGroups(groups, key, emit)
}

function emitEntries(stream: Stream, key: Slice, emit: EmitCommand): void {
  cursor.forward(stream, StreamId.MIN, StreamId.MAX)
  while (cursor.next()) {
    const words: Array<Slice | Uint8Array | string> = ["XADD", key, cursor.id.toString()]
    for (let left = cursor.fieldCount; left > 0; left--) {
      cursor.nextField()
      words.push(cursor.field.copy(), cursor.value.copy())
    }
    emit(words)
  }
}

export const streamType: TypeFacets = { encodingName: () => "stream", appendTo, rebuild }
