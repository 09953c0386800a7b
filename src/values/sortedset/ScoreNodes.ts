/**
 * The nodes of a `ScoreTree`: leaves hold entries, a score and the ref of a member each, branches hold other nodes with how
 * many entries are below each and which the first of them is.
 *
 * Invariant: the entries of a node are in ascending order; no node but the root is empty; a branch says of each child exactly
 * how many entries it has and what its first one is.
 */
import type { Ref } from "../dict/Dict.ts"
import type { Bound, Members } from "./Bound.ts"

/** The most entries of a leaf, and children of a branch. */
const CAPACITY = 128
/** A node with less than this is merged with a neighbour if the two together leave room for more. */
const SPARSE = CAPACITY / 4
const MERGED = (CAPACITY * 3) / 4
/** The room that the first leaf of a tree begins with. */
const FIRST_CAPACITY = 16

/** What a node takes beside its arrays' content: itself, the arrays and their buffers. */
const NODE_BYTES = 400
const ENTRY_BYTES = 12
/** A child's reference and its number of entries. */
const CHILD_BYTES = 8

/** Is shown an entry. */
export type VisitEntry = (ref: Ref, score: number) => void

export type ScoreNode = Leaf | Branch

/** Moves the elements of an array from `from` up to `to` by `by` places, within its room. */
function shift(array: Int32Array, from: number, to: number, by: number): void {
  if (by > 0) for (let i = to - 1; i >= from; i--) array[i + by] = array[i]!
  else for (let i = from; i < to; i++) array[i + by] = array[i]!
}

/** As `shift`; a function for each type of array, because one that is given both is several times slower. */
function shiftScores(array: Float64Array, from: number, to: number, by: number): void {
  if (by > 0) for (let i = to - 1; i >= from; i--) array[i + by] = array[i]!
  else for (let i = from; i < to; i++) array[i + by] = array[i]!
}

abstract class Entries {
  /** How many entries, or children, there are. */
  count = 0
  scores: Float64Array
  refs: Int32Array

  constructor(capacity: number) {
    this.scores = new Float64Array(capacity)
    this.refs = new Int32Array(capacity)
  }

  protected get capacity(): number {
    return this.refs.length
  }

  protected put(at: number, score: number, ref: Ref): void {
    this.scores[at] = score
    this.refs[at] = ref
  }

  /** Makes room for one at `at`. */
  protected open(at: number): void {
    shiftScores(this.scores, at, this.count, 1)
    shift(this.refs, at, this.count, 1)
    this.count++
  }

  /** Closes the gap that the one at `at` leaves. */
  protected close(at: number): void {
    shiftScores(this.scores, at + 1, this.count, -1)
    shift(this.refs, at + 1, this.count, -1)
    this.count--
  }

  /** Takes over those of `other` from `from` on, behind its own. */
  protected take(other: Entries, from: number): void {
    this.scores.set(other.scores.subarray(from, other.count), this.count)
    this.refs.set(other.refs.subarray(from, other.count), this.count)
    this.count += other.count - from
    other.count = from
  }
}

export class Leaf extends Entries {
  constructor(capacity = FIRST_CAPACITY) {
    super(capacity)
  }

  /** Entries. */
  get size(): number {
    return this.count
  }

  get memory(): number {
    return NODE_BYTES + this.capacity * ENTRY_BYTES
  }

  /** Adds an entry where the border is; returns a node to stand behind this one if it had no more room. */
  insert(bound: Bound, score: number, ref: Ref, members: Members): Leaf | undefined {
    const at = bound.search(this.scores, this.refs, this.count, members)
    if (this.count < CAPACITY) {
      this.insertAt(at, score, ref)
      return undefined
    }
    const behind = new Leaf(CAPACITY)
    // Entries that come in ascending order leave full leaves behind.
    if (at < CAPACITY) behind.take(this, CAPACITY / 2)
    if (at <= this.count && this.count < CAPACITY) this.insertAt(at, score, ref)
    else behind.insertAt(at - this.count, score, ref)
    return behind
  }

  private insertAt(at: number, score: number, ref: Ref): void {
    if (this.count === this.capacity) this.grow()
    this.open(at)
    this.put(at, score, ref)
  }

  private grow(): void {
    const { refs, scores } = this
    this.scores = new Float64Array(Math.min(2 * scores.length, CAPACITY))
    this.refs = new Int32Array(this.scores.length)
    this.scores.set(scores)
    this.refs.set(refs)
  }

  removeAt(index: number): void {
    this.close(index)
  }

  /** Removes the entry that the border is behind. */
  removeBefore(bound: Bound, members: Members): void {
    this.close(bound.search(this.scores, this.refs, this.count, members) - 1)
  }

  /** Takes over what the node behind this one has. */
  absorb(next: Leaf): void {
    if (this.capacity < CAPACITY) this.grow()
    this.take(next, 0)
  }

  countBefore(bound: Bound, members: Members): number {
    return bound.search(this.scores, this.refs, this.count, members)
  }

  forEach(from: number, to: number, visit: VisitEntry): void {
    for (let i = from; i < to; i++) visit(this.refs[i]!, this.scores[i]!)
  }

  forEachReverse(from: number, to: number, visit: VisitEntry): void {
    for (let i = to - 1; i >= from; i--) visit(this.refs[i]!, this.scores[i]!)
  }

  refAt(index: number): Ref {
    return this.refs[index]!
  }
}

export class Branch extends Entries {
  /** Entries below. */
  size = 0
  private readonly children: Array<ScoreNode> = []
  /** Entries below each child. */
  private readonly sizes = new Int32Array(CAPACITY)

  constructor() {
    super(CAPACITY)
  }

  static of(first: ScoreNode, second: ScoreNode): Branch {
    const branch = new Branch()
    branch.insertChild(0, first)
    branch.insertChild(1, second)
    return branch
  }

  get memory(): number {
    const own = NODE_BYTES + CAPACITY * (ENTRY_BYTES + CHILD_BYTES)
    return this.children.reduce((bytes, child) => bytes + child.memory, own)
  }

  /** The child that is all there is; undefined if there are more. */
  get onlyChild(): ScoreNode | undefined {
    return this.count === 1 ? this.children[0] : undefined
  }

  insert(bound: Bound, score: number, ref: Ref, members: Members): Branch | undefined {
    const at = this.childBefore(bound, members)
    const child = this.children[at]!
    const behind = child.insert(bound, score, ref, members)
    this.size++
    this.refresh(at, child)
    return behind === undefined ? undefined : this.admit(at + 1, behind)
  }

  /** Adds a child whose entries are counted in `size` already; returns a node to stand behind this one if it had no more room. */
  private admit(at: number, child: ScoreNode): Branch | undefined {
    this.size -= child.size
    if (this.count < CAPACITY) {
      this.insertChild(at, child)
      return undefined
    }
    const behind = new Branch()
    if (at < CAPACITY) behind.takeChildren(this, CAPACITY / 2)
    if (at <= this.count && this.count < CAPACITY) this.insertChild(at, child)
    else behind.insertChild(at - this.count, child)
    return behind
  }

  private insertChild(at: number, child: ScoreNode): void {
    shift(this.sizes, at, this.count, 1)
    this.open(at)
    this.children.splice(at, 0, child)
    this.size += child.size
    this.refresh(at, child)
  }

  private takeChildren(other: Branch, from: number): void {
    this.sizes.set(other.sizes.subarray(from, other.count), this.count)
    let moved = 0
    for (let i = from; i < other.count; i++) moved += other.sizes[i]!
    this.take(other, from)
    for (const child of other.children.splice(from)) this.children.push(child)
    this.size += moved
    other.size -= moved
  }

  /** What the child holds has changed. */
  private refresh(at: number, child: ScoreNode): void {
    this.sizes[at] = child.size
    this.put(at, child.scores[0]!, child.refs[0]!)
  }

  /** The last child that begins before the border, or the first one. */
  private childBefore(bound: Bound, members: Members): number {
    const at = bound.search(this.scores, this.refs, this.count, members)
    return at === 0 ? 0 : at - 1
  }

  removeAt(index: number): void {
    let at = 0
    let left = index
    for (; left >= this.sizes[at]!; at++) left -= this.sizes[at]!
    const child = this.children[at]!
    child.removeAt(left)
    this.afterRemoval(at, child)
  }

  /** Removes the entry that the border is behind. */
  removeBefore(bound: Bound, members: Members): void {
    const at = this.childBefore(bound, members)
    const child = this.children[at]!
    child.removeBefore(bound, members)
    this.afterRemoval(at, child)
  }

  /** An entry of the child has gone. */
  private afterRemoval(at: number, child: ScoreNode): void {
    this.size--
    if (child.count === 0) this.removeChild(at)
    else {
      this.refresh(at, child)
      if (child.count < SPARSE && !this.merge(at)) this.merge(at - 1)
    }
  }

  private removeChild(at: number): void {
    shift(this.sizes, at + 1, this.count, -1)
    this.close(at)
    this.children.splice(at, 1)
  }

  /** Merges the child at `at` with the one behind it if there is one and both together are small. */
  private merge(at: number): boolean {
    if (at < 0 || at + 1 >= this.count) return false
    const child = this.children[at]!
    const next = this.children[at + 1]!
    if (child.count + next.count > MERGED) return false
    if (child instanceof Leaf && next instanceof Leaf) child.absorb(next)
    else if (child instanceof Branch && next instanceof Branch) child.absorb(next)
    this.removeChild(at + 1)
    this.refresh(at, child)
    return true
  }

  absorb(next: Branch): void {
    this.takeChildren(next, 0)
  }

  countBefore(bound: Bound, members: Members): number {
    const at = this.childBefore(bound, members)
    let before = 0
    for (let i = 0; i < at; i++) before += this.sizes[i]!
    return before + this.children[at]!.countBefore(bound, members)
  }

  forEach(from: number, to: number, visit: VisitEntry): void {
    let start = 0
    for (let i = 0; i < this.count && start < to; i++) {
      const end = start + this.sizes[i]!
      if (end > from) this.children[i]!.forEach(Math.max(from - start, 0), Math.min(to, end) - start, visit)
      start = end
    }
  }

  forEachReverse(from: number, to: number, visit: VisitEntry): void {
    let end = this.size
    for (let i = this.count - 1; i >= 0 && end > from; i--) {
      const start = end - this.sizes[i]!
      if (start < to) this.children[i]!.forEachReverse(Math.max(from - start, 0), Math.min(to, end) - start, visit)
      end = start
    }
  }

  refAt(index: number): Ref {
    let at = 0
    let left = index
    for (; left >= this.sizes[at]!; at++) left -= this.sizes[at]!
    return this.children[at]!.refAt(left)
  }
}
