import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { PAGE_SHIFT, Pages, type Ref, SMALLEST_PAGE_BYTES, UNIT_MASK } from "../../../src/values/dict/Pages.ts"
import { Randomness } from "../../support/Randomness.ts"

const seeds: [typeof Schema.Int] = [Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))]

/** Blocks as their user sees them: each is filled with a mark of its own and checked whenever it is touched. */
class Blocks {
  readonly pages: Pages
  readonly marks = new Map<Ref, number>()
  private lastMark = 0

  constructor(leastPageBytes?: number) {
    this.pages = new Pages(undefined, leastPageBytes)
  }

  allocate(size: number): Ref {
    const ref = this.pages.allocate(size)
    assert.isAtLeast(this.pages.size(ref), size)
    assert.isBelow(this.pages.size(ref), size + 24)
    assert.isFalse(this.marks.has(ref))
    this.marks.set(ref, ++this.lastMark)
    this.content(ref).fill(this.lastMark)
    return ref
  }

  release(ref: Ref): void {
    this.check(ref)
    this.marks.delete(ref)
    this.pages.release(ref)
  }

  resize(ref: Ref, size: number): void {
    this.check(ref)
    if (size < this.pages.size(ref)) this.pages.shrink(ref, size)
    else if (this.pages.extend(ref, size)) assert.isAtLeast(this.pages.size(ref), size)
    this.content(ref).fill(this.marks.get(ref)!)
  }

  compact(budget: number): boolean {
    return this.pages.compact(budget, (from, to) => {
      this.check(from)
      assert.isFalse(this.marks.has(to))
      this.marks.set(to, this.marks.get(from)!)
      this.marks.delete(from)
      this.content(to).fill(this.marks.get(to)!)
    })
  }

  /** Every block is where it was put, and the walk and the counters agree with that. */
  checkAll(): void {
    let live = 0
    const walked = new Set<Ref>()
    this.pages.forEach((ref) => {
      walked.add(ref)
      live += this.pages.size(ref)
    })
    assert.strictEqual(walked.size, this.marks.size)
    for (const ref of this.marks.keys()) {
      assert.isTrue(walked.has(ref))
      this.check(ref)
    }
    assert.strictEqual(this.pages.live, live)
    assert.strictEqual(
      this.pages.reserved,
      this.pages.bytes.reduce((sum, page) => sum + page.length, 0)
    )
  }

  private check(ref: Ref): void {
    const mark = this.marks.get(ref)!
    const content = this.content(ref)
    if (content.some((word) => word !== mark)) assert.fail(`block ${ref} was overwritten`)
  }

  private content(ref: Ref): Int32Array {
    const at = (ref & UNIT_MASK) << 1
    return this.pages.words[ref >>> PAGE_SHIFT]!.subarray(at + 1, at + this.pages.size(ref) / 4)
  }
}

function someSize(random: Randomness): number {
  if (random.oneIn(200)) return 200_000 + random.below(200_000)
  if (random.oneIn(20)) return 16 + random.below(20_000)
  return 16 + random.below(200)
}

describe("Pages", () => {
  it.prop(
    "never lets blocks overlap, and follows them when it moves them",
    seeds,
    ([seed]) => {
      const random = new Randomness(seed)
      const blocks = new Blocks(random.oneIn(2) ? SMALLEST_PAGE_BYTES : undefined)
      const refs = () => [...blocks.marks.keys()]
      for (let phase = 0; phase < 12; phase++) {
        for (let i = 0; i < 300; i++) blocks.allocate(someSize(random))
        for (const ref of refs()) {
          if (random.oneIn(4)) blocks.resize(ref, someSize(random))
          else if (random.oneIn(2) || phase % 4 === 3) blocks.release(ref)
        }
        blocks.checkAll()
        // Leaves some evacuations half done.
        for (let i = random.below(60); i > 0 && blocks.compact(1 + random.below(8192)); ) i--
        blocks.checkAll()
      }
      for (const ref of refs()) blocks.release(ref)
      assert.strictEqual(blocks.pages.live, 0)
      assert.isAtMost(blocks.pages.reserved, 16_384)
    },
    { timeout: 20_000, arbitrary: { runs: 6 } }
  )

  it("joins neighbours, so that what was taken in small pieces can be given in large ones", () => {
    const blocks = new Blocks()
    const refs = Array.from({ length: 60_000 }, () => blocks.allocate(64))
    const reserved = blocks.pages.reserved
    for (const ref of refs.slice(0, -1000)) blocks.release(ref)
    for (let i = 0; i < 15; i++) blocks.allocate(200_000)
    assert.isAtMost(blocks.pages.reserved, reserved + (1 << 20))
    blocks.checkAll()
  })

  it("starts with a small page and wastes no more than what it holds", () => {
    const pages = new Pages()
    assert.strictEqual(pages.reserved, 0)
    pages.allocate(48)
    assert.strictEqual(pages.reserved, 4096)
    for (let live = 48; live < 3_000_000; live += 48) {
      pages.allocate(48)
      assert.isAtMost(pages.reserved, Math.max(8192, 2.1 * pages.live))
    }
    assert.isAtMost(pages.reserved - pages.live, 1 << 20)
  })

  it("lets the smallest page grow where it is, with the blocks in it", () => {
    const blocks = new Blocks(SMALLEST_PAGE_BYTES)
    blocks.allocate(48)
    assert.strictEqual(blocks.pages.reserved, 256)
    for (let live = 48; live < 100_000; live += 48) {
      blocks.allocate(48)
      if (live % 4800 === 0) blocks.checkAll()
      assert.isAtMost(blocks.pages.reserved, Math.max(256, 2.1 * blocks.pages.live))
    }
    blocks.checkAll()
  })

  it("gives a page back with its last block, and uses its number again", () => {
    const pages = new Pages()
    const ref = pages.allocate(5_000_000)
    assert.strictEqual(pages.reserved, 5_000_000)
    pages.release(ref)
    assert.strictEqual(pages.reserved, 0)
    assert.strictEqual(pages.allocate(5_000_000), ref)
  })

  it("keeps a small page, so that one block coming and going costs no page each time", () => {
    const pages = new Pages()
    const ref = pages.allocate(48)
    const words = pages.words[ref >>> PAGE_SHIFT]
    pages.release(ref)
    assert.strictEqual(pages.allocate(48), ref)
    assert.strictEqual(pages.words[ref >>> PAGE_SHIFT], words)
  })

  it.prop(
    "compacts in bounded steps to little more than what is in use, and then rests",
    seeds,
    ([seed]) => {
      const random = new Randomness(seed)
      const blocks = new Blocks()
      const refs = Array.from({ length: 20_000 }, () => blocks.allocate(24 + random.below(150)))
      const kept = 1 + random.below(300)
      for (const ref of refs) if (!random.oneIn(kept)) blocks.release(ref)
      let steps = 0
      while (blocks.compact(16_384)) assert.isBelow(++steps, 10_000)
      blocks.checkAll()
      assert.isAtMost(blocks.pages.reserved, Math.max(64 << 10, 4 * blocks.pages.live))
      assert.isFalse(blocks.compact(16_384))
    },
    { timeout: 20_000, arbitrary: { runs: 5 } }
  )
})
