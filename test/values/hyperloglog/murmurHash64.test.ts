import { assert, describe, it } from "@effect/vitest"
import { type Hash64, murmurHash64 } from "../../../src/values/hyperloglog/murmurHash64.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { Randomness } from "../../support/Randomness.ts"

const MASK = 2n ** 64n - 1n
const M = 0xc6a4a7935bd1e995n
const R = 47n
const BLOCK = 8

const littleEndian = (bytes: Uint8Array): bigint => bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

/** The reference: as it is written down, in whole numbers. */
function reference(bytes: Uint8Array): bigint {
  let hash = 0xadc83b19n ^ ((BigInt(bytes.length) * M) & MASK)
  const whole = bytes.length - (bytes.length % BLOCK)
  for (let at = 0; at < whole; at += BLOCK) {
    let key = (littleEndian(bytes.subarray(at, at + BLOCK)) * M) & MASK
    key = ((key ^ (key >> R)) * M) & MASK
    hash = ((hash ^ key) * M) & MASK
  }
  if (whole < bytes.length) hash = ((hash ^ littleEndian(bytes.subarray(whole))) * M) & MASK
  hash = ((hash ^ (hash >> R)) * M) & MASK
  return hash ^ (hash >> R)
}

describe("murmurHash64", () => {
  it("is that of the reference for any bytes anywhere in a buffer", () => {
    const random = new Randomness(7)
    const hash: Hash64 = { low: 0, high: 0 }
    for (let round = 0; round < 5000; round++) {
      const length = random.below(random.pick([9, 40, 300]))
      const start = random.below(9)
      const buffer = Uint8Array.from({ length: start + length + 9 }, () => (random.oneIn(4) ? 0xff : random.below(256)))
      murmurHash64(new Slice(buffer, start, length), hash)
      const given = (BigInt(hash.high >>> 0) << 32n) | BigInt(hash.low >>> 0)
      assert.strictEqual(given, reference(buffer.subarray(start, start + length)))
    }
  })
})
