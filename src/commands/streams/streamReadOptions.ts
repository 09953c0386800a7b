/** What XREAD and XREADGROUP take: options, and behind STREAMS the keys and as many ids. */
import * as Errors from "../../Errors.ts"
import type { Args } from "../Args.ts"
import { millisecondsTimeout } from "../blocking.ts"

export interface StreamReadOptions {
  /** Entries of each stream at most; 0 for all. */
  readonly count: number
  /** Milliseconds to wait, 0 for as long as it takes; undefined: not at all. */
  readonly timeout: number | undefined
  /** Which word is the group's name, the consumer's being the next; 0 if there is none. */
  readonly group: number
  readonly noAck: boolean
  /** Which word is the first key. */
  readonly keys: number
  /** How many keys, and ids behind them, there are. */
  readonly streams: number
}

/** `command` is `xread` or `xreadgroup`; only the latter knows GROUP and NOACK. */
export function readStreamOptions(args: Args, command: "xread" | "xreadgroup"): StreamReadOptions {
  const hasGroup = command === "xreadgroup"
  let count = 0
  let timeout: number | undefined
  let group = 0
  let noAck = false
  for (let i = 1; i < args.count; i++) {
    const more = args.count - 1 - i
    if (args.is(i, "block") && more >= 1) timeout = millisecondsTimeout(args, ++i)
    else if (args.is(i, "count") && more >= 1) count = Math.max(args.int(++i), 0)
    else if (args.is(i, "streams") && more >= 1) {
      if (more % 2 !== 0) throw Errors.unbalancedStreams(command, hasGroup ? ">" : "$")
      if (hasGroup && group === 0) throw Errors.missingGroup
      return { count, timeout, group, noAck, keys: i + 1, streams: more / 2 }
    } else if (args.is(i, "group") && more >= 2) {
      if (!hasGroup) throw Errors.onlyForXreadgroup("GROUP")
      group = i + 1
      i += 2
    } else if (args.is(i, "noack")) {
      if (!hasGroup) throw Errors.onlyForXreadgroup("NOACK")
      noAck = true
    } else throw Errors.syntax
  }
  throw Errors.syntax
}
