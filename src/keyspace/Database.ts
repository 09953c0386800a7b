/**
 * One numbered database: keys with their values and deadlines.
 *
 * Invariants: a key past its deadline is never found; the expiry index holds exactly the records that carry an expiry id;
 * `beforeChange` sees a record before anything in it changes. Everything here runs inside a keyspace transaction.
 */
import { wrongType } from "../Errors.ts"
import { LongString } from "../values/LongString.ts"
import { Slice } from "../values/Slice.ts"
import { Dict, INLINE_LIMIT } from "./Dict.ts"
import { ExpiryIndex } from "./ExpiryIndex.ts"
import type { KeyspaceState } from "./Keyspace.ts"
import { EventClass } from "./Notifications.ts"
import { type ObjectValue, StringOrigin, ValueType } from "./Value.ts"

/** A reference to a record; 0 is none. Valid until the record's value is resized or the record goes. */
export type Ref = number

export class Database {
  readonly dict: Dict<ObjectValue>
  readonly expires = new ExpiryIndex()
  private readonly keyOf = new Slice()

  constructor(
    readonly keyspace: KeyspaceState,
    /** Its number; SWAPDB exchanges the numbers. */
    public index: number
  ) {
    this.dict = new Dict(keyspace.hashSeed)
    this.dict.onMove = (from, to) => this.expires.move(this.dict.expiryId(to) || this.dict.expiryId(from), to)
  }

  get size(): number {
    return this.dict.size
  }

  // ---- finding -------------------------------------------------------------------------------------------------------

  /** The key's record without leaving a trace, or 0; an expired one is removed first. */
  peek(key: Slice): Ref {
    const ref = this.dict.find(key)
    if (ref === 0 || !this.isExpired(ref)) return ref
    this.expire(ref, key)
    return 0
  }

  /** For commands that read: counts the hit or miss, and the key was used now. */
  read(key: Slice): Ref {
    const ref = this.peek(key)
    const { stats } = this.keyspace
    if (ref === 0) {
      stats.misses++
      this.keyspace.events.notify(this.index, EventClass.KeyMiss, "keymiss", key)
      return 0
    }
    stats.hits++
    if (this.keyspace.touching) this.dict.setClock(ref, this.keyspace.clock)
    return ref
  }

  /** For commands that will change the key: used now, but neither hit nor miss. */
  write(key: Slice): Ref {
    const ref = this.peek(key)
    if (ref !== 0 && this.keyspace.touching) this.dict.setClock(ref, this.keyspace.clock)
    return ref
  }

  readString(key: Slice): Ref {
    return this.stringOrRefuse(this.read(key))
  }

  writeString(key: Slice): Ref {
    return this.stringOrRefuse(this.write(key))
  }

  private stringOrRefuse(ref: Ref): Ref {
    if (ref !== 0 && this.dict.type(ref) !== ValueType.String) throw wrongType
    return ref
  }

  // ---- strings -------------------------------------------------------------------------------------------------------

  /** The string's bytes, in place; `into` is the slice to use. */
  string(ref: Ref, into: Slice): Slice {
    const { dict } = this
    if (dict.hasObject(ref)) {
      const long = dict.object(ref)
      into.buffer = long.bytes
      into.start = 0
      into.length = long.length
    } else {
      into.buffer = dict.bytes(ref)
      into.start = dict.valueStart(ref)
      into.length = dict.valueLength(ref)
    }
    return into
  }

  stringLength(ref: Ref): number {
    return this.dict.hasObject(ref) ? this.dict.object(ref).length : this.dict.valueLength(ref)
  }

  /** Stores a string under the key, whatever was there; its deadline goes unless it is kept. */
  setString(key: Slice, value: Slice, keepDeadline = false): Ref {
    const ref = this.dict.find(key)
    return ref === 0 ? this.insertString(key, value) : this.overwriteString(ref, value, keepDeadline)
  }

  /** Stores a string under a key that is not there. */
  insertString(key: Slice, value: Slice): Ref {
    const { dict } = this
    const inline = value.length < INLINE_LIMIT
    const ref = dict.insert(key, inline ? value.length : 0)
    if (inline) value.copyInto(dict.bytes(ref), dict.valueStart(ref))
    else dict.setObject(ref, new LongString(value.copy()))
    dict.setClock(ref, this.keyspace.clock)
    if (this.keyspace.events.enabled) this.keyspace.events.notify(this.index, EventClass.New, "new", key)
    return ref
  }

  private overwriteString(found: Ref, value: Slice, keepDeadline: boolean): Ref {
    const { dict } = this
    this.keyspace.beforeChange?.(this, found)
    if (!keepDeadline) this.dropDeadline(found)
    const inline = value.length < INLINE_LIMIT
    const ref = dict.resizeValue(found, inline ? value.length : 0)
    dict.setType(ref, ValueType.String)
    dict.setEncoding(ref, StringOrigin.Stored)
    if (inline) value.copyInto(dict.bytes(ref), dict.valueStart(ref))
    else dict.setObject(ref, new LongString(value.copy()))
    dict.setClock(ref, this.keyspace.clock)
    return ref
  }

  /** Changes a string's length in place; new bytes are zero. The record may move. */
  resizeString(found: Ref, length: number): Ref {
    const { dict } = this
    this.keyspace.beforeChange?.(this, found)
    let ref = found
    if (dict.hasObject(ref)) dict.object(ref).resize(length)
    else if (length < INLINE_LIMIT) {
      const before = dict.valueLength(ref)
      ref = dict.resizeValue(ref, length, length > before ? Math.min(length * 2, INLINE_LIMIT - 1) : length)
      if (length > before) {
        const start = dict.valueStart(ref)
        dict.bytes(ref).fill(0, start + before, start + length)
      }
    } else {
      const long = new LongString(this.string(ref, this.keyOf).copy())
      long.resize(length)
      ref = dict.resizeValue(ref, 0)
      dict.setObject(ref, long)
    }
    dict.setEncoding(ref, StringOrigin.Modified)
    return ref
  }

  // ---- going away ----------------------------------------------------------------------------------------------------

  /** Removes the record with its deadline. */
  remove(ref: Ref): void {
    this.keyspace.beforeChange?.(this, ref)
    const id = this.dict.expiryId(ref)
    if (id !== 0) this.expires.remove(id)
    this.dict.remove(ref)
  }

  /** Removes the key if it is there and not expired. */
  delete(key: Slice): boolean {
    const ref = this.peek(key)
    if (ref === 0) return false
    this.remove(ref)
    return true
  }

  /** Removes everything, and tells nobody. */
  clear(): void {
    const { beforeChange } = this.keyspace
    if (beforeChange !== undefined) {
      this.dict.forEach((ref) => {
        beforeChange(this, ref)
      })
    }
    this.dict.clear()
    this.expires.clear()
  }

  // ---- deadlines -----------------------------------------------------------------------------------------------------

  /** When the key goes, in milliseconds since 1970, or -1: never. */
  deadline(ref: Ref): number {
    const id = this.dict.expiryId(ref)
    return id === 0 ? -1 : this.expires.deadline(id)
  }

  /** Sets the deadline; the record may move. */
  setDeadline(ref: Ref, deadline: number): Ref {
    this.keyspace.beforeChange?.(this, ref)
    const id = this.dict.expiryId(ref)
    if (id !== 0) {
      this.expires.update(id, deadline)
      this.keyspace.deadlineSet(deadline)
      return ref
    }
    const added = this.expires.add(deadline, ref)
    const moved = this.dict.setExpiryId(ref, added)
    this.expires.move(added, moved)
    this.keyspace.deadlineSet(deadline)
    return moved
  }

  /** Takes the deadline away; false when there was none. */
  persist(ref: Ref): boolean {
    if (this.dict.expiryId(ref) === 0) return false
    this.keyspace.beforeChange?.(this, ref)
    this.dropDeadline(ref)
    return true
  }

  private dropDeadline(ref: Ref): void {
    const id = this.dict.expiryId(ref)
    if (id === 0) return
    this.expires.remove(id)
    this.dict.setExpiryId(ref, 0)
  }

  isExpired(ref: Ref): boolean {
    const id = this.dict.expiryId(ref)
    return id !== 0 && this.expires.deadline(id) <= this.keyspace.expiredBy
  }

  /** An expired key goes: it is journaled as DEL, announced and counted. */
  private expire(ref: Ref, key: Slice): void {
    const { keyspace } = this
    this.remove(ref)
    keyspace.stats.expired++
    keyspace.journal.command(this.index, ["DEL", key])
    keyspace.events.notify(this.index, EventClass.Expired, "expired", key)
    keyspace.removed(this, key)
  }

  /** Removes up to `limit` keys that are past their deadline, and says how many it found. */
  expireDue(limit: number): number {
    let expired = 0
    for (; expired < limit; expired++) {
      const id = this.expires.peek()
      if (id === 0 || this.expires.deadline(id) > this.keyspace.expiredBy) break
      const ref = this.expires.ref(id)
      this.expire(ref, new Slice(this.dict.keySlice(ref, this.keyOf).copy()))
    }
    return expired
  }

  // ---- telling -------------------------------------------------------------------------------------------------------

  /**
   * The key was changed by a command: watchers and caching clients learn of it, the event is announced, and the write counts
   * as one to propagate.
   */
  changed(eventClass: EventClass, event: string, key: Slice): void {
    const { keyspace } = this
    keyspace.dirty++
    keyspace.touched(this, key)
    keyspace.events.notify(this.index, eventClass, event, key)
  }
}
