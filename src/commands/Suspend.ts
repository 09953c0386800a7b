/**
 * What a command returns when it cannot finish inside its transaction: a small description of what to wait for.
 *
 * The connection sends the replies before it, waits, and goes on with the batch. Commands stay synchronous; only the
 * connection's fiber ever waits.
 */
import type { Effect } from "effect"
import type { Context } from "./Context.ts"

/** Writes the rest of the reply, inside a new transaction. */
export type Resume = (ctx: Context) => void

export type Suspend =
  /**
   * Wait, then let what came out write the reply. `timedOut` writes what a blocking command answers when nothing came: only
   * such a wait can be ended by CLIENT UNBLOCK.
   */
  | { readonly _tag: "Await"; readonly effect: Effect.Effect<Resume>; readonly timedOut?: Resume }
  /** The command did not run: wait, then run it again from its beginning. */
  | { readonly _tag: "Retry"; readonly until: Effect.Effect<void> }
  /** Send the replies so far and close the connection. */
  | { readonly _tag: "Close" }

export const awaitThen = (effect: Effect.Effect<Resume>): Suspend => ({ _tag: "Await", effect })
/** For blocking commands; the effect comes to `timedOut` by itself when the command's timeout is over. */
export const block = (effect: Effect.Effect<Resume>, timedOut: Resume): Suspend => ({ _tag: "Await", effect, timedOut })
export const retryAfter = (until: Effect.Effect<void>): Suspend => ({ _tag: "Retry", until })
export const close: Suspend = { _tag: "Close" }
