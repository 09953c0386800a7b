/** The commands that build the consumer groups of a stream up again, after its entries. */
import type { Slice } from "../../values/Slice.ts"
import type { Consumer } from "../../values/stream/Consumer.ts"
import type { ConsumerGroup } from "../../values/stream/ConsumerGroup.ts"
import type { ConsumerGroups } from "../../values/stream/ConsumerGroups.ts"
import { MutableStreamId } from "../../values/stream/StreamId.ts"
import type { EmitCommand } from "./TypeFacets.ts"

const id = new MutableStreamId()

/** Pending entries that the stream does not have any more are lost, as in Redis. */
export function rebuildGroups(groups: ConsumerGroups, key: Slice, emit: EmitCommand): void {
  for (const group of groups.byName()) {
    const { entriesReadOption, lastId, name } = group
    emit(["XGROUP", "CREATE", key, name, lastId.toString(), "ENTRIESREAD", entriesReadOption])
    for (const consumer of group.consumersByName()) rebuildConsumer(group, consumer, key, emit)
  }
}

function rebuildConsumer(
  group: ConsumerGroup,
  { name, pending: owned }: Consumer,
  key: Slice,
  emit: EmitCommand
): void {
  const { pending } = group
  if (owned.size === 0) emit(["XGROUP", "CREATECONSUMER", key, group.name, name])
  for (owned.seekFirst(); !owned.atEnd; owned.next()) {
    pending.seek(owned.readId(id))
    emit([
      ...["XCLAIM", key, group.name, name, 0, id.toString()],
      ...["TIME", pending.deliveryTime, "RETRYCOUNT", pending.deliveryCount, "JUSTID", "FORCE"]
    ])
  }
}
