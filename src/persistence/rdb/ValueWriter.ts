/** How a value is written, which may be in a record that its database no longer has. */
import type { ObjectValue } from "../../keyspace/Value.ts"
import type { Dict, Ref } from "../../values/dict/Dict.ts"
import type { RdbOutput } from "../RdbOutput.ts"

/**
 * A value in the writing: each step writes a little more of it, so that a large one need not be written at one go. It must
 * not change until the last step.
 */
export type ValueWriting = Generator<void, void, void>

/** Buckets that a hash table in the middle of a resize goes on by in one step: a scan shows each element once only after that. */
export const SETTLED_PER_STEP = 16

export interface ValueWriter {
  /** What stands in the file for a value in this form, one of `Form`. */
  readonly typeOf: (form: number) => number
  /** Writes what is short; for the large form of a collection it gives back what will write it. */
  readonly write: (out: RdbOutput, records: Dict<ObjectValue>, ref: Ref) => ValueWriting | undefined
}

export function writeAll(writing: ValueWriting): void {
  while (writing.next().done !== true);
}

/** The large form of a collection. */
export function tableOf<Table extends ObjectValue>(
  tableClass: abstract new (...args: never) => Table,
  records: Dict<ObjectValue>,
  ref: Ref
): Table {
  const object = records.object(ref)
  if (object instanceof tableClass) return object
  throw new Error("A collection has a large form of another type")
}
