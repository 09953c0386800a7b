/** What a conformance run is asked to do, on its command line or by the environment. */
import { parseArgs } from "node:util"
import type { Family } from "./Family.ts"
import { familiesNamed } from "./families/index.ts"
import { withOtherTypes } from "./families/otherTypes.ts"

/** The settings of a run. */
export interface Settings {
  readonly commands: number
  readonly seed: number
  readonly families: ReadonlyArray<Family>
  /** fibredis, the real server against itself, or the port of a server that already runs. */
  readonly subject: "fibredis" | "redis" | number
  /** Whether to judge the built bundle, whatever its age. */
  readonly built: boolean
  readonly mostDifferences: number
}

/** How to call it. */
export const usage = `npm run conformance -- [--commands 1000000] [--seed 1] [--families strings,keys] [--subject fibredis|redis|<port>]
                       [--built] [--other-types] [--most-differences 3]
FIBREDIS_SEED, FIBREDIS_COMMANDS and FIBREDIS_FAMILIES do the same for npm test.`

function wholeNumber(text: string, what: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`${what}: '${text}' is not a whole number`)
  return value
}

/** The settings of this command line, on top of the environment and `commands` by default. Throws what is wrong with it. */
export function readSettings(args: ReadonlyArray<string>, environment: NodeJS.ProcessEnv, commands: number): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      commands: { type: "string", default: environment.FIBREDIS_COMMANDS ?? String(commands) },
      seed: { type: "string", default: environment.FIBREDIS_SEED ?? String(Date.now() % 1_000_000_000) },
      families: { type: "string", default: environment.FIBREDIS_FAMILIES ?? "" },
      subject: { type: "string", default: "fibredis" },
      built: { type: "boolean", default: false },
      "other-types": { type: "boolean", default: false },
      "most-differences": { type: "string", default: "3" }
    }
  })
  const { subject } = values
  const families = familiesNamed(values.families.split(",").filter((name) => name !== ""))
  return {
    commands: wholeNumber(values.commands, "--commands"),
    seed: wholeNumber(values.seed, "--seed"),
    families: values["other-types"] ? families.map(withOtherTypes) : families,
    subject: subject === "fibredis" || subject === "redis" ? subject : wholeNumber(subject, "--subject"),
    built: values.built,
    mostDifferences: wholeNumber(values["most-differences"], "--most-differences")
  }
}
