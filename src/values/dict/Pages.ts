/**
 * The memory below a Dict: blocks of bytes in pages, addressed by a 32-bit `Ref`.
 *
 * A two-level segregated fit allocator (Masmano et al., "TLSF: a new dynamic memory allocator for real-time systems",
 * 2004) over pages that start at 4 KiB and double up to 1 MiB: exact classes for small blocks, eight classes an octave
 * for larger ones, and neighbours merged at once by boundary tags, so that allocate and release take constant time.
 * Where there are to be many of them, each with little in it, the first page starts smaller and is replaced as it fills.
 *
 * Invariant: a page is a gapless row of blocks, no two free ones side by side; every free block outside the page
 * being evacuated is in the list of its class, or is the top region from which fresh blocks are cut.
 *
 * Block: word 0 is the header (size in units of 8 bytes, two flags of the allocator, three of the owner). A free block
 * has its list links in words 1 and 2 and its size again in its last word.
 */

/**
 * Where a block is: page number and unit within the page. 0 is none. A signed 32-bit integer (never boxed by V8) that
 * turns negative beyond 16 GiB; opaque to everyone but this file and Dict.
 */
export type Ref = number

/** Whose the parts of a table are. */
export interface Owner {
  /** A part has something to do that takes more than one step. */
  hasWork(): void
}

/** For a part by itself. */
export const nobody: Owner = { hasWork() {} }

/** `ref >>> PAGE_SHIFT` is the page number. */
export const PAGE_SHIFT = 17
/** `(ref & UNIT_MASK) << 1` is the index of the block's first word, `<< 3` that of its first byte. */
export const UNIT_MASK = (1 << PAGE_SHIFT) - 1
/** The bits of the header word left to the owner: clear in a fresh block, kept by `shrink` and `extend`. */
export const OWNER_FLAGS = 0b111 << 29

const SIZE_MASK = (1 << 27) - 1
const FREE = 1 << 27
const PREVIOUS_FREE = 1 << 28

const UNIT = 8
const MIN_PAGE_BYTES = 4 << 10
/** What a page starts with in the smallest of tables: it is copied into a larger one until it has `MIN_PAGE_BYTES`. */
export const SMALLEST_PAGE_BYTES = 256
const MAX_PAGE_BYTES = 1 << 20
const MAX_PAGES = 1 << (32 - PAGE_SHIFT)
/** A larger block has a page to itself and is never split: 256 KiB. */
const MAX_SHARED_UNITS = (256 << 10) / UNIT
/** The least free block: header, two links, size. */
const MIN_FREE_UNITS = 2
/** An emptied top page up to this size is kept, or a table of one key would allocate a page for each SET. */
const KEPT_TOP_BYTES = 16 << 10
/** Up to this many bytes in holes nobody bothers to compact. */
const TOLERATED_HOLES = 16 << 10

const EXACT_BINS = 64
const BINS = EXACT_BINS + (PAGE_SHIFT - 6) * 8

const NO_BYTES = new Uint8Array(0)
const NO_WORDS = new Int32Array(0)
const NO_PAGE = 0
/** The lists of who has never had a free block. */
const NO_BINS = new Int32Array(BINS)
const NO_BIN_MAP = new Int32Array((BINS + 31) >>> 5)

/** The list that a free block of so many units is in. */
function binOf(units: number): number {
  if (units < EXACT_BINS) return units
  const octave = 31 - Math.clz32(units)
  return EXACT_BINS + ((octave - 6) << 3) + ((units >>> (octave - 3)) & 7)
}

/** The first list whose every block has at least so many units. */
function binFor(units: number): number {
  if (units < EXACT_BINS) return units
  return binOf(units + (1 << (31 - Math.clz32(units) - 3)) - 1)
}

function pageBytesFor(bytes: number, least: number): number {
  if (bytes >= MAX_PAGE_BYTES) return MAX_PAGE_BYTES
  return bytes <= least ? least : 1 << (32 - Math.clz32(bytes - 1))
}

/** Allocates and releases blocks. Sizes are in bytes and include the block's header word. */
export class Pages {
  /** The bytes of each page by its number; number 0 is never used, a page given back is empty. */
  readonly bytes: Array<Uint8Array> = [NO_BYTES, NO_BYTES]
  /** The same memory as 32-bit words. */
  readonly words: Array<Int32Array> = [NO_WORDS, NO_WORDS]
  private readonly liveUnits: Array<number> = [0, 0]
  /** The arrays have room for the one page of a small table from the start: had they to grow, they would take it for many. */
  private readonly unusedNumbers: Array<number> = [1]
  private bins = NO_BINS
  private binMap = NO_BIN_MAP
  /** Fresh blocks are cut from `topPage` at word `top`; nothing from there on is a block. */
  private topPage = NO_PAGE
  private top = 0
  /** The page being emptied by `compact`, and how far that has come, in words. */
  private evacuated = NO_PAGE
  private evacuatedTo = 0
  private reservedTotal = 0
  private liveTotal = 0
  /** Holes that compaction has left, for want of a page worth emptying; Infinity from `hasWork` until it is done. */
  private acceptedHoles = 0

  constructor(
    /** Has work when there are so many holes that `compact` is worth calling; not again until that has said it is done. */
    private readonly owner: Owner = nobody,
    /** Bytes of the first page; below `MIN_PAGE_BYTES` the bytes of a page may be replaced when a block is allocated. */
    private readonly leastPageBytes = MIN_PAGE_BYTES
  ) {}

  /** Bytes of all pages. */
  get reserved(): number {
    return this.reservedTotal
  }

  /** Bytes of all blocks in use. */
  get live(): number {
    return this.liveTotal
  }

  /** Bytes of the block at `ref`: what was asked for, rounded up to 8, or 8 more. */
  size(ref: Ref): number {
    return (this.words[ref >>> PAGE_SHIFT]![(ref & UNIT_MASK) << 1]! & SIZE_MASK) << 3
  }

  /** A block of at least `size` bytes, its content undefined but for the header. Throws RangeError beyond 32 GiB. */
  allocate(size: number): Ref {
    const units = Math.max((size + 7) >>> 3, MIN_FREE_UNITS)
    if (units > MAX_SHARED_UNITS) return this.allocateAlone(units)
    const bin = this.fittingBin(units)
    return bin === 0 ? this.allocateTop(units) : this.allocateFrom(bin, units)
  }

  /** Gives a block back; its page too when that was the last block in it. */
  release(ref: Ref): void {
    const page = ref >>> PAGE_SHIFT
    const words = this.words[page]!
    let at = (ref & UNIT_MASK) << 1
    const header = words[at]!
    let units = header & SIZE_MASK
    this.addLive(page, -units)
    if (page === this.evacuated) {
      words[at] = header | FREE
      if (this.liveUnits[page] === 0) this.dropPage(page)
      return
    }
    if ((header & PREVIOUS_FREE) !== 0) {
      const before = words[at - 1]!
      at -= before << 1
      units += before
      this.unlink(words, at)
    }
    let next = at + (units << 1)
    if (page === this.topPage && next === this.top) {
      this.top = at
      if (this.liveUnits[page] === 0 && words.byteLength > KEPT_TOP_BYTES) this.dropPage(page)
      return
    }
    if (next < words.length && (words[next]! & FREE) !== 0) {
      this.unlink(words, next)
      units += words[next]! & SIZE_MASK
      next = at + (units << 1)
    }
    if (this.liveUnits[page] === 0) this.dropPage(page)
    else {
      this.link(page, words, at, units)
      this.watchHoles()
    }
  }

  /** Cuts a block down to `size` bytes where it lies. A block with a page of its own stays as it is. */
  shrink(ref: Ref, size: number): void {
    const page = ref >>> PAGE_SHIFT
    const words = this.words[page]!
    const at = (ref & UNIT_MASK) << 1
    const header = words[at]!
    const units = Math.max((size + 7) >>> 3, MIN_FREE_UNITS)
    const rest = (header & SIZE_MASK) - units
    if (rest < MIN_FREE_UNITS || (header & SIZE_MASK) > MAX_SHARED_UNITS) return
    words[at] = (header & ~SIZE_MASK) | units
    words[at + (units << 1)] = rest
    this.release(ref + units)
  }

  /** Extends a block to `size` bytes if what follows it is free; says whether it was. */
  extend(ref: Ref, size: number): boolean {
    const page = ref >>> PAGE_SHIFT
    const words = this.words[page]!
    const at = (ref & UNIT_MASK) << 1
    const header = words[at]!
    const had = header & SIZE_MASK
    const units = (size + 7) >>> 3
    if (page === this.evacuated || units > MAX_SHARED_UNITS) return false
    const next = at + (had << 1)
    let taken: number
    if (page === this.topPage && next === this.top) {
      const available = had + ((words.length - next) >>> 1)
      if (available < units) return false
      taken = available - units < MIN_FREE_UNITS ? available : units
      this.top = at + (taken << 1)
    } else {
      if (next >= words.length || (words[next]! & FREE) === 0) return false
      const available = had + (words[next]! & SIZE_MASK)
      if (available < units) return false
      this.unlink(words, next)
      taken = this.splitRest(page, words, at, available, units)
    }
    words[at] = (header & ~SIZE_MASK) | taken
    this.addLive(page, taken - had)
    return true
  }

  /**
   * Moves blocks out of the emptiest page as long as too much of the memory is holes, and gives back the pages that
   * become empty: looks at about `budget` bytes a call. `relocate(from, to)` copies what the owner keeps in a block, its
   * flags included, and follows it. Returns whether there is more to do.
   */
  compact(budget: number, relocate: (from: Ref, to: Ref) => void): boolean {
    for (let left = budget; left > 0; ) {
      if (this.evacuated === NO_PAGE && !this.beginEvacuation()) {
        this.acceptedHoles = this.holes
        return false
      }
      const page = this.evacuated
      const words = this.words[page]!
      const at = this.evacuatedTo
      const header = words[at]!
      const units = header & SIZE_MASK
      this.evacuatedTo = at + (units << 1)
      left -= units * UNIT
      if ((header & FREE) !== 0) continue
      const from = (page << PAGE_SHIFT) | (at >>> 1)
      const to = this.allocate(units * UNIT)
      relocate(from, to)
      this.release(from)
    }
    return true
  }

  /** Calls `visit` with each block in use, in order of place. */
  forEach(visit: (ref: Ref) => void): void {
    for (let page = 1; page < this.words.length; page++) {
      const words = this.words[page]!
      const end = page === this.topPage ? this.top : words.length
      for (let at = 0; at < end; ) {
        const header = words[at]!
        if ((header & FREE) === 0) visit((page << PAGE_SHIFT) | (at >>> 1))
        at += (header & SIZE_MASK) << 1
      }
    }
  }

  /** Bytes of the free blocks, which the top region is none of. */
  private get holes(): number {
    return this.reservedTotal - this.liveTotal - (this.bytes[this.topPage]!.length - this.top * 4)
  }

  /** The holes are more than a quarter of the memory. */
  private get isFragmented(): boolean {
    return this.holes > Math.max(TOLERATED_HOLES, this.reservedTotal / 4)
  }

  private watchHoles(): void {
    // Compaction that came to nothing is not tried again before there are considerably more holes.
    if (!this.isFragmented || this.holes < this.acceptedHoles + this.reservedTotal / 16) return
    this.acceptedHoles = Number.POSITIVE_INFINITY
    this.owner.hasWork()
  }

  private addLive(page: number, units: number): void {
    this.liveUnits[page]! += units
    this.liveTotal += units * UNIT
  }

  private allocateFrom(bin: number, units: number): Ref {
    const ref = this.bins[bin]!
    const page = ref >>> PAGE_SHIFT
    const words = this.words[page]!
    const at = (ref & UNIT_MASK) << 1
    const available = words[at]! & SIZE_MASK
    this.unlink(words, at)
    const taken = this.splitRest(page, words, at, available, units)
    words[at] = taken
    this.addLive(page, taken)
    return ref
  }

  private allocateTop(units: number): Ref {
    let words = this.words[this.topPage]!
    if ((words.length - this.top) >>> 1 < units) {
      if (!this.growTop(units)) {
        this.retireTop()
        this.topPage = this.addPage(pageBytesFor(Math.max(this.liveTotal / 2, units * UNIT), this.leastPageBytes))
      }
      words = this.words[this.topPage]!
    }
    const at = this.top
    const available = (words.length - at) >>> 1
    const taken = available - units < MIN_FREE_UNITS ? available : units
    this.top = at + (taken << 1)
    words[at] = taken
    this.addLive(this.topPage, taken)
    return (this.topPage << PAGE_SHIFT) | (at >>> 1)
  }

  private allocateAlone(units: number): Ref {
    const page = this.addPage(units * UNIT)
    this.words[page]![0] = units
    this.addLive(page, units)
    return page << PAGE_SHIFT
  }

  /** Makes the top page, if it is one of the smallest, large enough for so many units more; says whether it is now. */
  private growTop(units: number): boolean {
    const page = this.topPage
    const needed = this.top * 4 + units * UNIT
    if (page === NO_PAGE || needed > MIN_PAGE_BYTES) return false
    const bytes = new Uint8Array(pageBytesFor(needed, this.leastPageBytes))
    bytes.set(this.bytes[page]!)
    this.reservedTotal += bytes.length - this.bytes[page]!.length
    this.bytes[page] = bytes
    this.words[page] = new Int32Array(bytes.buffer)
    return true
  }

  /** Makes the rest of the top region an ordinary free block. */
  private retireTop(): void {
    const page = this.topPage
    const at = this.top
    this.topPage = NO_PAGE
    this.top = 0
    if (page === NO_PAGE) return
    const words = this.words[page]!
    if (this.liveUnits[page] === 0) this.dropPage(page)
    else if (at < words.length) this.link(page, words, at, (words.length - at) >>> 1)
  }

  private addPage(bytes: number): number {
    const page = this.unusedNumbers.pop() ?? this.bytes.length
    if (page === MAX_PAGES) throw new RangeError("no more pages: the table holds 32 GiB")
    const memory = new ArrayBuffer(bytes)
    this.bytes[page] = new Uint8Array(memory)
    this.words[page] = new Int32Array(memory)
    this.liveUnits[page] = 0
    this.reservedTotal += bytes
    return page
  }

  private dropPage(page: number): void {
    this.reservedTotal -= this.bytes[page]!.length
    this.bytes[page] = NO_BYTES
    this.words[page] = NO_WORDS
    this.unusedNumbers.push(page)
    if (page === this.topPage) {
      this.topPage = NO_PAGE
      this.top = 0
    }
    if (page === this.evacuated) this.evacuated = NO_PAGE
  }

  /**
   * Of `available` units at `at` that are in no list keeps `units`, and puts the rest into one. Returns how many were
   * kept: one more where the rest could not be a free block.
   */
  private splitRest(page: number, words: Int32Array, at: number, available: number, units: number): number {
    const rest = available - units
    if (rest >= MIN_FREE_UNITS) {
      this.link(page, words, at + (units << 1), rest)
      return units
    }
    const next = at + (available << 1)
    if (next < words.length) words[next]! &= ~PREVIOUS_FREE
    return available
  }

  /** The least non-empty list that surely has a block of so many units; 0 if there is none. */
  private fittingBin(units: number): number {
    const bin = binFor(units)
    let index = bin >>> 5
    let set = this.binMap[index]! & (-1 << (bin & 31))
    while (set === 0) {
      if (++index === this.binMap.length) return 0
      set = this.binMap[index]!
    }
    return (index << 5) + 31 - Math.clz32(set & -set)
  }

  private link(page: number, words: Int32Array, at: number, units: number): void {
    if (this.bins === NO_BINS) {
      this.bins = new Int32Array(BINS)
      this.binMap = new Int32Array(NO_BIN_MAP.length)
    }
    const bin = binOf(units)
    const ref = (page << PAGE_SHIFT) | (at >>> 1)
    const head = this.bins[bin]!
    words[at] = units | FREE
    words[at + 1] = head
    words[at + 2] = 0
    const next = at + (units << 1)
    words[next - 1] = units
    if (next < words.length) words[next]! |= PREVIOUS_FREE
    if (head === 0) this.binMap[bin >>> 5]! |= 1 << (bin & 31)
    else this.words[head >>> PAGE_SHIFT]![((head & UNIT_MASK) << 1) + 2] = ref
    this.bins[bin] = ref
  }

  private unlink(words: Int32Array, at: number): void {
    const next = words[at + 1]!
    const previous = words[at + 2]!
    if (next !== 0) this.words[next >>> PAGE_SHIFT]![((next & UNIT_MASK) << 1) + 2] = previous
    if (previous !== 0) {
      this.words[previous >>> PAGE_SHIFT]![((previous & UNIT_MASK) << 1) + 1] = next
      return
    }
    const bin = binOf(words[at]! & SIZE_MASK)
    this.bins[bin] = next
    if (next === 0) this.binMap[bin >>> 5]! &= ~(1 << (bin & 31))
  }

  /** Chooses a page worth emptying, and takes its free blocks out of the lists. */
  private beginEvacuation(): boolean {
    const page = this.pageToEvacuate()
    if (page === NO_PAGE) return false
    if (page === this.topPage) this.retireTop()
    // An empty top page went as it was retired.
    if (this.liveUnits[page] === 0) return this.beginEvacuation()
    const words = this.words[page]!
    for (let at = 0; at < words.length; ) {
      const header = words[at]!
      if ((header & FREE) !== 0) this.unlink(words, at)
      at += (header & SIZE_MASK) << 1
    }
    this.evacuated = page
    this.evacuatedTo = 0
    return true
  }

  /**
   * The emptiest page when more than a quarter of the memory is holes; else the top page if it is far too large for
   * what is left. Either way the blocks come to lie closer, so that compaction ends.
   */
  private pageToEvacuate(): number {
    const topBytes = this.bytes[this.topPage]!.length
    if (this.isFragmented) {
      let emptiest = NO_PAGE
      let least = 0.75
      for (let page = 1; page < this.bytes.length; page++) {
        const share = (this.liveUnits[page]! * UNIT) / this.bytes[page]!.length
        if (share <= least && page !== this.topPage) {
          emptiest = page
          least = share
        }
      }
      if (emptiest !== NO_PAGE) return emptiest
    }
    return topBytes >= 4 * pageBytesFor(this.liveTotal, this.leastPageBytes) && this.liveTotal > 0
      ? this.topPage
      : NO_PAGE
  }
}
