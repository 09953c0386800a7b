/**
 * Sets in a file. A packed one is written like a large one, because redis-server before 7.2 knows no other way; what is read
 * takes the form that Redis gives it.
 */
import { type DetachedValue, large, packed } from "../../keyspace/DetachedValue.ts"
import { stringOf } from "../../keyspace/stringOf.ts"
import { Form, ValueType } from "../../keyspace/Value.ts"
import { Entry } from "../../values/listpack/entries.ts"
import { Slice } from "../../values/Slice.ts"
import { OwnBytes } from "../../values/SplicedBytes.ts"
import { fitsIntset } from "../../values/set/AnySet.ts"
import { Intset } from "../../values/set/Intset.ts"
import { OwnSet } from "../../values/set/OwnSet.ts"
import { SetTable } from "../../values/set/SetTable.ts"
import { isIntset } from "../../values/set/validateIntset.ts"
import { Fault } from "../RdbInput.ts"
import type { RdbOutput } from "../RdbOutput.ts"
import { RdbType } from "../rdbFormat.ts"
import { checkListpack, forEachEntry, refuseTwice } from "./packed.ts"
import { piece, type ReadValue, readBlob } from "./ValueReading.ts"
import { SETTLED_PER_STEP, tableOf, type ValueWriter, type ValueWriting } from "./ValueWriter.ts"

const MEMBER = "a member of a set"

const scratch = new Slice()

export const setWriter: ValueWriter = {
  typeOf: (form) => (form === Form.Intset ? RdbType.SetIntset : RdbType.Set),
  write: (out, records, ref) => {
    const form = records.encoding(ref)
    if (form === Form.Table) return writeTable(out, tableOf(SetTable, records, ref))
    const bytes = stringOf(records, ref, scratch)
    if (form === Form.Intset) out.string(bytes)
    else {
      out.writeLength(checkListpack(bytes))
      forEachEntry(bytes, (member) => out.string(member))
    }
    return undefined
  }
}

function* writeTable(out: RdbOutput, set: SetTable): ValueWriting {
  while (set.settle(SETTLED_PER_STEP)) yield
  out.writeLength(set.size)
  let cursor = 0
  do {
    cursor = set.scan(cursor, (member) => out.string(member))
    yield
  } while (cursor !== 0)
}

export const readSet: ReadValue = function* (input, { hashSeed, limits }) {
  const count = yield* piece(() => input.length())
  const set = OwnSet.intset(limits, hashSeed)
  set.prepare(count)
  const member = () => {
    if (!set.add(input.string())) throw new Fault(`it has ${MEMBER} twice`)
  }
  for (let i = 0; i < count; i++) yield member
  return count === 0 ? undefined : finish(set)
}

function finish({ bytes, isIntset, table }: OwnSet): DetachedValue {
  if (table !== undefined) return large(ValueType.Set, table)
  return isIntset ? { type: ValueType.Set, form: Form.Intset, bytes } : packed(ValueType.Set, bytes)
}

export const readIntset = readBlob((bytes, { hashSeed, limits }) => {
  if (!isIntset(bytes)) throw new Fault("it has an intset that is damaged")
  const intset = new Intset(new OwnBytes(bytes.view()))
  if (fitsIntset(intset.count, limits)) return { type: ValueType.Set, form: Form.Intset, bytes }
  const entry = new Entry()
  const table = new SetTable(hashSeed)
  for (let i = 0; i < intset.count; i++) table.add(intset.read(i, entry))
  return large(ValueType.Set, table)
})

export const readSetListpack = readBlob((listpack, { hashSeed, limits }) => {
  const count = checkListpack(listpack)
  if (count === 0) return undefined
  const members = new Set<string>()
  forEachEntry(listpack, (member) => refuseTwice(members, member, MEMBER))
  if (count <= limits.setMaxListpackEntries) return packed(ValueType.Set, listpack)
  const table = new SetTable(hashSeed)
  forEachEntry(listpack, (member) => table.add(member))
  return large(ValueType.Set, table)
})
