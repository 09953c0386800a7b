/**
 * A consumer group of a stream: how far it has been read, by whom, and what of that is pending
 * (https://redis.io/docs/latest/develop/data-types/streams/#consumer-groups).
 *
 * Invariant: an entry is among the group's pending ones exactly if it is among those of one consumer, its owner.
 */
import { Slice } from "../Slice.ts"
import { Consumer } from "./Consumer.ts"
import { byName } from "./names.ts"
import { PendingEntries } from "./PendingEntries.ts"
import { MutableStreamId, type StreamId } from "./StreamId.ts"

/** In the place of how many entries were read: nobody knows. */
export const UNKNOWN_READ = -1n

const OBJECT_BYTES = 500

export class ConsumerGroup {
  /** The last entry that was handed out as new. */
  readonly lastId = new MutableStreamId()
  private readonly consumers = new Map<string, Consumer>()
  /** By their numbers. */
  private readonly owners: Array<Consumer | undefined> = []
  /** Numbers whose consumers are gone. */
  private freeNumbers: Array<number> = []

  constructor(
    readonly name: Slice,
    lastId: StreamId,
    /** How many of all entries that the stream ever had are up to `lastId`; 64 bits. */
    public entriesRead: bigint,
    readonly pending = new PendingEntries()
  ) {
    this.lastId.set(lastId)
  }

  /** `entriesRead` as ENTRIESREAD takes it: what has run over 63 bits is unknown. */
  get entriesReadOption(): bigint {
    return this.entriesRead < UNKNOWN_READ ? UNKNOWN_READ : this.entriesRead
  }

  // ---- consumers -------------------------------------------------------------------------------------------------------

  get consumerCount(): number {
    return this.consumers.size
  }

  consumer(name: Slice): Consumer | undefined {
    return this.consumers.get(name.toString())
  }

  /** A consumer of a name that none has yet. */
  createConsumer(name: Slice, now: number): Consumer {
    const number = this.freeNumbers.pop() ?? this.owners.length
    const consumer = new Consumer(new Slice(name.copy()), number, now)
    this.enter(consumer)
    return consumer
  }

  private enter(consumer: Consumer): void {
    this.owners[consumer.number] = consumer
    this.consumers.set(consumer.name.toString(), consumer)
  }

  /** The consumer goes, and what it has pending is pending no more. */
  deleteConsumer(consumer: Consumer): void {
    const id = new MutableStreamId()
    for (consumer.pending.seekFirst(); !consumer.pending.atEnd; consumer.pending.next()) {
      if (this.pending.seek(consumer.pending.readId(id))) this.pending.remove()
    }
    this.consumers.delete(consumer.name.toString())
    this.owners[consumer.number] = undefined
    this.freeNumbers.push(consumer.number)
  }

  /** The consumers in the order of their names, as bytes. */
  consumersByName(): ReadonlyArray<Consumer> {
    return byName(this.consumers)
  }

  // ---- pending entries -------------------------------------------------------------------------------------------------

  /** Whose the pending entry at the cursor is. */
  get owner(): Consumer {
    return this.owners[this.pending.owner]!
  }

  /** The entry was delivered to the consumer as a new one; it may have been another's. */
  deliver(id: StreamId, consumer: Consumer, now: number): void {
    if (!this.pending.insert(id)) {
      const { owner } = this
      if (owner !== consumer && owner.pending.seek(id)) owner.pending.remove()
    }
    consumer.pending.insert(id)
    this.pending.begin(consumer.number, now)
  }

  /** The pending entry at the cursor, of this id, becomes the consumer's. */
  reassign(id: StreamId, consumer: Consumer): void {
    const { owner } = this
    if (owner === consumer) return
    if (owner.pending.seek(id)) owner.pending.remove()
    consumer.pending.insert(id)
    this.pending.owner = consumer.number
  }

  /** The pending entry at the cursor, of this id, is pending no more; the cursor goes on to the next. */
  settle(id: StreamId): void {
    const { owner } = this
    if (owner.pending.seek(id)) owner.pending.remove()
    this.pending.remove()
  }

  // ---- the whole -------------------------------------------------------------------------------------------------------

  clone(): ConsumerGroup {
    const clone = new ConsumerGroup(this.name, this.lastId, this.entriesRead, this.pending.clone())
    for (const consumer of this.consumers.values()) clone.enter(consumer.clone())
    clone.freeNumbers = this.freeNumbers.slice()
    return clone
  }

  /** Bytes in all. */
  get memory(): number {
    let bytes = OBJECT_BYTES + this.name.length + this.pending.memory
    for (const consumer of this.consumers.values()) bytes += consumer.memory
    return bytes
  }
}
