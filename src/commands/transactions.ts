/**
 * MULTI, EXEC, DISCARD, WATCH, UNWATCH (https://redis.io/docs/latest/develop/interact/transactions/).
 *
 * Queueing itself is the dispatcher's: it knows which commands run although MULTI was sent.
 */
import * as Errors from "../Errors.ts"
import type { Watches } from "../keyspace/Watches.ts"
import { Gate, type Session } from "../net/Session.ts"
import { Slice } from "../values/Slice.ts"
import { type CommandDefinition, keys } from "./Command.ts"
import type { Context } from "./Context.ts"
import { Transaction } from "./Transaction.ts"

/** Forgets what was queued and watched: the end of every transaction, and of a connection's state on RESET. */
export function discardTransaction(session: Session, watches: Watches): void {
  session.transaction = undefined
  session.set(Gate.Multi, false)
  watches.unwatch(session)
}

/** A watched key that was alive at WATCH and is past its deadline now counts as changed. */
function watchedKeyExpired({ keyspace, session }: Context): boolean {
  return session.watched.some(({ db: index, expired, key }) => {
    if (expired) return false
    const db = keyspace.databases[index]!
    const ref = db.dict.find(Slice.latin1(key))
    return ref !== 0 && db.isExpired(ref)
  })
}

const multi: CommandDefinition = {
  name: "multi",
  summary: "Begin a transaction: the commands that follow are queued",
  since: "1.2.0",
  group: "transactions",
  complexity: "O(1)",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  run: ({ reply, session }) => {
    if (session.transaction !== undefined) throw Errors.nestedMulti
    session.transaction = new Transaction()
    session.set(Gate.Multi, true)
    reply.ok()
  }
}

const exec: CommandDefinition = {
  name: "exec",
  summary: "Run the queued commands, all or none",
  since: "1.2.0",
  group: "transactions",
  complexity: "Depends on commands in the transaction",
  arity: 1,
  flags: ["noscript", "loading", "stale", "skip_slowlog"],
  run: (ctx) => {
    const { keyspace, reply, session } = ctx
    const { transaction } = session
    if (transaction === undefined) throw Errors.execWithoutMulti
    const changed = session.dirty || watchedKeyExpired(ctx)
    if (transaction.aborted || changed) {
      discardTransaction(session, keyspace.watches)
      if (transaction.aborted) throw Errors.execAbort
      reply.nullArray()
      return
    }
    keyspace.watches.unwatch(session)
    if (!session.has(Gate.Silent)) reply.array(transaction.queue.length)
    keyspace.journal.beginUnit()
    try {
      for (const queued of transaction.queue) ctx.execute(queued)
    } finally {
      // A command that fails as none should costs its client the connection; what ran before it has happened.
      keyspace.journal.endUnit()
      discardTransaction(session, keyspace.watches)
    }
    // What was to be repeated is in the unit; EXEC itself is not.
    ctx.journaled = true
  }
}

const discard: CommandDefinition = {
  name: "discard",
  summary: "Forget the queued commands and end the transaction",
  since: "2.0.0",
  group: "transactions",
  complexity: "O(N), when N is the number of queued commands",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  run: ({ keyspace, reply, session }) => {
    if (session.transaction === undefined) throw Errors.discardWithoutMulti
    discardTransaction(session, keyspace.watches)
    reply.ok()
  }
}

const watch: CommandDefinition = {
  name: "watch",
  summary: "Let the next transaction fail if one of these keys changes before it",
  since: "2.2.0",
  group: "transactions",
  complexity: "O(1) for every key.",
  arity: -2,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  keys: [keys(["RO"], 1, -1)],
  args: [{ name: "key", type: "key", keySpec: 0, multiple: true }],
  run: ({ args, db, keyspace, reply, session }) => {
    if (session.transaction !== undefined) throw Errors.watchInsideMulti
    for (let i = 1; i < args.count && !session.dirty; i++) {
      const ref = db.dict.find(args.at(i))
      keyspace.watches.watch(session, db.index, args.text(i), ref !== 0 && db.isExpired(ref))
    }
    reply.ok()
  }
}

const unwatch: CommandDefinition = {
  name: "unwatch",
  summary: "Forget all watched keys",
  since: "2.2.0",
  group: "transactions",
  complexity: "O(1)",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast", "allow_busy"],
  run: ({ keyspace, reply, session }) => {
    keyspace.watches.unwatch(session)
    reply.ok()
  }
}

export const transactionCommands: ReadonlyArray<CommandDefinition> = [multi, exec, discard, watch, unwatch]
