/** The long form of the conformance suite: `npm run conformance -- --help`. Exits with 1 when the servers differ. */
import { startFibredis } from "../support/Fibredis.ts"
import * as RedisServer from "../support/RedisServer.ts"
import { report, run } from "./Runner.ts"
import { readSettings, type Settings, usage } from "./Settings.ts"

/** A server that others run: it is not stopped here. */
const running = (port: number) => ({ port, [Symbol.asyncDispose]: () => Promise.resolve() })

async function startSubject({ built, subject }: Settings): Promise<AsyncDisposable & { readonly port: number }> {
  if (typeof subject === "number") return running(subject)
  return subject === "redis" ? RedisServer.start() : startFibredis([], built || undefined)
}

async function judge(settings: Settings): Promise<boolean> {
  await using reference = await RedisServer.start()
  await using subject = await startSubject(settings)
  const began = performance.now()
  const outcome = await run(
    {
      ...settings,
      onFinding: (finding) => console.log(`${report(finding)}\n`),
      onFamily: ({ name }, commands, milliseconds) =>
        console.log(`${name}: ${commands} commands in ${(milliseconds / 1000).toFixed(1)} s`)
    },
    { reference: reference.port, subject: subject.port }
  )
  for (const { difference, program } of outcome.unrepeated) {
    console.log(
      `not repeated: ${program.family.name}, seed ${program.seed}: ${difference.about}: ${difference.wanted} / ${difference.given}`
    )
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(
    `seed ${settings.seed}: ${outcome.commands} commands in ${seconds} s, ${outcome.findings.length} differences`
  )
  return outcome.findings.length === 0
}

if (process.argv.includes("--help")) console.log(usage)
else if (!RedisServer.available) {
  console.error("redis-server is not installed: there is nothing to compare with")
  process.exitCode = 1
} else process.exitCode = (await judge(readSettings(process.argv.slice(2), process.env, 200_000))) ? 0 : 1
