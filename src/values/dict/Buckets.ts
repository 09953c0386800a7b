/**
 * The buckets of a Dict: the heads of the chains that run through its records, resized a bucket at a time.
 *
 * Invariant: while a resize is under way, a record whose bucket in `from` is below `moved` is in `to`, every other one
 * is in `from`; otherwise `moved` is 0 and `to` is empty. So a key has exactly one place to look in at any time.
 */
import { Census } from "./Census.ts"
import { nobody, type Owner, PAGE_SHIFT, type Pages, type Ref, UNIT_MASK } from "./Pages.ts"
import { HASH, NEXT } from "./recordLayout.ts"

const INITIAL_BUCKETS = 4
/** The table shrinks when fewer than one bucket in so many is needed: in a sparse one `sample` draws in vain. */
const SHRINK_LOAD = 4
/** A step of a resize looks at no more than so many empty buckets (Redis' limit). */
const EMPTY_VISITS = 10
/** In so few buckets `sample` goes from record to record, and nobody counts them. */
const FEW_BUCKETS = 16
/** So many draws find a record nearly always, unless nearly all buckets are empty. */
const SAMPLE_TRIES = 256

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
  private fromCensus = Census.none
  private toCensus = Census.none
  private moved = 0
  /** While above 0, records stay in their buckets. */
  private pauses = 0
  /** How many records `inRow` has counted. */
  private passed = 0

  constructor(
    private readonly pages: Pages,
    /** Has work when a resize begins. */
    private readonly owner: Owner = nobody
  ) {}

  /** Bytes of the tables. */
  get memory(): number {
    return this.from.byteLength + this.to.byteLength + this.fromCensus.memory + this.toCensus.memory
  }

  /** Whether a resize is under way. */
  get resizing(): boolean {
    return this.to !== NO_BUCKETS
  }

  /** Whether records are being visited, which must not move then. */
  get paused(): boolean {
    return this.pauses > 0
  }

  /** The first record of the chain that a hash belongs to, or 0. */
  head(hash: number): Ref {
    const bucket = hash & (this.from.length - 1)
    return bucket >= this.moved ? this.from[bucket]! : this.to[hash & (this.to.length - 1)]!
  }

  /** Adds a record to the chain of its hash. */
  link(ref: Ref, hash: number): void {
    const bucket = hash & (this.from.length - 1)
    if (bucket >= this.moved) {
      this.setNext(ref, this.from[bucket]!)
      this.from[bucket] = ref
      this.fromCensus.add(bucket)
    } else this.linkMoved(ref, hash)
    this.size++
    if (this.size > this.from.length) this.startResize()
  }

  private linkMoved(ref: Ref, hash: number): void {
    const bucket = hash & (this.to.length - 1)
    this.setNext(ref, this.to[bucket]!)
    this.to[bucket] = ref
    this.toCensus.add(bucket)
  }

  /** Takes a record out of the chain of its hash. */
  unlink(ref: Ref, hash: number): void {
    this.replace(ref, this.next(ref), hash)
    const bucket = hash & (this.from.length - 1)
    if (bucket >= this.moved) this.fromCensus.remove(bucket)
    else this.toCensus.remove(hash & (this.to.length - 1))
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
    this.fromCensus = this.toCensus
    this.to = NO_BUCKETS
    this.toCensus = Census.none
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
   * One record, all being equally likely: a group of buckets and one of as many places as the fullest group has had records are
   * drawn until there is a record at that place. (Redis' dictGetFairRandomKey is only almost fair, in its own words.) `random`
   * gives numbers in [0, 1).
   */
  sample(random: () => number): Ref {
    if (this.from.length > FEW_BUCKETS && (!this.resizing || this.to.length > FEW_BUCKETS)) {
      const { fromCensus, toCensus } = this
      const places = Math.max(fromCensus.most, toCensus.most)
      const first = Census.groupOf(this.moved)
      const unmoved = fromCensus.groups - first
      const draws = (unmoved + toCensus.groups) * places
      for (let tries = 0; tries < SAMPLE_TRIES; tries++) {
        const draw = Math.floor(random() * draws)
        const drawn = Math.floor(draw / places)
        const place = draw - drawn * places
        const isMoved = drawn >= unmoved
        const group = isMoved ? drawn - unmoved : first + drawn
        if (!(isMoved ? toCensus : fromCensus).exceeds(group, place)) continue
        return this.inRow(isMoved ? this.to : this.from, Census.firstOf(group), place)
      }
    }
    return this.sampleInRow(random)
  }

  /** As `sample`, by counting through all buckets: for few of them, or next to no records in many. */
  private sampleInRow(random: () => number): Ref {
    const place = Math.floor(random() * this.size)
    return this.inRow(this.from, this.moved, place) || this.inRow(this.to, 0, place - this.passed)
  }

  /** The record of that number from a bucket on; 0 if there are not so many, but `passed`. */
  private inRow(buckets: Int32Array, first: number, place: number): Ref {
    this.passed = 0
    for (let bucket = first; bucket < buckets.length; bucket++) {
      for (let ref = buckets[bucket]!; ref !== 0; ref = this.next(ref)) if (this.passed++ === place) return ref
    }
    return 0
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
    for (let ref = this.from[bucket]!; ref !== 0; ) {
      const next = this.next(ref)
      this.linkMoved(ref, this.hash(ref))
      this.fromCensus.remove(bucket)
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
    if (buckets > FEW_BUCKETS) this.toCensus = new Census(buckets)
    this.owner.hasWork()
  }
}
