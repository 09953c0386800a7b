/**
 * A long list: listpack entries in a row of nodes of a few kilobytes, Redis' quicklist
 * (https://redis.io/docs/latest/develop/data-types/lists/). Both ends are O(1), an index costs a step for each node before it.
 *
 * When nodes come to be, split and merge is as in Redis, for OBJECT ENCODING depends on it.
 *
 * Invariant: no node is empty; `length` is the number of elements in all of them.
 */
import { Entry } from "../listpack/entries.ts"
import { HEADER_BYTES } from "../listpack/Listpack.ts"
import { parseSafeInteger } from "../numbers.ts"
import type { Slice } from "../Slice.ts"
import { QuickListLimit } from "./QuickListLimit.ts"
import { LISTPACK_BYTES, QuickListNode } from "./QuickListNode.ts"
import { QuickListNodes } from "./QuickListNodes.ts"

/** What an element is taken to need beside its bytes when a node is asked whether it has room. */
const ESTIMATED_OVERHEAD = 8
const OBJECT_BYTES = 200
const DEFAULT_PACKED_THRESHOLD = 2 ** 30

/** A place in a list: an element, or none. Changes of the list by another way than this make it invalid. */
export class QuickListCursor {
  /** The node's number. */
  index = 0
  /** None when there is no element here. */
  node: QuickListNode | undefined
  /** Where in the node the element begins. */
  at = 0

  set(index: number, node: QuickListNode | undefined, at: number): void {
    this.index = index
    this.node = node
    this.at = at
  }
}

export class QuickList {
  /**
   * Bytes from which on an element is not packed into a node with others; the same for all lists, as in Redis, where DEBUG
   * QUICKLIST-PACKED-THRESHOLD changes it.
   */
  static packedThreshold = DEFAULT_PACKED_THRESHOLD

  /** How many elements there are. */
  length = 0
  private readonly nodes = new QuickListNodes()

  constructor(readonly limit: QuickListLimit = new QuickListLimit(-2)) {}

  /** 0 for the usual threshold. */
  static setPackedThreshold(bytes: number): void {
    QuickList.packedThreshold = bytes === 0 ? DEFAULT_PACKED_THRESHOLD : bytes
  }

  get nodeCount(): number {
    return this.nodes.length
  }

  /** The node of that number, from 0 to `nodeCount - 1`, to be read. */
  node(index: number): QuickListNode {
    return this.nodes.at(index)
  }

  /** Bytes of memory in all. */
  get memory(): number {
    let bytes = OBJECT_BYTES
    for (let i = 0; i < this.nodes.length; i++) bytes += this.nodes.at(i).memory
    return bytes
  }

  clone(): QuickList {
    const copy = new QuickList(this.limit)
    for (let i = 0; i < this.nodes.length; i++) copy.nodes.append(this.nodes.at(i).clone())
    copy.length = this.length
    return copy
  }

  /** Adds the elements of a listpack at the end, as a node of their own. */
  appendListpack(listpack: Slice, count: number): void {
    if (count === 0) return
    const { buffer, start, end } = listpack
    this.nodes.append(QuickListNode.of(buffer, start + HEADER_BYTES, end - 1, count))
    this.length += count
  }

  /** Adds one element at the end, in a node that holds it as it is. */
  appendPlain(value: Slice): void {
    this.nodes.append(QuickListNode.plain(value))
    this.length++
  }

  // ---- the ends ------------------------------------------------------------------------------------------------------

  append(value: Slice): void {
    const last = this.nodes.last
    if (last !== undefined && this.accepts(last, value)) last.append(value, this.limit.bytes)
    else {
      last?.trim()
      this.nodes.append(this.nodeBeside(last, value))
    }
    this.length++
  }

  prepend(value: Slice): void {
    const first = this.nodes.first
    if (first !== undefined && this.accepts(first, value)) first.prepend(value, this.limit.bytes)
    else {
      first?.trim()
      const node = this.nodeBeside(first, value)
      node.alignEnd()
      this.nodes.prepend(node)
    }
    this.length++
  }

  /** Removes so many elements from the front, as many as there are at most. */
  dropFirst(count: number): void {
    let left = Math.min(count, this.length)
    this.length -= left
    let whole = 0
    for (; left > 0 && this.nodes.at(whole).count <= left; whole++) left -= this.nodes.at(whole).count
    if (whole > 0) this.nodes.remove(0, whole)
    if (left > 0) this.nodes.at(0).dropFirst(left)
  }

  /** Removes so many elements from the end, as many as there are at most. */
  dropLast(count: number): void {
    let left = Math.min(count, this.length)
    this.length -= left
    let keep = this.nodes.length
    for (; left > 0 && this.nodes.at(keep - 1).count <= left; keep--) left -= this.nodes.at(keep - 1).count
    if (keep < this.nodes.length) this.nodes.remove(keep, this.nodes.length - keep)
    if (left > 0) this.nodes.at(keep - 1).dropLast(left)
  }

  // ---- walking -------------------------------------------------------------------------------------------------------

  /** Turns to the element of that number, counted from 0, or from the end if negative (-1 is the last). False: there is none. */
  seek(index: number, cursor: QuickListCursor): boolean {
    const position = index < 0 ? index + this.length : index
    if (position < 0 || position >= this.length) {
      cursor.node = undefined
      return false
    }
    if (position < this.length / 2) this.seekForward(position, cursor)
    else this.seekBackward(this.length - position, cursor)
    return true
  }

  private seekForward(position: number, cursor: QuickListCursor): void {
    let index = 0
    let left = position
    let node = this.nodes.at(0)
    while (left >= node.count) {
      left -= node.count
      node = this.nodes.at(++index)
    }
    cursor.set(index, node, node.seek(left))
  }

  /** `fromEnd` is 1 for the last element. */
  private seekBackward(fromEnd: number, cursor: QuickListCursor): void {
    let index = this.nodes.length - 1
    let left = fromEnd
    let node = this.nodes.at(index)
    while (left > node.count) {
      left -= node.count
      node = this.nodes.at(--index)
    }
    cursor.set(index, node, node.seek(node.count - left))
  }

  /** Turns to the next element; false if there is none. */
  next(cursor: QuickListCursor): boolean {
    const { node } = cursor
    if (node === undefined) return false
    const at = node.after(cursor.at)
    if (at < node.end) {
      cursor.at = at
      return true
    }
    return this.enter(cursor.index + 1, cursor)
  }

  /** Turns to the element before; false if there is none. */
  previous(cursor: QuickListCursor): boolean {
    const { node } = cursor
    if (node === undefined) return false
    if (cursor.at > node.start) {
      cursor.at = node.before(cursor.at)
      return true
    }
    return this.enterBackward(cursor.index - 1, cursor)
  }

  /** Turns to the first element of a node. */
  private enter(index: number, cursor: QuickListCursor): boolean {
    if (index >= this.nodes.length) {
      cursor.node = undefined
      return false
    }
    const node = this.nodes.at(index)
    cursor.set(index, node, node.start)
    return true
  }

  /** Turns to the last element of a node. */
  private enterBackward(index: number, cursor: QuickListCursor): boolean {
    if (index < 0) {
      cursor.node = undefined
      return false
    }
    const node = this.nodes.at(index)
    cursor.set(index, node, node.before(node.end))
    return true
  }

  forEach(visit: (element: Slice) => void): void {
    const cursor = new QuickListCursor()
    const entry = new Entry()
    for (let more = this.seek(0, cursor); more; more = this.next(cursor)) visit(this.read(cursor, entry))
  }

  /** The element at the cursor. */
  read({ node, at }: QuickListCursor, into: Entry): Entry {
    return node!.read(at, into)
  }

  /** Whether the element at the cursor is `value`; `integer` is what that spells, NaN if it is no safe integer. */
  equals({ node, at }: QuickListCursor, value: Slice, integer = parseSafeInteger(value)): boolean {
    return node!.equals(at, value, integer)
  }

  // ---- changing inside -----------------------------------------------------------------------------------------------

  /** Removes the element at the cursor, which turns to the next one; false if there is none. */
  removeForward(cursor: QuickListCursor): boolean {
    const { index } = cursor
    const node = this.takeOut(cursor)
    if (node.count === 0) return this.enter(index, cursor)
    return cursor.at < node.end || this.enter(index + 1, cursor)
  }

  /** Removes the element at the cursor, which turns to the one before; false if there is none. */
  removeBackward(cursor: QuickListCursor): boolean {
    const { index } = cursor
    const node = this.takeOut(cursor)
    if (node.count === 0 || cursor.at === node.start) return this.enterBackward(index - 1, cursor)
    cursor.at = node.before(cursor.at)
    return true
  }

  /** Removes the element at the cursor, which turns to where the one behind it in the node is, or would be. */
  private takeOut(cursor: QuickListCursor): QuickListNode {
    const node = cursor.node!
    this.length--
    if (node.count === 1) {
      node.count = 0
      this.nodes.remove(cursor.index)
    } else {
      const offset = cursor.at - node.start
      node.remove(cursor.at, node.after(cursor.at), 1)
      cursor.at = node.start + offset
    }
    return node
  }

  /** Puts another element in the place of the one at the cursor, which is then invalid. */
  replace(cursor: QuickListCursor, value: Slice): void {
    const { at, index } = cursor
    const node = cursor.node!
    if (!node.isPlain && !isLarge(value)) {
      node.replace(at, value, this.limit.bytes)
      return
    }
    this.insertAfter(cursor, value)
    this.length--
    if (node.count === 1) this.nodes.remove(index)
    else {
      node.dropLast(1)
      this.mergeAround(index + 1)
    }
  }

  /** Puts an element before the one at the cursor, which is then invalid. */
  insertBefore({ at, index, node }: QuickListCursor, value: Slice): void {
    this.length++
    if (this.accepts(node!, value)) node!.insert(at, value, this.limit.bytes)
    else if (at !== node!.start) this.insertAtSplit(index, at, value, false)
    else if (index > 0 && this.accepts(this.nodes.at(index - 1), value)) {
      this.nodes.at(index - 1).append(value, this.limit.bytes)
    } else this.insertNode(index, value)
  }

  /** Puts an element behind the one at the cursor, which is then invalid. */
  insertAfter(cursor: QuickListCursor, value: Slice): void {
    this.length++
    const { index } = cursor
    const node = cursor.node!
    const at = node.after(cursor.at)
    if (this.accepts(node, value)) node.insert(at, value, this.limit.bytes)
    else if (at !== node.end) this.insertAtSplit(index, at, value, true)
    else if (index + 1 < this.nodes.length && this.accepts(this.nodes.at(index + 1), value)) {
      this.nodes.at(index + 1).prepend(value, this.limit.bytes)
    } else this.insertNode(index + 1, value)
  }

  /** Splits a node at a place inside and puts an element there, into the part behind it or into the one before. */
  private insertAtSplit(index: number, at: number, value: Slice, joinsRest: boolean): void {
    const node = this.nodes.at(index)
    const rest = node.splitAt(at)
    this.nodes.insert(index + 1, rest)
    if (isLarge(value)) this.insertNode(index + 1, value)
    else if (joinsRest) {
      rest.prepend(value, this.limit.bytes)
      this.mergeAround(index)
    } else {
      node.append(value, this.limit.bytes)
      this.mergeAround(index + 1)
    }
  }

  private insertNode(index: number, value: Slice): void {
    this.nodes.insert(index, this.nodeOf(value))
  }

  // ---- nodes ---------------------------------------------------------------------------------------------------------

  private accepts(node: QuickListNode, value: Slice): boolean {
    if (node.isPlain || isLarge(value)) return false
    return !this.limit.isExceeded(node.listpackSize + value.length + ESTIMATED_OVERHEAD, node.count + 1)
  }

  /** A node of one element, which has the room that the full node beside it needed. */
  private nodeBeside(full: QuickListNode | undefined, value: Slice): QuickListNode {
    return this.nodeOf(value, full === undefined ? 0 : Math.min(full.size + (full.size >> 3), this.limit.bytes))
  }

  private nodeOf(value: Slice, room = 0): QuickListNode {
    if (isLarge(value)) return QuickListNode.plain(value)
    const node = QuickListNode.empty(room)
    node.append(value, this.limit.bytes)
    return node
  }

  /** Merges neighbours around a node where two of them have room in one: those beside it first, then itself with them. */
  private mergeAround(center: number): void {
    let index = center
    if (index >= 2 && this.mergeWithNext(index - 2)) index--
    this.mergeWithNext(index + 1)
    if (index >= 1 && this.mergeWithNext(index - 1)) index--
    this.mergeWithNext(index)
  }

  /** Merges the node of that number with the next one if there is one and both have room in one. */
  private mergeWithNext(index: number): boolean {
    if (index + 1 >= this.nodes.length) return false
    const node = this.nodes.at(index)
    const next = this.nodes.at(index + 1)
    if (node.isPlain || next.isPlain) return false
    const size = node.listpackSize + next.listpackSize - LISTPACK_BYTES
    if (this.limit.isExceeded(size, node.count + next.count)) return false
    node.absorb(next)
    this.nodes.remove(index + 1)
    return true
  }
}

/** Whether the element has to stand alone. */
const isLarge = (value: Slice): boolean => value.length >= QuickList.packedThreshold
