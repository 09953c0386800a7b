/**
 * What sorted sets are combined of: other sorted sets, and sets, whose members count with a score of 1.
 */
import { wrongType } from "../../Errors.ts"
import { ValueType } from "../../keyspace/Value.ts"
import { SetView } from "../../keyspace/views/SetView.ts"
import { SortedSetView } from "../../keyspace/views/SortedSetView.ts"
import type { Slice } from "../../values/Slice.ts"
import type { VisitMember } from "../../values/sortedset/SortedSet.ts"
import type { Context } from "../Context.ts"

export interface Source {
  weight: number
  readonly size: number
  readonly score: (member: Slice) => number | undefined
  /** Visits the members, the highest score first, as Redis does, until there are enough; that is asked now and then. */
  readonly forEach: (visit: VisitMember, isEnough?: () => boolean) => void
}

/** So many members are visited before asking whether there are enough. */
const PORTION = 128

const never = (): boolean => false

const nothing = (): Source => ({ weight: 1, size: 0, score: () => undefined, forEach: () => {} })

function sortedSetSource(set: SortedSetView): Source {
  return {
    weight: 1,
    size: set.size,
    score: (member) => set.score(member),
    forEach: (visit, isEnough = never) => {
      for (let to = set.size; to > 0 && !isEnough(); to -= PORTION) {
        set.forEachInRanks(Math.max(0, to - PORTION), to, visit, true)
      }
    }
  }
}

function setSource(set: SetView): Source {
  return {
    weight: 1,
    size: set.size,
    score: (member) => (set.has(member) ? 1 : undefined),
    forEach: (visit, isEnough = never) => {
      let cursor = 0
      do cursor = set.scan(cursor, (member) => visit(member, 1))
      while (cursor !== 0 && !isEnough())
    }
  }
}

/** The set or sorted set under the key that is the word at `index`. */
export function findSource({ args, db }: Context, index: number): Source {
  const ref = db.read(args.at(index))
  if (ref === 0) return nothing()
  const type = db.dict.type(ref)
  if (type === ValueType.SortedSet) return sortedSetSource(new SortedSetView().open(db, ref))
  if (type === ValueType.Set) return setSource(new SetView().open(db, ref))
  throw wrongType
}
