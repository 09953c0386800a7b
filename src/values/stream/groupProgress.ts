/**
 * How far a consumer group is: how many of all entries that its stream ever had it has read, and how many it has yet to read,
 * as far as that can be known (https://redis.io/docs/latest/commands/xinfo-groups/#consumer-group-lag).
 *
 * Deleted entries are what makes it unknown: only the last of them is remembered, so that nobody knows how many there were
 * before the one or the other id.
 */
import { type ConsumerGroup, UNKNOWN_READ } from "./ConsumerGroup.ts"
import type { Stream } from "./Stream.ts"
import type { StreamId } from "./StreamId.ts"

/** Whether an entry from this id on may have been deleted. */
function hasDeletedFrom({ firstId, length, maxDeletedId }: Stream, id: StreamId): boolean {
  if (length === 0 || maxDeletedId.isMin || firstId.compare(maxDeletedId) > 0) return false
  return id.compare(maxDeletedId) <= 0
}

/** How many entries the stream ever had up to this id, or `UNKNOWN_READ`. */
export function entriesUpTo({ entriesAdded, firstId, lastId, length, maxDeletedId }: Stream, id: StreamId): bigint {
  if (entriesAdded === 0n) return 0n
  const beyondLast = id.compare(lastId)
  if (beyondLast > 0) return UNKNOWN_READ
  if (beyondLast === 0 || length === 0) return entriesAdded
  const beyondFirst = id.compare(firstId)
  const isWhole = maxDeletedId.isMin || maxDeletedId.compare(firstId) < 0
  if (!isWhole || beyondFirst > 0) return UNKNOWN_READ
  const before = entriesAdded - BigInt(length)
  return beyondFirst < 0 ? before : before + 1n
}

/** The group is handed the entry of this id. True: it is one that it had not come to yet. */
export function advance(group: ConsumerGroup, stream: Stream, id: StreamId): boolean {
  if (id.compare(group.lastId) <= 0) return false
  if (group.entriesRead !== UNKNOWN_READ && !hasDeletedFrom(stream, id)) {
    group.entriesRead = BigInt.asIntN(64, group.entriesRead + 1n)
  } else if (stream.entriesAdded !== 0n) group.entriesRead = entriesUpTo(stream, id)
  group.lastId.set(id)
  return true
}

/** How many entries the group has yet to be handed; undefined: nobody knows. */
export function lagOf(group: ConsumerGroup, stream: Stream): bigint | undefined {
  const { entriesAdded } = stream
  if (entriesAdded === 0n) return 0n
  const isKnown = group.entriesRead !== UNKNOWN_READ && !hasDeletedFrom(stream, group.lastId)
  const read = isKnown ? group.entriesRead : entriesUpTo(stream, group.lastId)
  return read === UNKNOWN_READ ? undefined : BigInt.asIntN(64, entriesAdded - read)
}
