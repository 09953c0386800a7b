/**
 * The options of SET (https://redis.io/docs/latest/commands/set/) and GETEX (https://redis.io/docs/latest/commands/getex/).
 *
 * Invariant: whatever was read holds at most one of NX and XX, and at most one way to set or keep a deadline. There is one
 * `StringOptions`, valid until the next command reads its own: reading options allocates nothing.
 */
import { type ReplyError, syntax } from "../../Errors.ts"
import type { Deadline } from "../../keyspace/ExpiryIndex.ts"
import type { Args } from "../Args.ts"
import type { Context } from "../Context.ts"
import { deadlineOf, type TimeUnit } from "../deadline.ts"

/** The options as bits. */
export const Option = {
  Nx: 1 << 0,
  Xx: 1 << 1,
  Get: 1 << 2,
  KeepTtl: 1 << 3,
  Persist: 1 << 4,
  Ex: 1 << 5,
  Px: 1 << 6,
  ExAt: 1 << 7,
  PxAt: 1 << 8
} as const

const DEADLINES = Option.Ex | Option.Px | Option.ExAt | Option.PxAt
const ABOUT_TIME = DEADLINES | Option.KeepTtl | Option.Persist

/** The options that each command takes. */
const SET_OPTIONS = DEADLINES | Option.Nx | Option.Xx | Option.Get | Option.KeepTtl
const GETEX_OPTIONS = DEADLINES | Option.Persist

interface Rule {
  readonly word: string
  readonly bit: number
  /** What may not stand before it. The option itself may: the last one counts. */
  readonly rivals: number
}

const aboutTime = (word: string, bit: number): Rule => ({ word, bit, rivals: ABOUT_TIME & ~bit })

const RULES: ReadonlyArray<Rule> = [
  { word: "nx", bit: Option.Nx, rivals: Option.Xx },
  { word: "xx", bit: Option.Xx, rivals: Option.Nx },
  { word: "get", bit: Option.Get, rivals: 0 },
  aboutTime("keepttl", Option.KeepTtl),
  aboutTime("persist", Option.Persist),
  aboutTime("ex", Option.Ex),
  aboutTime("px", Option.Px),
  aboutTime("exat", Option.ExAt),
  aboutTime("pxat", Option.PxAt)
]

function ruleFor(args: Args, index: number): Rule {
  for (const rule of RULES) if (args.is(index, rule.word)) return rule
  throw syntax
}

/** A deadline that is not set. */
export const NO_DEADLINE = -1

/** As `deadlineOf`, for a time that has to be positive; `refusal` is for one that is not, or too far. */
export function positiveDeadline(
  args: Args,
  index: number,
  unit: TimeUnit,
  origin: number,
  refusal: ReplyError
): Deadline {
  if (args.int(index) <= 0) throw refusal
  return deadlineOf(args, index, unit, origin, refusal)
}

class StringOptions {
  private bits = 0
  /** Which word holds the deadline. */
  private deadlineAt = 0

  read(args: Args, from: number, allowed: number): this {
    this.bits = 0
    for (let i = from; i < args.count; i++) {
      const rule = ruleFor(args, i)
      if ((rule.bit & allowed) === 0 || (rule.rivals & this.bits) !== 0) throw syntax
      this.bits |= rule.bit
      if ((rule.bit & DEADLINES) !== 0) {
        this.deadlineAt = args.need(i + 1)
        i++
      }
    }
    return this
  }

  has(bit: number): boolean {
    return (this.bits & bit) !== 0
  }

  /** The deadline is a moment, not a time from now. */
  get isAbsolute(): boolean {
    return this.has(Option.ExAt | Option.PxAt)
  }

  /** The deadline in milliseconds since 1970, or `NO_DEADLINE`. */
  deadline({ args, now }: Context, refusal: ReplyError): Deadline {
    if (!this.has(DEADLINES)) return NO_DEADLINE
    const unit = this.has(Option.Ex | Option.ExAt) ? 1000 : 1
    return positiveDeadline(args, this.deadlineAt, unit, this.isAbsolute ? 0 : now, refusal)
  }
}

const options = new StringOptions()

/** The options of SET, behind key and value. */
export const readSetOptions = (args: Args): StringOptions => options.read(args, 3, SET_OPTIONS)

/** The options of GETEX, behind the key. */
export const readGetexOptions = (args: Args): StringOptions => options.read(args, 2, GETEX_OPTIONS)
