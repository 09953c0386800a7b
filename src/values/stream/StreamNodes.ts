/**
 * The nodes of a stream in the order of their ids, with cheap changes at both ends.
 *
 * Invariant: the nodes are in `slots` from `head` on; the slots before it are empty.
 */
import type { StreamId } from "./StreamId.ts"
import type { StreamNode } from "./StreamNode.ts"

/** So many empty slots at the front are not worth tidying up. */
const LOOSE_SLOTS = 32

export class StreamNodes {
  private slots: Array<StreamNode | undefined> = []
  private head = 0

  get length(): number {
    return this.slots.length - this.head
  }

  /** The node of that number, undefined if there is none. */
  at(index: number): StreamNode | undefined {
    return index < 0 ? undefined : this.slots[this.head + index]
  }

  get first(): StreamNode | undefined {
    return this.slots[this.head]
  }

  get last(): StreamNode | undefined {
    return this.slots[this.slots.length - 1]
  }

  append(node: StreamNode): void {
    this.slots.push(node)
  }

  remove(index: number): void {
    if (index > 0) this.slots.splice(this.head + index, 1)
    else this.removeFirst()
  }

  removeFirst(): void {
    this.slots[this.head++] = undefined
    if (this.head > LOOSE_SLOTS && this.head * 2 > this.slots.length) {
      this.slots.splice(0, this.head)
      this.head = 0
    } else if (this.head === this.slots.length) {
      this.slots = []
      this.head = 0
    }
  }

  /** The number of the last node that does not begin after this id; -1 if all do. */
  search(id: StreamId): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.slots[this.head + middle]!.first.compare(id) <= 0) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  *[Symbol.iterator](): Iterator<StreamNode> {
    for (let index = 0; index < this.length; index++) yield this.slots[this.head + index]!
  }
}
