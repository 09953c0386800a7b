/**
 * The same random programs to a real redis-server and to fibredis: zero differences. A failure prints the commands that
 * show it; `FIBREDIS_SEED`, `FIBREDIS_COMMANDS` and `FIBREDIS_FAMILIES` repeat or narrow a run.
 */
import { assert, describe, it } from "@effect/vitest"
import { startFibredis } from "../support/Fibredis.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { report, run } from "./Runner.ts"
import { readSettings } from "./Settings.ts"

const skip = RedisServer.skipWithout(RedisServer.available, "conformance")

const settings = readSettings([], process.env, 500_000)

describe.skipIf(skip)(`conformance with redis-server ${RedisServer.version}`, () => {
  it(`says what Redis says to ${settings.commands} commands from seed ${settings.seed} on`, {
    timeout: 1_800_000
  }, async () => {
    await using reference = await RedisServer.start()
    await using subject = await startFibredis()
    const outcome = await run(
      { ...settings, onFinding: (finding) => console.error(report(finding)) },
      { reference: reference.port, subject: subject.port }
    )
    for (const { difference, program } of outcome.unrepeated) {
      console.warn(
        `not repeated: ${program.family.name}, seed ${program.seed}: ${difference.about}: ${difference.wanted} / ${difference.given}`
      )
    }
    assert.deepStrictEqual(outcome.findings.map(report), [])
    assert.isAtLeast(outcome.commands, settings.commands)
  })
})
