/**
 * Where a bit lies in a string, as SETBIT, GETBIT and BITFIELD are told, and the string made long enough to hold it.
 */
import { notABitOffset } from "../../Errors.ts"
import { parseSafeInteger } from "../../values/numbers.ts"
import type { Slice } from "../../values/Slice.ts"
import type { Context } from "../Context.ts"

const HASH = 35

/** What a file holds was within the limit when it was written. */
function check(offset: number, { config, keyspace }: Context): number {
  const limit = keyspace.loading ? Number.POSITIVE_INFINITY : config.values.protoMaxBulkLen * 8
  if (!(offset >= 0 && offset < limit)) throw notABitOffset
  return offset
}

/** The bit position that the word at `index` gives; strings end at proto-max-bulk-len. */
export const readBitOffset = (ctx: Context, index: number): number => check(parseSafeInteger(ctx.args.at(index)), ctx)

/** As `readBitOffset`; `#n` is the n-th field of `width` bits. */
export function readFieldOffset(ctx: Context, index: number, width: number): number {
  const text = ctx.args.at(index)
  if (text.length === 0 || text.at(0) !== HASH) return check(parseSafeInteger(text), ctx)
  text.start++
  text.length--
  return check(parseSafeInteger(text) * width, ctx)
}

/**
 * Opens the string at the command's key for writing up to `lastBit`: makes it if need be, adds zeros if it is too short, and
 * puts it into `into`. Says whether it grew.
 */
export function openBits({ args, db }: Context, lastBit: number, into: Slice): boolean {
  const key = args.at(1)
  const found = db.writeString(key)
  const before = found === 0 ? 0 : db.stringLength(found)
  const needed = Math.floor(lastBit / 8) + 1
  const ref = found === 0 ? db.insertZeros(key, needed) : db.resizeString(found, Math.max(before, needed))
  db.string(ref, into)
  return needed > before
}
