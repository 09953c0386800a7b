/**
 * What a command returns when it cannot finish inside its transaction: a small description of what to wait for.
 *
 * The connection sends the replies before it, waits, and goes on with the batch. Commands stay synchronous; only the
 * connection's fiber ever waits.
 */
import type { Effect } from "effect"
import type { Lane } from "../keyspace/Waiters.ts"
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

/**
 * The command waits for keys (BLPOP and its kin). Whenever one of them becomes ready it runs again, inside the transaction
 * that made it so, until it does not return this any more; or until its time is over.
 */
export interface Block {
  readonly _tag: "Block"
  /** Which of the command's words are the keys. */
  readonly keys: ReadonlyArray<number>
  readonly lane: Lane
  /** Milliseconds; 0 for as long as it takes. */
  readonly timeout: number
  /** Writes what the command answers when nothing came. */
  readonly timedOut: Resume
  /** Words that have another value when it runs again, by their number. */
  readonly words?: ReadonlyMap<number, string>
}

export const awaitThen = (effect: Effect.Effect<Resume>): Suspend => ({ _tag: "Await", effect })
/** For commands that block on something else than keys; the effect comes to `timedOut` by itself when their timeout is over. */
export const block = (effect: Effect.Effect<Resume>, timedOut: Resume): Suspend => ({ _tag: "Await", effect, timedOut })
export const retryAfter = (until: Effect.Effect<void>): Suspend => ({ _tag: "Retry", until })
export const close: Suspend = { _tag: "Close" }
