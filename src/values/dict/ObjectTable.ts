/**
 * Values that do not live in the pages, by slot number.
 *
 * Invariant: a slot is either in use or in the free list, once.
 */

/** The arrays of who has no values: most tables inside collections never have one. */
const NO_SLOTS: Array<never> = []

export class ObjectTable<A> {
  private slots: Array<A | undefined> = NO_SLOTS
  private free: Array<number> = NO_SLOTS

  /** Stores a value and returns its slot. */
  add(value: A): number {
    if (this.slots === NO_SLOTS) {
      this.slots = []
      this.free = []
    }
    const slot = this.free.pop()
    if (slot === undefined) return this.slots.push(value) - 1
    this.slots[slot] = value
    return slot
  }

  /** The value in a slot that is in use. */
  get(slot: number): A {
    return this.slots[slot]!
  }

  set(slot: number, value: A): void {
    this.slots[slot] = value
  }

  /** Forgets a value. The arrays are given back when the last one goes. */
  remove(slot: number): void {
    this.slots[slot] = undefined
    this.free.push(slot)
    if (this.free.length === this.slots.length) this.clear()
  }

  private clear(): void {
    this.slots = NO_SLOTS
    this.free = NO_SLOTS
  }
}
