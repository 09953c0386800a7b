/** One consumer of a group: what it is called, when it was there, and which entries it has not acknowledged. */
import type { Slice } from "../Slice.ts"
import { IdRecords } from "./IdRecords.ts"

/** The object, its name and its place in the group's tables. */
const OBJECT_BYTES = 250

export class Consumer {
  /** When it last did what succeeded, in milliseconds since 1970; -1 before that. */
  activeTime = -1

  constructor(
    readonly name: Slice,
    /** How the group's pending entries name it. */
    readonly number: number,
    /** When it last tried anything, in milliseconds since 1970. */
    public seenTime: number,
    /** The ids of its pending entries; all else about them is in the group's. */
    readonly pending = new IdRecords()
  ) {}

  clone(): Consumer {
    const clone = new Consumer(this.name, this.number, this.seenTime, this.pending.clone())
    clone.activeTime = this.activeTime
    return clone
  }

  /** Bytes in all. */
  get memory(): number {
    return OBJECT_BYTES + this.name.length + this.pending.memory
  }
}
