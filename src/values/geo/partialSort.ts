/**
 * Sorts the first elements of an array only, as Redis does when it wants a few of many: the quicksort of Bentley and McIlroy
 * ("Engineering a sort function", 1993), which leaves alone what lies behind.
 *
 * It is not stable. It is here because which of two equal elements comes first, or comes at all, shows in replies.
 */

/** Negative, zero or positive, as `a` comes before, with or after `b`. */
export type Compare<A> = (a: A, b: A) => number

/** Up to so many elements are sorted by insertion. */
const FEW = 6
/** From so many on, the pivot is the median of nine. */
const MANY = 41

class PartialSort<A> {
  constructor(
    private readonly items: Array<A>,
    private readonly compare: Compare<A>,
    /** Places from here on need not be in order. */
    private readonly wanted: number
  ) {}

  sort(from: number, to: number): void {
    let start = from
    while (to - start > FEW) {
      const { equalFrom, equalTo } = this.partition(start, to)
      if (this.isWanted(start)) this.sort(start, equalFrom)
      start = equalTo
      if (!this.isWanted(start)) return
    }
    this.insert(start, to)
  }

  private isWanted(start: number): boolean {
    return start < this.wanted
  }

  private insert(from: number, to: number): void {
    for (let next = from + 1; next < to; next++) {
      for (let at = next; at > from && this.order(at - 1, at) > 0; at--) this.swap(at, at - 1)
    }
  }

  /** Brings what comes before the pivot to the front and what comes after it to the back; tells where its equals are. */
  private partition(from: number, to: number): { readonly equalFrom: number; readonly equalTo: number } {
    this.swap(from, this.pivot(from, to))
    let leftEqual = from + 1
    let left = from + 1
    let right = to - 1
    let rightEqual = to - 1
    for (;;) {
      for (let order = 0; left <= right; left++) {
        order = this.order(left, from)
        if (order > 0) break
        if (order === 0) this.swap(leftEqual++, left)
      }
      for (let order = 0; left <= right; right--) {
        order = this.order(right, from)
        if (order < 0) break
        if (order === 0) this.swap(right, rightEqual--)
      }
      if (left > right) break
      this.swap(left++, right--)
    }
    this.swapRuns(from, left, Math.min(leftEqual - from, left - leftEqual))
    this.swapRuns(left, to, Math.min(rightEqual - right, to - rightEqual - 1))
    return { equalFrom: from + (left - leftEqual), equalTo: to - (rightEqual - right) }
  }

  /** Exchanges the first `count` elements from `from` on with the last ones before `to`. */
  private swapRuns(from: number, to: number, count: number): void {
    for (let i = 0; i < count; i++) this.swap(from + i, to - count + i)
  }

  private pivot(from: number, to: number): number {
    const count = to - from
    const middle = from + (count >>> 1)
    if (count === FEW + 1) return middle
    const last = to - 1
    if (count < MANY) return this.median(from, middle, last)
    const step = count >>> 3
    return this.median(
      this.median(from, from + step, from + 2 * step),
      this.median(middle - step, middle, middle + step),
      this.median(last - 2 * step, last - step, last)
    )
  }

  private median(a: number, b: number, c: number): number {
    if (this.order(a, b) < 0) {
      if (this.order(b, c) < 0) return b
      return this.order(a, c) < 0 ? c : a
    }
    if (this.order(b, c) > 0) return b
    return this.order(a, c) < 0 ? a : c
  }

  private order(a: number, b: number): number {
    return this.compare(this.items[a]!, this.items[b]!)
  }

  private swap(a: number, b: number): void {
    const item = this.items[a]!
    this.items[a] = this.items[b]!
    this.items[b] = item
  }
}

/** Brings the `wanted` first elements to the front, in order; the others follow in no particular order. */
export function partialSort<A>(items: Array<A>, compare: Compare<A>, wanted: number): void {
  new PartialSort(items, compare, wanted).sort(0, items.length)
}
