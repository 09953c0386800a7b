/**
 * Who watches which key (WATCH): a transaction fails when a key it depends on changed before EXEC.
 *
 * Invariant: a watcher stands in a key's set exactly as long as the key stands in the watcher's list.
 */
import { Slice } from "../values/Slice.ts"

/** What a key is at a moment: not there, there but past its deadline, or there for everyone to see. */
export type Presence = "absent" | "expired" | "alive"

/** One watched key, as its watcher keeps it. */
export interface WatchedKey {
  readonly db: number
  /** The key's bytes as latin1 text. */
  readonly key: string
  /** The key was already past its deadline at WATCH: that it goes away is then no change. */
  expired: boolean
}

/** A connection as far as WATCH is concerned. */
export interface Watcher {
  readonly watched: Array<WatchedKey>
  /** A watched key changed: EXEC answers nil. */
  dirty: boolean
}

export class Watches {
  private readonly watchers = new Map<string, Map<Watcher, WatchedKey>>()

  /** False as long as nobody watches anything: writes need not look further. */
  get active(): boolean {
    return this.watchers.size > 0
  }

  watch(watcher: Watcher, db: number, key: string, expired: boolean): void {
    const id = identify(db, key)
    let set = this.watchers.get(id)
    if (set === undefined) {
      set = new Map()
      this.watchers.set(id, set)
    }
    if (set.has(watcher)) return
    const watched = { db, key, expired }
    set.set(watcher, watched)
    watcher.watched.push(watched)
  }

  unwatch(watcher: Watcher): void {
    for (const { db, key } of watcher.watched) {
      const id = identify(db, key)
      const set = this.watchers.get(id)!
      set.delete(watcher)
      if (set.size === 0) this.watchers.delete(id)
    }
    watcher.watched.length = 0
    watcher.dirty = false
  }

  /** The key changed, or went (`exists` says which). */
  touch(db: number, key: Slice, exists: boolean): void {
    const set = this.watchers.get(identify(db, key.toString()))
    if (set === undefined) return
    for (const [watcher, watched] of set) {
      if (watched.expired && !exists) watched.expired = false
      else watcher.dirty = true
    }
  }

  /** A whole database is about to be emptied or replaced: `before` and `after` say what a key is in it. */
  replace(db: number, before: (key: Slice) => Presence, after: (key: Slice) => Presence): void {
    for (const set of this.watchers.values()) {
      for (const [watcher, watched] of set) {
        if (watched.db !== db) continue
        const key = Slice.latin1(watched.key)
        settle(watcher, watched, before(key), after(key))
      }
    }
  }
}

/** Redis' rules for a watched key of a database that goes: what only ceases to be expired, or only comes to be, is no change. */
function settle(watcher: Watcher, watched: WatchedKey, before: Presence, after: Presence): void {
  if (before === "absent" && after === "absent") return
  if (watched.expired) {
    if (after === "absent") watched.expired = false
    else if (after === "alive") watcher.dirty = true
  } else if (before === "absent" && after === "expired") watched.expired = true
  else watcher.dirty = true
}

const identify = (db: number, key: string) => `${db}:${key}`
