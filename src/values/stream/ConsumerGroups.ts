/** The consumer groups of a stream, by their names. */
import { Slice } from "../Slice.ts"
import { ConsumerGroup } from "./ConsumerGroup.ts"
import { byName } from "./names.ts"
import type { StreamId } from "./StreamId.ts"

export class ConsumerGroups {
  private readonly groups = new Map<string, ConsumerGroup>()

  get size(): number {
    return this.groups.size
  }

  get(name: Slice): ConsumerGroup | undefined {
    return this.groups.get(name.toString())
  }

  /** Makes a group of this name; undefined if there is one. */
  create(name: Slice, lastId: StreamId, entriesRead: bigint): ConsumerGroup | undefined {
    const key = name.toString()
    if (this.groups.has(key)) return undefined
    const group = new ConsumerGroup(new Slice(name.copy()), lastId, entriesRead)
    this.groups.set(key, group)
    return group
  }

  /** False: there is none of this name. */
  delete(name: Slice): boolean {
    return this.groups.delete(name.toString())
  }

  /** The groups in the order of their names, as bytes. */
  byName(): ReadonlyArray<ConsumerGroup> {
    return byName(this.groups)
  }

  clone(): ConsumerGroups {
    const clone = new ConsumerGroups()
    for (const [key, group] of this.groups) clone.groups.set(key, group.clone())
    return clone
  }

  /** Bytes in all. */
  get memory(): number {
    let bytes = 0
    for (const group of this.groups.values()) bytes += group.memory
    return bytes
  }
}
