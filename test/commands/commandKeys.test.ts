/** The keys of commands of every shape; what redis-server answers to COMMAND GETKEYS and COMMAND INFO for the like. */
import { assert, describe, it } from "@effect/vitest"
import { Args } from "../../src/commands/Args.ts"
import { type CommandDefinition, type KeySpec, keys } from "../../src/commands/Command.ts"
import { commandKeys, takesKeys } from "../../src/commands/commandKeys.ts"
import { keyRange } from "../../src/commands/keyRange.ts"
import { RequestDecoder } from "../../src/protocol/RequestDecoder.ts"
import { encodeCommand } from "../support/request.ts"

const definition = (specs: ReadonlyArray<KeySpec>): CommandDefinition => ({
  name: "command",
  summary: "Do nothing",
  since: "1.0.0",
  group: "generic",
  arity: -1,
  flags: [],
  keys: specs,
  run: () => undefined
})

function argsOf(line: string): Args {
  const decoder = new RequestDecoder()
  decoder.push(encodeCommand(line.split(" ")))
  decoder.decode()
  const args = new Args()
  args.point(decoder.buffer, decoder.frames, 0)
  return args
}

function found(specs: ReadonlyArray<KeySpec>, line: string): string | undefined {
  const args = argsOf(line)
  return commandKeys(definition(specs), args)
    ?.map(({ index }) => args.text(index))
    .join(" ")
}

const counted = (at: number): KeySpec => ({
  flags: ["RO", "access"],
  begin: { index: at },
  find: { keyNumIndex: 0, firstKey: 1, step: 1 }
})
const unknown: KeySpec = { flags: ["OW", "update"], begin: "unknown", find: "unknown" }

const zunion = [counted(1)]
const zunionstore = [keys(["OW", "update"]), counted(2)]
const sort = [keys(["RO", "access"]), unknown]
const blpop = [keys(["RW", "access", "delete"], 1, -2)]
const xread: ReadonlyArray<KeySpec> = [
  {
    flags: ["RO", "access"],
    begin: { keyword: "STREAMS", from: 1 },
    find: { lastKey: -1, step: 1, limit: 2 }
  }
]
const migrateKeys: KeySpec = {
  flags: ["RW", "access", "delete"],
  begin: { keyword: "KEYS", from: -2 },
  find: { lastKey: -1, step: 1, limit: 0 }
}
const migrate: ReadonlyArray<KeySpec> = [
  keys(["RW", "access", "delete"], 3),
  { ...migrateKeys, flags: [...migrateKeys.flags, "incomplete"] }
]
const spublish = [keys(["not_key"])]

describe("the keys of a command", () => {
  it("stand at an index, up to one counted from the end", () => {
    assert.strictEqual(found(blpop, "blpop a b 0"), "a b")
    assert.strictEqual(found(blpop, "blpop a 0"), "a")
    assert.strictEqual(found(blpop, "blpop 0"), undefined)
    assert.strictEqual(found([keys(["OW", "update"], 1, -1, 2)], "mset a 1 b 2"), "a b")
    assert.strictEqual(found([keys(["OW", "update"], 1, -1, 2)], "mset a 1 b"), "a b")
  })

  it("stand behind their number", () => {
    assert.strictEqual(found(zunion, "zunion 2 a b WEIGHTS 1 2"), "a b")
    assert.strictEqual(found(zunionstore, "zunionstore to 1 a"), "to a")
    for (const number of ["0", "-1", "3", "x", "1.5", "9223372036854775807", "18446744073709551617"]) {
      assert.strictEqual(found(zunion, `zunion ${number} a b`), undefined, number)
    }
    assert.strictEqual(found(zunion, "zunion"), undefined)
  })

  it("stand behind a keyword, looked for from either end", () => {
    assert.strictEqual(found(xread, "xread COUNT 1 streams a b 0 0"), "a b")
    assert.strictEqual(found(xread, "xread STREAMS a b 0"), "a")
    assert.strictEqual(found(xread, "xread COUNT 1 a 0"), "")
    assert.strictEqual(found(xread, "xread a STREAMS"), "")
    assert.strictEqual(found([migrateKeys], "migrate h p keys 0 1 KEYS a b"), "a b")
    assert.strictEqual(found([migrateKeys], "migrate h p k 0 1"), "")
  })

  it("cannot be told by specifications that do not say all", () => {
    assert.strictEqual(found(sort, "sort a STORE b"), undefined)
    assert.strictEqual(found(migrate, "migrate h p k 0 1 KEYS a"), undefined)
  })

  it("are not channels", () => {
    assert.isFalse(takesKeys(definition(spublish)))
    assert.strictEqual(found(spublish, "spublish channel message"), "")
    assert.isTrue(takesKeys(definition(sort)))
  })
})

describe("first key, last key and step", () => {
  it("tell of ranges that follow on each other, and that there are keys elsewhere", () => {
    const shown = (specs: ReadonlyArray<KeySpec>) => Object.values(keyRange(specs))
    assert.deepStrictEqual(shown([]), [0, 0, 0, false])
    assert.deepStrictEqual(shown(blpop), [1, -2, 1, false])
    assert.deepStrictEqual(shown([keys(["RO"], 1), keys(["OW"], 2)]), [1, 2, 1, false])
    assert.deepStrictEqual(shown([keys(["RO"], 1), keys(["OW"], 3)]), [1, 1, 1, true])
    assert.deepStrictEqual(shown(zunion), [0, 0, 0, true])
    assert.deepStrictEqual(shown(zunionstore), [1, 1, 1, true])
    assert.deepStrictEqual(shown(sort), [1, 1, 1, true])
    assert.deepStrictEqual(shown(xread), [0, 0, 0, true])
    assert.deepStrictEqual(shown(migrate), [3, 3, 1, true])
  })
})
