import { assert, describe, it } from "@effect/vitest"
import { Slice } from "../../../src/values/Slice.ts"
import type { SetLimits } from "../../../src/values/set/AnySet.ts"
import { OwnSet } from "../../../src/values/set/OwnSet.ts"
import { Randomness } from "../../support/Randomness.ts"

const membersOf = (set: OwnSet): ReadonlyArray<string> => {
  const members: Array<string> = []
  set.forEach((member) => {
    members.push(member.toString())
  })
  return members.sort()
}

const formOf = (set: OwnSet): string => (set.table !== undefined ? "table" : set.isIntset ? "intset" : "listpack")

/** The form that a set has to have by the rules, given the one before and what was added. */
function nextForm(before: string, model: ReadonlySet<string>, added: string, limits: SetLimits): string {
  const isInteger = /^(0|-?[1-9]\d*)$/.test(added)
  if (before === "intset" && isInteger) return model.size > limits.setMaxIntsetEntries ? "table" : "intset"
  if (before === "table") return "table"
  const longest = before === "intset" ? [...model] : [added]
  const fits =
    model.size <= limits.setMaxListpackEntries && longest.every(({ length }) => length <= limits.setMaxListpackValue)
  return fits ? "listpack" : "table"
}

describe("a set in any of its forms", () => {
  it("holds what a set of strings holds, in the form that Redis would choose", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Randomness(seed)
      const limits: SetLimits = {
        setMaxIntsetEntries: random.below(12),
        setMaxListpackEntries: random.below(16),
        setMaxListpackValue: 2 + random.below(12)
      }
      const set = random.oneIn(2) ? OwnSet.intset(limits, [seed, 7]) : OwnSet.packed(limits, [seed, 7])
      const model = new Set<string>()
      let form = formOf(set)
      const drawn = (): string => {
        if (random.oneIn(30)) return "x".repeat(random.below(20))
        const number = String(random.below(30) * (random.oneIn(5) ? 1_000_000_000_000_000 : 1) - 10)
        return random.oneIn(6) ? `m${number}` : number
      }
      for (let step = 0; step < 300; step++) {
        const member = drawn()
        if (random.below(5) < 3) {
          const isNew = !model.has(member)
          model.add(member)
          assert.strictEqual(set.add(Slice.latin1(member)), isNew)
          if (isNew) form = nextForm(form, model, member, limits)
        } else if (random.oneIn(2)) assert.strictEqual(set.delete(Slice.latin1(member)), model.delete(member))
        else if (model.size > 0) {
          assert.isTrue(model.delete(set.pick(random.next).toString()))
          set.deletePicked()
        }
        assert.strictEqual(formOf(set), form)
        assert.strictEqual(set.size, model.size)
        const probe = drawn()
        assert.strictEqual(set.has(Slice.latin1(probe)), model.has(probe))
        assert.deepStrictEqual(membersOf(set), [...model].sort())
      }
    }
  })

  it("is scanned whole while members come and go", () => {
    const set = OwnSet.packed({ setMaxIntsetEntries: 4, setMaxListpackEntries: 4, setMaxListpackValue: 64 }, [1, 2])
    for (let i = 0; i < 300; i++) set.add(Slice.latin1(`stays${i}`))
    const seen = new Set<string>()
    let cursor = 0
    let round = 0
    do {
      cursor = set.scan(cursor, (member) => {
        seen.add(member.toString())
      })
      set.add(Slice.latin1(`comes${round}`))
      set.delete(Slice.latin1(`comes${round - 5}`))
      round++
    } while (cursor !== 0)
    for (let i = 0; i < 300; i++) assert.isTrue(seen.has(`stays${i}`))
  })

  it("becomes an intset when it holds integers only", () => {
    const limits: SetLimits = { setMaxIntsetEntries: 3, setMaxListpackEntries: 4, setMaxListpackValue: 64 }
    const set = OwnSet.packed(limits, [1, 2])
    for (const member of ["3", "1", "a"]) set.add(Slice.latin1(member))
    set.becomeIntsetIfPossible()
    assert.strictEqual(formOf(set), "listpack")
    set.delete(Slice.latin1("a"))
    set.becomeIntsetIfPossible()
    assert.strictEqual(formOf(set), "intset")
    assert.deepStrictEqual(membersOf(set), ["1", "3"])
  })
})
