/** Hashes in a file. What is read is compact within the limits, as Redis loads it. */
import { type CollectionSettings, type DetachedValue, large, packed } from "../../keyspace/DetachedValue.ts"
import { stringOf } from "../../keyspace/stringOf.ts"
import { Form, ValueType } from "../../keyspace/Value.ts"
import { HashTable } from "../../values/hash/HashTable.ts"
import { ListpackBuilder } from "../../values/listpack/ListpackBuilder.ts"
import { Slice } from "../../values/Slice.ts"
import { Fault } from "../RdbInput.ts"
import type { RdbOutput } from "../RdbOutput.ts"
import { RdbType } from "../rdbFormat.ts"
import { checkPairs, forEachPair, refuseTwice } from "./packed.ts"
import { piece, type ReadValue, readBlob } from "./ValueReading.ts"
import { SETTLED_PER_STEP, tableOf, type ValueWriter, type ValueWriting } from "./ValueWriter.ts"
import { ziplistEntries, zipmapEntries } from "./ziplist.ts"

const FIELD = "a field of a hash"

const scratch = new Slice()

export const hashWriter: ValueWriter = {
  typeOf: (form) => (form === Form.Table ? RdbType.Hash : RdbType.HashListpack),
  write: (out, records, ref) => {
    if (records.encoding(ref) === Form.Table) return writeTable(out, tableOf(HashTable, records, ref))
    out.string(stringOf(records, ref, scratch))
    return undefined
  }
}

function* writeTable(out: RdbOutput, hash: HashTable): ValueWriting {
  while (hash.settle(SETTLED_PER_STEP)) yield
  out.writeLength(hash.size)
  let cursor = 0
  do {
    cursor = hash.scan(cursor, (field, value) => {
      out.string(field)
      out.string(value)
    })
    yield
  } while (cursor !== 0)
}

/** A hash that becomes large with the first field that does not fit. */
class HashBuilder {
  private readonly listpack = new ListpackBuilder()
  private readonly fields = new Set<string>()
  private table: HashTable | undefined

  constructor(
    private readonly settings: CollectionSettings,
    count: number
  ) {
    if (count > settings.limits.hashMaxListpackEntries) this.table = new HashTable(settings.hashSeed)
  }

  add(field: Slice, value: Slice): void {
    const longest = this.settings.limits.hashMaxListpackValue
    if (this.table === undefined && Math.max(field.length, value.length) <= longest) {
      refuseTwice(this.fields, field, FIELD)
      this.listpack.append(field)
      this.listpack.append(value)
      return
    }
    this.table ??= unpack(this.listpack.finish(), this.settings)
    if (!this.table.set(field, value)) throw new Fault(`it has ${FIELD} twice`)
  }

  finish(): DetachedValue {
    if (this.table !== undefined) return large(ValueType.Hash, this.table)
    return packed(ValueType.Hash, this.listpack.finish())
  }
}

function unpack(listpack: Slice, { hashSeed }: CollectionSettings): HashTable {
  const table = new HashTable(hashSeed)
  forEachPair(listpack, (field, value) => table.set(field, value))
  return table
}

export const readHash: ReadValue = function* (input, settings) {
  const count = yield* piece(() => input.length())
  const hash = new HashBuilder(settings, count)
  const field = () => hash.add(input.string(), input.string())
  for (let i = 0; i < count; i++) yield field
  return count === 0 ? undefined : hash.finish()
}

/** The hash of a listpack, whose fields and values may be as long as they are. */
function fromListpack(listpack: Slice, settings: CollectionSettings): DetachedValue | undefined {
  const size = checkPairs(listpack, FIELD)
  if (size === 0) return undefined
  if (size > settings.limits.hashMaxListpackEntries) return large(ValueType.Hash, unpack(listpack, settings))
  return packed(ValueType.Hash, listpack)
}

export const readHashListpack = readBlob(fromListpack)

export const readHashZiplist = readBlob((bytes, settings) => fromListpack(ziplistEntries(bytes).finish(), settings))

export const readHashZipmap = readBlob((bytes, settings) => {
  const listpack = zipmapEntries(bytes).finish()
  const value = fromListpack(listpack, settings)
  let longest = 0
  forEachPair(listpack, (field, { length }) => {
    longest = Math.max(longest, field.length, length)
  })
  return longest > settings.limits.hashMaxListpackValue ? large(ValueType.Hash, unpack(listpack, settings)) : value
})
