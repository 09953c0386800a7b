/**
 * Walks over the entries of a stream between two ids, in either direction, and over the fields of each. There is one for
 * each who walks, to be used again and again.
 *
 * Invariant: a cursor is valid until its stream changes.
 */
import { Entry, entryEnd, readEntry, readInteger } from "../listpack/entries.ts"
import type { Stream } from "./Stream.ts"
import { MutableStreamId, type StreamId } from "./StreamId.ts"
import { Flag, type StreamNode } from "./StreamNode.ts"

export class StreamCursor {
  /** The entry's id. */
  readonly id = new MutableStreamId()
  /** How many fields the entry has. */
  fieldCount = 0
  /** The field that was read last, and its value. */
  readonly field = new Entry()
  readonly value = new Entry()

  private stream!: Stream
  private readonly from = new MutableStreamId()
  private readonly to = new MutableStreamId()
  private isBackward = false
  /** The node's number, and the node, if there is one. */
  private index = 0
  private node: StreamNode | undefined
  /** Where the entry begins; in a node that was just entered, where its last one ends. */
  private entryAt = 0
  /** The element to be read next, and how many there are from it to the next entry. */
  private at = 0
  private left = 0
  /** Where the name of the next field is if not in the entry itself; 0 if it is. */
  private nameAt = 0

  /** Turns to the entries from one id up to another, both included. */
  forward(stream: Stream, from: StreamId, to: StreamId): this {
    this.begin(stream, from, to, false)
    this.enter(Math.max(stream.nodes.search(from), 0))
    return this
  }

  /** As `forward`, but from the last of them to the first. */
  backward(stream: Stream, from: StreamId, to: StreamId): this {
    this.begin(stream, from, to, true)
    this.enter(stream.nodes.search(to))
    return this
  }

  private begin(stream: Stream, from: StreamId, to: StreamId, isBackward: boolean): void {
    this.stream = stream
    this.from.set(from)
    this.to.set(to)
    this.isBackward = isBackward
  }

  private enter(index: number): void {
    const node = this.stream.nodes.at(index)
    this.index = index
    this.node = node
    this.left = 0
    if (node === undefined) return
    this.at = node.liveFrom
    this.entryAt = node.end
  }

  /** Turns to the next entry; false if there is none. */
  next(): boolean {
    return this.isBackward ? this.nextBackward() : this.nextForward()
  }

  private nextForward(): boolean {
    for (let { node } = this; node !== undefined; node = this.node) {
      const at = node.skip(this.at, this.left)
      if (at === node.end) {
        this.enter(this.index + 1)
        continue
      }
      this.open(node, at)
      if ((node.flags(at) & Flag.Deleted) !== 0 || this.id.compare(this.from) < 0) continue
      return this.id.compare(this.to) <= 0
    }
    return false
  }

  private nextBackward(): boolean {
    for (let { node } = this; node !== undefined; node = this.node) {
      if (this.entryAt <= node.liveFrom) {
        this.enter(this.index - 1)
        continue
      }
      const at = node.entryBefore(this.entryAt)
      this.entryAt = at
      this.open(node, at)
      if ((node.flags(at) & Flag.Deleted) !== 0 || this.id.compare(this.to) > 0) continue
      return this.id.compare(this.from) >= 0
    }
    return false
  }

  /** Reads what stands before the fields of the entry at `at`. */
  private open(node: StreamNode, at: number): void {
    let place = node.readId(at, this.id)
    if ((node.flags(at) & Flag.SameFields) !== 0) {
      this.fieldCount = node.fieldCount
      this.nameAt = node.fieldsAt
      this.left = node.fieldCount + 1
    } else {
      this.fieldCount = readInteger(node.bytes, place)
      place = entryEnd(node.bytes, place)
      this.nameAt = 0
      this.left = 2 * this.fieldCount + 1
    }
    this.at = place
  }

  /** Reads the next field of the entry, which has one more. */
  nextField(): void {
    const { bytes } = this.node!
    if (this.nameAt !== 0) {
      readEntry(bytes, this.nameAt, this.field)
      this.nameAt = entryEnd(bytes, this.nameAt)
    } else this.readElement(this.field)
    this.readElement(this.value)
  }

  private readElement(into: Entry): void {
    const { bytes } = this.node!
    readEntry(bytes, this.at, into)
    this.at = entryEnd(bytes, this.at)
    this.left--
  }
}
