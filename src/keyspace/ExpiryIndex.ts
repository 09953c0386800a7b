/**
 * Who expires next: a 4-ary min-heap of deadlines in typed arrays, 20 bytes an entry. An entry has an id that stays
 * the same while it moves about the heap, so that a record can name its entry in four bytes.
 *
 * Invariant: `deadlines` is a heap over its first `size` places; `ids[place]` and `places[id]` are each other's inverse
 * for the ids in use, and the unused ids up to `lastId` are chained through `places` from `freeId`.
 */
import type { Ref } from "../values/dict/Pages.ts"

/** Milliseconds since 1970: a number as long as that is exact, a bigint beyond 2^53. Comparing the two kinds is exact too. */
export type Deadline = number | bigint

const ARITY_BITS = 2
const INITIAL_CAPACITY = 16

function resized<A extends Float64Array | Int32Array>(target: A, source: A): A {
  target.set(source.subarray(0, Math.min(source.length, target.length)))
  return target
}

/** Deadlines of records, the earliest first. */
export class ExpiryIndex {
  private count = 0
  /** The few deadlines that a double cannot hold, by id: they are hundreds of millennia away, but are told exactly. */
  private readonly far = new Map<number, bigint>()
  /** By place in the heap. */
  private deadlines = new Float64Array(INITIAL_CAPACITY)
  private ids = new Int32Array(INITIAL_CAPACITY)
  /** By id; id 0 is none. */
  private places = new Int32Array(INITIAL_CAPACITY)
  private refs = new Int32Array(INITIAL_CAPACITY)
  private lastId = 0
  private freeId = 0

  /** How many entries there are. */
  get size(): number {
    return this.count
  }

  /** Enters a record and returns the id of its entry, which is never 0. */
  add(deadline: Deadline, ref: Ref): number {
    if (this.count === this.ids.length) this.resizeHeap(this.count * 2)
    const id = this.takeId()
    this.refs[id] = ref
    if (typeof deadline === "bigint") this.far.set(id, deadline)
    this.siftUp(this.count++, id, Number(deadline))
    return id
  }

  /** Takes an entry out; its id may be given to another. */
  remove(id: number): void {
    if (this.far.size > 0) this.far.delete(id)
    const place = this.places[id]!
    this.places[id] = this.freeId
    this.freeId = id
    this.count--
    if (place < this.count) this.settle(place, this.ids[this.count]!, this.deadlines[this.count]!)
    if (this.count === 0) this.clear()
    else if (this.count * 4 < this.ids.length && this.ids.length > INITIAL_CAPACITY) this.shrink()
  }

  /** Changes an entry's deadline. */
  update(id: number, deadline: Deadline): void {
    if (this.far.size > 0) this.far.delete(id)
    if (typeof deadline === "bigint") this.far.set(id, deadline)
    this.settle(this.places[id]!, id, Number(deadline))
  }

  /** Notes that an entry's record moved. */
  move(id: number, ref: Ref): void {
    this.refs[id] = ref
  }

  /** When an entry is due: the first millisecond at which its record is gone. Beyond 2^53 the nearest double. */
  deadline(id: number): number {
    return this.deadlines[this.places[id]!]!
  }

  /** As `deadline`, exact whatever it is. */
  exactDeadline(id: number): Deadline {
    return this.far.size === 0 ? this.deadline(id) : (this.far.get(id) ?? this.deadline(id))
  }

  /** The record of an entry. */
  ref(id: number): Ref {
    return this.refs[id]!
  }

  /** The id of the entry that is due first, or 0. */
  peek(): number {
    return this.count === 0 ? 0 : this.ids[0]!
  }

  /** The mean of the milliseconds left from `now` on, over up to `samples` entries spread evenly; 0 if there are none. */
  averageTtl(now: number, samples: number): number {
    const taken = Math.min(this.count, samples)
    if (taken === 0) return 0
    let sum = 0
    for (let i = 0; i < taken; i++) sum += Math.max(0, this.deadlines[Math.floor((i * this.count) / taken)]! - now)
    return sum / taken
  }

  /** Forgets every entry and gives the memory back. */
  clear(): void {
    this.count = 0
    this.lastId = 0
    this.freeId = 0
    this.far.clear()
    this.resizeHeap(INITIAL_CAPACITY)
    this.resizeIds(INITIAL_CAPACITY)
  }

  /** Bytes of the arrays. */
  memory(): number {
    return this.deadlines.byteLength + this.ids.byteLength + this.places.byteLength + this.refs.byteLength
  }

  private takeId(): number {
    const free = this.freeId
    if (free !== 0) {
      this.freeId = this.places[free]!
      return free
    }
    if (this.lastId + 1 === this.places.length) this.resizeIds(this.places.length * 2)
    return ++this.lastId
  }

  private put(place: number, id: number, deadline: number): void {
    this.deadlines[place] = deadline
    this.ids[place] = id
    this.places[id] = place
  }

  /** Puts an entry at `place`, which is vacant, or to where the heap's order wants it from there. */
  private settle(place: number, id: number, deadline: number): void {
    if (place > 0 && deadline < this.deadlines[(place - 1) >>> ARITY_BITS]!) this.siftUp(place, id, deadline)
    else this.siftDown(place, id, deadline)
  }

  private siftUp(from: number, id: number, deadline: number): void {
    let place = from
    while (place > 0) {
      const parent = (place - 1) >>> ARITY_BITS
      const above = this.deadlines[parent]!
      if (deadline >= above) break
      this.put(place, this.ids[parent]!, above)
      place = parent
    }
    this.put(place, id, deadline)
  }

  private siftDown(from: number, id: number, deadline: number): void {
    let place = from
    for (;;) {
      const child = this.leastChild(place)
      if (child === 0 || this.deadlines[child]! >= deadline) break
      this.put(place, this.ids[child]!, this.deadlines[child]!)
      place = child
    }
    this.put(place, id, deadline)
  }

  /** The place of the earliest child, 0 if there is none. */
  private leastChild(place: number): number {
    const first = (place << ARITY_BITS) + 1
    if (first >= this.count) return 0
    const end = Math.min(first + (1 << ARITY_BITS), this.count)
    let least = first
    for (let child = first + 1; child < end; child++) {
      if (this.deadlines[child]! < this.deadlines[least]!) least = child
    }
    return least
  }

  /** Gives back what a much smaller heap does not need. The id tables can only be cut above the highest id in use. */
  private shrink(): void {
    this.resizeHeap(this.ids.length / 2)
    let highest = 0
    for (let place = 0; place < this.count; place++) highest = Math.max(highest, this.ids[place]!)
    if (highest >= this.places.length / 2) return
    this.resizeIds(this.places.length / 2)
    this.lastId = highest
    this.chainFreeIds()
  }

  /** Chains the ids up to `lastId` that no place of the heap has. */
  private chainFreeIds(): void {
    this.freeId = 0
    for (let id = this.lastId; id > 0; id--) {
      const place = this.places[id]!
      if (place < this.count && this.ids[place] === id) continue
      this.places[id] = this.freeId
      this.freeId = id
    }
  }

  private resizeHeap(capacity: number): void {
    this.deadlines = resized(new Float64Array(capacity), this.deadlines)
    this.ids = resized(new Int32Array(capacity), this.ids)
  }

  private resizeIds(capacity: number): void {
    this.places = resized(new Int32Array(capacity), this.places)
    this.refs = resized(new Int32Array(capacity), this.refs)
  }
}
