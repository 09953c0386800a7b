import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { hashBytes } from "../../../src/values/dict/hash.ts"

const word = Schema.Int.check(Schema.isBetween({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }))
const byte = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))

/** HalfSipHash as the paper's authors describe it, with any number of rounds. */
function halfSipHash(bytes: ReadonlyArray<number>, k0: number, k1: number, perWord: number, last: number): number {
  const v = [k0, k1, 0x6c796765 ^ k0, 0x74656462 ^ k1] as [number, number, number, number]
  const add = (i: 0 | 1 | 2 | 3, j: 0 | 1 | 2 | 3, bits: number, turn: number) => {
    v[i] = (v[i] + v[j]) | 0
    v[j] = rotate(v[j], bits) ^ v[i]
    v[i] = rotate(v[i], turn)
  }
  const rounds = (count: number) => {
    for (let i = 0; i < count; i++) {
      add(0, 1, 5, 16)
      add(2, 3, 8, 0)
      add(0, 3, 7, 0)
      add(2, 1, 13, 16)
    }
  }
  const padded = [...bytes]
  while (padded.length % 4 !== 3) padded.push(0)
  padded.push(bytes.length & 255)
  for (let i = 0; i < padded.length; i += 4) {
    const m = padded[i]! | (padded[i + 1]! << 8) | (padded[i + 2]! << 16) | (padded[i + 3]! << 24)
    v[3] ^= m
    rounds(perWord)
    v[0] ^= m
  }
  v[2] ^= 0xff
  rounds(last)
  return v[1] ^ v[3]
}

describe("hashBytes", () => {
  it("has a model that gives the published vectors of HalfSipHash-2-4", () => {
    const vectors = [0x5b9f35a9, 0xb85a4727, 0x03a662fa]
    vectors.forEach((expected, length) => {
      const bytes = Array.from({ length }, (_, i) => i)
      assert.strictEqual(halfSipHash(bytes, 0x03020100, 0x07060504, 2, 4) >>> 0, expected)
    })
  })

  it.prop(
    "is HalfSipHash-1-3 wherever the bytes lie",
    { bytes: Schema.Array(byte), k0: word, k1: word, before: byte },
    ({ bytes, k0, k1, before }) => {
      const buffer = new Uint8Array(before + bytes.length + 3)
      buffer.set(bytes, before)
      assert.strictEqual(hashBytes(buffer, before, bytes.length, k0, k1), halfSipHash(bytes, k0, k1, 1, 3))
    },
    { arbitrary: { runs: 500, size: 300 } }
  )

  it("spreads keys that differ in a counter over the buckets", () => {
    const buckets = new Uint32Array(1024)
    for (let i = 0; i < 102_400; i++) {
      const key = Buffer.from(`user:${i}`)
      buckets[hashBytes(key, 0, key.length, 1, 2) & 1023]!++
    }
    // 100 a bucket, standard deviation 10: chi squared has mean 1023 and standard deviation 45.
    const chiSquared = buckets.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)
    assert.isBelow(chiSquared, 1250)
    assert.isAbove(chiSquared, 800)
  })

  it("depends on every bit of the seed", () => {
    const key = Buffer.from("key")
    const hashes = new Set([hashBytes(key, 0, 3, 5, 6)])
    for (let bit = 0; bit < 32; bit++) {
      hashes.add(hashBytes(key, 0, 3, 5 ^ (1 << bit), 6))
      hashes.add(hashBytes(key, 0, 3, 5, 6 ^ (1 << bit)))
    }
    assert.strictEqual(hashes.size, 65)
  })
})
