/**
 * One client: a fiber that reads requests from a Stream, runs each batch in one keyspace transaction and writes its replies.
 *
 * Invariant: requests run in the order in which they came and none runs once the connection is to be closed; a batch that has
 * begun also ends, unless one of its commands waits.
 */
import type { Socket } from "node:net"
import { type Context, Deferred, Effect, type Scope, Stream } from "effect"
import type { Dispatcher } from "../commands/Dispatch.ts"
import { close, type Resume, type Suspend } from "../commands/Suspend.ts"
import { unblocked } from "../Errors.ts"
import type { Keyspace } from "../keyspace/Keyspace.ts"
import { RequestDecoder } from "../protocol/RequestDecoder.ts"
import type { Outbox } from "./Outbox.ts"
import { Output } from "./Output.ts"
import { RequestSource, type SourceOwner } from "./RequestSource.ts"
import { Gate, type Session } from "./Session.ts"
import { describeSocket } from "./socketAddress.ts"

type KeyspaceService = Context.Service.Shape<typeof Keyspace>

/** What every connection of a server shares. */
export interface ConnectionDeps {
  readonly keyspace: KeyspaceService
  readonly dispatcher: Dispatcher
  readonly outbox: Outbox
}

type Waiting = Exclude<Suspend, { readonly _tag: "Close" }>

const refuseUnblocked: Resume = () => {
  throw unblocked
}

class Connection implements SourceOwner {
  readonly session: Session
  readonly source: RequestSource
  private readonly output: Output
  private readonly decoder = new RequestDecoder()
  /** Where the batch in hand goes on after a wait. */
  private position = 0
  private readonly closed = Deferred.makeUnsafe<void>()
  /** Whether this is one of the `blocked_clients`. */
  private counted = false
  /** One batch: a description that is made once and run for each. */
  private readonly runBatch: Effect.Effect<void>

  constructor(
    private readonly socket: Socket,
    private readonly deps: ConnectionDeps,
    now: number,
    private readonly fork: (effect: Effect.Effect<void>) => unknown
  ) {
    const { parts } = deps.dispatcher
    const { clients, config, keyspace } = parts
    this.session = clients.add(
      {
        ...describeSocket(socket, config.values.unixsocket),
        pendingInput: () => this.source.pending,
        pendingOutput: () => socket.writableLength,
        isReading: () => !socket.isPaused(),
        kill: () => this.kill(),
        wake: () => this.output.wake(),
        admits: (waiting) => this.output.admits(waiting, keyspace.now)
      },
      now
    )
    this.session.set(Gate.Unauthenticated, config.values.requirepass !== "")
    this.decoder.authenticated = !this.session.has(Gate.Unauthenticated)
    this.output = new Output(socket, this.session, parts, deps.outbox, fork)
    this.source = new RequestSource(socket, this.decoder, this)
    this.runBatch = Effect.flatten(deps.keyspace.transact(() => this.step()))
    socket.on("error", () => socket.destroy())
    socket.on("close", () => Deferred.doneUnsafe(this.closed, Effect.void))
  }

  /** Serves the client until it goes or is sent away. */
  serve(): Effect.Effect<void> {
    return Stream.runForEachArray(this.source.requests, () => {
      this.position = 0
      return this.runBatch
    })
  }

  /** Sends what is left and closes; ends when all of it has been taken or the client is gone. */
  finish(): Effect.Effect<void> {
    const { socket } = this
    if (!socket.destroyed) {
      this.source.abandon()
      // The system would not send the last replies if there were requests that nobody has read.
      socket.resume()
      this.output.end()
    }
    return Deferred.await(this.closed)
  }

  private kill(): void {
    this.session.set(Gate.Closing, true)
    this.source.abandon()
    this.socket.destroy()
    this.release()
  }

  /** The client is no longer one: nobody finds it, tells it anything or waits for it. */
  release(): void {
    const { clients, keyspace, stats, tracking } = this.deps.dispatcher.parts
    const { inbox } = this.session
    inbox?.close()
    this.session.stopWaiting?.()
    this.count(false)
    tracking.forget(this.session)
    keyspace.watches.unwatch(this.session)
    clients.remove(this.session)
    stats.sample(keyspace.now)
  }

  // ---- what the client sends -------------------------------------------------------------------------------------------

  received(bytes: number): void {
    this.session.bytesIn += bytes
    this.deps.dispatcher.parts.stats.netInput += bytes
    this.deps.dispatcher.parts.stats.readsProcessed++
  }

  get maxBulkLength(): number {
    return this.deps.dispatcher.parts.config.values.protoMaxBulkLen
  }

  get maxPendingInput(): number {
    const { clientQueryBufferLimit } = this.deps.dispatcher.parts.config.values
    // What MULTI has queued has not run either.
    return clientQueryBufferLimit - (this.session.transaction?.bytes ?? 0)
  }

  inputOverflow(): void {
    const { id, transport } = this.session
    this.deps.dispatcher.parts.stats.queryLimitDisconnections++
    this.fork(Effect.logWarning(`Client ${id} (${transport.address}) sent more than its query buffer holds: closed`))
    this.kill()
  }

  // ---- inside a transaction --------------------------------------------------------------------------------------------

  /** Runs the batch from where it stands, after what a wait came to; gives back what has to be waited for. */
  private step(resume?: Resume): Effect.Effect<void> {
    if (this.source.isAbandoned) return Effect.void
    let suspend: Suspend | undefined
    try {
      if (resume !== undefined) this.deps.dispatcher.resume(this.session, resume)
      if (resume === undefined || !this.isOver) suspend = this.run()
    } catch (defect) {
      // A command that fails in a way no command should costs its client the connection, and nobody else anything.
      return Effect.andThen(this.send(close), Effect.die(defect))
    }
    return this.send(suspend)
  }

  private run(): Suspend | undefined {
    const { decoder, deps, session } = this
    const { dispatcher } = deps
    const { keyspace, stats } = dispatcher.parts
    const suspend = dispatcher.runBatch(session, decoder, this.position)
    this.position = dispatcher.stoppedAt
    decoder.authenticated = !session.has(Gate.Unauthenticated)
    if (decoder.error !== undefined) this.refuseGarbage(decoder.error)
    if (session.transaction !== undefined && this.source.pending > this.maxPendingInput) this.inputOverflow()
    stats.sample(keyspace.now)
    return suspend
  }

  /** The requests of the batch in hand have all run. */
  private get isOver(): boolean {
    return this.position >= this.decoder.used
  }

  /** A protocol error after the last whole request: it is answered, and nothing more is read. */
  private refuseGarbage(error: string): void {
    const { reply, stats } = this.deps.dispatcher.parts
    if (!this.session.has(Gate.Silent)) reply.error(`ERR ${error}`)
    stats.countError("ERR")
    this.session.set(Gate.Closing, true)
  }

  /** Sends the replies, when they are durable, and goes on. */
  private send(suspend: Suspend | undefined): Effect.Effect<void> {
    const { output } = this
    const { keyspace, persistence, reply } = this.deps.dispatcher.parts
    const durable = reply.length === 0 ? undefined : persistence.barrier()
    if (durable === undefined) {
      output.flush(keyspace.now)
      return this.proceed(suspend)
    }
    const bytes = output.hold()
    const sent = Effect.matchEffect(durable, {
      // What ran could not be written: it must not be acknowledged, nor can it be denied. The client only learns that it is cut.
      onFailure: () => Effect.sync(() => this.kill()),
      onSuccess: () => Effect.sync(() => output.release(bytes, keyspace.now))
    })
    // A shutdown waits for the disk as any other reply does.
    return Effect.flatMap(Effect.uninterruptible(sent), () => this.proceed(suspend))
  }

  // ---- between batches -------------------------------------------------------------------------------------------------

  private proceed(suspend: Suspend | undefined): Effect.Effect<void> {
    const { output, session, source } = this
    if (session.has(Gate.Closing) || suspend?._tag === "Close") {
      source.abandon()
      return Effect.void
    }
    const rest = suspend !== undefined ? this.wait(suspend) : this.isOver ? Effect.void : this.runBatch
    return output.hasRoom ? rest : Effect.andThen(output.room(), rest)
  }

  /** Waits for what the command asked, or for the client to go; then the batch goes on. */
  private wait(suspend: Waiting): Effect.Effect<void> {
    const { keyspace } = this.deps
    const blocks = suspend._tag === "Await" && suspend.timedOut !== undefined
    const gone = Effect.andThen(
      blocks ? this.hungUp() : Deferred.await(this.closed),
      Effect.sync(() => {
        this.source.abandon()
        return Effect.void
      })
    )
    const goOn =
      suspend._tag === "Retry"
        ? Effect.as(suspend.until, this.runBatch)
        : Effect.map(this.untilUnblocked(suspend), (resume) =>
            Effect.flatten(keyspace.transact(() => this.step(resume)))
          )
    // Who ends the wait does so inside a transaction of its own, and this fiber would run there and then: the yield lets that
    // transaction end first.
    const counts = blocks || suspend._tag === "Retry"
    const waited = Effect.ensuring(Effect.raceFirst(goOn, gone), this.blocked(false, counts))
    return Effect.andThen(
      this.blocked(true, counts),
      Effect.flatMap(waited, (next) => Effect.andThen(Effect.yieldNow, next))
    )
  }

  /**
   * The client sends no more. As in Redis that ends a command that blocks: what it waits for is for clients that are there.
   * To other waits it is a client that wants the rest of its replies.
   */
  private hungUp(): Effect.Effect<void> {
    const { socket } = this
    return Effect.callback<void>((resume) => {
      const done = () => {
        // At once: what is written before this fiber comes to it must not be for a client that is known to have gone.
        this.session.stopWaiting?.()
        resume(Effect.void)
      }
      if (socket.readableEnded || socket.destroyed) return done()
      socket.once("end", done).once("close", done)
      return Effect.sync(() => void socket.off("end", done).off("close", done))
    })
  }

  /** What the command waits for, or what CLIENT UNBLOCK has it answer instead. */
  private untilUnblocked({ effect, timedOut }: Extract<Suspend, { _tag: "Await" }>): Effect.Effect<Resume> {
    if (timedOut === undefined) return effect
    const unblocked = Deferred.makeUnsafe<Resume>()
    this.session.unblock = (withError) => {
      this.session.unblock = undefined
      this.session.stopWaiting?.()
      Deferred.doneUnsafe(unblocked, Effect.succeed(withError ? refuseUnblocked : timedOut))
    }
    return Effect.raceFirst(effect, Deferred.await(unblocked))
  }

  /** A command begins or ends to wait; `counts` if it blocks or is held back, unlike one that only takes its time. */
  private blocked(blocked: boolean, counts: boolean): Effect.Effect<void> {
    return Effect.sync(() => {
      this.source.block(blocked)
      this.session.blocked = blocked
      this.count(blocked && counts)
      if (!blocked) this.session.unblock = undefined
    })
  }

  /** The client is one of the `blocked_clients`, or not any more. */
  private count(blocked: boolean): void {
    if (blocked === this.counted) return
    this.counted = blocked
    this.deps.dispatcher.parts.clients.blocked += blocked ? 1 : -1
  }
}

/** Serves one socket until it closes, in the scope of one fiber. */
export const serve = (socket: Socket, deps: ConnectionDeps): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
    const context = yield* Effect.context<never>()
    const scope = yield* Effect.scope
    const fork = (effect: Effect.Effect<void>) =>
      Effect.runForkWith(context)(Effect.forkIn(effect, scope, { startImmediately: true }))
    const connection = yield* Effect.acquireRelease(
      Effect.sync(() => new Connection(socket, deps, now, fork)),
      (connection) =>
        Effect.andThen(
          Effect.suspend(() => connection.finish()),
          Effect.sync(() => connection.release())
        )
    )
    yield* connection.serve()
  })
