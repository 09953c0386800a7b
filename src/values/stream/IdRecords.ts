/**
 * Records of a fixed number of 32-bit words in the order of their stream ids, which are their first words: the pending
 * entries of a group, and the ids of those that one consumer has.
 *
 * Records lie in blocks, and blocks in order: finding one is two binary searches, changing one moves words of one block
 * only. Most come at the end and go near the front, which moves next to nothing. There is one cursor, which every search
 * moves.
 *
 * Invariant: ids grow strictly, within a block and from one to the next; no block is empty; of two neighbours that were
 * made smaller, both together fill more than half a block, or neither is small.
 */
import { ID_WORDS, type MutableStreamId, type StreamId } from "./StreamId.ts"

/** A block has room for so many records at first, and at most. */
const LEAST_RECORDS = 4
const MOST_RECORDS = 256
/** A block with fewer records than this is joined with a neighbour, if both fit into half a block. */
const SMALL_RECORDS = MOST_RECORDS / 4
/** The object, its words' view and the allocation. */
const BLOCK_OBJECT_BYTES = 240
const OBJECT_BYTES = 120
const WORD_BYTES = 4

/** Records from `start` on, `length` of them. */
class Block {
  start = 0
  length = 0

  constructor(
    readonly stride: number,
    public words: Int32Array
  ) {}

  static withRoom(stride: number, records: number): Block {
    return new Block(stride, new Int32Array(records * stride))
  }

  get room(): number {
    return this.words.length / this.stride
  }

  /** Where the words of the record of that number begin. */
  at(index: number): number {
    return (this.start + index) * this.stride
  }

  /** The number of the first record whose id is not below this one. */
  search(id: StreamId): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (id.compareStored(this.words, this.at(middle)) > 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Makes room for a record of that number; the block is not full. */
  open(index: number): void {
    const isFullBehind = this.start + this.length === this.room
    if (isFullBehind && this.start > 0) {
      this.move(this.start, this.start + index, -1)
      this.start--
    } else {
      if (isFullBehind) this.grow()
      this.move(this.start + index, this.start + this.length, 1)
    }
    this.length++
  }

  private grow(): void {
    const grown = new Int32Array(Math.min(this.room * 2, MOST_RECORDS) * this.stride)
    grown.set(this.words)
    this.words = grown
  }

  /** Takes the record of that number away. */
  close(index: number): void {
    if (index < this.length >> 1) {
      this.move(this.start, this.start + index, 1)
      this.start++
    } else this.move(this.start + index + 1, this.start + this.length, -1)
    this.length--
  }

  private move(from: number, to: number, by: number): void {
    if (from < to) this.words.copyWithin((from + by) * this.stride, from * this.stride, to * this.stride)
  }

  /** The latter half of a full block, which then has only the former. */
  split(): Block {
    const half = this.length >> 1
    const latter = new Block(this.stride, new Int32Array(this.words.length))
    latter.words.set(this.words.subarray(this.at(half), this.at(this.length)))
    latter.length = this.length - half
    this.length = half
    return latter
  }

  /** Appends the records of the next block. */
  join(next: Block): void {
    const joined = new Int32Array((this.length + next.length) * 2 * this.stride)
    joined.set(this.words.subarray(this.at(0), this.at(this.length)))
    joined.set(next.words.subarray(next.at(0), next.at(next.length)), this.length * this.stride)
    this.words = joined
    this.start = 0
    this.length += next.length
  }

  clone(): Block {
    const clone = new Block(this.stride, this.words.slice())
    clone.start = this.start
    clone.length = this.length
    return clone
  }
}

export class IdRecords {
  size = 0
  private blocks: Array<Block> = []
  /** The cursor: a record of a block, or one past the last block. */
  private block = 0
  private index = 0

  /** `stride`: words of a record, those of its id included. */
  constructor(private readonly stride = ID_WORDS) {}

  // ---- the cursor ------------------------------------------------------------------------------------------------------

  /** Goes to the first record whose id is not below this one. True: its id is this one. */
  seek(id: StreamId): boolean {
    this.block = this.blockOf(id)
    const block = this.blocks[this.block]
    if (block === undefined) return false
    this.index = block.search(id)
    return id.compareStored(block.words, block.at(this.index)) === 0
  }

  /** The number of the first block whose last id is not below this one. */
  private blockOf(id: StreamId): number {
    const { blocks } = this
    let low = 0
    let high = blocks.length
    // New ids are above all others.
    if (high > 0 && this.isBelow(blocks[high - 1]!, id)) return high
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.isBelow(blocks[middle]!, id)) low = middle + 1
      else high = middle
    }
    return low
  }

  private isBelow(block: Block, id: StreamId): boolean {
    return id.compareStored(block.words, block.at(block.length - 1)) > 0
  }

  seekFirst(): void {
    this.block = 0
    this.index = 0
  }

  /** Goes to the last record, if there is one. */
  seekLast(): void {
    this.block = Math.max(this.blocks.length - 1, 0)
    this.index = Math.max((this.blocks[this.block]?.length ?? 0) - 1, 0)
  }

  get atEnd(): boolean {
    return this.block === this.blocks.length
  }

  next(): void {
    if (++this.index < this.blocks[this.block]!.length) return
    this.block++
    this.index = 0
  }

  // ---- the record at the cursor ----------------------------------------------------------------------------------------

  readId(into: MutableStreamId): MutableStreamId {
    const block = this.blocks[this.block]!
    return into.load(block.words, block.at(this.index))
  }

  /** A word after the id's, by its number from the record's beginning. */
  word(number: number): number {
    const block = this.blocks[this.block]!
    return block.words[block.at(this.index) + number]!
  }

  setWord(number: number, value: number): void {
    const block = this.blocks[this.block]!
    block.words[block.at(this.index) + number] = value
  }

  // ---- changing --------------------------------------------------------------------------------------------------------

  /** Goes to the record of this id. True: it is new, and its words after the id's are unspecified. */
  insert(id: StreamId): boolean {
    if (this.seek(id)) return false
    const block = this.blockWithRoom()
    block.open(this.index)
    id.store(block.words, block.at(this.index))
    this.size++
    return true
  }

  /** Lets the cursor stand where a record can be put in before the one at which it stands. */
  private blockWithRoom(): Block {
    const { blocks } = this
    if (this.block === blocks.length && this.block > 0) this.goBehindLast()
    const block = blocks[this.block]
    if (block === undefined) return this.appendBlock(LEAST_RECORDS)
    if (block.length < MOST_RECORDS) return block
    if (this.index === block.length) return this.appendBlock(MOST_RECORDS)
    blocks.splice(this.block + 1, 0, block.split())
    if (this.index <= block.length) return block
    this.index -= block.length
    return blocks[++this.block]!
  }

  private goBehindLast(): void {
    this.block--
    this.index = this.blocks[this.block]!.length
  }

  private appendBlock(room: number): Block {
    const block = Block.withRoom(this.stride, room)
    this.block = this.blocks.push(block) - 1
    this.index = 0
    return block
  }

  /** Takes the record at the cursor away; the cursor then stands at the next one. */
  remove(): void {
    const block = this.blocks[this.block]!
    block.close(this.index)
    this.size--
    if (block.length === 0) this.blocks.splice(this.block, 1)
    else if (block.length < SMALL_RECORDS) this.joinNeighbours()
    const left = this.blocks[this.block]?.length ?? 0
    if (this.index < left) return
    if (left > 0) this.block++
    this.index = 0
  }

  private joinNeighbours(): void {
    if (this.canJoin(this.block)) this.joinWithNext(this.block)
    else if (this.canJoin(this.block - 1)) {
      this.block--
      this.index += this.blocks[this.block]!.length
      this.joinWithNext(this.block)
    }
  }

  private canJoin(number: number): boolean {
    const block = this.blocks[number]
    const next = this.blocks[number + 1]
    return block !== undefined && next !== undefined && block.length + next.length <= MOST_RECORDS / 2
  }

  private joinWithNext(number: number): void {
    this.blocks[number]!.join(this.blocks[number + 1]!)
    this.blocks.splice(number + 1, 1)
  }

  // ---- the whole -------------------------------------------------------------------------------------------------------

  clone(): IdRecords {
    const clone = new IdRecords(this.stride)
    clone.copy(this)
    return clone
  }

  /** Takes over copies of the other's records, which are as long. */
  protected copy(other: IdRecords): void {
    this.size = other.size
    this.blocks = other.blocks.map((block) => block.clone())
  }

  /** Bytes in all. */
  get memory(): number {
    let bytes = OBJECT_BYTES
    for (const { words } of this.blocks) bytes += BLOCK_OBJECT_BYTES + words.length * WORD_BYTES
    return bytes
  }
}
