import { assert, describe, it } from "@effect/vitest"
import { type Presence, type Watcher, Watches } from "../../src/keyspace/Watches.ts"
import { Slice } from "../../src/values/Slice.ts"

const KEY = "k"

/** A client that watches the key, which is expired at that moment or not. */
const watching = (expired = false) => {
  const watches = new Watches()
  const watcher: Watcher = { watched: [], dirty: false }
  watches.watch(watcher, 0, KEY, expired)
  return { watches, watcher }
}

describe("a watched key", () => {
  it("fails the transaction when it changes, in its own database only", () => {
    const { watches, watcher } = watching()
    watches.touch(1, Slice.latin1(KEY), true)
    watches.touch(0, Slice.latin1("other"), true)
    assert.isFalse(watcher.dirty)
    watches.touch(0, Slice.latin1(KEY), true)
    assert.isTrue(watcher.dirty)
  })

  it("that was expired already may go, but not come back", () => {
    const { watches, watcher } = watching(true)
    watches.touch(0, Slice.latin1(KEY), false)
    assert.isFalse(watcher.dirty)
    watches.touch(0, Slice.latin1(KEY), true)
    assert.isTrue(watcher.dirty)
  })

  it("is forgotten with UNWATCH", () => {
    const { watches, watcher } = watching()
    watches.unwatch(watcher)
    assert.isFalse(watches.active)
    watches.touch(0, Slice.latin1(KEY), true)
    assert.isFalse(watcher.dirty)
  })

  it("counts once however often it is watched", () => {
    const { watches, watcher } = watching()
    watches.watch(watcher, 0, KEY, false)
    assert.strictEqual(watcher.watched.length, 1)
  })
})

describe("a database that is emptied or replaced", () => {
  const cases: ReadonlyArray<readonly [expired: boolean, before: Presence, after: Presence, dirty: boolean]> = [
    [false, "absent", "absent", false],
    [false, "absent", "alive", true],
    [false, "absent", "expired", false],
    [false, "alive", "absent", true],
    [false, "alive", "alive", true],
    [false, "alive", "expired", true],
    [true, "expired", "absent", false],
    [true, "expired", "expired", false],
    [true, "expired", "alive", true]
  ]
  for (const [expired, before, after, dirty] of cases) {
    const seen = expired ? "seen as expired" : "seen as it was"
    it(`${dirty ? "fails" : "lets pass"} who watches a key, ${seen}, that was ${before} and is ${after}`, () => {
      const { watches, watcher } = watching(expired)
      watches.replace(
        0,
        () => before,
        () => after
      )
      assert.strictEqual(watcher.dirty, dirty)
    })
  }

  it("lets a key that came as an expired one go again", () => {
    const { watches, watcher } = watching()
    watches.replace(
      0,
      () => "absent",
      () => "expired"
    )
    watches.touch(0, Slice.latin1(KEY), false)
    assert.isFalse(watcher.dirty)
  })

  it("leaves the keys of other databases alone", () => {
    const { watches, watcher } = watching()
    watches.replace(
      1,
      () => "alive",
      () => "absent"
    )
    assert.isFalse(watcher.dirty)
  })
})
