/**
 * Does a HyperLogLog keep what it is given, and does it count well? What PFSELFTEST asks, on random elements.
 */
import { Slice } from "../Slice.ts"
import { OwnBytes } from "../SplicedBytes.ts"
import { denseRegister, raiseDense } from "./dense.ts"
import { addElement, becomeDense, cardinalityOf, EMPTY_BYTES, writeEmpty } from "./HyperLogLog.ts"
import { isDense } from "./layout.ts"
import { REGISTERS } from "./registers.ts"

/** How often all registers are filled with random values. */
const ROUNDS = 20
/** Elements added: counts are checked at every power of ten up to here, which takes a fraction of a second. */
const ELEMENTS = 100_000
const HIGHEST_REGISTER = 63
/** Of the standard error, so many times are past belief. */
const TOLERANCE = 6
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS)
/** A sparse one of so many bytes holds at least half as many elements. */
const BYTES_PER_ELEMENT = 2

function newHyperLogLog(): OwnBytes {
  const bytes = new OwnBytes(new Uint8Array(EMPTY_BYTES))
  writeEmpty(bytes)
  return bytes
}

function newDense(): OwnBytes {
  const bytes = newHyperLogLog()
  becomeDense(bytes)
  return bytes
}

/** Registers do not get into each other's way. */
function testRegisters(random: () => number): string | undefined {
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = newDense()
    const wanted = Uint8Array.from({ length: REGISTERS }, () => Math.floor(random() * (HIGHEST_REGISTER + 1)))
    for (let register = 0; register < REGISTERS; register++) raiseDense(bytes, register, wanted[register]!)
    for (let register = 0; register < REGISTERS; register++) {
      const value = denseRegister(bytes, register)
      if (value !== wanted[register]) return `Register ${register} should be ${wanted[register]} but is ${value}`
    }
  }
  return undefined
}

/** Both forms count alike, and not much more or less than there is. */
function checkCounts(dense: OwnBytes, grown: OwnBytes, added: number, sparseLimit: number): string | undefined {
  if (added < sparseLimit / BYTES_PER_ELEMENT && isDense(grown)) return "sparse encoding not used"
  const cardinality = cardinalityOf(dense)
  if (cardinality === undefined || cardinality !== cardinalityOf(grown)) return "dense/sparse disagree"
  // Among ten, a single collision is more than the standard error allows.
  const tolerated = added === 10 ? 1 : Math.ceil(STANDARD_ERROR * TOLERANCE * added)
  const error = Math.abs(added - cardinality)
  return error > tolerated ? `Too big error. card:${added} abserr:${error}` : undefined
}

function testCounts(random: () => number, sparseLimit: number): string | undefined {
  const dense = newDense()
  const grown = newHyperLogLog()
  const element = new Slice(new Uint8Array(8))
  const view = new DataView(element.buffer.buffer)
  const seed = Math.floor(random() * 2 ** 32)
  view.setUint32(4, Math.floor(random() * 2 ** 32))
  let checkpoint = 1
  for (let added = 1; added <= ELEMENTS; added++) {
    view.setUint32(0, added ^ seed)
    addElement(dense, element, sparseLimit)
    addElement(grown, element, sparseLimit)
    if (added === checkpoint) {
      const finding = checkCounts(dense, grown, added, sparseLimit)
      if (finding !== undefined) return finding
      checkpoint *= 10
    }
  }
  return undefined
}

/** What is wrong, if anything is. `sparseLimit`: bytes up to which a HyperLogLog stays sparse. */
export const selfTest = (random: () => number, sparseLimit: number): string | undefined =>
  testRegisters(random) ?? testCounts(random, sparseLimit)
