/**
 * Who waits for which key: the clients of blocking commands, in the order in which they came, and the keys that became ready
 * for them. Those are served inside the transaction that made them ready, as in Redis.
 *
 * The waiters of a key stand in lanes: those of one lane want the same thing, so that when one of them is left waiting, so
 * are all behind it, and nobody need ask them.
 *
 * Invariant: a waiter stands in its lane of every key that it waits for, once, until it leaves.
 */
import type { Slice } from "../values/Slice.ts"
import type { Database } from "./Database.ts"
import type { ValueType } from "./Value.ts"

/** What a waiter waits for at a key. */
export interface Lane {
  /** Who has the same name at the same key is in the same lane. */
  readonly name: string
  readonly type: ValueType
  /** Serving one leaves as much for the others: each of them is asked. */
  readonly shares: boolean
  /** The waiter wants to know, too, when the key goes or what it waits for there. */
  readonly minds: boolean
}

export interface Waiter {
  readonly lane: Lane
  /** Tries what the waiter waits for once more. True: it was served, or refused, and is not a waiter any more. */
  readonly retry: () => boolean
}

/** A waiter's place in a queue. */
interface Place {
  readonly waiter: Waiter
  before: Place | undefined
  behind: Place | undefined
}

/** Those of one lane at one key. However many they are, one comes and goes without the others being looked at. */
class Queue {
  first: Place | undefined
  last: Place | undefined

  constructor(readonly lane: Lane) {}

  append(waiter: Waiter): Place {
    const place: Place = { waiter, before: this.last, behind: undefined }
    if (this.last === undefined) this.first = place
    else this.last.behind = place
    this.last = place
    return place
  }

  remove({ before, behind }: Place): void {
    if (before === undefined) this.first = behind
    else before.behind = behind
    if (behind === undefined) this.last = before
    else behind.before = before
  }
}

/** A key that somebody waits for, and its lanes by their names. */
interface Awaited {
  readonly db: number
  readonly key: Slice
  readonly lanes: Map<string, Queue>
}

const KINDS = 256

/** Most keys that nobody waits for differ in this from all that somebody does. */
const kindOf = (key: Slice): number => (31 * key.length + (key.length > 0 ? key.at(key.length - 1) : 0)) % KINDS

const nameOf = (db: number, key: Slice): string => `${db}:${key.toString()}`

export class Waiters {
  private readonly keys = new Map<string, Awaited>()
  /** How many keys of each kind somebody waits for. */
  private readonly kinds = new Uint32Array(KINDS)
  /** Names of the keys at which something happened since they were last served. */
  private readonly ready = new Set<string>()

  /** Whether anybody waits for anything. */
  get active(): boolean {
    return this.keys.size > 0
  }

  /** Whether `serve` would do something. */
  get hasReady(): boolean {
    return this.ready.size > 0
  }

  /** Lets the waiter stand behind all others at these keys; what comes back, to be called once, lets it leave. */
  add(waiter: Waiter, db: number, keys: ReadonlyArray<Slice>): () => void {
    const leave: Array<() => void> = []
    for (const key of keys) {
      const queue = this.queueAt(db, key, waiter.lane)
      // A key may be named twice: the waiter is then the last already.
      if (queue.last?.waiter === waiter) continue
      const place = queue.append(waiter)
      leave.push(() => {
        queue.remove(place)
        if (queue.first === undefined) this.forget(db, key, queue)
      })
    }
    return () => {
      for (const end of leave) end()
    }
  }

  private queueAt(db: number, key: Slice, lane: Lane): Queue {
    const name = nameOf(db, key)
    let awaited = this.keys.get(name)
    if (awaited === undefined) {
      awaited = { db, key, lanes: new Map() }
      this.keys.set(name, awaited)
      this.kinds[kindOf(key)]!++
    }
    let queue = awaited.lanes.get(lane.name)
    if (queue === undefined) {
      queue = new Queue(lane)
      awaited.lanes.set(lane.name, queue)
    }
    return queue
  }

  /** Nobody stands in the queue any more. */
  private forget(db: number, key: Slice, { lane }: Queue): void {
    const name = nameOf(db, key)
    const awaited = this.keys.get(name)!
    awaited.lanes.delete(lane.name)
    if (awaited.lanes.size > 0) return
    this.keys.delete(name)
    this.kinds[kindOf(key)]!--
  }

  private find(db: number, key: Slice): Awaited | undefined {
    return this.kinds[kindOf(key)] === 0 ? undefined : this.keys.get(nameOf(db, key))
  }

  /** The key came to be, or got what somebody may wait for. */
  signal(db: number, key: Slice): void {
    if (this.find(db, key) !== undefined) this.ready.add(nameOf(db, key))
  }

  /** What was under the key goes, or something else takes its place: as in Redis that alone lets only those look who mind. */
  signalLoss(db: number, key: Slice): void {
    const awaited = this.find(db, key)
    if (awaited === undefined) return
    for (const { lane } of awaited.lanes.values()) if (lane.minds) this.ready.add(nameOf(db, key))
  }

  /** All that the database holds may be something else now. */
  signalAll(db: number): void {
    for (const [name, awaited] of this.keys) if (awaited.db === db) this.ready.add(name)
  }

  /** Serves the keys in the order in which they became ready, and those that become ready by that, until there are none. */
  serve(databases: ReadonlyArray<Database>): void {
    for (const name of this.ready) {
      this.ready.delete(name)
      const awaited = this.keys.get(name)
      if (awaited === undefined) continue
      const db = databases[awaited.db]!
      for (const queue of [...awaited.lanes.values()]) serveQueue(queue, db, awaited.key)
    }
  }
}

/** Whether the key has what the lane waits for, or the lane minds that it does not. */
function isWorthTrying(lane: Lane, db: Database, key: Slice): boolean {
  if (lane.minds) return true
  const ref = db.peek(key)
  return ref !== 0 && db.dict.type(ref) === lane.type
}

/** Asks no waiter twice, not even one that waits again. */
function serveQueue({ first, lane, last }: Queue, db: Database, key: Slice): void {
  for (let place = first; place !== undefined; ) {
    if (!isWorthTrying(lane, db, key)) return
    const { behind } = place
    if ((!place.waiter.retry() && !lane.shares) || place === last) return
    place = behind
  }
}
