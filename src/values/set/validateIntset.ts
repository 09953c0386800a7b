/** Whether bytes that come from outside are an intset: see `Intset` for the layout. */
import type { Slice } from "../Slice.ts"

const HEADER_BYTES = 8

type ReadInteger = (view: DataView, at: number) => number | bigint

/** By how many bytes an integer has. */
const readers: Readonly<Record<number, ReadInteger>> = {
  2: (view, at) => view.getInt16(at, true),
  4: (view, at) => view.getInt32(at, true),
  8: (view, at) => view.getBigInt64(at, true)
}

/** An intset has at least one integer. */
export function isIntset({ buffer, length, start }: Slice): boolean {
  if (length <= HEADER_BYTES) return false
  const view = new DataView(buffer.buffer, buffer.byteOffset + start, length)
  const width = view.getUint32(0, true)
  const read = readers[width]
  if (read === undefined || view.getUint32(4, true) * width !== length - HEADER_BYTES) return false
  for (let at = HEADER_BYTES + width; at < length; at += width) {
    if (read(view, at) <= read(view, at - width)) return false
  }
  return true
}
