/**
 * The buckets of a Dict: the heads of the chains that run through its records, resized a bucket at a time.
 *
 * Invariant: while a resize is under way, a record whose bucket in `from` is below `moved` is in `to`, every other one
 * is in `from`; otherwise `moved` is 0 and `to` is empty. So a key has exactly one place to look in at any time.
 */
import { PAGE_SHIFT, type Pages, type Ref, UNIT_MASK } from "./Pages.ts"
import { HASH, NEXT } from "./recordLayout.ts"

const INITIAL_BUCKETS = 16
/** The table shrinks when fewer than one bucket in so many is needed. */
const SHRINK_LOAD = 8
/** A step of a resize looks at no more than so many empty buckets (Redis' limit). */
const EMPTY_VISITS = 10
/** How many records `sample` chooses among (Redis' GETFAIR_NUM_ENTRIES). */
const SAMPLE_RECORDS = 15
/** How many buckets `sample` looks at once it has found a record. */
const SAMPLE_BUCKETS = 150

const NO_BUCKETS = new Int32Array(0)

function reverseBits(value: number): number {
  let v = value
  v = ((v >>> 1) & 0x55555555) | ((v & 0x55555555) << 1)
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2)
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4)
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8)
  return (v >>> 16) | (v << 16)
}

/** Counts a cursor up from its highest bit down, above the bits of `mask` (Redis' dictScan). */
function nextCursor(cursor: number, mask: number): number {
  return reverseBits(reverseBits(cursor | ~mask) + 1)
}

function bucketsFor(records: number): number {
  return records <= INITIAL_BUCKETS ? INITIAL_BUCKETS : 2 ** (32 - Math.clz32(records - 1))
}

/** An index of records by hash. It reads and writes the NEXT and HASH words of the records, nothing else. */
export class Buckets {
  /** Records linked. */
  size = 0
  private from = new Int32Array(INITIAL_BUCKETS)
  private to = NO_BUCKETS
  private moved = 0
  /** While above 0, records stay in their buckets. */
  private pauses = 0

  constructor(
    private readonly pages: Pages,
    /** Called when a resize begins. */
    private readonly onResize: () => void = () => {}
  ) {}

  /** Bytes of the tables. */
  get memory(): number {
    return this.from.byteLength + this.to.byteLength
  }

  /** Whether a resize is under way. */
  get resizing(): boolean {
    return this.to !== NO_BUCKETS
  }

  /** The first record of the chain that a hash belongs to, or 0. */
  head(hash: number): Ref {
    const bucket = hash & (this.from.length - 1)
    return bucket >= this.moved ? this.from[bucket]! : this.to[hash & (this.to.length - 1)]!
  }

  /** Adds a record to the chain of its hash. */
  link(ref: Ref, hash: number): void {
    this.setNext(ref, this.head(hash))
    this.setHead(hash, ref)
    this.size++
    if (this.size > this.from.length) this.startResize()
  }

  /** Takes a record out of the chain of its hash. */
  unlink(ref: Ref, hash: number): void {
    this.replace(ref, this.next(ref), hash)
    this.size--
    if (this.size * SHRINK_LOAD < this.from.length) this.startResize()
  }

  /** Makes whatever points to `ref`, in the chain of that hash, point to `target`. */
  replace(ref: Ref, target: Ref, hash: number): void {
    let current = this.head(hash)
    if (current === ref) {
      this.setHead(hash, target)
      return
    }
    for (let next = this.next(current); next !== ref; next = this.next(current)) current = next
    this.setNext(current, target)
  }

  /** Goes on with a resize by up to `count` buckets; returns whether there is more to do. */
  step(count: number): boolean {
    if (this.to === NO_BUCKETS || this.pauses > 0) return this.resizing
    const from = this.from
    let empty = count * EMPTY_VISITS
    for (let left = count; left > 0 && this.moved < from.length; this.moved++) {
      if (from[this.moved] !== 0) {
        this.moveBucket(this.moved)
        left--
      } else if (--empty === 0) left = 0
    }
    if (this.moved < from.length) return true
    this.from = this.to
    this.to = NO_BUCKETS
    this.moved = 0
    if (this.size * SHRINK_LOAD < this.from.length || this.size > this.from.length) this.startResize()
    return this.resizing
  }

  /**
   * Visits the records of one bucket (and, during a resize, of those that it becomes or comes from) and returns the
   * cursor to go on with; 0 begins and ends. The cursor counts in reverse binary, so that a record that stays in the
   * table from the first call to the last is visited at least once whatever happens to the table's size between
   * the calls. `visit` may remove the record it is given.
   */
  scan(cursor: number, visit: (ref: Ref) => void): number {
    this.pauses++
    try {
      if (!this.resizing) {
        const mask = this.from.length - 1
        this.visitChain(this.from[cursor & mask]!, visit)
        return nextCursor(cursor, mask) >>> 0
      }
      const small = this.from.length < this.to.length ? this.from : this.to
      const large = small === this.from ? this.to : this.from
      const mask = small.length - 1
      const largeMask = large.length - 1
      this.visitChain(small[cursor & mask]!, visit)
      let next = cursor
      do {
        this.visitChain(large[next & largeMask]!, visit)
        next = nextCursor(next, largeMask)
      } while ((next & (mask ^ largeMask)) !== 0)
      return next >>> 0
    } finally {
      this.pauses--
    }
  }

  /** Visits every record. `visit` may remove the one it is given; one that it adds may or may not be visited. */
  forEach(visit: (ref: Ref) => void): void {
    this.pauses++
    try {
      for (let bucket = this.moved; bucket < this.from.length; bucket++) this.visitChain(this.from[bucket]!, visit)
      for (let bucket = 0; bucket < this.to.length; bucket++) this.visitChain(this.to[bucket]!, visit)
    } finally {
      this.pauses--
    }
  }

  /**
   * One record, almost evenly distributed: chosen among those of some neighbouring buckets, so that chains of
   * different length matter little (the idea of Redis' dictGetFairRandomKey). `random` gives numbers in [0, 1).
   */
  sample(random: () => number): Ref {
    if (this.size === 0) return 0
    const small = this.resizing && this.to.length < this.from.length ? this.to : this.from
    const large = small === this.from ? this.to : this.from
    const count = small.length
    const start = Math.floor(random() * count)
    let chosen = 0
    let seen = 0
    for (let visited = 0; visited < count && seen < SAMPLE_RECORDS; visited++) {
      if (seen > 0 && visited >= SAMPLE_BUCKETS) break
      const bucket = (start + visited) & (count - 1)
      for (let ref = small[bucket]!; ref !== 0; ref = this.next(ref)) if (random() * ++seen < 1) chosen = ref
      for (let i = bucket; i < large.length; i += count) {
        for (let ref = large[i]!; ref !== 0; ref = this.next(ref)) if (random() * ++seen < 1) chosen = ref
      }
    }
    return chosen
  }

  private next(ref: Ref): Ref {
    return this.pages.words[ref >>> PAGE_SHIFT]![((ref & UNIT_MASK) << 1) + NEXT]!
  }

  private setNext(ref: Ref, next: Ref): void {
    this.pages.words[ref >>> PAGE_SHIFT]![((ref & UNIT_MASK) << 1) + NEXT] = next
  }

  private hash(ref: Ref): number {
    return this.pages.words[ref >>> PAGE_SHIFT]![((ref & UNIT_MASK) << 1) + HASH]!
  }

  private setHead(hash: number, ref: Ref): void {
    const bucket = hash & (this.from.length - 1)
    if (bucket >= this.moved) this.from[bucket] = ref
    else this.to[hash & (this.to.length - 1)] = ref
  }

  private visitChain(head: Ref, visit: (ref: Ref) => void): void {
    for (let ref = head; ref !== 0; ) {
      const next = this.next(ref)
      visit(ref)
      ref = next
    }
  }

  private moveBucket(bucket: number): void {
    const mask = this.to.length - 1
    for (let ref = this.from[bucket]!; ref !== 0; ) {
      const next = this.next(ref)
      const target = this.hash(ref) & mask
      this.setNext(ref, this.to[target]!)
      this.to[target] = ref
      ref = next
    }
    this.from[bucket] = 0
  }

  /** Begins to move to a table that fits, unless one is under way, forbidden, or not needed. */
  private startResize(): void {
    if (this.resizing || this.pauses > 0) return
    const buckets = bucketsFor(this.size)
    if (buckets === this.from.length) return
    this.to = new Int32Array(buckets)
    this.onResize()
  }
}
