/**
 * How many records lie in each group of neighbouring buckets: what a fair draw asks first, so that it looks at no record in vain.
 *
 * Invariant: no group has more records than `most`, which does not fall.
 */

/** Fewer than 4 buckets in a group: more draws in vain. More of them: a longer way to the record. */
const GROUP_SHIFT = 2

export class Census {
  /** That of a table whose records nobody counts. */
  static readonly none = new Census(0)

  /** The group that a bucket belongs to. */
  static groupOf(bucket: number): number {
    return bucket >>> GROUP_SHIFT
  }

  /** The first bucket of a group. */
  static firstOf(group: number): number {
    return group << GROUP_SHIFT
  }

  /** The most records that a group has had. */
  most = 0
  private readonly counts: Uint16Array

  /** Of so many buckets, which are empty. */
  constructor(buckets: number) {
    this.counts = new Uint16Array(Census.groupOf(buckets))
  }

  /** How many groups there are. */
  get groups(): number {
    return this.counts.length
  }

  get memory(): number {
    return this.counts.byteLength
  }

  /** A record has come to a bucket. */
  add(bucket: number): void {
    const { counts } = this
    const group = Census.groupOf(bucket)
    if (group >= counts.length) return
    const count = counts[group]! + 1
    counts[group] = count
    if (count > this.most) this.most = count
  }

  /** A record has gone from a bucket. */
  remove(bucket: number): void {
    const { counts } = this
    const group = Census.groupOf(bucket)
    if (group < counts.length) counts[group]!--
  }

  /** Whether the group has more than so many records. */
  exceeds(group: number, records: number): boolean {
    return records < this.counts[group]!
  }
}
