/**
 * The compact form of a sorted set: a listpack of members, each with its score behind it, in ascending order.
 *
 * Invariant: the bytes are what Redis would have written: scores that are whole numbers as integers, -0 among them, the others
 * as the text that replies have.
 */
import { Entry } from "../listpack/entries.ts"
import { emptyListpack, Listpack } from "../listpack/Listpack.ts"
import { formatDouble, parseDouble } from "../numbers.ts"
import { Slice } from "../Slice.ts"
import { OwnBytes } from "../SplicedBytes.ts"
import { Bound } from "./Bound.ts"
import type { SortedSet, VisitMember } from "./SortedSet.ts"

/** Entries of the listpack for each member. */
const ENTRIES = 2

const place = new Bound()
const compared = new Entry()
const text = new Entry()

/** Whole numbers up to here are written with all their digits, and so kept as integers. */
const LONGEST_INTEGER = 2 ** 62

/** A score as it is kept, as text. */
export const packedScoreText = (score: number): string =>
  Number.isInteger(score) && Math.abs(score) <= LONGEST_INTEGER ? BigInt(score).toString() : formatDouble(score)

export class PackedSortedSet {
  constructor(private readonly listpack: Listpack) {}

  /** A sorted set's members as a listpack. */
  static pack(source: SortedSet): Slice {
    const bytes = new OwnBytes(emptyListpack.slice())
    const packed = new PackedSortedSet(new Listpack(bytes))
    source.forEach((member, score) => {
      packed.insertAt(packed.listpack.end, member, score)
    })
    return new Slice(bytes.buffer, bytes.start, bytes.length)
  }

  get size(): number {
    return this.listpack.count / ENTRIES
  }

  /** Where the member is, 0 if it is not there. */
  find(member: Slice): number {
    return this.listpack.find(member, this.listpack.first(), ENTRIES)
  }

  /** The score of the member at `p`. */
  scoreAt(p: number): number {
    const at = this.listpack.next(p)
    const integer = this.listpack.integer(at)
    return Number.isNaN(integer) ? parseDouble(this.listpack.read(at, text))! : integer
  }

  /** How many members come before the one at `p`. */
  rankOf(p: number): number {
    let rank = 0
    for (let at = this.listpack.first(); at !== p; at = this.after(at)) rank++
    return rank
  }

  /** Puts a member that is not there where it belongs. */
  insert(member: Slice, score: number): void {
    place.toPlace(score, member)
    let p = this.listpack.first()
    while (p !== 0 && place.isAfter(this.scoreAt(p), this.listpack.read(p, compared))) p = this.after(p)
    this.insertAt(p === 0 ? this.listpack.end : p, member, score)
  }

  private insertAt(p: number, member: Slice, score: number): void {
    const at = this.listpack.insert(p, member)
    if (Number.isSafeInteger(score)) this.listpack.insertInteger(at, score)
    else this.listpack.insert(at, Slice.latin1(packedScoreText(score)))
  }

  removeAt(p: number): void {
    this.listpack.remove(p, ENTRIES)
  }

  /** Removes the members from rank `from` up to but not including `to`. */
  deleteRanks(from: number, to: number): void {
    this.listpack.remove(this.listpack.seek(from * ENTRIES), (to - from) * ENTRIES)
  }

  /** How many members from rank `from` on lie before the border, up to the first that does not. */
  countBefore(border: Bound, from = 0): number {
    let count = 0
    let p = this.listpack.seek(from * ENTRIES)
    for (; p !== 0 && border.isAfter(this.scoreAt(p), this.listpack.read(p, compared)); p = this.after(p)) count++
    return count
  }

  /** Makes `into` the member of that rank and returns its score. */
  at(rank: number, into: Entry): number {
    const p = this.listpack.seek(rank * ENTRIES)
    this.listpack.read(p, into)
    return this.scoreAt(p)
  }

  /** Visits the members from rank `from` up to but not including `to`, in ascending order. */
  forEachInRanks(from: number, to: number, visit: VisitMember): void {
    const member = new Entry()
    let p = this.listpack.seek(from * ENTRIES)
    for (let rank = from; rank < to; rank++, p = this.after(p)) visit(this.listpack.read(p, member), this.scoreAt(p))
  }

  /** As `forEachInRanks`, in descending order. */
  forEachInRanksReverse(from: number, to: number, visit: VisitMember): void {
    if (to <= from) return
    const member = new Entry()
    let p = this.listpack.seek((to - 1) * ENTRIES)
    for (let rank = to - 1; rank >= from; rank--) {
      visit(this.listpack.read(p, member), this.scoreAt(p))
      if (rank > from) p = this.listpack.previous(this.listpack.previous(p))
    }
  }

  /** Where the member behind the one at `p` is, 0 if there is none. */
  private after(p: number): number {
    return this.listpack.next(this.listpack.next(p))
  }
}
