/**
 * The sparse form of a HyperLogLog: runs of registers that have the same value, one after the other, as in Redis.
 *
 * ```
 * 00xxxxxx           1 to 64 registers that are 0
 * 01xxxxxx yyyyyyyy  1 to 16384 registers that are 0
 * 1vvvvvxx           1 to 4 registers of a value from 1 to 32
 * ```
 *
 * The runs of a valid one cover all registers; a client may have stored any bytes, so nothing here relies on that.
 */
import type { Slice } from "../Slice.ts"
import type { SplicedBytes } from "../SplicedBytes.ts"
import { HEADER_BYTES } from "./layout.ts"
import { REGISTERS } from "./registers.ts"

/** The highest value that a run can have. */
export const SPARSE_LIMIT = 32
const ZERO_RUN = 64
const VALUE_RUN = 4
/** After a change, so many runs from the one before it on are looked at for two that make one. */
const MERGE_SCAN = 5

/** A run of zeros, in two bytes, as long as one can be. */
export const ALL_ZEROS = [0x7f, 0xff]

const isValue = (byte: number): boolean => byte >= 0x80
const isLongZero = (byte: number): boolean => (byte & 0xc0) === 0x40
const levelOf = (byte: number): number => ((byte >>> 2) & 0x1f) + 1
const lengthOf = (byte: number): number => (byte & 3) + 1
const longLength = (byte: number, after: number): number => (((byte & 0x3f) << 8) | after) + 1
const valueRun = (value: number, length: number): number => 0x80 | ((value - 1) << 2) | (length - 1)

/** Goes through the runs of a HyperLogLog. */
class SparseRuns {
  /** Where the run begins in the bytes. */
  at = 0
  /** Bytes of the run. */
  size = 0
  /** The first register that it covers. */
  first = 0
  /** Registers that it covers. */
  length = 0
  value = 0
  /** Where the run before this one begins, or this one if it is the first; known after `find`. */
  before = 0
  private bytes!: Slice

  /** Goes to before the first run. */
  begin(bytes: Slice): this {
    this.bytes = bytes
    this.at = HEADER_BYTES
    this.size = 0
    this.first = 0
    this.length = 0
    return this
  }

  /** Goes to the next run; false at the end. */
  next(): boolean {
    const { bytes } = this
    this.at += this.size
    this.first += this.length
    this.size = 0
    this.length = 0
    if (this.at >= bytes.length) return false
    const byte = bytes.at(this.at)
    this.size = isLongZero(byte) ? 2 : 1
    this.value = isValue(byte) ? levelOf(byte) : 0
    if (isValue(byte)) this.length = lengthOf(byte)
    // A run that the end of the string cuts short reads as if a zero followed.
    else if (isLongZero(byte)) this.length = longLength(byte, this.byteAfter)
    else this.length = byte + 1
    return true
  }

  /** Goes to the run that covers the register; false when there is none. In local variables: adding spends its time here. */
  find(register: number): boolean {
    const { buffer, length, start } = this.bytes
    let at = HEADER_BYTES
    let first = 0
    let before = at
    while (at < length) {
      const byte = buffer[start + at]!
      const long = isLongZero(byte)
      const covered = isValue(byte) ? lengthOf(byte) : long ? longLength(byte, buffer[start + at + 1] ?? 0) : byte + 1
      if (register < first + covered) break
      before = at
      at += long ? 2 : 1
      first += covered
    }
    this.at = at
    this.size = 0
    this.first = first
    this.length = 0
    this.before = before
    return this.next()
  }

  private get byteAfter(): number {
    return this.at + 1 < this.bytes.length ? this.bytes.at(this.at + 1) : 0
  }

  /** As `next`, as long as the runs stay within the registers: after the last one `first` is REGISTERS, or they are corrupt. */
  nextValid(): boolean {
    return this.next() && this.first + this.length <= REGISTERS
  }

  /** After `nextValid` was false: whether the runs cover all registers and no more. */
  get cover(): boolean {
    return this.length === 0 && this.first === REGISTERS
  }
}

const runs = new SparseRuns()

/** Adds to `histogram`, for each value, the number of registers that have it; false when the runs are corrupt. */
export function countSparse(bytes: Slice, histogram: Uint32Array): boolean {
  runs.begin(bytes)
  while (runs.nextValid()) histogram[runs.value]! += runs.length
  return runs.cover
}

/** Raises each of `highest` to the register's value; false when the runs are corrupt. */
export function mergeSparse(bytes: Slice, highest: Uint8Array): boolean {
  runs.begin(bytes)
  while (runs.nextValid()) {
    const { first, length, value } = runs
    for (let register = first; register < first + length; register++) {
      if (value > highest[register]!) highest[register] = value
    }
  }
  return runs.cover
}

/** The runs in the notation of PFDEBUG DECODE. */
export function describeRuns(bytes: Slice): string {
  const words: Array<string> = []
  runs.begin(bytes)
  while (runs.next()) {
    if (runs.value > 0) words.push(`v:${runs.value},${runs.length}`)
    else words.push(`${runs.size === 2 ? "Z" : "z"}:${runs.length}`)
  }
  return words.join(" ")
}

/** The runs that take the place of one, which is split. */
const pieces = new Uint8Array(5)
let used = 0

/** Adds a run to `pieces`, unless it is empty. */
function addPiece(value: number, length: number): void {
  if (length === 0) return
  if (value > 0) pieces[used++] = valueRun(value, length)
  else {
    if (length > ZERO_RUN) pieces[used++] = 0x40 | ((length - 1) >>> 8)
    pieces[used++] = (length - 1) & 0xff
  }
}

/**
 * Raises the register to `value`, which is at most SPARSE_LIMIT. `full`: the bytes would become more than `limit`, and
 * nothing was changed.
 */
export function raiseSparse(
  bytes: SplicedBytes,
  register: number,
  value: number,
  limit: number
): "raised" | "same" | "full" | "corrupt" {
  if (!runs.begin(bytes).find(register)) return "corrupt"
  if (runs.at + runs.size > bytes.length) return "corrupt"
  if (runs.value >= value) return "same"
  if (runs.size === 1 && runs.length === 1) bytes.buffer[bytes.start + runs.at] = valueRun(value, 1)
  else {
    used = 0
    addPiece(runs.value, register - runs.first)
    addPiece(value, 1)
    addPiece(runs.value, runs.first + runs.length - 1 - register)
    if (used > runs.size && bytes.length + used - runs.size > limit) return "full"
    replaceRun(bytes)
  }
  mergeRuns(bytes, runs.before)
  return "raised"
}

/** Puts the pieces in the place of the run. */
function replaceRun(bytes: SplicedBytes): void {
  const { at, size } = runs
  bytes.splice(at, size, used)
  for (let i = 0; i < used; i++) bytes.buffer[bytes.start + at + i] = pieces[i]!
}

/** From the run at `from` on, makes neighbours of one value a single run where that can hold them. */
function mergeRuns(bytes: SplicedBytes, from: number): void {
  let at = from
  for (let scans = MERGE_SCAN; at < bytes.length && scans > 0; scans--) {
    const byte = bytes.at(at)
    if (!isValue(byte)) at += isLongZero(byte) ? 2 : 1
    else if (!mergeWithNext(bytes, at)) at++
  }
}

function mergeWithNext(bytes: SplicedBytes, at: number): boolean {
  if (at + 1 >= bytes.length) return false
  const left = bytes.at(at)
  const right = bytes.at(at + 1)
  const length = lengthOf(left) + lengthOf(right)
  if (!isValue(right) || levelOf(left) !== levelOf(right) || length > VALUE_RUN) return false
  bytes.buffer[bytes.start + at + 1] = valueRun(levelOf(left), length)
  bytes.splice(at, 1, 0)
  return true
}
