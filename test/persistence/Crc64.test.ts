import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { Crc64 } from "../../src/persistence/Crc64.ts"

/** Bit by bit, as the definition has it. */
function slowly(bytes: Uint8Array): bigint {
  let crc = 0n
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ ((crc & 1n) === 1n ? 0x95ac9329ac4bc9b5n : 0n)
  }
  return crc
}

const value = (crc: Crc64): bigint => Buffer.from(crc.bytes).readBigUInt64LE()

describe("the checksum of a snapshot", () => {
  it("is the one that Redis checks itself with", () => {
    const crc = new Crc64()
    crc.update(Buffer.from("123456789"), 0, 9)
    assert.strictEqual(value(crc), 0xe9c6d914c4b8d9can)
  })

  it.prop(
    "is what dividing bit by bit gives, whatever the pieces",
    {
      bytes: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))),
      cuts: Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 })))
    },
    ({ bytes, cuts }) => {
      const buffer = Uint8Array.from(bytes)
      const crc = new Crc64()
      const edges = [...cuts.filter((cut) => cut < buffer.length).sort((a, b) => a - b), buffer.length]
      let from = 0
      for (const edge of edges) {
        crc.update(buffer, from, edge)
        from = edge
      }
      assert.strictEqual(value(crc), slowly(buffer))
    },
    { arbitrary: { runs: 200, size: 60 } }
  )
})
