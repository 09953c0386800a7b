/**
 * The dense form of a HyperLogLog: a register every 6 bits, the lowest bits of a byte first.
 */
import type { Slice } from "../Slice.ts"
import { DENSE_BYTES, HEADER_BYTES } from "./layout.ts"
import { REGISTERS } from "./registers.ts"

const REGISTER_BITS = 6
const REGISTER_MASK = 0x3f
/** Four registers fill three bytes. */
const GROUP_BYTES = 3

/** The bytes may end before the second one that a register could reach into: the last register does not. */
export function denseRegister({ buffer, start }: Slice, register: number): number {
  const bit = register * REGISTER_BITS
  const at = start + HEADER_BYTES + (bit >>> 3)
  return ((buffer[at]! | ((buffer[at + 1] ?? 0) << 8)) >>> (bit & 7)) & REGISTER_MASK
}

/** Raises the register to `value`; false if it is that high. */
export function raiseDense(bytes: Slice, register: number, value: number): boolean {
  if (denseRegister(bytes, register) >= value) return false
  const { buffer, start } = bytes
  const bit = register * REGISTER_BITS
  const at = start + HEADER_BYTES + (bit >>> 3)
  const shift = bit & 7
  buffer[at] = (buffer[at]! & ~(REGISTER_MASK << shift)) | (value << shift)
  if (shift > 8 - REGISTER_BITS) {
    buffer[at + 1] = (buffer[at + 1]! & ~(REGISTER_MASK >>> (8 - shift))) | (value >>> (8 - shift))
  }
  return true
}

/** Calls with every four registers, as 24 bits, and the number of the first. */
function forEachGroup({ buffer, start }: Slice, visit: (group: number, first: number) => void): void {
  let first = 0
  for (let at = start + HEADER_BYTES; at < start + DENSE_BYTES; at += GROUP_BYTES) {
    visit(buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16), first)
    first += 4
  }
}

/** Adds to `histogram`, for each value, the number of registers that have it. */
export function countDense(bytes: Slice, histogram: Uint32Array): void {
  forEachGroup(bytes, (group) => {
    histogram[group & REGISTER_MASK]!++
    histogram[(group >>> 6) & REGISTER_MASK]!++
    histogram[(group >>> 12) & REGISTER_MASK]!++
    histogram[group >>> 18]!++
  })
}

/** Raises each of `highest` to the register's value. */
export function mergeDense(bytes: Slice, highest: Uint8Array): void {
  for (let register = 0; register < REGISTERS; register++) {
    const value = denseRegister(bytes, register)
    if (value > highest[register]!) highest[register] = value
  }
}
