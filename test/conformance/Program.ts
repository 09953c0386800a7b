/**
 * A random program: which connection does what, in which order. The seed, the family and the length determine it, apart
 * from absolute deadlines, which are counted from the moment of the run.
 */
import type { Word, Words } from "../support/request.ts"
import { Arguments } from "./Arguments.ts"
import { type Action, type Family, isWords } from "./Family.ts"
import { Random } from "./Random.ts"

/** An action of one connection. */
export interface Step {
  readonly connection: number
  readonly action: Action
  /** Whether everything sent so far must be answered before the next step. */
  readonly settle: boolean
}

/** A program that can be played to a server. */
export interface Program {
  readonly family: Family
  readonly seed: number
  readonly protocol: 2 | 3
  readonly steps: ReadonlyArray<Step>
}

/** Words that a spoilt command may get; nothing here asks for much memory when it is taken as an offset. */
const SPOILS: ReadonlyArray<Word> = [
  "",
  "0",
  "-1",
  "a",
  "4294967296",
  "9223372036854775808",
  "1.5",
  "nan",
  "\x00",
  "EX",
  "NX",
  "GET"
]

/** How to spoil a command, at a random place behind its name. */
const SPOILERS: ReadonlyArray<(random: Random, words: Words, at: number) => Words> = [
  (_, words, at) => words.toSpliced(at, 1),
  (random, words, at) => words.toSpliced(at, 0, random.pick(SPOILS)),
  (random, words) => [...words, random.pick(SPOILS)],
  (random, words, at) => words.with(at, random.pick(SPOILS)),
  (_, words, at) => [...words, words[at]!],
  (_, words, at) => words.slice(0, at)
]

function spoil(random: Random, words: Words): Words {
  return words.length < 2
    ? [...words, random.pick(SPOILS)]
    : random.pick(SPOILERS)(random, words, random.between(1, words.length - 1))
}

function makeAction(family: Family, make: Arguments): Action {
  const made = make.random.weighted(family.shapes)(make)
  if (!isWords(made)) return made
  const spoilt = (family.spoilOneIn ?? 12) > 0 && make.random.oneIn(family.spoilOneIn ?? 12)
  const [name, ...rest] = spoilt ? spoil(make.random, made) : made
  return { _tag: "Send", commands: [[make.anyCase(String(name)), ...rest]] }
}

/** How many commands an action sends. */
export function commandCount(action: Action): number {
  switch (action._tag) {
    case "Send":
      return action.commands.length
    case "Wait":
      return action.before.length + action.after.length
    case "Block":
      return action.waiting.length + action.then.length
    default:
      return 1
  }
}

/** The program of a seed, of about `length` commands; `now` in ms since 1970. */
export function makeProgram(family: Family, seed: number, length: number, now: number): Program {
  const random = new Random(seed)
  const make = new Arguments(random, now, !family.neverBornDead)
  const protocol = random.pick([2, 3] as const)
  const pipelined = family.stepwise ? 1 : random.pick([1, 2, 8, 50])
  const steps: Array<Step> = []
  const speaker = () => random.between(family.listeners ?? 0, family.connections - 1)
  let connection = speaker()
  for (let count = 0; count < length; ) {
    const settle = random.between(1, pipelined) === 1
    const action = makeAction(family, make)
    steps.push({ connection, action, settle })
    count += commandCount(action)
    if (settle) connection = speaker()
  }
  return { family, seed, protocol, steps }
}
