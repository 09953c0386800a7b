/**
 * The distribution of a command's times, for LATENCY HISTOGRAM and INFO latencystats.
 *
 * A high dynamic range histogram (http://hdrhistogram.org): times from 1 ns to 1 s, each known to within one part in 128. Its
 * buckets are those of redis-server, so that both print the same bounds for the same times.
 *
 * Invariant: `count` is the sum of all buckets.
 */

/** Each doubling of the time is divided into so many buckets (a power of two). */
const STEPS = 128
const STEP_BITS = 7
/** Nanoseconds; what takes longer counts as this long. */
const LONGEST = 1e9
/** The first bound that LATENCY HISTOGRAM shows, in nanoseconds; each further one is twice the one before. */
const FIRST_BOUND = 1024

/** By how many bits a time is shortened to find its bucket. */
const shiftOf = (nanoseconds: number): number => Math.max(0, 31 - Math.clz32(nanoseconds) - STEP_BITS)

function bucketOf(nanoseconds: number): number {
  const shift = shiftOf(nanoseconds)
  return shift * STEPS + (nanoseconds >>> shift)
}

/** The shift that the times of a bucket have. */
const shiftOfBucket = (bucket: number): number => Math.max(0, (bucket >> STEP_BITS) - 1)

/** The longest time of the same bucket, in nanoseconds. */
function highestOf(bucket: number): number {
  const shift = shiftOfBucket(bucket)
  return ((bucket - shift * STEPS + 1) << shift) - 1
}

/** The shortest time of the same bucket, in nanoseconds. */
function lowestOf(bucket: number): number {
  const shift = shiftOfBucket(bucket)
  return (bucket - shift * STEPS) << shift
}

export class LatencyHistogram {
  private readonly buckets = new Uint32Array(bucketOf(LONGEST) + 1)
  count = 0

  record(microseconds: number, times: number): void {
    const nanoseconds = Math.min(LONGEST, Math.max(1, Math.round(microseconds * 1000)))
    this.buckets[bucketOf(nanoseconds)]! += times
    this.count += times
  }

  /** (bound in microseconds, calls up to it), for the bounds that add calls to those before them. */
  *cumulative(): Iterable<readonly [microseconds: number, calls: number]> {
    let calls = 0
    let bucket = 0
    for (let bound = FIRST_BOUND; calls < this.count; bound *= 2) {
      const before = calls
      const last = Math.min(bucketOf(bound), this.buckets.length - 1)
      while (bucket <= last) calls += this.buckets[bucket++]!
      if (calls > before) yield [Math.floor(highestOf(bucketOf(bound)) / 1000), calls]
    }
  }

  /** The time in microseconds that `percent` of the calls did not exceed. */
  percentile(percent: number): number {
    const wanted = Math.max(1, Math.floor((percent / 100) * this.count + 0.5))
    let calls = 0
    for (let bucket = 0; bucket < this.buckets.length; bucket++) {
      calls += this.buckets[bucket]!
      if (calls >= wanted) return (percent === 0 ? lowestOf(bucket) : highestOf(bucket)) / 1000
    }
    return 0
  }

  reset(): void {
    this.buckets.fill(0)
    this.count = 0
  }
}
