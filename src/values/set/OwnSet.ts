/**
 * A set in memory of its own: what set operations make, before it becomes a key's value or is only looked at.
 */
import type { HashSeed } from "../dict/Dict.ts"
import { Int64 } from "../Int64.ts"
import { emptyListpack } from "../listpack/Listpack.ts"
import type { Slice } from "../Slice.ts"
import { OwnBytes } from "../SplicedBytes.ts"
import { AnySet, fitsIntset, type SetHome, type SetLimits } from "./AnySet.ts"
import { emptyIntset, Intset } from "./Intset.ts"
import { SetTable } from "./SetTable.ts"

class OwnHome implements SetHome {
  readonly bytes = new OwnBytes()
  inTable: SetTable | undefined
  private packed = false

  constructor(
    private readonly directives: SetLimits,
    private readonly seed: HashSeed
  ) {}

  readonly limits = () => this.directives
  readonly isIntset = () => !this.packed && this.inTable === undefined
  readonly table = () => this.inTable
  readonly changing = (table: SetTable) => table
  readonly newTable = () => new SetTable(this.seed)

  readonly becomePacked = (bytes: Slice) => this.become(bytes, true)

  readonly becomeTable = (table: SetTable) => {
    this.inTable = table
  }

  become({ buffer, start, length }: Slice, packed: boolean): void {
    this.bytes.buffer = buffer
    this.bytes.start = start
    this.bytes.length = length
    this.packed = packed
    this.inTable = undefined
  }
}

export class OwnSet extends AnySet {
  private constructor(private readonly own: OwnHome) {
    super(own)
  }

  /** An empty set that is an intset as long as it can be. */
  static intset(limits: SetLimits, seed: HashSeed): OwnSet {
    const own = new OwnHome(limits, seed)
    own.become(new OwnBytes(emptyIntset.slice()), false)
    return new OwnSet(own)
  }

  /** An empty set that is a listpack as long as it can be. */
  static packed(limits: SetLimits, seed: HashSeed): OwnSet {
    const own = new OwnHome(limits, seed)
    own.become(new OwnBytes(emptyListpack.slice()), true)
    return new OwnSet(own)
  }

  get isIntset(): boolean {
    return this.own.isIntset()
  }

  /** Undefined while the set is in a compact form. */
  get table(): SetTable | undefined {
    return this.own.inTable
  }

  /** The bytes of the compact form. */
  get bytes(): Slice {
    return this.own.bytes
  }

  /** Becomes an intset if it holds integers only, not too many for that. */
  becomeIntsetIfPossible(): void {
    if (this.isIntset || !fitsIntset(this.size, this.own.limits())) return
    const bytes = new OwnBytes(emptyIntset.slice())
    const intset = new Intset(bytes)
    const integer = new Int64()
    let isPossible = true
    this.forEach((member) => {
      isPossible &&= integer.parse(member)
      if (isPossible) intset.add(integer)
    })
    if (isPossible) this.own.become(bytes, false)
  }
}
