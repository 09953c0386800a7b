/**
 * The order of a sorted set: entries of a score and the ref of a member, by score and then by the members' bytes, in a B+ tree
 * with counts (https://en.wikipedia.org/wiki/Order_statistic_tree), where Redis has a skip list with spans.
 *
 * All ranges come down to ranks: how many entries lie before a border costs O(log n), and so does an entry by its rank.
 *
 * Invariant: refs are those of members that are there; all leaves are at the same depth.
 */
import type { Ref } from "../dict/Dict.ts"
import type { Bound, Members } from "./Bound.ts"
import { Branch, Leaf, type ScoreNode, type VisitEntry } from "./ScoreNodes.ts"

export class ScoreTree {
  private root: ScoreNode = new Leaf()

  constructor(private readonly members: Members) {}

  get size(): number {
    return this.root.size
  }

  /** Bytes of memory. */
  get memory(): number {
    return this.root.memory
  }

  /** Adds an entry; `bound` is where it belongs. */
  insert(bound: Bound, score: number, ref: Ref): void {
    const { root } = this
    const behind = root.insert(bound, score, ref, this.members)
    if (behind !== undefined) this.root = Branch.of(root, behind)
  }

  /** Removes the entry of that rank. */
  removeAt(rank: number): void {
    this.root.removeAt(rank)
    this.lower()
  }

  /** Removes the entry that the border is behind. */
  removeBefore(bound: Bound): void {
    this.root.removeBefore(bound, this.members)
    this.lower()
  }

  /** A root with one child is not needed. */
  private lower(): void {
    const { root } = this
    if (root instanceof Branch) this.root = root.onlyChild ?? root
  }

  /** How many entries lie before the border. */
  countBefore(bound: Bound): number {
    return this.root.countBefore(bound, this.members)
  }

  /** The member of that rank. */
  refAt(rank: number): Ref {
    return this.root.refAt(rank)
  }

  /** Visits the entries from rank `from` up to but not including `to`, which may not change meanwhile. */
  forEach(from: number, to: number, visit: VisitEntry): void {
    this.root.forEach(from, to, visit)
  }

  /** As `forEach`, the last one first. */
  forEachReverse(from: number, to: number, visit: VisitEntry): void {
    this.root.forEachReverse(from, to, visit)
  }
}
