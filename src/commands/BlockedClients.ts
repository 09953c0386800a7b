/**
 * Clients of blocking commands (BLPOP, XREAD BLOCK and their kin): what waits in the keyspace for them, and how what they
 * were given in the meantime becomes their reply.
 *
 * Invariant: a client that was served is not served again, and what it was given is its reply, even if its time was over or
 * CLIENT UNBLOCK came in the very same moment.
 */
import { Deferred, Effect } from "effect"
import type { KeyspaceState } from "../keyspace/Keyspace.ts"
import type { Lane, Waiter } from "../keyspace/Waiters.ts"
import type { Session } from "../net/Session.ts"
import { Slice } from "../values/Slice.ts"
import { Args } from "./Args.ts"
import type { RegisteredCommand } from "./Registry.ts"
import { type Block, block, type Resume, type Suspend } from "./Suspend.ts"
import { copyCommand, type QueuedCommand } from "./Transaction.ts"

/** Runs a command again for its client; its reply, or undefined if it is to wait on. */
export type Rerun = (session: Session, command: QueuedCommand) => Uint8Array | undefined

class BlockedClient implements Waiter {
  private reply: Uint8Array | undefined
  private readonly served = Deferred.makeUnsafe<void>()
  private leaveQueues: (() => void) | undefined

  constructor(
    private readonly session: Session,
    private readonly command: QueuedCommand,
    private readonly request: Block,
    keyspace: KeyspaceState,
    private readonly rerun: Rerun
  ) {
    const words = new Args()
    words.point(command.buffer, command.frame, 0)
    const keys = request.keys.map((index) => new Slice(words.buffer, words.start(index), words.length(index)))
    this.leaveQueues = keyspace.waiters.add(this, session.db, keys)
    session.stopWaiting = () => this.leave()
  }

  get lane(): Lane {
    return this.request.lane
  }

  retry(): boolean {
    let outcome: Effect.Effect<void> = Effect.void
    try {
      this.reply = this.rerun(this.session, this.command)
      if (this.reply === undefined) return false
    } catch (defect) {
      // A command that fails as none should costs its own client the connection, and not the one whose write let it run.
      outcome = Effect.die(defect)
    }
    this.leave()
    // From here on CLIENT UNBLOCK has nothing to end.
    this.session.unblock = undefined
    Deferred.doneUnsafe(this.served, outcome)
    return true
  }

  private leave(): void {
    this.leaveQueues?.()
    this.leaveQueues = undefined
    this.session.stopWaiting = undefined
  }

  /** Waits until the client is served or its time is over. */
  get suspend(): Suspend {
    const { timeout, timedOut } = this.request
    const answer: Resume = (ctx) => (this.reply === undefined ? timedOut(ctx) : ctx.reply.raw(this.reply))
    const served = Deferred.await(this.served)
    const over = timeout === 0 ? served : Effect.raceFirst(served, Effect.sleep(timeout))
    const waited = Effect.ensuring(
      over,
      Effect.sync(() => this.leave())
    )
    return block(Effect.as(waited, answer), answer)
  }
}

/** Lets the client wait for what its command asks for. */
export function blockClient(
  session: Session,
  command: RegisteredCommand,
  args: Args,
  request: Block,
  keyspace: KeyspaceState,
  rerun: Rerun
): Suspend {
  const queued = copyCommand(command, args, request.words)
  return new BlockedClient(session, queued, request, keyspace, rerun).suspend
}
