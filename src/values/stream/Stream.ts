/**
 * A stream: entries of fields and values in the order of their ids, which only grow
 * (https://redis.io/docs/latest/develop/data-types/streams/), and what its consumer groups have read of it.
 *
 * The entries lie in nodes that are Redis' to the byte: snapshots hold them as they are, and trimming may be asked to take
 * whole nodes only.
 *
 * Invariant: `length` is the number of entries in all nodes; `firstId` is that of the first, `0-0` when there is none; no
 * entry has a greater id than `lastId`.
 */
import type { Slice } from "../Slice.ts"
import { ConsumerGroups } from "./ConsumerGroups.ts"
import { MutableStreamId, StreamId } from "./StreamId.ts"
import { type EntryWords, StreamNode } from "./StreamNode.ts"
import { StreamNodes } from "./StreamNodes.ts"

/** How large nodes become, as the directives say; 0 for no limit. */
export interface NodeLimits {
  readonly streamNodeMaxBytes: number
  readonly streamNodeMaxEntries: number
}

/** No node, and no entry, becomes larger than that. */
const LARGEST_NODE = 2 ** 30
/** Room for so many bytes at most is made before they are there. */
const MOST_AHEAD = 4096
const OBJECT_BYTES = 700

/** What trimming keeps: so many entries, or those from an id on. */
export type TrimTo = number | StreamId

const scratch = new MutableStreamId()

export class Stream {
  /** How many entries there are. */
  length = 0
  /** The id that was given last. */
  readonly lastId = new MutableStreamId()
  /** The id of the first entry, `0-0` if there is none. */
  readonly firstId = new MutableStreamId()
  /** The greatest id of an entry that was deleted by its id, `0-0` if none was. */
  readonly maxDeletedId = new MutableStreamId()
  readonly nodes = new StreamNodes()
  groups = new ConsumerGroups()
  /** How many entries were ever added is the sum of the two: one is exact to 64 bits, the other cheap to count on. */
  private addedBefore = 0n
  private addedSince = 0

  /** How many entries were ever added: 64 bits, signed. */
  get entriesAdded(): bigint {
    return BigInt.asIntN(64, this.addedBefore + BigInt(this.addedSince))
  }

  set entriesAdded(entries: bigint) {
    this.addedBefore = entries
    this.addedSince = 0
  }

  /** Bytes of memory in all. */
  get memory(): number {
    let bytes = OBJECT_BYTES + this.groups.memory
    for (const node of this.nodes) bytes += node.memory
    return bytes
  }

  clone(): Stream {
    const copy = new Stream()
    for (const node of this.nodes) copy.nodes.append(node.clone())
    copy.length = this.length
    copy.lastId.set(this.lastId)
    copy.firstId.set(this.firstId)
    copy.maxDeletedId.set(this.maxDeletedId)
    copy.entriesAdded = this.entriesAdded
    copy.groups = this.groups.clone()
    return copy
  }

  /** Adds a node as a snapshot has it, behind all others. `length` and the ids are the caller's to set. */
  addNode(first: StreamId, listpack: Slice): void {
    this.nodes.append(StreamNode.of(first, listpack))
  }

  // ---- adding --------------------------------------------------------------------------------------------------------

  /**
   * Adds an entry; its id is greater than `lastId`. Its fields and values are `fieldCount` pairs of words from `from` on.
   * False: it is too large, and nothing was added.
   */
  append(id: StreamId, words: EntryWords, from: number, fieldCount: number, limits: NodeLimits): boolean {
    let bytes = 0
    for (let i = from; i < from + 2 * fieldCount; i++) bytes += words.length(i)
    if (bytes > LARGEST_NODE) return false
    const maxBytes = limits.streamNodeMaxBytes === 0 ? LARGEST_NODE : Math.min(limits.streamNodeMaxBytes, LARGEST_NODE)
    const { last } = this.nodes
    if (last !== undefined && hasRoom(last, bytes, maxBytes, limits.streamNodeMaxEntries)) {
      last.append(id, words, from, fieldCount, bytes, maxBytes)
    } else {
      last?.trim()
      // A node mostly becomes as large as the one before it.
      const likely = last === undefined ? 0 : Math.min(last.size, maxBytes, MOST_AHEAD)
      this.nodes.append(StreamNode.create(id, words, from, fieldCount, bytes, likely))
    }
    this.lastId.set(id)
    if (this.length++ === 0) this.firstId.set(id)
    this.addedSince++
    return true
  }

  // ---- finding -------------------------------------------------------------------------------------------------------

  /** Whether there is an entry of this id. */
  has(id: StreamId): boolean {
    const node = this.nodes.at(this.nodes.search(id))
    return node !== undefined && node.find(id) !== 0
  }

  /** Whether there is an entry with a greater id. */
  hasAfter(id: StreamId): boolean {
    return this.length > 0 && this.lastId.compare(id) > 0 && this.readGreatestId(scratch).compare(id) > 0
  }

  /** The greatest id of an entry, which may be less than `lastId`; `0-0` if there is none. */
  readGreatestId(into: MutableStreamId): MutableStreamId {
    for (let index = this.nodes.length - 1; index >= 0; index--) {
      if (this.nodes.at(index)!.readGreatestId(into)) return into
    }
    return into.set(StreamId.MIN)
  }

  /** Reads the least id of an entry, be it a deleted one that still takes room; false if there is none. */
  readFirstIdKept(into: MutableStreamId): boolean {
    const node = this.nodes.first
    node?.readId(node.entriesAt, into)
    return node !== undefined
  }

  // ---- deleting ------------------------------------------------------------------------------------------------------

  /** Deletes the entry of this id; false if there is none. */
  delete(id: StreamId): boolean {
    const index = this.nodes.search(id)
    const node = this.nodes.at(index)
    const at = node?.find(id) ?? 0
    if (node === undefined || at === 0) return false
    if (node.count === 1) this.nodes.remove(index)
    else node.delete(at)
    this.length--
    if (id.compare(this.maxDeletedId) > 0) this.maxDeletedId.set(id)
    if (id.equals(this.firstId)) this.findFirst()
    return true
  }

  /**
   * Deletes entries from the front until only those are left that are to be kept, and says how many it deleted. `whole`: takes
   * whole nodes only, and so may keep more. `limit`: deletes no more than that, 0 for as many as it takes.
   */
  trim(to: TrimTo, whole: boolean, limit: number): number {
    const before = this.length
    for (let node = this.nodes.first; node !== undefined; node = this.nodes.first) {
      if (typeof to === "number" && this.length <= to) break
      if (limit !== 0 && before - this.length + node.count > limit) break
      if (this.isWhollyOver(node, to)) {
        this.nodes.removeFirst()
        this.length -= node.count
      } else {
        if (!whole) this.length -= trimNode(node, to, this.length)
        break
      }
    }
    if (this.length !== before) this.findFirst()
    return before - this.length
  }

  /** Whether none of the first node's entries is to be kept. */
  private isWhollyOver(node: StreamNode, to: TrimTo): boolean {
    if (typeof to === "number") return this.length - node.count >= to
    node.readLastId(scratch)
    return scratch.compare(to) < 0
  }

  /** Finds `firstId` anew. */
  findFirst(): void {
    for (let index = 0; index < this.nodes.length; index++) {
      if (this.nodes.at(index)!.readLeastId(this.firstId)) return
    }
    this.firstId.set(StreamId.MIN)
  }
}

function hasRoom(node: StreamNode, moreBytes: number, maxBytes: number, maxEntries: number): boolean {
  return node.size + moreBytes < maxBytes && (maxEntries === 0 || node.count + node.deleted < maxEntries)
}

function trimNode(node: StreamNode, to: TrimTo, length: number): number {
  if (typeof to !== "number") return node.deleteBelow(to)
  node.deleteFirst(length - to)
  return length - to
}
