/**
 * The nodes of a list in their order, with cheap changes at both ends.
 *
 * Invariant: the nodes are in `slots` from `head` on; the slots before it are empty.
 */
import type { QuickListNode } from "./QuickListNode.ts"

/** So many empty slots at the front are not worth tidying up. */
const LOOSE_SLOTS = 32

export class QuickListNodes {
  private slots: Array<QuickListNode | undefined> = []
  private head = 0

  get length(): number {
    return this.slots.length - this.head
  }

  /** The node of that number, which is one of those there are. */
  at(index: number): QuickListNode {
    return this.slots[this.head + index]!
  }

  get first(): QuickListNode | undefined {
    return this.slots[this.head]
  }

  get last(): QuickListNode | undefined {
    return this.slots[this.slots.length - 1]
  }

  append(node: QuickListNode): void {
    this.slots.push(node)
  }

  prepend(node: QuickListNode): void {
    if (this.head === 0) this.makeRoom()
    this.slots[--this.head] = node
  }

  /** Puts a node before the one of that number, or behind all. */
  insert(index: number, node: QuickListNode): void {
    if (index === 0) this.prepend(node)
    else this.slots.splice(this.head + index, 0, node)
  }

  remove(index: number, count = 1): void {
    if (index > 0) this.slots.splice(this.head + index, count)
    else this.removeFirst(count)
  }

  private removeFirst(count: number): void {
    const head = this.head + count
    this.slots.fill(undefined, this.head, head)
    this.head = head
    if (head > LOOSE_SLOTS && head * 2 > this.slots.length) {
      this.slots.splice(0, head)
      this.head = 0
    }
  }

  /** As many empty slots at the front as there are nodes. */
  private makeRoom(): void {
    const room = Math.max(this.slots.length, 4)
    this.slots = new Array<QuickListNode | undefined>(room).fill(undefined).concat(this.slots)
    this.head = room
  }
}
