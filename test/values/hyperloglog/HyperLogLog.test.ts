import { assert, describe, it } from "@effect/vitest"
import {
  addElement,
  becomeDense,
  cardinalityOf,
  cardinalityOfRegisters,
  EMPTY_BYTES,
  mergeInto,
  raiseRegisters,
  writeEmpty
} from "../../../src/values/hyperloglog/HyperLogLog.ts"
import {
  DENSE_BYTES,
  isDense,
  isHyperLogLog,
  keepCardinality,
  keptCardinality,
  outdate
} from "../../../src/values/hyperloglog/layout.ts"
import { type Placement, placeElement, REGISTERS } from "../../../src/values/hyperloglog/registers.ts"
import { selfTest } from "../../../src/values/hyperloglog/selfTest.ts"
import { describeRuns } from "../../../src/values/hyperloglog/sparse.ts"
import { Slice } from "../../../src/values/Slice.ts"
import { OwnBytes } from "../../../src/values/SplicedBytes.ts"
import { Randomness } from "../../support/Randomness.ts"

const LIMIT = 3000

function empty(): OwnBytes {
  const bytes = new OwnBytes(new Uint8Array(EMPTY_BYTES))
  writeEmpty(bytes)
  return bytes
}

function registersOf(bytes: Slice): Uint8Array {
  const registers = new Uint8Array(REGISTERS)
  assert.isTrue(mergeInto(registers, bytes))
  return registers
}

/** An empty one with these registers raised. */
function withRegisters(values: ReadonlyArray<readonly [register: number, value: number]>, limit = LIMIT): OwnBytes {
  const bytes = empty()
  for (const [register, value] of values) {
    const registers = new Uint8Array(REGISTERS)
    registers[register] = value
    raiseRegisters(bytes, registers, limit)
  }
  return bytes
}

describe("a HyperLogLog", () => {
  it("holds the highest rank of each register, sparse or dense, whatever the limit", () => {
    const random = new Randomness(11)
    const placement: Placement = { register: 0, rank: 0 }
    for (let round = 0; round < 40; round++) {
      const limit = random.pick([0, 40, 300, 3000, 16_000])
      const wanted = new Uint8Array(REGISTERS)
      const bytes = empty()
      for (let i = random.below(3000); i > 0; i--) {
        const element = Slice.latin1(String(random.below(5000)))
        placeElement(element, placement)
        const raises = placement.rank > wanted[placement.register]!
        if (raises) wanted[placement.register] = placement.rank
        assert.strictEqual(addElement(bytes, element, limit), raises ? "raised" : "same")
      }
      assert.deepStrictEqual(registersOf(bytes), wanted)
      assert.isTrue(isHyperLogLog(bytes))
      assert.isTrue(isDense(bytes) || bytes.length <= Math.max(limit, EMPTY_BYTES))
      const cardinality = cardinalityOf(bytes)
      assert.strictEqual(cardinality, cardinalityOfRegisters(wanted))
      becomeDense(bytes)
      assert.strictEqual(bytes.length, DENSE_BYTES)
      assert.deepStrictEqual(registersOf(bytes), wanted)
      assert.strictEqual(cardinalityOf(bytes), cardinality)
    }
  })

  it("splits runs and joins neighbours of one value", () => {
    const runsOf = (...values: ReadonlyArray<readonly [number, number]>) => describeRuns(withRegisters(values))
    assert.strictEqual(runsOf(), "Z:16384")
    assert.strictEqual(runsOf([0, 1]), "v:1,1 Z:16383")
    assert.strictEqual(runsOf([16_383, 32]), "Z:16383 v:32,1")
    assert.strictEqual(runsOf([64, 3]), "z:64 v:3,1 Z:16319")
    assert.strictEqual(runsOf([65, 3]), "Z:65 v:3,1 Z:16318")
    assert.strictEqual(runsOf([0, 1], [1, 1]), "v:1,2 Z:16382")
    assert.strictEqual(runsOf([0, 1], [1, 1], [2, 1], [3, 1], [4, 1]), "v:1,4 v:1,1 Z:16379")
    assert.strictEqual(runsOf([0, 1], [1, 1], [2, 1], [1, 2]), "v:1,1 v:2,1 v:1,1 Z:16381")
    assert.strictEqual(runsOf([0, 1], [2, 1], [1, 1]), "v:1,3 Z:16381")
  })

  it("is sparse up to the limit and up to the value 32", () => {
    assert.isFalse(isDense(withRegisters([[5, 32]])))
    assert.isTrue(isDense(withRegisters([[5, 33]])))
    assert.isFalse(isDense(withRegisters([[5, 1]], EMPTY_BYTES + 2)))
    assert.isTrue(isDense(withRegisters([[100, 1]], EMPTY_BYTES + 2)))
    assert.strictEqual(registersOf(withRegisters([[5, 51]]))[5], 51)
  })

  it("keeps a cardinality until something is added", () => {
    const bytes = empty()
    assert.strictEqual(keptCardinality(bytes), 0n)
    keepCardinality(bytes, 2 ** 40 + 7)
    assert.strictEqual(keptCardinality(bytes), 2n ** 40n + 7n)
    outdate(bytes)
    assert.isUndefined(keptCardinality(bytes))
    keepCardinality(bytes, 3)
    addElement(bytes, Slice.latin1("a"), LIMIT)
    assert.isUndefined(keptCardinality(bytes))
  })

  it("survives any bytes", () => {
    const random = new Randomness(5)
    for (let round = 0; round < 3000; round++) {
      const bytes = new OwnBytes(Uint8Array.from({ length: EMPTY_BYTES + random.below(30) }, () => random.below(256)))
      writeEmpty(bytes)
      const length = bytes.length
      for (let at = 16; at < length; at++) bytes.buffer[at] = random.below(256)
      for (let i = 0; i < 20; i++) addElement(bytes, Slice.latin1(String(random.below(1000))), LIMIT)
      cardinalityOf(bytes)
      mergeInto(new Uint8Array(REGISTERS), bytes)
      describeRuns(bytes)
      becomeDense(bytes)
      assert.isTrue(isHyperLogLog(bytes))
    }
  })

  it("tests itself", () => {
    const random = new Randomness(3)
    assert.isUndefined(selfTest(random.next, LIMIT))
  })
})
