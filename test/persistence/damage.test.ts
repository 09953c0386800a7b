/** Payloads of every way of writing a value, as they are and damaged at random: what is taken is sound, all else is refused. */
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { insertDetached } from "../../src/keyspace/DetachedValue.ts"
import { valueDigest } from "../../src/keyspace/datasetDigest.ts"
import { KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { memoryOf } from "../../src/keyspace/memoryUsage.ts"
import { encodingName, facetsOf } from "../../src/keyspace/types/valueTypes.ts"
import { dumpPayload, isPayload, readPayload } from "../../src/persistence/dumpPayload.ts"
import { Slice } from "../../src/values/Slice.ts"
import { Randomness } from "../support/Randomness.ts"
import { everyFormat } from "./oldFormats.ts"

const MUTATIONS = 5000
const FOOTER = new Uint8Array(10)

const keyspace = Effect.gen(function* () {
  const state = new KeyspaceState(1, [1, 2], () => 0.5)
  state.begin(yield* Clock.Clock)
  return state
})

const key = Slice.latin1("key")

/** What a digest is after the value has been taken, looked at from all sides, and written again; undefined if it is refused. */
function take(state: KeyspaceState, bytes: Uint8Array): string | undefined {
  const db = state.databases[0]!
  const value = readPayload(new Slice(Buffer.concat([bytes, FOOTER])), state)
  if (value === undefined) return undefined
  const ref = insertDetached(db, key, value)
  const digest = valueDigest(db, ref)
  assert.isAbove(memoryOf(db, ref), 0)
  assert.isString(encodingName(db, ref))
  let commands = 0
  facetsOf(db, ref).rebuild(db, ref, key, () => commands++)
  assert.isAbove(commands, 0)
  const payload = new Slice(dumpPayload(db.dict, ref))
  db.delete(key)
  assert.isTrue(isPayload(payload))
  const again = readPayload(payload, state)
  if (again === undefined) throw new Error("what was written cannot be read")
  assert.strictEqual(valueDigest(db, insertDetached(db, key, again)), digest)
  db.delete(key)
  return digest
}

/** One to four changes: another byte, bytes less, bytes more. */
function damage(bytes: Uint8Array, random: Randomness): Uint8Array {
  let damaged = Buffer.from(bytes)
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    // The type stays.
    const at = 1 + random.below(damaged.length)
    const kind = random.below(8)
    if (kind === 0) damaged = damaged.subarray(0, Math.max(at, 1))
    else if (kind === 1) damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + 1 + random.below(3))])
    else if (kind === 2) {
      damaged = Buffer.concat([damaged.subarray(0, at), Buffer.from([random.below(256)]), damaged.subarray(at)])
    } else if (at < damaged.length) {
      damaged = Buffer.from(damaged)
      damaged[at] = random.oneIn(3) ? random.pick([0, 1, 127, 128, 254, 255]) : damaged[at]! ^ (1 << random.below(8))
    }
  }
  return damaged
}

describe("a payload", () => {
  for (const [name, bytes] of Object.entries(everyFormat)) {
    it.effect(`is taken, and damaged is refused or sound: ${name}`, () =>
      Effect.gen(function* () {
        const state = yield* keyspace
        assert.isString(take(state, bytes))
        for (let length = 0; length < bytes.length; length++) take(state, bytes.subarray(0, length))
        const random = new Randomness(name.length * 7919)
        let refused = 0
        for (let i = 0; i < MUTATIONS; i++) if (take(state, damage(bytes, random)) === undefined) refused++
        assert.isAbove(refused, 0)
        assert.strictEqual(state.databases[0]!.size, 0)
      })
    )
  }
})
