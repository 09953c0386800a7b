/** Sorted sets in a file. What is read is compact within the limits, as Redis loads it. */
import { type CollectionSettings, type DetachedValue, large, packed } from "../../keyspace/DetachedValue.ts"
import { stringOf } from "../../keyspace/stringOf.ts"
import { Form, ValueType } from "../../keyspace/Value.ts"
import type { Entry } from "../../values/listpack/entries.ts"
import { parseDouble } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import { PackedSortedSet } from "../../values/sortedset/PackedSortedSet.ts"
import { SortedSet } from "../../values/sortedset/SortedSet.ts"
import { Fault, type RdbInput } from "../RdbInput.ts"
import type { RdbOutput } from "../RdbOutput.ts"
import { RdbType } from "../rdbFormat.ts"
import { checkPairs, forEachPair } from "./packed.ts"
import { piece, type ReadValue, readBlob } from "./ValueReading.ts"
import { tableOf, type ValueWriter, type ValueWriting } from "./ValueWriter.ts"
import { ziplistEntries } from "./ziplist.ts"

const MEMBER = "a member of a sorted set"
const NOT_A_SCORE = "it has a score of a sorted set that is no number"

/** Lengths of scores as text that stand for what is not written as digits. */
const NOT_A_NUMBER = 253
const INFINITE = 254
const MINUS_INFINITE = 255

/** To find the first of them costs as much as to write some. */
const MEMBERS_PER_STEP = 32

const scratch = new Slice()

export const sortedSetWriter: ValueWriter = {
  typeOf: (form) => (form === Form.Table ? RdbType.SortedSet : RdbType.SortedSetListpack),
  write: (out, records, ref) => {
    if (records.encoding(ref) === Form.Table) return writeTable(out, tableOf(SortedSet, records, ref))
    out.string(stringOf(records, ref, scratch))
    return undefined
  }
}

/** The greatest first: this is how a skip list is built up at the least cost. */
function* writeTable(out: RdbOutput, set: SortedSet): ValueWriting {
  out.writeLength(set.size)
  for (let left = set.size; left > 0; left -= MEMBERS_PER_STEP) {
    set.forEachInRanksReverse(Math.max(0, left - MEMBERS_PER_STEP), left, (member, score) => {
      out.string(member)
      out.double(score)
    })
    yield
  }
}

function scoreAsText(input: RdbInput): number {
  const length = input.byte()
  if (length === NOT_A_NUMBER) return Number.NaN
  if (length === INFINITE) return Number.POSITIVE_INFINITY
  if (length === MINUS_INFINITE) return Number.NEGATIVE_INFINITY
  return parseDouble(input.raw(length)) ?? Number.NaN
}

const readMembers = (readScore: (input: RdbInput) => number): ReadValue =>
  function* (input, settings) {
    const set = new SortedSet(settings.hashSeed)
    let longest = 0
    const count = yield* piece(() => input.length())
    const member = () => {
      const member = input.string()
      const score = readScore(input)
      if (Number.isNaN(score)) throw new Fault(NOT_A_SCORE)
      if (!set.set(member, score)) throw new Fault(`it has ${MEMBER} twice`)
      longest = Math.max(longest, member.length)
    }
    for (let i = 0; i < count; i++) yield member
    return count === 0 ? undefined : finish(set, longest, settings)
  }

export const readSortedSet = readMembers((input) => input.double())

export const readSortedSetText = readMembers(scoreAsText)

function finish(set: SortedSet, longest: number, { limits }: CollectionSettings): DetachedValue {
  const isSmall = set.size <= limits.zsetMaxListpackEntries && longest <= limits.zsetMaxListpackValue
  return isSmall ? packed(ValueType.SortedSet, PackedSortedSet.pack(set)) : large(ValueType.SortedSet, set)
}

/** The sorted set of a listpack, whose members may be as long as they are. */
function fromListpack(listpack: Slice, settings: CollectionSettings): DetachedValue | undefined {
  const size = checkPairs(listpack, MEMBER)
  if (size === 0) return undefined
  let before = Number.NEGATIVE_INFINITY
  let ascends = true
  forEachPair(listpack, (_member, score) => {
    const value = scoreOf(score)
    ascends &&= value > before
    before = value
  })
  const isLarge = size > settings.limits.zsetMaxListpackEntries
  if (ascends && !isLarge) return packed(ValueType.SortedSet, listpack)
  // Members of one score have an order, too: a sorted set finds it, whatever it was.
  const set = new SortedSet(settings.hashSeed)
  forEachPair(listpack, (member, score) => set.set(member, scoreOf(score)))
  return isLarge ? large(ValueType.SortedSet, set) : packed(ValueType.SortedSet, PackedSortedSet.pack(set))
}

function scoreOf(entry: Entry): number {
  const score = entry.isInteger ? entry.integer : parseDouble(entry)
  if (score === undefined) throw new Fault(NOT_A_SCORE)
  return score
}

export const readSortedSetListpack = readBlob(fromListpack)

export const readSortedSetZiplist = readBlob((bytes, settings) =>
  fromListpack(ziplistEntries(bytes).finish(), settings)
)
