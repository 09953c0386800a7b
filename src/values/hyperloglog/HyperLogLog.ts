/**
 * A HyperLogLog on the bytes of a string, wherever they are (https://redis.io/docs/latest/develop/data-types/probabilistic/hyperloglogs/).
 *
 * It begins sparse and becomes dense when it would be longer than a limit or a register higher than a run can be, at the very
 * same moments as in Redis, so that the string is the same, byte for byte.
 */
import type { Slice } from "../Slice.ts"
import type { SplicedBytes } from "../SplicedBytes.ts"
import { estimateCardinality } from "./cardinality.ts"
import { countDense, mergeDense, raiseDense } from "./dense.ts"
import { DENSE_BYTES, Encoding, HEADER_BYTES, isDense, outdate, setEncoding, writeHeader } from "./layout.ts"
import { type Placement, placeElement, REGISTERS } from "./registers.ts"
import { ALL_ZEROS, countSparse, mergeSparse, raiseSparse, SPARSE_LIMIT } from "./sparse.ts"

/** What adding did. */
export type Outcome = "raised" | "same" | "corrupt"

const placement: Placement = { register: 0, rank: 0 }
const histogram = new Uint32Array(64)

/** Bytes of one that has seen nothing. */
export const EMPTY_BYTES = HEADER_BYTES + ALL_ZEROS.length

/** Writes one that has seen nothing into `EMPTY_BYTES` bytes. */
export function writeEmpty(bytes: Slice): void {
  writeHeader(bytes, Encoding.Sparse)
  bytes.buffer.set(ALL_ZEROS, bytes.start + HEADER_BYTES)
}

/** `sparseLimit`: bytes up to which it stays sparse. */
export function addElement(bytes: SplicedBytes, element: Slice, sparseLimit: number): Outcome {
  placeElement(element, placement)
  return raiseRegister(bytes, placement.register, placement.rank, sparseLimit)
}

function raiseRegister(bytes: SplicedBytes, register: number, value: number, sparseLimit: number): Outcome {
  if (!isDense(bytes)) {
    const outcome = value > SPARSE_LIMIT ? "full" : raiseSparse(bytes, register, value, sparseLimit)
    if (outcome === "raised") outdate(bytes)
    if (outcome !== "full") return outcome
    if (!becomeDense(bytes)) return "corrupt"
  }
  return raiseDense(bytes, register, value) ? "raised" : "same"
}

/** Raises the registers to these values, as far as they are lower. */
export function raiseRegisters(bytes: SplicedBytes, values: Uint8Array, sparseLimit: number): void {
  for (let register = 0; register < REGISTERS; register++) {
    if (values[register] !== 0) raiseRegister(bytes, register, values[register]!, sparseLimit)
  }
}

/** Gives it the dense form; false, and nothing is changed, when its runs are corrupt. */
export function becomeDense(bytes: SplicedBytes): boolean {
  if (isDense(bytes)) return true
  const values = new Uint8Array(REGISTERS)
  if (!mergeSparse(bytes, values)) return false
  bytes.splice(HEADER_BYTES, bytes.length - HEADER_BYTES, DENSE_BYTES - HEADER_BYTES)
  bytes.buffer.fill(0, bytes.start + HEADER_BYTES, bytes.end)
  setEncoding(bytes, Encoding.Dense)
  for (let register = 0; register < REGISTERS; register++) raiseDense(bytes, register, values[register]!)
  return true
}

/** Raises each of `highest`, one for each register, to what it is here; false when the runs are corrupt. */
export function mergeInto(highest: Uint8Array, bytes: Slice): boolean {
  if (!isDense(bytes)) return mergeSparse(bytes, highest)
  mergeDense(bytes, highest)
  return true
}

/** How many different elements it has seen, about; undefined when its runs are corrupt. */
export function cardinalityOf(bytes: Slice): number | undefined {
  histogram.fill(0)
  if (isDense(bytes)) countDense(bytes, histogram)
  else if (!countSparse(bytes, histogram)) return undefined
  return estimateCardinality(histogram)
}

/** As `cardinalityOf`, for registers of these values. */
export function cardinalityOfRegisters(values: Uint8Array): number {
  histogram.fill(0)
  for (const value of values) histogram[value]!++
  return estimateCardinality(histogram)
}
