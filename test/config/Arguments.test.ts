import { assert, describe, it } from "@effect/vitest"
import { flagLines, joinArguments } from "../../src/config/Arguments.ts"

describe("a command line", () => {
  const cases: ReadonlyArray<readonly [ReadonlyArray<string>, ReadonlyArray<string>]> = [
    [["--port", "7000"], ["--port=7000"]],
    [["--port=7000"], ["--port=7000"]],
    [["--port 7000"], ["--port=7000"]],
    [["--PORT", "7000"], ["--port=7000"]],
    [["--save", "900", "1", "--save", "300 10"], ['--save=900 1\n"300 10"']],
    [["--save", ""], ['--save=""']],
    [
      ["--save", "--port", "1"],
      ['--save=""', "--port=1"]
    ],
    [
      ["--port", "1", "--save"],
      ["--port=1", '--save=""']
    ],
    [
      ["--bind", "127.0.0.1", "-::1", "--timeout", "1"],
      ["--bind=127.0.0.1 -::1", "--timeout=1"]
    ],
    [["--requirepass", "--port"], ["--requirepass=--port"]],
    [["--requirepass", "two words"], ['--requirepass="two words"']],
    [["--requirepass=a=b c"], ['--requirepass="a=b c"']],
    [
      ["my.conf", "--port", "1"],
      ["my.conf", "--port=1"]
    ],
    [["-"], ["-"]],
    [
      ["my.conf", "--port", "1", "-"],
      ["my.conf", "-", "--port=1"]
    ],
    [["--port"], ["--port="]],
    [["--nosuch", "value"], ["--nosuch=value"]],
    [["--completions", "bash"], ["--completions=bash"]],
    [
      ["--help", "--port", "1"],
      ["--help", "--port=1"]
    ],
    [["-h"], ["-h"]]
  ]
  for (const [given, wanted] of cases) {
    it(`reads ${JSON.stringify(given)}`, () => assert.deepStrictEqual(joinArguments(given), wanted))
  }

  it("gives each flag lines of words", () => {
    assert.deepStrictEqual(flagLines('900 1\n"300 10"'), [["900", "1"], ["300 10"]])
    assert.deepStrictEqual(flagLines('"a\\nb"'), [["a\nb"]])
    assert.deepStrictEqual(flagLines(""), [[]])
  })
})
