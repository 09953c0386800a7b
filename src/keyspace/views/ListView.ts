/**
 * A list under a key: one listpack in the record while it is small, a `QuickList` beside it when it is not
 * (https://redis.io/docs/latest/develop/data-types/lists/).
 *
 * When a list goes from one form to the other is as in Redis 7.2, by list-max-listpack-size: it grows out of the listpack before
 * the elements come that would make it too large, and goes back into one when what is left fits into half of it.
 *
 * Invariant: the view stands at one element at most, which `seek`, `next` and `previous` choose; changes at other places make
 * that place invalid.
 */
import { QuickList, QuickListCursor } from "../../values/list/QuickList.ts"
import { QuickListLimit } from "../../values/list/QuickListLimit.ts"
import type { QuickListNode } from "../../values/list/QuickListNode.ts"
import { Entry } from "../../values/listpack/entries.ts"
import { emptyListpack, HEADER_BYTES } from "../../values/listpack/Listpack.ts"
import { Slice } from "../../values/Slice.ts"
import type { Database } from "../Database.ts"
import { Form, ValueType } from "../Value.ts"
import { ValueView } from "./ValueView.ts"

const empty = new Slice(emptyListpack)

export class ListView extends ValueView<QuickList> {
  protected readonly type = ValueType.List
  protected readonly tableClass = QuickList
  private lastLimit = new QuickListLimit(-2)
  /** Where the view stands: in a listpack, 0 for nowhere; in the large form. */
  private at = 0
  private readonly cursor = new QuickListCursor()
  private readonly element = new Entry()

  /** What the settings say now. A large list keeps to what they said when it became one. */
  private get limit(): QuickListLimit {
    const setting = this.db.keyspace.limits.listMaxListpackSize
    if (this.lastLimit.setting !== setting) this.lastLimit = new QuickListLimit(setting)
    return this.lastLimit
  }

  get length(): number {
    return this.table?.length ?? this.listpack.count
  }

  /** Whether the list is in its large form. */
  get isLarge(): boolean {
    return this.table !== undefined
  }

  // ---- making, growing, shrinking ------------------------------------------------------------------------------------

  /** Turns to a new list under a key that is not there; it must get an element at once. */
  create(db: Database, key: Slice): void {
    this.createCompact(db, key, Form.Packed, empty)
  }

  /** Puts a list that was put together elsewhere under a key, whatever was there, in the form that fits it, and turns to it. */
  store(db: Database, key: Slice, list: QuickList): void {
    this.open(db, db.storeTable(key, this.type, list))
    const node = list.node(0)
    if (list.nodeCount > 1 || node.isPlain || this.limit.isExceeded(node.listpackSize, node.count)) return
    this.becomePacked(node)
  }

  /** Says how many elements will be added, of how many bytes: before them a list becomes large that is then too long for a listpack. */
  expect(elements: number, bytes: number): void {
    const { listpack } = this
    if (this.table !== undefined) return
    const { limit } = this
    const { count } = listpack
    if (!limit.isExceeded(listpack.byteLength + bytes, count + elements)) return
    const list = new QuickList(limit)
    list.appendListpack(this.bytes, count)
    this.becomeTable(list)
  }

  /** Elements have gone, and there are others left: a large list may now be small enough for a listpack. */
  shrink(): void {
    const list = this.table
    if (list === undefined || list.nodeCount !== 1) return
    const node = list.node(0)
    if (!node.isPlain && this.limit.isHalfEmpty(node.listpackSize, node.count)) this.becomePacked(node)
  }

  private becomePacked(node: QuickListNode): void {
    this.becomeCompact(Form.Packed, new Slice(node.listpack()))
  }

  // ---- the ends ------------------------------------------------------------------------------------------------------

  append(value: Slice): void {
    this.expect(1, value.length)
    this.push(value, false)
  }

  prepend(value: Slice): void {
    this.expect(1, value.length)
    this.push(value, true)
  }

  /** Adds an element that was announced to `expect`. */
  push(value: Slice, atFront: boolean): void {
    const list = this.table
    if (list === undefined) {
      if (atFront) this.listpack.prepend(value)
      else this.listpack.append(value)
    } else if (atFront) this.changing(list).prepend(value)
    else this.changing(list).append(value)
  }

  /** The element at an end; valid until the list changes or another is read. */
  peek(atFront: boolean): Entry {
    const { listpack } = this
    if (this.table === undefined) return listpack.read(atFront ? listpack.first() : listpack.last(), this.element)
    this.table.seek(atFront ? 0 : -1, this.cursor)
    return this.current()
  }

  /** Removes so many elements from an end, as many as there are at most. `shrink` or `remove` is then due. */
  drop(count: number, atFront: boolean): void {
    const list = this.table
    if (list === undefined) this.dropPacked(count, atFront)
    else if (atFront) this.changing(list).dropFirst(count)
    else this.changing(list).dropLast(count)
  }

  private dropPacked(count: number, atFront: boolean): void {
    const { listpack } = this
    if (count === 0) return
    listpack.remove(atFront || count >= listpack.count ? HEADER_BYTES : listpack.seek(-count), count)
  }

  // ---- walking -------------------------------------------------------------------------------------------------------

  /** Turns to the element of that number, counted from 0, or from the end if negative (-1 is the last). False: there is none. */
  seek(index: number): boolean {
    if (this.table !== undefined) return this.table.seek(index, this.cursor)
    const { listpack } = this
    const { count } = listpack
    const position = index < 0 ? index + count : index
    if (position < 0 || position >= count) this.at = 0
    else this.at = listpack.seek(position * 2 < count ? position : position - count)
    return this.at !== 0
  }

  /** Turns to the next element; false if there is none. */
  next(): boolean {
    if (this.table !== undefined) return this.table.next(this.cursor)
    this.at = this.listpack.next(this.at)
    return this.at !== 0
  }

  /** Turns to the element before; false if there is none. */
  previous(): boolean {
    if (this.table !== undefined) return this.table.previous(this.cursor)
    this.at = this.listpack.previous(this.at)
    return this.at !== 0
  }

  /** The element here; valid until the list changes or another is read into the same entry. */
  current(into = this.element): Entry {
    return this.table !== undefined ? this.table.read(this.cursor, into) : this.listpack.read(this.at, into)
  }

  /** Whether the element here is `value`, which spells the safe integer `integer` (NaN if it spells none). */
  equals(value: Slice, integer: number): boolean {
    if (this.table !== undefined) return this.table.equals(this.cursor, value, integer)
    return this.listpack.equals(this.at, value, integer)
  }

  forEach(visit: (element: Slice) => void): void {
    for (let more = this.seek(0); more; more = this.next()) visit(this.current())
  }

  // ---- changing inside -----------------------------------------------------------------------------------------------

  /** Removes the element here and turns to the next one; false if there is none. `shrink` or `remove` is then due. */
  removeForward(): boolean {
    if (this.table !== undefined) return this.changing(this.table).removeForward(this.cursor)
    this.at = this.listpack.remove(this.at)
    return this.at !== 0
  }

  /** As `removeForward`, but turns to the element before. */
  removeBackward(): boolean {
    if (this.table !== undefined) return this.changing(this.table).removeBackward(this.cursor)
    const before = this.listpack.previous(this.at)
    this.listpack.remove(this.at)
    this.at = before
    return before !== 0
  }

  /** Puts an element, which was announced to `expect`, in the place of the one here. `shrink` is then due. */
  replace(value: Slice): void {
    if (this.table !== undefined) this.changing(this.table).replace(this.cursor, value)
    else this.listpack.replace(this.at, value)
  }

  /** Puts an element, which was announced to `expect` before the view came here, before the one here. */
  insertBefore(value: Slice): void {
    if (this.table !== undefined) this.changing(this.table).insertBefore(this.cursor, value)
    else this.listpack.insert(this.at, value)
  }

  /** As `insertBefore`, behind the element here. */
  insertAfter(value: Slice): void {
    const { listpack } = this
    if (this.table !== undefined) this.changing(this.table).insertAfter(this.cursor, value)
    else listpack.insert(listpack.next(this.at) || listpack.end, value)
  }
}
