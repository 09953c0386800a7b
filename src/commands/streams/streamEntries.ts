/** Entries of streams and their ids, as replies. */
import type { ReplyWriter } from "../../protocol/ReplyWriter.ts"
import type { Stream } from "../../values/stream/Stream.ts"
import { StreamCursor } from "../../values/stream/StreamCursor.ts"
import { SpelledId, type StreamId } from "../../values/stream/StreamId.ts"

const spelled = new SpelledId()
const single = new StreamCursor()

export const writeId = (reply: ReplyWriter, id: StreamId): void => reply.bulk(spelled.spell(id))

/** Writes the entry that the cursor came to: its id, and its fields with their values. */
export function writeEntry(reply: ReplyWriter, cursor: StreamCursor): void {
  reply.array(2)
  writeId(reply, cursor.id)
  reply.array(2 * cursor.fieldCount)
  for (let left = cursor.fieldCount; left > 0; left--) {
    cursor.nextField()
    reply.bulk(cursor.field)
    reply.bulk(cursor.value)
  }
}

/** Writes the entries that the cursor comes to, `count` of them at most (0: all). */
export function writeEntries(reply: ReplyWriter, cursor: StreamCursor, count: number): void {
  const mark = reply.length
  let entries = 0
  while ((count === 0 || entries < count) && cursor.next()) {
    writeEntry(reply, cursor)
    entries++
  }
  reply.arrayAt(mark, entries)
}

/** Writes the entry of this id; false, and nothing was written, if there is none. */
export function writeEntryOf(reply: ReplyWriter, stream: Stream, id: StreamId): boolean {
  if (!single.forward(stream, id, id).next()) return false
  writeEntry(reply, single)
  return true
}
