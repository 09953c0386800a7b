/**
 * Keyspace notifications: every event of a key is published on `__keyspace@<db>__:<key>` and `__keyevent@<db>__:<event>`,
 * as far as `notify-keyspace-events` asks for it (https://redis.io/docs/latest/develop/use/keyspace-notifications/).
 *
 * Invariant: `enabled` is false exactly when no event of any class could be published.
 */
import { Slice } from "../values/Slice.ts"

/** The two channels of an event, as bits beside those of `EventClass`. */
const KEYSPACE = 1 << 0
const KEYEVENT = 1 << 1

/** The classes of events, as bits. */
export const EventClass = {
  Generic: 1 << 2,
  String: 1 << 3,
  List: 1 << 4,
  Set: 1 << 5,
  Hash: 1 << 6,
  SortedSet: 1 << 7,
  Expired: 1 << 8,
  Evicted: 1 << 9,
  Stream: 1 << 10,
  Module: 1 << 11,
  KeyMiss: 1 << 12,
  New: 1 << 13
} as const

export type EventClass = (typeof EventClass)[keyof typeof EventClass]

/** The letter of each class that `A` stands for. */
const CLASSES_OF_ALL: ReadonlyArray<readonly [letter: string, bit: number]> = [
  ["g", EventClass.Generic],
  ["$", EventClass.String],
  ["l", EventClass.List],
  ["s", EventClass.Set],
  ["h", EventClass.Hash],
  ["z", EventClass.SortedSet],
  ["x", EventClass.Expired],
  ["e", EventClass.Evicted],
  ["t", EventClass.Stream],
  ["d", EventClass.Module]
]

const BITS = new Map([
  ...CLASSES_OF_ALL,
  ["A", CLASSES_OF_ALL.reduce((bits, [, bit]) => bits | bit, 0)],
  ["K", KEYSPACE],
  ["E", KEYEVENT],
  ["m", EventClass.KeyMiss],
  ["n", EventClass.New]
])

/** The bits that the letters of `notify-keyspace-events` ask for; undefined when one of them means nothing. */
export function parseEventClasses(letters: string): number | undefined {
  let classes = 0
  for (const letter of letters) {
    const bit = BITS.get(letter)
    if (bit === undefined) return undefined
    classes |= bit
  }
  return classes
}

/** Where events go. The slices are valid only during the call. */
export interface EventSink {
  /** Nobody listens to anything: an event need not even be put together. */
  readonly idle: boolean
  readonly publish: (channel: Slice, message: Slice) => unknown
}

/** What the names of a database's two kinds of channel begin with. */
interface ChannelPrefixes {
  readonly keyspace: Uint8Array
  readonly keyevent: Uint8Array
}

/** Publishes what happens to keys. One for each server; until a sink is set, nobody is told. */
export class KeyspaceEvents {
  /** False: `notify` does nothing, whatever happens. */
  enabled = false
  sink: EventSink | undefined
  private bits = 0
  private buffer = new Uint8Array(128)
  private readonly channel = new Slice()
  private readonly names = new Map<string, Slice>()
  private readonly prefixes: Array<ChannelPrefixes> = []

  /** Bits as `parseEventClasses` gives them. */
  get classes(): number {
    return this.bits
  }

  set classes(classes: number) {
    const channels = KEYSPACE | KEYEVENT
    this.bits = classes
    this.enabled = (classes & channels) !== 0 && (classes & ~channels) !== 0
  }

  /** `event` of `eventClass` happened to `key` of database `db`. */
  notify(db: number, eventClass: EventClass, event: string, key: Slice): void {
    if (!this.enabled || (this.bits & eventClass) === 0) return
    const { sink } = this
    if (sink === undefined || sink.idle) return
    const name = this.nameOf(event)
    const { keyspace, keyevent } = this.prefixesOf(db)
    if (this.bits & KEYSPACE) sink.publish(this.channelOf(keyspace, key), name)
    if (this.bits & KEYEVENT) sink.publish(this.channelOf(keyevent, name), key)
  }

  /** Event names are few and come back: their bytes are made once. */
  private nameOf(event: string): Slice {
    let name = this.names.get(event)
    if (name === undefined) {
      name = Slice.latin1(event)
      this.names.set(event, name)
    }
    return name
  }

  private prefixesOf(db: number): ChannelPrefixes {
    let prefixes = this.prefixes[db]
    if (prefixes === undefined) {
      prefixes = {
        keyspace: Buffer.from(`__keyspace@${db}__:`, "latin1"),
        keyevent: Buffer.from(`__keyevent@${db}__:`, "latin1")
      }
      this.prefixes[db] = prefixes
    }
    return prefixes
  }

  private channelOf(prefix: Uint8Array, suffix: Slice): Slice {
    const length = prefix.length + suffix.length
    const buffer = length <= this.buffer.length ? this.buffer : new Uint8Array(length)
    buffer.set(prefix)
    suffix.copyInto(buffer, prefix.length)
    this.channel.buffer = buffer
    this.channel.length = length
    return this.channel
  }
}
