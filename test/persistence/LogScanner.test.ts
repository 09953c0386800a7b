import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { LogScanner } from "../../src/persistence/LogScanner.ts"
import { encodeCommand } from "../support/request.ts"

const bytes = (text: string) => Buffer.from(text, "latin1")

const set = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n"

/** Scans `text` in pieces of `size` bytes; `runs` is what was taken for commands. */
function scan(text: string, size = text.length, fileSize = text.length) {
  const scanner = new LogScanner(fileSize)
  let runs = ""
  for (let at = 0; at < text.length; at += size) {
    const piece = text.slice(at, at + size)
    scanner.scan(bytes(piece), (start, end) => {
      runs += piece.slice(start, end)
    })
  }
  return { runs, good: scanner.good, fault: scanner.fault, overrun: scanner.overrun, complete: scanner.complete }
}

const whole = (text: string) => ({ runs: text, good: text.length, fault: undefined, overrun: false, complete: true })

const Commands = Schema.Array(Schema.Array(Schema.String).check(Schema.isMinLength(1), Schema.isMaxLength(4))).check(
  Schema.isMaxLength(12)
)

const encode = (commands: ReadonlyArray<ReadonlyArray<string>>) =>
  commands.map((words) => encodeCommand(["set", ...words]).toString("latin1"))

describe("LogScanner", () => {
  it("finds the end of the last whole command", () => {
    assert.deepStrictEqual(scan(set + set), whole(set + set))
    assert.deepStrictEqual(scan(`${set}*1\r\n$4\r\nPI`, 5, 1000).good, set.length)
  })

  it("does not count a MULTI before its EXEC", () => {
    const open = `${set}*1\r\n$5\r\nMULTI\r\n${set}`
    assert.strictEqual(scan(open).good, set.length)
    const closed = `${open}*1\r\n$4\r\nexec\r\n`
    assert.deepStrictEqual(scan(closed), whole(closed))
  })

  it("takes no other word for MULTI", () => {
    const text =
      encodeCommand(["set", "multi", "multi"]).toString("latin1") + encodeCommand(["multix"]).toString("latin1")
    assert.deepStrictEqual(scan(text), whole(text))
  })

  it("passes over annotations, wherever a piece ends", () => {
    const text = `#TS:1\r\n${set}#TS:2\r\n#TS:3\r\n${set}#TS:4\r\n`
    for (let size = 1; size <= text.length; size++)
      assert.deepStrictEqual(scan(text, size), { ...whole(text), runs: set + set })
  })

  it("does not take an unfinished annotation for an end", () => {
    assert.isFalse(scan(`${set}#TS:`).complete)
  })

  it("reads no further when a command claims more than the file has", () => {
    const text = `${set}*2\r\n$3\r\nGET\r\n$99\r\nabc${set}`
    const result = scan(text)
    assert.isTrue(result.overrun)
    assert.strictEqual(result.good, set.length)
  })

  describe("gives the offset of the command that is not one", () => {
    const cases: ReadonlyArray<readonly [what: string, text: string]> = [
      ["inline", "set a 1\r\n"],
      ["no arguments", "*0\r\n"],
      ["negative count", "*-1\r\n"],
      ["no count", "*\r\n"],
      ["leading zero", "*01\r\n$4\r\nPING\r\n"],
      ["not a number", "*1x\r\n$4\r\nPING\r\n"],
      ["argument without mark", "*1\r\nPING\r\n"],
      ["null argument", "*1\r\n$-1\r\n"],
      ["argument longer than it says", "*1\r\n$3\r\nPING\r\n"],
      ["wrong line end", "*1\r\n$4\r\nPING\n\n"],
      ["wrong line end of a header", "*1\rx$4\r\nPING\r\n"],
      ["zero bytes", "\0\0\0\0\0\0\0\0"],
      ["a snapshot", "REDIS0011"]
    ]
    it.each(cases)("%s", (_, text) => {
      for (let size = 1; size <= text.length; size++) {
        const result = scan(set + text + set, size)
        assert.strictEqual(result.fault, set.length)
        assert.strictEqual(result.good, set.length)
      }
    })
  })

  it.prop(
    "finds the same in pieces of any size",
    { commands: Commands, size: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })) },
    ({ commands, size }) => {
      const text = encode(commands).join("")
      assert.deepStrictEqual(scan(text, size), whole(text))
    },
    { arbitrary: { runs: 300, size: 60 } }
  )

  it.prop(
    "knows the whole commands before any cut",
    { commands: Commands },
    ({ commands }) => {
      const parts = encode(commands)
      const text = parts.join("")
      let good = 0
      let next = 0
      for (let cut = 0; cut <= text.length; cut++) {
        while (next < parts.length && good + parts[next]!.length <= cut) good += parts[next++]!.length
        const result = scan(text.slice(0, cut), 64, cut)
        assert.strictEqual(result.good, good)
        assert.strictEqual(result.fault, undefined)
        assert.strictEqual(result.complete, cut === good)
      }
    },
    { arbitrary: { runs: 60, size: 40 } }
  )
})
