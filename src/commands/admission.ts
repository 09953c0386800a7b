/**
 * What stands between a request and its command: whether there is such a command, whether this client may run it now.
 */
import type { LiveConfig } from "../config/LiveConfig.ts"
import * as Errors from "../Errors.ts"
import { Gate, type Session } from "../net/Session.ts"
import type { Args } from "./Args.ts"
import type { ServerParts } from "./Context.ts"
import type { RegisteredCommand } from "./Registry.ts"
import { retryAfter, type Suspend } from "./Suspend.ts"

/** Their confirmations are sent even to a client that wants no replies. */
export const SUBSCRIPTIONS = new Set([
  "subscribe",
  "unsubscribe",
  "psubscribe",
  "punsubscribe",
  "ssubscribe",
  "sunsubscribe"
])
/** What a RESP2 client with subscriptions may call. */
const IN_SUBSCRIBE_MODE = new Set([...SUBSCRIPTIONS, "ping", "quit", "reset"])
/** Commands that only exist where the configuration lets them, with the directive that says so. */
const PROTECTED: ReadonlyMap<string, string> = new Map([["debug", "enable-debug-command"]])

/** The command or subcommand that the words name; refuses what does not exist or has the wrong number of words. */
export function resolve(args: Args, found: RegisteredCommand | undefined): RegisteredCommand {
  if (found === undefined) throw Errors.unknownCommand(args.text(0), args.texts(1))
  let command = found
  if (found.subcommands !== undefined && args.count > 1) {
    const sub = found.subcommands.get(args.lower(1))
    if (sub === undefined) throw Errors.unknownSubcommand(found.name, args.text(1))
    command = sub
  }
  if (!command.accepts(args.count)) {
    command.rejectedCalls++
    throw Errors.wrongArity(command.fullName)
  }
  return command
}

/**
 * Refuses a command that its client may not run now, and lets wait one that a pause holds back; undefined when it may run. The
 * order of the checks is Redis': of several reasons the client is told the first.
 */
export function admit(parts: ServerParts, session: Session, command: RegisteredCommand): Suspend | undefined {
  const { clients, keyspace, pause, persistence, snapshots } = parts
  const inTransaction = session.transaction !== undefined
  const monitors = clients.monitors.has(session)
  try {
    refuseProtected(parts.config, session, command)
    if (session.has(Gate.Unauthenticated) && !command.flags.has("no_auth")) throw Errors.noAuth
    if (inTransaction && command.flags.has("no_multi")) throw Errors.notInTransaction
    if (command.name === "ping" || runs(session, command, isWrite)) {
      const refusal = snapshots.refusal() ?? persistence.refusal()
      if (refusal !== undefined) throw new Errors.ReplyError(refusal)
    }
    if (session.has(Gate.Subscribed) && session.protocol === 2 && !IN_SUBSCRIBE_MODE.has(command.name)) {
      throw Errors.notInSubscribeMode(command.fullName)
    }
    // To Redis a monitor is a kind of replica: it may not use keys, and no pause is meant for it.
    if (monitors && runs(session, command, usesKeys)) throw Errors.replicaKeyspace
  } catch (refusal) {
    command.rejectedCalls++
    throw refusal
  }
  const mode = monitors ? undefined : pause.active(keyspace.now)
  if (mode === "all" || (mode === "write" && runs(session, command, mayReplicate))) {
    return retryAfter(pause.over(keyspace.now))
  }
  return undefined
}

function refuseProtected(config: LiveConfig, session: Session, command: RegisteredCommand): void {
  const name = command.parent?.name ?? command.name
  const directive = PROTECTED.get(name)
  if (directive === undefined) return
  const allowed = config.values.enableDebugCommand
  if (allowed === "yes" || (allowed === "local" && session.transport.isLoopback)) return
  throw Errors.debugNotAllowed(name.toUpperCase(), directive)
}

const isWrite = (command: RegisteredCommand) => command.isWrite
const mayReplicate = (command: RegisteredCommand) => command.mayReplicate
const usesKeys = (command: RegisteredCommand) => command.mayReplicate || command.flags.has("readonly")

/** Whether the command is of a kind, or is an EXEC that runs one which is. */
function runs(session: Session, command: RegisteredCommand, is: (command: RegisteredCommand) => boolean): boolean {
  if (is(command)) return true
  return command.name === "exec" && session.transaction?.queue.some((queued) => is(queued.command)) === true
}
