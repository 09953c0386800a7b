/** Strings in a file. */

import { packed } from "../../keyspace/DetachedValue.ts"
import { stringOf } from "../../keyspace/stringOf.ts"
import { ValueType } from "../../keyspace/Value.ts"
import { Slice } from "../../values/Slice.ts"
import { RdbType } from "../rdbFormat.ts"
import { readBlob } from "./ValueReading.ts"
import type { ValueWriter } from "./ValueWriter.ts"

const scratch = new Slice()

export const stringWriter: ValueWriter = {
  typeOf: () => RdbType.String,
  write: (out, records, ref) => {
    out.string(stringOf(records, ref, scratch))
    return undefined
  }
}

export const readString = readBlob((bytes) => packed(ValueType.String, bytes))
