/**
 * Plays random programs to a reference server and to a subject until a number of commands is reached, and shrinks every
 * program on which they differ to the few commands that it takes. A difference counts when it shows again on a replay:
 * what does not was a matter of the moment, and is reported as such.
 */
import { commandLine, quoteText } from "../support/request.ts"
import { compare, type Difference } from "./Compare.ts"
import type { Action, Family } from "./Family.ts"
import { play } from "./Player.ts"
import { commandCount, makeProgram, type Program, type Step } from "./Program.ts"
import { shrink } from "./Shrink.ts"

/** The ports, on this machine, of the servers to compare. */
export interface Pair {
  readonly reference: number
  readonly subject: number
}

/** What to run. */
export interface Plan {
  readonly families: ReadonlyArray<Family>
  /** Commands in all, shared by the families. */
  readonly commands: number
  /** The first program's seed; the same seed gives the same programs. */
  readonly seed: number
  /** Commands of one program; 200 when absent. */
  readonly programLength?: number
  /** After so many differences a family is given up; 3 when absent. */
  readonly mostDifferences?: number
  /** Called with every difference that was found, once it is shrunk. */
  readonly onFinding?: (finding: Finding) => void
  /** Called when a family is through, with what that took. */
  readonly onFamily?: (family: Family, commands: number, milliseconds: number) => void
}

/** A difference, and the least that shows it. */
export interface Finding {
  readonly program: Program
  readonly difference: Difference
  readonly steps: ReadonlyArray<Step>
}

/** What a run found. */
export interface Outcome {
  readonly commands: number
  readonly findings: ReadonlyArray<Finding>
  /** Differences that a replay of the same program did not show. */
  readonly unrepeated: ReadonlyArray<{ readonly program: Program; readonly difference: Difference }>
}

/** How often a difference must show again; one that fails to is a matter of the moment. */
const REPLAYS = 6

/** The families' programs must not be the same ones: seeds are this far apart. */
const SEED_STRIDE = 7919

/**
 * Plays one program to both servers. Fails, naming the program, when a server cannot be reached any more, and when the
 * program made the reference fall silent: no program may do that.
 */
export async function differ(program: Program, pair: Pair): Promise<Difference | undefined> {
  const where = `family ${program.family.name}, seed ${program.seed}`
  const [wanted, given] = await Promise.all([play(program, pair.reference), play(program, pair.subject)]).catch(
    (cause) => {
      throw new Error(`a server is gone: ${where}`, { cause })
    }
  )
  const silenced = wanted.played.find(({ commands, ending }) => ending === "silent" && commands.length > 0)
  if (silenced !== undefined)
    throw new Error(`redis-server fell silent: ${where}: ${silenced.commands.map(commandLine).join("; ")}`)
  return compare(wanted, given, program.family)
}

async function repeats(program: Program, pair: Pair): Promise<boolean> {
  for (let replay = 0; replay < REPLAYS; replay++) if ((await differ(program, pair)) === undefined) return false
  return true
}

/** The least program, of single commands if they show it too. */
async function reduce(program: Program, pair: Pair): Promise<Finding | undefined> {
  if (!(await repeats(program, pair))) return undefined
  const single = { ...program, steps: program.steps.map((step) => ({ ...step, settle: true })) }
  const start = (await differ(single, pair)) === undefined ? program : single
  const shows = async (steps: ReadonlyArray<Step>) => (await differ({ ...start, steps }, pair)) !== undefined
  const steps = await shrink(start.steps, shows)
  const difference = (await differ({ ...start, steps }, pair)) ?? (await differ({ ...start, steps }, pair))
  return difference === undefined ? undefined : { program, difference, steps }
}

/** Runs the plan. Fails only when a server cannot be reached. */
export async function run(plan: Plan, pair: Pair): Promise<Outcome> {
  const findings: Array<Finding> = []
  const unrepeated: Array<Outcome["unrepeated"][number]> = []
  const weights = plan.families.reduce((sum, family) => sum + (family.weight ?? 1), 0)
  let commands = 0
  for (const [index, family] of plan.families.entries()) {
    const share = (plan.commands * (family.weight ?? 1)) / weights
    let found = 0
    const began = performance.now()
    const before = commands
    let seed = plan.seed + index * SEED_STRIDE
    for (let played = 0; played < share && found < (plan.mostDifferences ?? 3); seed++) {
      const program = makeProgram(family, seed, Math.min(plan.programLength ?? 200, share), Date.now())
      const difference = await differ(program, pair)
      const size = program.steps.reduce((sum, step) => sum + commandCount(step.action), 0)
      played += size
      commands += size
      if (difference === undefined) continue
      const finding = await reduce(program, pair)
      if (finding === undefined) unrepeated.push({ program, difference })
      else {
        found++
        findings.push(finding)
        plan.onFinding?.(finding)
      }
    }
    plan.onFamily?.(family, commands - before, performance.now() - began)
  }
  return { commands, findings, unrepeated }
}

function actionLines(action: Action): ReadonlyArray<string> {
  switch (action._tag) {
    case "Send":
      return action.commands.map(commandLine)
    case "Iterate":
      return [`${commandLine(action.words)}   (to the end)`]
    case "Wait":
      return [...action.before.map(commandLine), `(wait ${action.millis} ms)`, ...action.after.map(commandLine)]
    case "Block":
      return [...action.waiting.map((words) => `(waits) ${commandLine(words)}`), ...action.then.map(commandLine)]
    case "Raw": {
      const pieces = action.pieces.map((piece) => quoteText(Buffer.from(piece).toString("latin1")))
      return [`(bytes) ${pieces.join(" | ")}${action.halfClose ? "   (and half-close)" : ""}`]
    }
  }
}

/** The steps as redis-cli lines; with several connections each line says whose it is. */
export function stepLines(program: Program, steps: ReadonlyArray<Step>): ReadonlyArray<string> {
  const several = program.family.connections > 1
  return steps.flatMap((step) =>
    actionLines(step.action).map((line) => (several ? `${step.connection}> ${line}` : line))
  )
}

/** A finding as text: how to get it again, the difference, and the commands that show it. */
export function report({ difference, program, steps }: Finding): string {
  const configure = (program.family.configure ?? []).map(commandLine)
  return [
    `family ${program.family.name}, seed ${program.seed}, RESP${program.protocol}: ${difference.about}`,
    `  redis:    ${difference.wanted}`,
    `  fibredis: ${difference.given}`,
    ...[...configure, ...stepLines(program, steps)].map((line) => `    ${line}`)
  ].join("\n")
}
