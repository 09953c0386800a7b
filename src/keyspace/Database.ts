/**
 * One numbered database: keys with their values and deadlines.
 *
 * Invariants: a key past its deadline is never found; the expiry index holds exactly the records that carry an expiry id;
 * a snapshot sees a record before anything in it changes. Everything here runs inside a keyspace transaction.
 */
import { wrongType } from "../Errors.ts"
import { Dict, INLINE_LIMIT } from "../values/dict/Dict.ts"
import { LongString } from "../values/LongString.ts"
import { Slice } from "../values/Slice.ts"
import { moveTail } from "../values/SplicedBytes.ts"
import { type Deadline, ExpiryIndex } from "./ExpiryIndex.ts"
import type { KeyspaceState } from "./Keyspace.ts"
import { EventClass } from "./Notifications.ts"
import { longBytes, stringOf } from "./stringOf.ts"
import { Form, type ObjectValue, StringOrigin, ValueType } from "./Value.ts"
import type { Presence } from "./Watches.ts"

/** A reference to a record; 0 is none. Valid until the record's value is resized or the record goes. */
export type Ref = number

export class Database {
  readonly dict: Dict<ObjectValue>
  expires = new ExpiryIndex()
  private readonly keyOf = new Slice()

  constructor(
    readonly keyspace: KeyspaceState,
    /** Its number; SWAPDB exchanges the numbers. */
    public index: number
  ) {
    this.dict = new Dict(keyspace.hashSeed)
    this.dict.onWork = () => keyspace.onWork?.()
    this.dict.onMove = (id, ref) => this.expires.move(id, ref)
  }

  get size(): number {
    return this.dict.size
  }

  // ---- finding -------------------------------------------------------------------------------------------------------

  /** The key's record without leaving a trace, or 0; an expired one is removed first, unless the keyspace is frozen. */
  peek(key: Slice): Ref {
    const ref = this.dict.find(key)
    if (ref === 0 || !this.isExpired(ref)) return ref
    if (this.keyspace.removing) this.expire(ref, key)
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

  /** As `read`, but the key was not used: for commands that only ask about it. */
  inspect(key: Slice): Ref {
    const ref = this.peek(key)
    const { stats } = this.keyspace
    if (ref !== 0) stats.hits++
    else {
      stats.misses++
      this.keyspace.events.notify(this.index, EventClass.KeyMiss, "keymiss", key)
    }
    return ref
  }

  /** What is under the key, without removing what is past its deadline. */
  presence(key: Slice): Presence {
    const ref = this.dict.find(key)
    return ref === 0 ? "absent" : this.isExpired(ref) ? "expired" : "alive"
  }

  /** For commands that will change the key: used now, but neither hit nor miss. */
  write(key: Slice): Ref {
    const ref = this.peek(key)
    if (ref !== 0 && this.keyspace.touching) this.dict.setClock(ref, this.keyspace.clock)
    return ref
  }

  readString(key: Slice): Ref {
    return this.readType(key, ValueType.String)
  }

  writeString(key: Slice): Ref {
    return this.writeType(key, ValueType.String)
  }

  /** As `read`; throws if the value is of another type. */
  readType(key: Slice, type: ValueType): Ref {
    return this.ofType(this.read(key), type)
  }

  /** As `write`; throws if the value is of another type. */
  writeType(key: Slice, type: ValueType): Ref {
    return this.ofType(this.write(key), type)
  }

  private ofType(ref: Ref, type: ValueType): Ref {
    if (ref !== 0 && this.dict.type(ref) !== type) throw wrongType
    return ref
  }

  // ---- strings -------------------------------------------------------------------------------------------------------

  /** The string's bytes, in place; `into` is the slice to use. */
  string(ref: Ref, into: Slice): Slice {
    return stringOf(this.dict, ref, into)
  }

  stringLength(ref: Ref): number {
    return this.dict.hasObject(ref) ? longBytes(this.dict.object(ref)).length : this.dict.valueLength(ref)
  }

  /** Stores a string under the key, whatever was there; its deadline goes unless it is kept. */
  setString(key: Slice, value: Slice, keepDeadline = false): Ref {
    const ref = this.peek(key)
    return ref === 0 ? this.insertString(key, value) : this.overwriteString(ref, value, keepDeadline)
  }

  /** As `setString`, for computed bytes: they are the database's from now on, so that many need not be copied. */
  setComputed(key: Slice, bytes: Uint8Array): Ref {
    const ref = bytes.length < INLINE_LIMIT ? this.setString(key, new Slice(bytes)) : this.setLong(key, bytes)
    this.dict.setEncoding(ref, StringOrigin.Modified)
    return ref
  }

  private setLong(key: Slice, bytes: Uint8Array): Ref {
    const long = new LongString(bytes)
    const ref = this.peek(key)
    return ref === 0 ? this.insertLong(key, long) : this.overwriteLong(ref, long, false)
  }

  /** Stores a string under a key that is not there. */
  insertString(key: Slice, value: Slice): Ref {
    if (value.length >= INLINE_LIMIT) return this.insertLong(key, new LongString(value.copy()))
    const { dict } = this
    const ref = dict.insert(key, value.length)
    value.copyInto(dict.bytes(ref), dict.valueStart(ref))
    this.inserted(ref, key)
    return ref
  }

  /** Stores `length` zero bytes, to be filled in place, under a key that is not there. */
  insertZeros(key: Slice, length: number): Ref {
    const { dict } = this
    let ref: Ref
    if (length < INLINE_LIMIT) {
      ref = dict.insert(key, length)
      const start = dict.valueStart(ref)
      dict.bytes(ref).fill(0, start, start + length)
      this.inserted(ref, key)
    } else ref = this.insertLong(key, new LongString(new Uint8Array(length)))
    dict.setEncoding(ref, StringOrigin.Modified)
    return ref
  }

  private insertLong(key: Slice, long: LongString): Ref {
    const ref = this.dict.insert(key, 0)
    this.dict.setObject(ref, long)
    this.inserted(ref, key)
    return ref
  }

  /** A record was added for the key: it counts as used now and is announced as new. */
  inserted(ref: Ref, key: Slice): void {
    const { clock, events, waiters } = this.keyspace
    this.dict.setClock(ref, clock)
    if (waiters.active) waiters.signal(this.index, key)
    if (events.enabled) events.notify(this.index, EventClass.New, "new", key)
  }

  private overwriteString(found: Ref, value: Slice, keepDeadline: boolean): Ref {
    if (value.length >= INLINE_LIMIT) return this.overwriteLong(found, new LongString(value.copy()), keepDeadline)
    const { dict } = this
    const ref = this.makeString(found, value.length, keepDeadline)
    value.copyInto(dict.bytes(ref), dict.valueStart(ref))
    return ref
  }

  private overwriteLong(found: Ref, long: LongString, keepDeadline: boolean): Ref {
    const ref = this.makeString(found, 0, keepDeadline)
    this.dict.setObject(ref, long)
    return ref
  }

  /** Makes the record, whatever it was, a string with `length` bytes to be written in it. */
  private makeString(found: Ref, length: number, keepDeadline: boolean): Ref {
    const { dict } = this
    this.keyspace.snapshot?.beforeChange(this, found)
    this.signalLoss(found)
    if (!keepDeadline) this.dropDeadline(found)
    const ref = dict.resizeValue(found, length)
    dict.setType(ref, ValueType.String)
    dict.setEncoding(ref, StringOrigin.Stored)
    dict.setClock(ref, this.keyspace.clock)
    return ref
  }

  /**
   * Prepares a string for a change in place: it becomes `length` bytes long, new ones are zero, those that were there stay.
   * The record may move.
   */
  resizeString(found: Ref, length: number): Ref {
    this.keyspace.snapshot?.beforeChange(this, found)
    const ref = length === this.stringLength(found) ? found : this.fitString(found, length)
    this.dict.setEncoding(ref, StringOrigin.Modified)
    return ref
  }

  private fitString(found: Ref, length: number): Ref {
    const { dict } = this
    if (dict.hasObject(found)) {
      longBytes(dict.object(found)).resize(length)
      return found
    }
    if (length >= INLINE_LIMIT) {
      const long = new LongString(this.string(found, this.keyOf).copy())
      long.resize(length)
      const ref = dict.resizeValue(found, 0)
      dict.setObject(ref, long)
      return ref
    }
    const before = dict.valueLength(found)
    const ref = dict.resizeValue(found, length, length > before ? Math.min(length * 2, INLINE_LIMIT - 1) : length)
    if (length > before) {
      const start = dict.valueStart(ref)
      dict.bytes(ref).fill(0, start + before, start + length)
    }
    return ref
  }

  // ---- collections ---------------------------------------------------------------------------------------------------

  /** Stores a collection in a compact form, of these bytes, under a key that is not there. */
  insertCompact(key: Slice, type: ValueType, form: Form, bytes: Slice): Ref {
    const ref = this.insertString(key, bytes)
    this.dict.setType(ref, type)
    this.dict.setEncoding(ref, form)
    return ref
  }

  /** Stores a collection in its large form under a key that is not there. */
  insertTable(key: Slice, type: ValueType, table: ObjectValue): Ref {
    const ref = this.dict.insert(key, 0)
    this.dict.setObject(ref, table)
    this.dict.setType(ref, type)
    this.dict.setEncoding(ref, Form.Table)
    this.inserted(ref, key)
    return ref
  }

  /** Stores a collection in a compact form, of these bytes, under the key, whatever was there; its deadline goes. */
  storeCompact(key: Slice, type: ValueType, form: Form, bytes: Slice): Ref {
    const found = this.peek(key)
    if (found === 0) return this.insertCompact(key, type, form, bytes)
    const ref = this.overwriteString(found, bytes, false)
    this.dict.setType(ref, type)
    this.dict.setEncoding(ref, form)
    return ref
  }

  /** Stores a collection in its large form under the key, whatever was there; its deadline goes. */
  storeTable(key: Slice, type: ValueType, table: ObjectValue): Ref {
    const found = this.peek(key)
    if (found === 0) return this.insertTable(key, type, table)
    const ref = this.makeString(found, 0, false)
    this.dict.setObject(ref, table)
    this.dict.setType(ref, type)
    this.dict.setEncoding(ref, Form.Table)
    return ref
  }

  /** Gives a collection its large form in the place of the one it has. */
  becomeTable(ref: Ref, table: ObjectValue): Ref {
    this.keyspace.snapshot?.beforeChange(this, ref)
    this.dict.setObject(ref, table)
    this.dict.setEncoding(ref, Form.Table)
    return ref
  }

  /** Gives a collection a compact form of these bytes in the place of the one it has; the record may move. */
  becomeCompact(found: Ref, form: Form, bytes: Slice): Ref {
    const { dict } = this
    this.keyspace.snapshot?.beforeChange(this, found)
    let ref = found
    if (bytes.length >= INLINE_LIMIT) dict.setObject(found, new LongString(bytes.copy()))
    else {
      ref = dict.resizeValue(found, bytes.length)
      bytes.copyInto(dict.bytes(ref), dict.valueStart(ref))
    }
    dict.setEncoding(ref, form)
    return ref
  }

  /**
   * In the bytes of a value, those of a string or of a compact collection, takes `removed` away at `at` and makes room for
   * `added`, which are unspecified. The record may move.
   */
  spliceBytes(found: Ref, at: number, removed: number, added: number): Ref {
    const { dict } = this
    this.keyspace.snapshot?.beforeChange(this, found)
    const before = this.stringLength(found)
    const length = before + added - removed
    if (added < removed) this.moveTail(found, at, removed, added, before)
    let ref = found
    if (dict.hasObject(found) || length >= INLINE_LIMIT) ref = this.fitString(found, length)
    else if (length !== before) ref = dict.resizeValue(found, length, length > before ? length + (length >> 3) : length)
    if (added > removed) this.moveTail(ref, at, removed, added, before)
    return ref
  }

  private moveTail(ref: Ref, at: number, removed: number, added: number, length: number): void {
    const { buffer, start } = this.string(ref, this.keyOf)
    moveTail(buffer, start + at, removed, added, start + length)
  }

  // ---- going away ----------------------------------------------------------------------------------------------------

  /** Removes the record with its deadline. */
  remove(ref: Ref): void {
    this.keyspace.snapshot?.beforeChange(this, ref)
    this.signalLoss(ref)
    const id = this.dict.expiryId(ref)
    if (id !== 0) this.expires.remove(id)
    this.dict.remove(ref)
  }

  /** Whoever waits for what was under the key learns that it goes. */
  private signalLoss(ref: Ref): void {
    const { waiters } = this.keyspace
    if (waiters.active) waiters.signalLoss(this.index, this.dict.keySlice(ref, this.keyOf))
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
    const records = this.dict.clear()
    this.keyspace.snapshot?.takeOver(this, records, this.expires)
    this.expires = new ExpiryIndex()
  }

  // ---- deadlines -----------------------------------------------------------------------------------------------------

  /** When the key goes, in milliseconds since 1970, or -1: never. */
  deadline(ref: Ref): Deadline {
    const id = this.dict.expiryId(ref)
    return id === 0 ? -1 : this.expires.exactDeadline(id)
  }

  /** Sets the deadline; the record may move. */
  setDeadline(ref: Ref, deadline: Deadline): Ref {
    this.keyspace.snapshot?.beforeChange(this, ref)
    this.keyspace.deadlineSet(deadline)
    const id = this.dict.expiryId(ref)
    if (id !== 0) {
      this.expires.update(id, deadline)
      return ref
    }
    return this.dict.setExpiryId(ref, this.expires.add(deadline, ref))
  }

  /** Takes the deadline away; false when there was none. */
  persist(ref: Ref): boolean {
    if (this.dict.expiryId(ref) === 0) return false
    this.keyspace.snapshot?.beforeChange(this, ref)
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

  /** Removes the record if it is past its deadline (a frozen keyspace keeps it), and says whether it was. */
  expireIfDue(ref: Ref): boolean {
    if (!this.isExpired(ref)) return false
    if (this.keyspace.removing) this.expire(ref, new Slice(this.dict.keySlice(ref, this.keyOf).copy()))
    return true
  }

  /** Removes up to `limit` keys that are past their deadline, and says how many it found. */
  expireDue(limit: number): number {
    let expired = 0
    for (; expired < limit; expired++) {
      const id = this.expires.peek()
      if (id === 0 || this.expires.deadline(id) > this.keyspace.expiredBy) break
      this.expireIfDue(this.expires.ref(id))
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

  /** One more event of a change that `changed` has told of. */
  announce(eventClass: EventClass, event: string, key: Slice): void {
    this.keyspace.events.notify(this.index, eventClass, event, key)
  }
}
