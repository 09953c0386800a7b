/** How a subcommand of DEBUG is written down. */
import * as Errors from "../Errors.ts"
import type { Argument } from "./Command.ts"
import type { Context } from "./Context.ts"
import type { Suspend } from "./Suspend.ts"

export interface DebugSubcommand {
  readonly name: string
  readonly summary: string
  readonly args?: ReadonlyArray<Argument>
  // biome-ignore lint/suspicious/noConfusingVoidType: as with commands, a subcommand that is finished need not say so
  readonly run: (ctx: Context) => Suspend | void
}

/** Nothing can wait inside EXEC. */
export function refuseInTransaction({ args, inTransaction }: Context): void {
  if (inTransaction) throw Errors.denyBlocking(`DEBUG ${args.text(1).toUpperCase()}`)
}
