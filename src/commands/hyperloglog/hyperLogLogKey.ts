/**
 * Keys that hold a HyperLogLog, for its commands.
 */
import { notAHyperLogLog } from "../../Errors.ts"
import type { Database, Ref } from "../../keyspace/Database.ts"
import { RecordBytes } from "../../keyspace/views/RecordBytes.ts"
import { isHyperLogLog } from "../../values/hyperloglog/layout.ts"
import { Slice } from "../../values/Slice.ts"

const found = new Slice()
const changing = new RecordBytes()

/** The HyperLogLog of the record, to be read. Throws if the string is none. */
export function hyperLogLog(db: Database, ref: Ref): Slice {
  if (!isHyperLogLog(db.string(ref, found))) throw notAHyperLogLog
  return found
}

/** As `hyperLogLog`, to be changed in place: to Redis the string is one that was, even if it then is not. */
export function changingHyperLogLog(db: Database, ref: Ref): RecordBytes {
  hyperLogLog(db, ref)
  changing.point(db, db.resizeString(ref, db.stringLength(ref)))
  return changing
}
