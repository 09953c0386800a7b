/**
 * Who waits for which key: the clients of blocking commands, in the order in which they came, and the keys that became ready
 * for them. Those are served inside the transaction that made them ready, as in Redis.
 *
 * The waiters of a key stand in lanes: those of one lane want the same thing, so that when one of them is left waiting, so
 * are all behind it, and nobody need ask them.
 *
 * Invariant: a waiter stands in its lane of every key that it waits for, once, until it is removed.
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

interface Queue {
  readonly lane: Lane
  readonly waiters: Set<Waiter>
}

/** The lanes of a key, by their names. */
type Lanes = Map<string, Queue>

const nameOf = (db: number, key: string): string => `${db}:${key}`

export class Waiters {
  private readonly keys = new Map<string, { readonly db: number; readonly key: Slice; readonly lanes: Lanes }>()
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

  add(waiter: Waiter, db: number, keys: ReadonlyArray<Slice>): void {
    for (const key of keys) {
      const name = nameOf(db, key.toString())
      let entry = this.keys.get(name)
      if (entry === undefined) {
        entry = { db, key, lanes: new Map() }
        this.keys.set(name, entry)
      }
      const queue = entry.lanes.get(waiter.lane.name)
      if (queue !== undefined) queue.waiters.add(waiter)
      else entry.lanes.set(waiter.lane.name, { lane: waiter.lane, waiters: new Set([waiter]) })
    }
  }

  remove(waiter: Waiter, db: number, keys: ReadonlyArray<Slice>): void {
    for (const key of keys) {
      const name = nameOf(db, key.toString())
      const entry = this.keys.get(name)
      const queue = entry?.lanes.get(waiter.lane.name)
      if (entry === undefined || queue === undefined) continue
      queue.waiters.delete(waiter)
      if (queue.waiters.size === 0) entry.lanes.delete(waiter.lane.name)
      if (entry.lanes.size === 0) this.keys.delete(name)
    }
  }

  /** The key came to be, got what somebody may wait for, or is about to go. */
  signal(db: number, key: Slice): void {
    if (this.keys.size === 0) return
    const name = nameOf(db, key.toString())
    if (this.keys.has(name)) this.ready.add(name)
  }

  /** All that the database holds may be something else now. */
  signalAll(db: number): void {
    for (const [name, entry] of this.keys) if (entry.db === db) this.ready.add(name)
  }

  /** Serves the keys in the order in which they became ready, and those that become ready by that, until there are none. */
  serve(databases: ReadonlyArray<Database>): void {
    for (const name of this.ready) {
      this.ready.delete(name)
      const entry = this.keys.get(name)
      if (entry === undefined) continue
      const db = databases[entry.db]!
      for (const queue of [...entry.lanes.values()]) serveQueue(queue, db, entry.key)
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
function serveQueue({ lane, waiters }: Queue, db: Database, key: Slice): void {
  let left = waiters.size
  for (const waiter of waiters) {
    if (left-- === 0 || !isWorthTrying(lane, db, key)) return
    if (!waiter.retry() && !lane.shares) return
  }
}
