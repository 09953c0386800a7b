/**
 * The keyspace: all databases behind one Ref. Whatever reads or changes a key does so inside `transact`, which is
 * `Ref.modify` with a synchronous function: nothing can interleave, so a batch, a MULTI/EXEC and a script are each atomic.
 *
 * Invariant: time stands still inside a transaction (`now` is read once from the Clock), so a command cannot see a key
 * expire half-way through.
 */
import { Clock, Context, Effect, Layer, Random, Ref } from "effect"
import type { Dict } from "../values/dict/Dict.ts"
import type { HashSeed } from "../values/dict/hash.ts"
import type { Slice } from "../values/Slice.ts"
import { Database, type Ref as RecordRef } from "./Database.ts"
import type { Deadline, ExpiryIndex } from "./ExpiryIndex.ts"
import { Journal } from "./Journal.ts"
import { type CollectionLimits, defaultLimits } from "./limits.ts"
import { KeyspaceEvents } from "./Notifications.ts"
import type { ObjectValue } from "./Value.ts"
import { Waiters } from "./Waiters.ts"
import { Watches } from "./Watches.ts"

/** What INFO says about keys since start-up or CONFIG RESETSTAT. */
export class KeyspaceStats {
  hits = 0
  misses = 0
  expired = 0

  reset(): void {
    this.hits = this.misses = this.expired = 0
  }
}

/** Whoever keeps copies of keys outside the keyspace. */
export interface KeyObserver {
  readonly changed: (key: Slice) => void
  readonly removed: (key: Slice) => void
  /** One or all databases were emptied. */
  readonly flushed: () => void
  /** What changed since the last call is complete. */
  readonly endBatch: () => void
}

/** Whoever is saving the keyspace as it was at one moment, while it goes on to change. */
export interface SnapshotGuard {
  /** Called before the record changes in any way, or goes. */
  readonly beforeChange: (db: Database, ref: RecordRef) => void
  /** The database was emptied: all that it held is the snapshot's now. */
  readonly takeOver: (db: Database, records: Dict<ObjectValue>, deadlines: ExpiryIndex) => void
}

/** The state behind the Ref: mutable, and reached only inside a transaction. */
export class KeyspaceState {
  readonly databases: Array<Database>
  readonly journal = new Journal()
  readonly watches = new Watches()
  readonly waiters = new Waiters()
  readonly events = new KeyspaceEvents()
  readonly stats = new KeyspaceStats()
  /** Up to which size collections are compact: replaced when the settings change. */
  limits: CollectionLimits = defaultLimits
  /** Milliseconds since 1970, the same for the whole transaction. */
  now = 0
  /** Seconds in 24 bits: when a key was last used. */
  clock = 0
  /** Keys with a deadline up to here are gone: `now`, or -Infinity while a file is loaded, when nothing expires by itself. */
  expiredBy = 0
  /** Whether expired keys are removed when they are met; they are invisible either way. */
  removing = true
  /** CLIENT PAUSE: no key is removed for having expired before this, in milliseconds since 1970. */
  frozenUntil = 0
  /** The command's client wants keys to count as used (CLIENT NO-TOUCH off). */
  touching = true
  /** Writes since the last save. */
  dirty = 0
  /** So many writes since the last save are wanted to be known: `onDirty` is then called at the end of every transaction. */
  dirtyLimit = Number.POSITIVE_INFINITY
  loading = false
  /** Set while a snapshot is being taken. */
  snapshot: SnapshotGuard | undefined
  /** Learns of every key that changes or goes: clients may have it cached. */
  observer: KeyObserver | undefined
  /** Set by the sweeper: a deadline came to be that may be the next one. */
  onDeadline: ((deadline: Deadline) => void) | undefined

  /** Set by whoever takes snapshots from time to time. */
  onDirty: (() => void) | undefined

  /** Set by the housekeeper: a table wants to be resized or compacted. */
  onWork: (() => void) | undefined

  private sweeping = true
  private time!: Clock.Clock

  constructor(
    databases: number,
    readonly hashSeed: HashSeed,
    /** A number from 0 up to but not including 1. */
    readonly random: () => number
  ) {
    this.databases = Array.from({ length: databases }, (_, index) => new Database(this, index))
  }

  begin(clock: Clock.Clock): void {
    this.time = clock
    const now = clock.currentTimeMillisUnsafe()
    this.now = now
    this.clock = Math.floor(now / 1000) & 0xffffff
    this.expiredBy = this.loading ? Number.NEGATIVE_INFINITY : now
    this.removing = now >= this.frozenUntil
  }

  /** From the next transaction on the data set does not change by itself, until then (milliseconds since 1970). */
  freeze(until: number): void {
    this.frozenUntil = until
  }

  /** Expired keys are removed again, from now on: writes may follow in this very transaction. */
  thaw(): void {
    this.frozenUntil = 0
    this.removing = true
    this.deadlineSet(this.now)
  }

  end(): void {
    if (this.waiters.hasReady) this.waiters.serve(this.databases)
    if (this.dirty >= this.dirtyLimit) this.onDirty?.()
  }

  /** Microseconds since 1970, of this moment. */
  epochMicroseconds(): number {
    return Number(this.time.currentTimeNanosUnsafe() / 1000n)
  }

  /** A stopwatch's reading in microseconds: only differences mean anything. */
  microseconds(): number {
    return Number(this.time.monotonicTimeNanosUnsafe()) / 1000
  }

  /** Until `endLoading` nothing expires by itself and nothing is journaled: a file is the only writer. */
  beginLoading(): void {
    this.loading = true
    this.expiredBy = Number.NEGATIVE_INFINITY
  }

  endLoading(): void {
    this.loading = false
    this.expiredBy = this.now
    this.dirty = 0
    this.deadlineSet(this.now)
  }

  /** DEBUG SET-ACTIVE-EXPIRE: whether the sweeper works. Expired keys are invisible either way. */
  get activeExpiry(): boolean {
    return this.sweeping
  }

  set activeExpiry(on: boolean) {
    this.sweeping = on
    if (on) this.deadlineSet(this.now)
  }

  deadlineSet(deadline: Deadline): void {
    this.onDeadline?.(deadline)
  }

  /** A command changed the key: transactions that watch it fail, clients that cache it are told. */
  touched(db: Database, key: Slice): void {
    this.tellWatchers(db, key)
    this.observer?.changed(key)
  }

  /** The key has something that clients may wait for, or had it until now. */
  ready(db: Database, key: Slice): void {
    this.waiters.signal(db.index, key)
  }

  /** The server itself removed the key. */
  removed(db: Database, key: Slice): void {
    this.tellWatchers(db, key)
    this.observer?.removed(key)
  }

  /** Databases `a` and `b` (their numbers) change places; clients stay with the numbers. */
  swap(a: number, b: number): void {
    const first = this.databases[a]!
    const second = this.databases[b]!
    if (this.watches.active) {
      const inFirst = (key: Slice) => first.presence(key)
      const inSecond = (key: Slice) => second.presence(key)
      this.watches.replace(a, inFirst, inSecond)
      this.watches.replace(b, inSecond, inFirst)
    }
    this.databases[a] = second
    this.databases[b] = first
    first.index = b
    second.index = a
    this.waiters.signalAll(a)
    this.waiters.signalAll(b)
  }

  /** Empties the databases and gives back how many keys they held. */
  flush(databases: ReadonlyArray<Database>): number {
    let removed = 0
    for (const db of databases) {
      if (this.watches.active)
        this.watches.replace(
          db.index,
          (key) => db.presence(key),
          () => "absent"
        )
      removed += db.size
      db.clear()
      this.waiters.signalAll(db.index)
    }
    this.observer?.flushed()
    return removed
  }

  private tellWatchers(db: Database, key: Slice): void {
    if (this.watches.active) this.watches.touch(db.index, key, db.dict.find(key) !== 0)
  }
}

export class Keyspace extends Context.Service<
  Keyspace,
  {
    /** Runs `f` alone on the whole keyspace and gives back what it returns. */
    readonly transact: <A>(f: (state: KeyspaceState) => A) => Effect.Effect<A>
    /** For composition at start-up only: hooks are set on it, keys are not touched. */
    readonly state: KeyspaceState
  }
>()("fibredis/keyspace/Keyspace") {
  static readonly layer = (options: { readonly databases: number }) =>
    Layer.effect(
      Keyspace,
      Effect.gen(function* () {
        const random = yield* Random.Random
        const seed = [yield* Random.nextInt, yield* Random.nextInt] as const
        const state = new KeyspaceState(options.databases, seed, () => random.nextDoubleUnsafe())
        const ref = yield* Ref.make(state)
        return Keyspace.of({
          state,
          transact: (f) =>
            Clock.clockWith((clock) =>
              Ref.modify(ref, (state) => {
                state.begin(clock)
                const result = f(state)
                state.end()
                return [result, state]
              })
            )
        })
      })
    )
}
