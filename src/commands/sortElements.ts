/**
 * What SORT puts in order: copies of the elements of a list, a set or a sorted set.
 *
 * Invariant: of a list or a sorted set no more elements are looked at than are wanted.
 */
import { wrongType } from "../Errors.ts"
import type { Database, Ref } from "../keyspace/Database.ts"
import { ValueType } from "../keyspace/Value.ts"
import { ListView } from "../keyspace/views/ListView.ts"
import { SetView } from "../keyspace/views/SetView.ts"
import { SortedSetView } from "../keyspace/views/SortedSetView.ts"
import { Slice } from "../values/Slice.ts"

const list = new ListView()
const set = new SetView()
const sortedSet = new SortedSetView()

/**
 * Up to `count` elements in the order that they have, or backwards, `from` elements away from where that begins. A set has no
 * order: it gives all that it has.
 */
export function elementsOf(
  db: Database,
  ref: Ref,
  from = 0,
  count = Number.POSITIVE_INFINITY,
  backwards = false
): ReadonlyArray<Slice> {
  const elements: Array<Slice> = []
  const keep = (element: Slice) => {
    elements.push(new Slice(element.copy()))
  }
  const type = db.dict.type(ref)
  if (type === ValueType.List) visitList(db, ref, from, count, backwards, keep)
  else if (type === ValueType.SortedSet) visitSortedSet(db, ref, from, count, backwards, keep)
  else if (type === ValueType.Set) set.open(db, ref).forEach(keep)
  else throw wrongType
  return elements
}

type Visit = (element: Slice) => void

function visitList(db: Database, ref: Ref, from: number, count: number, backwards: boolean, visit: Visit): void {
  let left = count
  let more = list.open(db, ref).seek(backwards ? -1 - from : from)
  for (; more && left > 0; more = backwards ? list.previous() : list.next()) {
    visit(list.current())
    left--
  }
}

function visitSortedSet(db: Database, ref: Ref, from: number, count: number, backwards: boolean, visit: Visit): void {
  const { size } = sortedSet.open(db, ref)
  const first = Math.min(from, size)
  const behind = Math.min(first + count, size)
  if (backwards) sortedSet.forEachInRanks(size - behind, size - first, visit, true)
  else sortedSet.forEachInRanks(first, behind, visit)
}
