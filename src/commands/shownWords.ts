/**
 * A command's words as they may be shown to others: in MONITOR, in SLOWLOG.
 */
import { Slice } from "../values/Slice.ts"
import type { Args } from "./Args.ts"
import type { RegisteredCommand } from "./Registry.ts"

const REDACTED = Slice.latin1("(redacted)")

/** All words, secrets replaced; copies, which outlive the command. */
export function shownWords({ definition }: RegisteredCommand, args: Args): ReadonlyArray<Slice> {
  const secrets = definition.secrets?.(args) ?? []
  return Array.from({ length: args.count }, (_, i) => (secrets.includes(i) ? REDACTED : new Slice(args.at(i).copy())))
}
