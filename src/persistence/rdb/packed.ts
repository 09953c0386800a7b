/** Listpacks that stand in a file as they are: whether they are sound, and what is in them. */
import { Entry, entryEnd, readEntry } from "../../values/listpack/entries.ts"
import { HEADER_BYTES } from "../../values/listpack/Listpack.ts"
import { countEntries } from "../../values/listpack/validate.ts"
import type { Slice } from "../../values/Slice.ts"
import { Fault } from "../RdbInput.ts"

const first = new Entry()
const second = new Entry()

/** How many entries the listpack has; throws a fault if there is anything wrong with it. */
export function checkListpack(listpack: Slice): number {
  const count = countEntries(listpack)
  if (count === undefined) throw new Fault("it has a listpack that is damaged")
  return count
}

/** Shows the entries of a listpack that is sound; each is valid during the call. */
export function forEachEntry({ buffer, start, end }: Slice, visit: (entry: Entry) => void): void {
  for (let at = start + HEADER_BYTES; at < end - 1; at = entryEnd(buffer, at)) visit(readEntry(buffer, at, first))
}

/** Shows the entries of a listpack that is sound and has an even number of them, two at a time. */
export function forEachPair({ buffer, start, end }: Slice, visit: (first: Entry, second: Entry) => void): void {
  for (let at = start + HEADER_BYTES; at < end - 1; ) {
    const behind = entryEnd(buffer, at)
    visit(readEntry(buffer, at, first), readEntry(buffer, behind, second))
    at = entryEnd(buffer, behind)
  }
}

/** How many pairs of entries the listpack has; throws a fault if it is damaged or the first of a pair, a `what`, is there twice. */
export function checkPairs(listpack: Slice, what: string): number {
  const count = checkListpack(listpack)
  if (count % 2 !== 0) throw new Fault("it has a listpack with half a pair")
  const names = new Set<string>()
  forEachPair(listpack, (name) => refuseTwice(names, name, what))
  return count / 2
}

/** Adds the name to those that were there; throws a fault if it is one of them. */
export function refuseTwice(names: Set<string>, name: Slice, what: string): void {
  const before = names.size
  if (names.add(name.toString()).size === before) throw new Fault(`it has ${what} twice`)
}
