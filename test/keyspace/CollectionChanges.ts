/** Random changes of collections of all types and forms, through the views that commands use. */
import type { Database } from "../../src/keyspace/Database.ts"
import { ValueType } from "../../src/keyspace/Value.ts"
import { HashView } from "../../src/keyspace/views/HashView.ts"
import { ListView } from "../../src/keyspace/views/ListView.ts"
import { SetView } from "../../src/keyspace/views/SetView.ts"
import { SortedSetView } from "../../src/keyspace/views/SortedSetView.ts"
import { StreamView } from "../../src/keyspace/views/StreamView.ts"
import { Slice } from "../../src/values/Slice.ts"
import { StreamId } from "../../src/values/stream/StreamId.ts"
import type { Randomness } from "../support/Randomness.ts"

/** Few elements, so that they meet again, and forms change early. */
const ELEMENTS = 30

const list = new ListView()
const set = new SetView()
const hash = new HashView()
const sortedSet = new SortedSetView()
const stream = new StreamView()

export class CollectionChanges {
  private added = 0

  constructor(private readonly random: Randomness) {}

  private readonly byType: Readonly<Record<number, (db: Database, key: Slice) => void>> = {
    [ValueType.List]: (db, key) => this.changeList(db, key),
    [ValueType.Set]: (db, key) => this.changeSet(db, key),
    [ValueType.SortedSet]: (db, key) => this.changeSortedSet(db, key),
    [ValueType.Hash]: (db, key) => this.changeHash(db, key),
    [ValueType.Stream]: (db, key) => this.changeStream(db, key)
  }

  /** Makes a collection under the key, or changes the one that is there in several places; a string stays. */
  one(db: Database, key: Slice): void {
    const ref = db.write(key)
    const type = ref === 0 ? Number(this.random.pick(Object.keys(this.byType))) : db.dict.type(ref)
    for (let i = this.random.below(6); i >= 0; i--) this.byType[type]?.(db, key)
  }

  private get element(): Slice {
    const { random } = this
    const number = random.below(ELEMENTS)
    return Slice.latin1(random.oneIn(3) ? `element ${number}` : random.oneIn(40) ? "long ".repeat(number) : `${number}`)
  }

  private changeList(db: Database, key: Slice): void {
    if (!list.write(db, key)) list.create(db, key)
    else if (this.random.oneIn(3)) {
      list.seek(this.random.below(list.length))
      this.random.pick([
        () => list.replace(this.element),
        () => list.insertAfter(this.element),
        () => void list.removeForward()
      ])()
      if (list.length === 0) list.remove()
      return
    }
    list.push(this.element, this.random.oneIn(2))
  }

  private changeSet(db: Database, key: Slice): void {
    if (!set.write(db, key)) {
      const first = this.element
      set.create(db, key, first)
      set.add(first)
    } else if (this.random.oneIn(3)) {
      set.delete(this.element)
      if (set.size === 0) set.remove()
    } else set.add(this.element)
  }

  private changeSortedSet(db: Database, key: Slice): void {
    if (!sortedSet.write(db, key)) sortedSet.create(db, key)
    else if (this.random.oneIn(3)) {
      sortedSet.delete(this.element)
      if (sortedSet.size === 0) sortedSet.remove()
      return
    }
    const member = this.element
    sortedSet.locate(member)
    sortedSet.put(member, this.random.below(10) / 4)
  }

  private changeHash(db: Database, key: Slice): void {
    if (!hash.write(db, key)) hash.create(db, key)
    else if (this.random.oneIn(3)) {
      hash.delete(this.element)
      if (hash.size === 0) hash.remove()
      return
    }
    hash.set(this.element, this.element)
  }

  private changeStream(db: Database, key: Slice): void {
    if (!stream.write(db, key)) stream.create(db, key)
    const { changed } = stream
    const id = StreamId.fromNumbers(1, ++this.added)
    if (this.random.oneIn(4)) changed.trim(this.random.below(10), false, 0)
    else if (this.random.oneIn(6)) changed.groups.create(this.element, id, 0n)
    else {
      const words = Array.from({ length: 6 }, () => this.element)
      changed.append(
        id,
        { at: (i) => words[i]!, length: (i) => words[i]!.length },
        0,
        1 + this.random.below(3),
        db.keyspace.limits
      )
    }
  }
}
