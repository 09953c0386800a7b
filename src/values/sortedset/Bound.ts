/**
 * A border in the order of a sorted set, by score and then by the members' bytes: what lies before it and what does not.
 *
 * Invariant: whatever the kind of border, no entry lies before it of which a lesser one does not. For borders between members
 * that holds among members of one score only, as Redis' documentation demands for ranges by lex.
 */
import type { Dict, Ref } from "../dict/Dict.ts"
import { Slice } from "../Slice.ts"

/** Where members are kept, so that their bytes can be compared. */
export type Members = Dict<never>

/** Orders two byte strings as C's `memcmp` does, the shorter one first if it begins the other. */
function compareBytes(
  a: Uint8Array,
  aStart: number,
  aLength: number,
  b: Uint8Array,
  bStart: number,
  bLength: number
): number {
  const common = Math.min(aLength, bLength)
  for (let i = 0; i < common; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!
    if (difference !== 0) return difference
  }
  return aLength - bLength
}

/** What a border is given by: a score, a member's bytes, or both together. */
const Kind = { Score: 0, Member: 1, Place: 2 } as const
type Kind = (typeof Kind)[keyof typeof Kind]

export class Bound {
  private kind: Kind = Kind.Score
  private score = 0
  private readonly member = new Slice()
  /** What equals the border lies before it. */
  private includes = false

  /** Before everything. */
  toFirst(): this {
    return this.toScore(Number.NEGATIVE_INFINITY, false)
  }

  /** Behind everything. */
  toLast(): this {
    return this.toScore(Number.POSITIVE_INFINITY, true)
  }

  /** Before the entries of this score, or behind them. */
  toScore(score: number, behind: boolean): this {
    this.kind = Kind.Score
    this.score = score
    this.includes = behind
    return this
  }

  /** Before this member, or behind it, by bytes alone. The bytes stay the caller's. */
  toMember(member: Slice, behind: boolean): this {
    this.kind = Kind.Member
    this.includes = behind
    return this.setMember(member)
  }

  /** Before the entry of this score and member, or behind it. The bytes stay the caller's. */
  toPlace(score: number, member: Slice, behind = false): this {
    this.kind = Kind.Place
    this.score = score
    this.includes = behind
    return this.setMember(member)
  }

  private setMember({ buffer, length, start }: Slice): this {
    const { member } = this
    member.buffer = buffer
    member.start = start
    member.length = length
    return this
  }

  /** Whether the entry lies before this border. */
  isAfter(score: number, { buffer, length, start }: Slice): boolean {
    return this.isDecidedBy(score) ? this.isAfterScore(score) : this.isAfterMember(buffer, start, length)
  }

  /** How many of the first `count` entries, in ascending order, lie before this border. */
  search(scores: Float64Array, refs: Int32Array, count: number, members: Members): number {
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >>> 1
      const score = scores[middle]!
      const isBefore = this.isDecidedBy(score) ? this.isAfterScore(score) : this.isAfterRef(refs[middle]!, members)
      if (isBefore) low = middle + 1
      else high = middle
    }
    return low
  }

  private isDecidedBy(score: number): boolean {
    return this.kind === Kind.Score || (this.kind === Kind.Place && score !== this.score)
  }

  private isAfterScore(score: number): boolean {
    return score < this.score || (this.includes && score === this.score)
  }

  private isAfterRef(ref: Ref, members: Members): boolean {
    return this.isAfterMember(members.bytes(ref), members.keyStart(ref), members.keyLength(ref))
  }

  private isAfterMember(bytes: Uint8Array, start: number, length: number): boolean {
    const { member } = this
    const order = compareBytes(bytes, start, length, member.buffer, member.start, member.length)
    return order < 0 || (this.includes && order === 0)
  }
}
