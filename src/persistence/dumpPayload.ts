/**
 * A value outside of any file, as DUMP gives it and RESTORE takes it: what stands in an RDB file for it, the version of the
 * format (two bytes), and a checksum of both (https://redis.io/docs/latest/commands/dump/).
 */
import type { CollectionSettings, DetachedValue } from "../keyspace/DetachedValue.ts"
import type { ObjectValue } from "../keyspace/Value.ts"
import type { Dict, Ref } from "../values/dict/Dict.ts"
import { Slice } from "../values/Slice.ts"
import { Crc64 } from "./Crc64.ts"
import { Fault, RdbInput, Shortage } from "./RdbInput.ts"
import { RdbOutput } from "./RdbOutput.ts"
import { readAtOnce } from "./rdb/ValueReading.ts"
import { valueReaders } from "./rdb/valueReaders.ts"
import { rdbTypeOf, writeValue } from "./rdb/valueWriters.ts"
import { LATEST_VERSION, WRITTEN_VERSION } from "./rdbFormat.ts"

const VERSION_BYTES = 2
const CHECKSUM_BYTES = 8
const FOOTER_BYTES = VERSION_BYTES + CHECKSUM_BYTES

/** Most values are small. */
const INITIAL_BYTES = 256

const checksum = (bytes: Uint8Array, start: number, end: number): Uint8Array => {
  const crc = new Crc64()
  crc.update(bytes, start, end)
  return crc.bytes
}

export function dumpPayload(records: Dict<ObjectValue>, ref: Ref): Uint8Array {
  const out = new RdbOutput(INITIAL_BYTES)
  out.byte(rdbTypeOf(records, ref))
  writeValue(out, records, ref)
  out.byte(WRITTEN_VERSION)
  out.byte(0)
  out.raw(new Slice(checksum(out.bytes, 0, out.length)))
  return out.take()
}

/** Whether the payload is of a version that is known, and whole. */
export function isPayload({ buffer, end, length, start }: Slice): boolean {
  if (length < FOOTER_BYTES) return false
  const footer = end - FOOTER_BYTES
  if ((buffer[footer]! | (buffer[footer + 1]! << 8)) > LATEST_VERSION) return false
  return checksum(buffer, start, end - CHECKSUM_BYTES).every((byte, i) => byte === buffer[end - CHECKSUM_BYTES + i])
}

/** The value in a payload; undefined if it is damaged or there are no elements in it. It is valid as long as the payload. */
export function readPayload({ buffer, length, start }: Slice, settings: CollectionSettings): DetachedValue | undefined {
  const input = RdbInput.of(buffer.subarray(start, start + Math.max(0, length - FOOTER_BYTES)))
  try {
    const read = valueReaders[input.byte()]
    return read && readAtOnce(input, read(input, settings))
  } catch (stop) {
    if (stop instanceof Fault || stop instanceof Shortage) return undefined
    throw stop
  }
}
