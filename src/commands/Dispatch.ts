/**
 * From a decoded request to a command that ran: finding it, the checks that stand before it in Redis' order, running it, and
 * what follows from having run it (journal, statistics, slow log, client-side caching).
 *
 * Invariant: every request gets exactly one reply here, unless its client asked for none or it is suspended (a second MONITOR
 * gets none, as in Redis). Everything runs inside one keyspace transaction. The usual command costs one hash lookup, one
 * comparison for all modes, and its own work.
 */
import { Context as EffectContext } from "effect"
import * as Errors from "../Errors.ts"
import type { Database } from "../keyspace/Database.ts"
import { Gate, type Session } from "../net/Session.ts"
import { FRAME_HEADER, NOT_VERBATIM, type RequestDecoder } from "../protocol/RequestDecoder.ts"
import { EXPECTED_KEYS } from "../values/dict/Dict.ts"
import { Slice } from "../values/Slice.ts"
import { admit, resolve, SUBSCRIPTIONS } from "./admission.ts"
import { blockClient, type Rerun } from "./BlockedClients.ts"
import { CommandTimer } from "./CommandTimer.ts"
import { Context, type ServerParts } from "./Context.ts"
import { commandKeys } from "./commandKeys.ts"
import { feedMonitors } from "./monitor.ts"
import type { RegisteredCommand } from "./Registry.ts"
import { type Block, close, type Suspend } from "./Suspend.ts"
import { shownWords } from "./shownWords.ts"
import { copyCommand, type QueuedCommand } from "./Transaction.ts"
import { discardTransaction } from "./transactions.ts"

/** What holds for all clients at once and makes the dispatcher look twice; beside the session's `Gate` bits. */
const ServerGate = { Monitors: 1 << 16, Paused: 1 << 17, WritesRefused: 1 << 18, Tracking: 1 << 19 } as const

/** A client that wants no replies, or has had its last one. */
const UNHEARD = Gate.Silent | Gate.Closing

/** What a command comes to: it has finished, or waits. */
type Outcome = Suspend | Block | undefined

/** These run at once even while MULTI queues. */
const NEVER_QUEUED = new Set(["multi", "exec", "discard", "watch", "quit", "reset"])
/** With so many bytes of replies a batch is sent before it goes on: who asks for much and reads slowly is waited for. */
const BATCH_REPLY_BYTES = 512 * 1024
/** How the lines of an HTTP request begin that a web page can make a browser send here (cross-protocol scripting). */
const CROSS_PROTOCOL = new Set(["post", "host:"])

/** Where in a frame the offset of its first word after the name stands. */
const FIRST_KEY = FRAME_HEADER + 2
/** Fewer keys than this are looked up faster than they are announced. */
const MIN_ANNOUNCED = 4
/** Longer words are hardly keys. */
const MAX_ANNOUNCED_BYTES = 128

export class Dispatcher {
  readonly context: Context
  /** Where in the decoder's table the batch stopped: the next request to run. */
  stoppedAt = 0
  private readonly timer: CommandTimer
  private serverGates = 0
  private readonly keys = new Int32Array(2 * EXPECTED_KEYS)
  /** The database whose table has been told what comes. */
  private announced: Database | undefined

  constructor(readonly parts: ServerParts) {
    this.context = new Context(parts, (queued) => this.execute(queued))
    this.timer = new CommandTimer(parts)
  }

  /**
   * Runs the requests from `from` on, until there are no more, one has to wait, or their replies should leave first.
   * Throws what a command throws that is not a reply; what ran before it has its replies.
   */
  runBatch(session: Session, requests: RequestDecoder, from: number): Suspend | undefined {
    const { context } = this
    const { keyspace, reply } = this.parts
    const { frames, used } = requests
    this.enter(session)
    this.deliver(session)
    this.announceKeys(requests, from)
    this.timer.begin()
    let suspend: Suspend | undefined
    let at = from
    try {
      while (at < used && reply.length < BATCH_REPLY_BYTES) {
        context.args.point(requests.buffer, frames, at)
        const next = at + FRAME_HEADER + 2 * frames[at]!
        suspend = this.process(session, frames[at + 1]!, frames[at + 2]!)
        if (keyspace.waiters.hasReady) this.serveBlocked(session, requests, at)
        if (suspend !== undefined) {
          if (suspend._tag !== "Retry") at = next
          break
        }
        at = next
      }
    } finally {
      this.stoppedAt = at
      this.timer.end(context.args, session)
      this.leave()
    }
    return suspend
  }

  /** Lets what a suspended command waited for write the reply. */
  resume(session: Session, write: (ctx: Context) => void): void {
    this.enter(session)
    const mark = this.parts.reply.length
    try {
      write(this.context)
    } catch (refusal) {
      this.refuse(refusal, mark)
    } finally {
      this.leave()
    }
    if (session.has(Gate.Silent)) this.parts.reply.truncate(mark)
    this.nextReplyMode(session)
  }

  private enter(session: Session): void {
    const { clients, keyspace, pause, persistence, reply, snapshots, tracking } = this.parts
    const { context } = this
    context.session = session
    context.db = keyspace.databases[session.db]!
    context.inTransaction = false
    reply.protocol = session.protocol
    session.lastInteraction = keyspace.now
    keyspace.touching = !session.has(Gate.NoTouch)
    tracking.caller = session
    this.serverGates =
      (clients.monitors.size > 0 ? ServerGate.Monitors : 0) |
      (pause.active(keyspace.now) !== undefined ? ServerGate.Paused : 0) |
      ((snapshots.refusal() ?? persistence.refusal()) !== undefined ? ServerGate.WritesRefused : 0) |
      (tracking.active ? ServerGate.Tracking : 0)
  }

  /** Tells the table which keys come, if there are enough of them for that to be worth its while. */
  private announceKeys({ buffer, frames, used }: RequestDecoder, from: number): void {
    const { keys } = this
    let count = 0
    for (let at = from; at < used && count < EXPECTED_KEYS; at += FRAME_HEADER + 2 * frames[at]!) {
      // Where there is a key at all it is mostly the first word, and a short one.
      if (frames[at]! < 2 || frames[at + FIRST_KEY + 1]! > MAX_ANNOUNCED_BYTES) continue
      keys[2 * count] = frames[at + FIRST_KEY]!
      keys[2 * count + 1] = frames[at + FIRST_KEY + 1]!
      count++
    }
    if (count >= MIN_ANNOUNCED) this.context.db.dict.expect(buffer, keys, count)
    this.announced = count >= MIN_ANNOUNCED ? this.context.db : undefined
  }

  private leave(): void {
    this.announced?.dict.expectNothing()
    this.parts.keyspace.journal.flush()
    this.parts.tracking.endBatch()
  }

  private process(session: Session, nameHash: number, frameStart: number): Suspend | undefined {
    const { args } = this.context
    const command = this.parts.registry.find(args, nameHash)
    if (
      command === undefined ||
      (session.gates | this.serverGates) !== 0 ||
      !command.isPlain ||
      !command.accepts(args.count)
    ) {
      return this.processWithCare(session, command, frameStart)
    }
    session.lastCommand = command
    return this.call(command, frameStart)
  }

  // ---- the checks before a command, in Redis' order --------------------------------------------------------------------

  private processWithCare(
    session: Session,
    found: RegisteredCommand | undefined,
    frameStart: number
  ): Suspend | undefined {
    if (session.has(Gate.Closing)) return close
    if (found === undefined && CROSS_PROTOCOL.has(this.context.args.lower(0))) return this.hangUp(session)
    const { reply } = this.parts
    const mark = reply.length
    let suspend: Suspend | undefined
    try {
      const command = resolve(this.context.args, found)
      session.lastCommand = command
      suspend = admit(this.parts, session, command) ?? this.callOrQueue(session, command, frameStart)
    } catch (refusal) {
      this.refuse(this.abortTransaction(session, found, refusal), mark)
      if (session.has(Gate.Silent)) reply.truncate(mark)
    }
    if (suspend === undefined) this.nextReplyMode(session)
    this.deliver(session)
    return suspend
  }

  /** Not a word: whoever made a browser send this must not learn that a server is here. */
  private hangUp(session: Session): Suspend {
    this.parts.reply.truncate(0)
    session.transport.kill()
    return close
  }

  /** CLIENT REPLY SKIP is about the one command after it. */
  private nextReplyMode(session: Session): void {
    if (session.replyMode === "skip") {
      session.replyMode = "on"
      session.set(Gate.Silent, false)
    } else if (session.replyMode === "skipNext") {
      session.replyMode = "skip"
      session.set(Gate.Silent, true)
    }
  }

  /** A refused command lets the transaction that it was to be part of fail; a refused EXEC is its end. */
  private abortTransaction(session: Session, found: RegisteredCommand | undefined, refusal: unknown): unknown {
    if (session.transaction !== undefined) session.transaction.aborted = true
    if (found?.name !== "exec" || !(refusal instanceof Errors.ReplyError)) return refusal
    discardTransaction(session, this.parts.keyspace.watches)
    return Errors.execAbortedBy(refusal)
  }

  /** What arrived before the batch precedes its replies; what a command sent to its own client follows its reply. */
  private deliver(session: Session): void {
    const { inbox } = session
    if (inbox?.hasPending && !session.has(Gate.Closing)) inbox.drain(this.parts.reply)
  }

  // ---- running ---------------------------------------------------------------------------------------------------------

  private callOrQueue(session: Session, command: RegisteredCommand, frameStart: number): Suspend | undefined {
    if (session.transaction !== undefined && !NEVER_QUEUED.has(command.fullName)) {
      session.transaction.add(copyCommand(command, this.context.args))
      if (!session.has(Gate.Silent)) this.parts.reply.simple("QUEUED")
      this.parts.tracking.endCommand(true)
      return undefined
    }
    const suspend = this.callWithCare(session, command, frameStart)
    // After MULTI, CLIENT CACHING still counts: for the whole of what EXEC will run.
    this.parts.tracking.endCommand(command.parent?.name === "client" || session.transaction !== undefined)
    // What the command changed may matter for the rest of the batch.
    this.enter(session)
    return suspend
  }

  /** Calls, shows the command to monitors and remembers what the client may have cached. */
  private callWithCare(session: Session, command: RegisteredCommand, frameStart: number): Suspend | undefined {
    const { clients, reply } = this.parts
    const { context } = this
    const mark = reply.length
    const silent = session.has(UNHEARD)
    const shown = clients.monitors.size > 0 ? shownWords(command, context.args) : undefined
    const suspend = this.call(command, frameStart)
    // CLIENT REPLY ON answers although the client was silent until now.
    if (silent && session.has(UNHEARD) && !SUBSCRIPTIONS.has(command.name)) reply.truncate(mark)
    if (shown !== undefined) feedMonitors(context, command, shown)
    if (session.tracking !== undefined) this.remember(session, command)
    return suspend
  }

  private call(command: RegisteredCommand, frameStart: number): Suspend | undefined {
    const { context } = this
    const { keyspace, reply, stats } = this.parts
    const dirty = keyspace.dirty
    const mark = reply.length
    context.journaled = false
    this.timer.before(command, context.args)
    let outcome: Outcome
    try {
      outcome = command.run(context) as Outcome
    } catch (refusal) {
      this.refuse(refusal, mark)
      command.failedCalls++
    }
    this.timer.after(command, context.args, context.session)
    stats.commandsProcessed++
    if (keyspace.dirty !== dirty && keyspace.journal.active && !context.journaled) this.repeat(frameStart)
    return outcome?._tag === "Block" ? this.block(command, outcome) : outcome
  }

  // ---- commands that block ---------------------------------------------------------------------------------------------

  private block(command: RegisteredCommand, request: Block): Suspend {
    const { args, session } = this.context
    return blockClient(session, command, args, request, this.parts.keyspace, this.rerun)
  }

  /** Serves whom the command that just ran made it possible to serve, and comes back to its client. */
  private serveBlocked(session: Session, requests: RequestDecoder, at: number): void {
    const { keyspace } = this.parts
    keyspace.waiters.serve(keyspace.databases)
    this.enter(session)
    this.context.args.point(requests.buffer, requests.frames, at)
  }

  /** Runs a command that blocked once more, for its client, whose reply is taken out of the writer again. */
  private readonly rerun: Rerun = (session, { buffer, command, frame }) => {
    const { context } = this
    const { keyspace, reply } = this.parts
    const dirty = keyspace.dirty
    const mark = reply.length
    this.enter(session)
    context.args.point(buffer, frame, 0)
    context.journaled = false
    let outcome: Outcome
    try {
      outcome = command.run(context) as Outcome
    } catch (refusal) {
      this.refuse(refusal, mark)
      command.failedCalls++
    }
    if (keyspace.dirty !== dirty && keyspace.journal.active && !context.journaled) this.repeat(NOT_VERBATIM)
    const written = reply.take(mark)
    return outcome === undefined ? written : undefined
  }

  // ---- what follows from having run ------------------------------------------------------------------------------------

  /** The request goes into the journal as it came. */
  private repeat(frameStart: number): void {
    const { args, db } = this.context
    const { journal } = this.parts.keyspace
    if (frameStart === NOT_VERBATIM) {
      journal.command(
        db.index,
        Array.from({ length: args.count }, (_, i) => new Slice(args.buffer, args.start(i), args.length(i)))
      )
      return
    }
    const last = args.count - 1
    journal.request(db.index, args.buffer, frameStart, args.start(last) + args.length(last) + 2)
  }

  /** A queued command of a transaction, on its own words. */
  private execute({ command, buffer, frame }: QueuedCommand): void {
    this.context.args.point(buffer, frame, 0)
    this.context.inTransaction = true
    this.callWithCare(this.context.session, command, NOT_VERBATIM)
  }

  /** Client-side caching: the keys of a command that only reads are remembered for this client. */
  private remember(session: Session, command: RegisteredCommand): void {
    if (!command.flags.has("readonly") || command.definition.keys === undefined) return
    const { args } = this.context
    const keys = commandKeys(command.definition, args) ?? []
    for (const { index } of keys) this.parts.tracking.remember(session, args.at(index))
  }

  private refuse(refusal: unknown, mark: number): void {
    const { reply, stats } = this.parts
    reply.truncate(mark)
    if (!(refusal instanceof Errors.ReplyError)) throw refusal
    reply.error(refusal.text)
    stats.countError(refusal.code)
  }
}

export class Dispatch extends EffectContext.Service<Dispatch, Dispatcher>()("fibredis/commands/Dispatch") {}
