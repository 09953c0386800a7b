/**
 * The large form of a sorted set: a table of the members with their scores beside an index of them in order
 * (https://redis.io/docs/latest/develop/data-types/sorted-sets/).
 *
 * Invariant: the table and the index have the same members with the same scores; no score is NaN.
 */
import { Dict, type HashSeed, type Ref } from "../dict/Dict.ts"
import { Slice } from "../Slice.ts"
import { Bound } from "./Bound.ts"
import type { VisitEntry } from "./ScoreNodes.ts"
import { ScoreTree } from "./ScoreTree.ts"

/** Is shown a member, valid during the call only, with its score. */
export type VisitMember = (member: Slice, score: number) => void

const SCORE_BYTES = 8
const OBJECT_BYTES = 300
/** Memory for fewer members than this is not worth tidying up. */
const LEAST_TIDIED = 1024 * 1024
/** The table is made anew when less than one byte in so many of it is in use. */
const SPARSE = 4

const oneScore = new Float64Array(1)
const scoreBytes = new Uint8Array(oneScore.buffer)

const bound = new Bound()
const shown = new Slice()

export class SortedSet {
  private members: Dict<never>
  private order: ScoreTree
  /** What `locate` found: the member's record, 0 if it is not there, and its hash. */
  private located: Ref = 0
  private locatedHash = 0

  constructor(private readonly seed: HashSeed) {
    this.members = new Dict<never>(seed)
    this.order = new ScoreTree(this.members)
  }

  get size(): number {
    return this.members.size
  }

  /** Bytes of memory in all. */
  get memory(): number {
    return OBJECT_BYTES + this.members.memory() + this.order.memory
  }

  clone(): SortedSet {
    const copy = new SortedSet(this.seed)
    this.forEach((member, score) => {
      copy.set(member, score)
    })
    return copy
  }

  // ---- members -------------------------------------------------------------------------------------------------------

  has(member: Slice): boolean {
    return this.members.find(member) !== 0
  }

  score(member: Slice): number | undefined {
    const ref = this.members.find(member)
    return ref === 0 ? undefined : this.readScore(ref)
  }

  /** As `score`; `put` then gives the member a score without looking for it again. */
  locate(member: Slice): number | undefined {
    const { members } = this
    this.locatedHash = members.hash(member)
    const ref = members.find(member, this.locatedHash)
    this.located = ref
    return ref === 0 ? undefined : this.readScore(ref)
  }

  /** Adds the member that was located last, or gives it another score. Nothing may have changed in between. */
  put(member: Slice, score: number): void {
    if (this.located !== 0) this.move(this.located, member, score)
    else this.add(member, score, this.locatedHash)
  }

  /** Adds the member, or gives it another score. True: it is new. */
  set(member: Slice, score: number): boolean {
    const isNew = this.locate(member) === undefined
    this.put(member, score)
    return isNew
  }

  private add(member: Slice, score: number, hash: number): void {
    const ref = this.members.insert(member, SCORE_BYTES, hash)
    this.writeScore(ref, score)
    this.order.insert(bound.toPlace(score, member), score, ref)
  }

  private move(ref: Ref, member: Slice, score: number): void {
    const before = this.readScore(ref)
    if (Object.is(before, score)) return
    this.order.removeBefore(bound.toPlace(before, member, true))
    this.writeScore(ref, score)
    this.order.insert(bound.toPlace(score, member), score, ref)
  }

  delete(member: Slice): boolean {
    const ref = this.members.find(member)
    if (ref === 0) return false
    this.order.removeBefore(bound.toPlace(this.readScore(ref), member, true))
    this.members.remove(ref)
    this.tidy()
    return true
  }

  /** How many members come before this one, undefined if it is not there. */
  rank(member: Slice): number | undefined {
    const ref = this.members.find(member)
    if (ref === 0) return undefined
    return this.order.countBefore(bound.toPlace(this.readScore(ref), member))
  }

  // ---- ranges --------------------------------------------------------------------------------------------------------

  /** How many members lie before the border. */
  countBefore(border: Bound): number {
    return this.order.countBefore(border)
  }

  /** Makes `into` the member of that rank, in place, and returns its score. */
  at(rank: number, into: Slice): number {
    const ref = this.order.refAt(rank)
    this.members.keySlice(ref, into)
    return this.readScore(ref)
  }

  forEach(visit: VisitMember): void {
    this.forEachInRanks(0, this.size, visit)
  }

  /** Visits the members from rank `from` up to but not including `to`, in ascending order. */
  forEachInRanks(from: number, to: number, visit: VisitMember): void {
    this.order.forEach(from, to, this.showTo(visit))
  }

  /** As `forEachInRanks`, in descending order. */
  forEachInRanksReverse(from: number, to: number, visit: VisitMember): void {
    this.order.forEachReverse(from, to, this.showTo(visit))
  }

  private showTo(visit: VisitMember): VisitEntry {
    const { members } = this
    const member = new Slice()
    return (ref, score) => visit(members.keySlice(ref, member), score)
  }

  /** Removes the members from rank `from` up to but not including `to`. */
  deleteRanks(from: number, to: number): void {
    for (let left = to - from; left > 0; left--) {
      const ref = this.order.refAt(from)
      this.order.removeAt(from)
      this.members.remove(ref)
    }
    this.tidy()
  }

  // ---- walking in no order -------------------------------------------------------------------------------------------

  /** As `Dict.scan`. */
  scan(cursor: number, visit: VisitMember): number {
    return this.members.scan(cursor, (ref) => visit(this.members.keySlice(ref, shown), this.readScore(ref)))
  }

  // ---- inside --------------------------------------------------------------------------------------------------------

  private readScore(ref: Ref): number {
    const bytes = this.members.bytes(ref)
    const start = this.members.valueStart(ref)
    for (let i = 0; i < SCORE_BYTES; i++) scoreBytes[i] = bytes[start + i]!
    return oneScore[0]!
  }

  private writeScore(ref: Ref, value: number): void {
    const bytes = this.members.bytes(ref)
    const start = this.members.valueStart(ref)
    oneScore[0] = value
    for (let i = 0; i < SCORE_BYTES; i++) bytes[start + i] = scoreBytes[i]!
  }

  /** Gives back the memory of members that went: refs move, so that it is done for all of them at once. */
  private tidy(): void {
    const { members } = this
    const reserved = members.memory()
    if (reserved < LEAST_TIDIED || members.memoryLive() * SPARSE > reserved) return
    const { members: tidied, order } = this.clone()
    this.members = tidied
    this.order = order
  }
}
