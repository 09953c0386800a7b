/**
 * SORT's patterns: the name of a key with `*` where an element's text goes, perhaps with a field of the hash at that key
 * (`weight_*`, `object_*->name`), or `#` for the element itself.
 */
import type { Database } from "../keyspace/Database.ts"
import { ValueType } from "../keyspace/Value.ts"
import { HashView } from "../keyspace/views/HashView.ts"
import { Entry } from "../values/listpack/entries.ts"
import { Slice } from "../values/Slice.ts"

const hash = new HashView()
const found = new Entry()

/** Redis looks for what means something in a pattern up to the first NUL only. */
const readable = (pattern: Slice): string => pattern.toString().split("\0", 1)[0]!

/** Whether there is no place for the element: the pattern then names the same for all. */
export const isConstant = (pattern: Slice): boolean => !readable(pattern).includes("*")

export class SortPattern {
  private readonly isElement: boolean
  private readonly isConstant: boolean
  private readonly prefix: string
  private readonly suffix: string
  private readonly field: Slice | undefined

  constructor(pattern: Slice) {
    const text = pattern.toString()
    const meant = readable(pattern)
    const star = meant.indexOf("*")
    const arrow = meant.indexOf("->", star + 1)
    // An arrow with nothing behind it belongs to the key's name.
    const hasField = star >= 0 && arrow >= 0 && arrow + 2 < meant.length
    this.isElement = meant === "#"
    this.isConstant = star < 0
    this.prefix = text.slice(0, star)
    this.suffix = hasField ? text.slice(star + 1, arrow) : text.slice(star + 1)
    this.field = hasField ? Slice.latin1(text.slice(arrow + 2)) : undefined
  }

  /** What the pattern finds for an element; undefined if that is nothing. Valid until another is looked for. */
  valueFor(db: Database, element: Slice): Slice | undefined {
    if (this.isElement) return element
    if (this.isConstant) return undefined
    const ref = db.read(Slice.latin1(`${this.prefix}${element.toString()}${this.suffix}`))
    if (ref === 0) return undefined
    const type = db.dict.type(ref)
    if (this.field === undefined) return type === ValueType.String ? db.string(ref, found) : undefined
    return type === ValueType.Hash ? hash.open(db, ref).get(this.field, found) : undefined
  }
}
