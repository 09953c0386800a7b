/** A small seeded generator (xorshift32) for the tests that drive a structure through very many operations. */
export class Randomness {
  private state: number

  constructor(seed: number) {
    this.state = seed | 1
  }

  /** A number in [0, 1). */
  readonly next = (): number => {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) / 2 ** 32
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  /** True once in so many times. */
  oneIn(count: number): boolean {
    return this.below(count) === 0
  }

  pick<A>(values: ReadonlyArray<A>): A {
    return values[this.below(values.length)]!
  }
}
