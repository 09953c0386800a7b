/**
 * The entries that a consumer group has handed out and nobody has acknowledged yet: for each its id, when it was delivered
 * last, how often, and to whom.
 */
import { IdRecords } from "./IdRecords.ts"
import { ID_WORDS } from "./StreamId.ts"

/** The words of a record. */
const TIME_HIGH = ID_WORDS
const TIME_LOW = TIME_HIGH + 1
const COUNT_HIGH = TIME_LOW + 1
const COUNT_LOW = COUNT_HIGH + 1
const OWNER = COUNT_LOW + 1
const STRIDE = OWNER + 1

const HALF = 2 ** 32

export class PendingEntries extends IdRecords {
  constructor() {
    super(STRIDE)
  }

  /** When the entry at the cursor was delivered last, in milliseconds since 1970. */
  get deliveryTime(): number {
    return this.word(TIME_HIGH) * HALF + (this.word(TIME_LOW) >>> 0)
  }

  set deliveryTime(time: number) {
    this.setWord(TIME_HIGH, Math.floor(time / HALF))
    this.setWord(TIME_LOW, time)
  }

  /** How often the entry at the cursor was delivered: 64 bits, signed. */
  get deliveryCount(): bigint {
    return (BigInt(this.word(COUNT_HIGH)) << 32n) | BigInt(this.word(COUNT_LOW) >>> 0)
  }

  set deliveryCount(count: bigint) {
    this.setWord(COUNT_HIGH, Number(count >> 32n))
    this.setWord(COUNT_LOW, Number(count & 0xffffffffn))
  }

  /** The entry at the cursor was delivered once more. */
  countDelivery(): void {
    const low = (this.word(COUNT_LOW) + 1) | 0
    this.setWord(COUNT_LOW, low)
    if (low === 0) this.setWord(COUNT_HIGH, this.word(COUNT_HIGH) + 1)
  }

  /** The number of the consumer to whom the entry at the cursor was delivered. */
  get owner(): number {
    return this.word(OWNER)
  }

  set owner(number: number) {
    this.setWord(OWNER, number)
  }

  /** The entry at the cursor is one that was delivered for the first time. */
  begin(owner: number, time: number): void {
    this.deliveryTime = time
    this.setWord(COUNT_HIGH, 0)
    this.setWord(COUNT_LOW, 1)
    this.owner = owner
  }

  override clone(): PendingEntries {
    const clone = new PendingEntries()
    clone.copy(this)
    return clone
  }
}
