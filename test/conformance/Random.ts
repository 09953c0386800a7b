/**
 * The suite's own random numbers: a small generator (xorshift128, Marsaglia 2003) that gives the same program for the
 * same seed on every machine and in every later version of Node.
 */

/** A weighted choice: how often, relative to its neighbours, an entry is taken. */
export type Weighted<A> = readonly [weight: number, value: A]

/** A stream of random choices that its seed determines. */
export class Random {
  private readonly state: Uint32Array

  constructor(seed: number) {
    this.state = new Uint32Array([seed ^ 0x9e3779b9, seed ^ 0x243f6a88, seed ^ 0xb7e15162, seed | 1])
    for (let i = 0; i < 32; i++) this.next()
  }

  private next(): number {
    const state = this.state
    let t = state[3]!
    const s = state[0]!
    state[3] = state[2]!
    state[2] = state[1]!
    state[1] = s
    t ^= t << 11
    t ^= t >>> 8
    state[0] = t ^ s ^ (s >>> 19)
    return state[0]!
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + (this.next() % (high - low + 1))
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.next() % n === 0
  }

  /** One of the values, each as likely as the others. */
  pick<A>(values: ReadonlyArray<A>): A {
    return values[this.next() % values.length]!
  }

  /** One of the values, by weight. */
  weighted<A>(values: ReadonlyArray<Weighted<A>>): A {
    let rest = this.next() % values.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of values) {
      if (rest < weight) return value
      rest -= weight
    }
    return values[0]![1]
  }

  /** Between `low` and `high` values made by `make`. */
  many<A>(low: number, high: number, make: () => A): Array<A> {
    return Array.from({ length: this.between(low, high) }, make)
  }

  /** Random bytes. */
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.next() & 255))
  }
}
