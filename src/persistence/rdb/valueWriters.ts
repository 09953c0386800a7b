/** Values of every type as redis-server 7.0 writes them. */
import { type ObjectValue, ValueType } from "../../keyspace/Value.ts"
import type { Dict, Ref } from "../../values/dict/Dict.ts"
import type { RdbOutput } from "../RdbOutput.ts"
import { hashWriter } from "./hashValues.ts"
import { listWriter } from "./listValues.ts"
import { setWriter } from "./setValues.ts"
import { sortedSetWriter } from "./sortedSetValues.ts"
import { streamWriter } from "./streamValues.ts"
import { stringWriter } from "./stringValues.ts"
import { type ValueWriter, type ValueWriting, writeAll } from "./ValueWriter.ts"

const writers: Readonly<Record<number, ValueWriter>> = {
  [ValueType.String]: stringWriter,
  [ValueType.List]: listWriter,
  [ValueType.Set]: setWriter,
  [ValueType.SortedSet]: sortedSetWriter,
  [ValueType.Hash]: hashWriter,
  [ValueType.Stream]: streamWriter
}

const writerOf = (records: Dict<ObjectValue>, ref: Ref): ValueWriter => writers[records.type(ref)]!

/** What stands in the file for the kind and the form of the value. */
export const rdbTypeOf = (records: Dict<ObjectValue>, ref: Ref): number =>
  writerOf(records, ref).typeOf(records.encoding(ref))

/** Begins to write the value, and gives back what writes the rest if that was not all. */
export const beginValue = (out: RdbOutput, records: Dict<ObjectValue>, ref: Ref): ValueWriting | undefined =>
  writerOf(records, ref).write(out, records, ref)

export function writeValue(out: RdbOutput, records: Dict<ObjectValue>, ref: Ref): void {
  const rest = beginValue(out, records, ref)
  if (rest !== undefined) writeAll(rest)
}
