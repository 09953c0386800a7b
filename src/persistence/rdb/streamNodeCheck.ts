/**
 * Whether a listpack that stands in a file is a node of a stream (see `StreamNode` for the layout).
 */
import { entryEnd, readInteger } from "../../values/listpack/entries.ts"
import { HEADER_BYTES } from "../../values/listpack/Listpack.ts"
import type { Slice } from "../../values/Slice.ts"
import { readDelta } from "../../values/stream/idDelta.ts"
import { MutableStreamId, type StreamId } from "../../values/stream/StreamId.ts"
import { Flag } from "../../values/stream/StreamNode.ts"
import { Fault } from "../RdbInput.ts"
import { checkListpack } from "./packed.ts"

const ALL_FLAGS = Flag.Deleted | Flag.SameFields
/** The elements of an entry before its fields, which the last element counts, too. */
const FRAME_ELEMENTS = 3

/** Walks through the elements of a node; what is not where it belongs is a fault. */
class NodeWalk {
  private at: number
  private readonly limit: number
  private readonly bytes: Uint8Array

  constructor({ buffer, start, end }: Slice) {
    this.bytes = buffer
    this.at = start + HEADER_BYTES
    this.limit = end - 1
  }

  get atEnd(): boolean {
    return this.at === this.limit
  }

  check(holds: boolean): void {
    if (!holds) throw new Fault("it has a node of a stream that is damaged")
  }

  skip(elements: number): void {
    for (let i = 0; i < elements; i++) {
      this.check(!this.atEnd)
      this.at = entryEnd(this.bytes, this.at)
    }
  }

  /** An integer that is not negative. */
  count(): number {
    this.check(!this.atEnd)
    const count = readInteger(this.bytes, this.at)
    this.check(Number.isSafeInteger(count) && count >= 0)
    this.skip(1)
    return count
  }

  /** The flags of an entry, which are one byte. */
  flags(): number {
    const flags = this.bytes[this.at]!
    this.check(flags <= ALL_FLAGS)
    this.skip(1)
    return flags
  }

  id(first: StreamId, into: MutableStreamId): void {
    const { at } = this
    for (let i = 0; i < 2; i++) {
      this.check(!this.atEnd && !Number.isNaN(readInteger(this.bytes, this.at)))
      this.skip(1)
    }
    readDelta(this.bytes, at, first, into)
  }
}

const id = new MutableStreamId()

/**
 * How many entries the node has that are not deleted. `last` is the greatest id of all nodes before it, and then of this one;
 * `isFirst` is whether there is none before it. Throws a fault if the node is damaged or does not belong there.
 */
export function checkStreamNode(first: StreamId, listpack: Slice, last: MutableStreamId, isFirst: boolean): number {
  checkListpack(listpack)
  const walk = new NodeWalk(listpack)
  const count = walk.count()
  const deleted = walk.count()
  const fieldCount = walk.count()
  walk.skip(fieldCount)
  walk.check(walk.count() === 0)
  let entries = 0
  let gone = 0
  while (!walk.atEnd) {
    const flags = walk.flags()
    walk.id(first, id)
    walk.check((isFirst && entries + gone === 0) || id.compare(last) > 0)
    walk.check(id.compare(first) >= 0)
    last.set(id)
    const fields = checkFields(walk, flags, fieldCount)
    walk.check(walk.count() === fields + FRAME_ELEMENTS)
    if ((flags & Flag.Deleted) !== 0) gone++
    else entries++
  }
  walk.check(entries === count && gone === deleted && entries + gone > 0)
  return entries
}

/** Goes past the fields of an entry, and says how many elements they are. */
function checkFields(walk: NodeWalk, flags: number, fieldCount: number): number {
  if ((flags & Flag.SameFields) !== 0) {
    walk.skip(fieldCount)
    return fieldCount
  }
  const elements = 2 * walk.count()
  walk.skip(elements)
  return elements + 1
}
