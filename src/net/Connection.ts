/**
 * One client: a fiber that reads requests from a Stream, runs each batch in one keyspace transaction and writes its replies.
 *
 * Invariant: replies leave in the order of the requests, and nothing else is written while some are held back (until they
 * are durable, or until a blocking command ends), so a push never overtakes the reply it depends on.
 */
import type { Socket } from "node:net"
import { type Context, Deferred, Effect, Latch, type Scope, Stream } from "effect"
import type { Dispatcher } from "../commands/Dispatch.ts"
import type { Resume, Suspend } from "../commands/Suspend.ts"
import { unblocked } from "../Errors.ts"
import type { Keyspace } from "../keyspace/Keyspace.ts"
import { RequestDecoder } from "../protocol/RequestDecoder.ts"
import { RequestSource } from "./RequestSource.ts"
import { Gate, type Session } from "./Session.ts"
import { describeSocket } from "./socketAddress.ts"

/** With more unread bytes than this the client's requests wait until it reads its replies. */
const HIGH_WATER = 16 * 1024 * 1024

type KeyspaceService = Context.Service.Shape<typeof Keyspace>

/** What every connection of a server shares. */
export interface ConnectionDeps {
  readonly keyspace: KeyspaceService
  readonly dispatcher: Dispatcher
}

const refuseUnblocked: Resume = () => {
  throw unblocked
}

class Connection {
  readonly session: Session
  readonly source: RequestSource
  private readonly decoder = new RequestDecoder()
  /** Where the batch in hand goes on after a wait. */
  private position = 0
  /** Replies are being held back: pushes wait too. */
  private holding = false
  private readonly pushes = Latch.makeUnsafe()
  private pushing = false
  /** When the client first had more unread bytes than its soft limit, in ms; 0: it has not. */
  private overSoftLimitSince = 0
  readonly closed = Deferred.makeUnsafe<void>()
  /** One batch: a description that is made once and run for each. */
  private readonly runBatch: Effect.Effect<void>

  constructor(
    private readonly socket: Socket,
    private readonly deps: ConnectionDeps,
    now: number,
    private readonly fork: (effect: Effect.Effect<void>) => unknown
  ) {
    const { dispatcher, keyspace } = deps
    const { clients, config, stats } = dispatcher.parts
    this.session = clients.add(
      {
        ...describeSocket(socket, config.values.unixsocket),
        pendingInput: () => this.source.pending,
        pendingOutput: () => socket.writableLength,
        isReading: () => !socket.isPaused(),
        kill: () => this.kill(),
        wake: () => this.wakePushes(),
        outputLimit: () =>
          config.values.clientOutputBufferLimit[this.session.clientClass].hard || Number.POSITIVE_INFINITY
      },
      now
    )
    this.session.set(Gate.Unauthenticated, config.values.requirepass !== "")
    this.source = new RequestSource(socket, this.decoder, (bytes) => {
      this.session.bytesIn += bytes
      stats.netInput += bytes
    })
    this.runBatch = Effect.flatten(keyspace.transact(() => this.step()))
    socket.on("error", () => socket.destroy())
    socket.on("close", () => Deferred.doneUnsafe(this.closed, Effect.void))
  }

  /** Serves the client until it goes or is sent away. */
  readonly serve: Effect.Effect<void> = Effect.suspend(() =>
    Stream.runForEachArray(this.source.requests, () => {
      this.position = 0
      return this.runBatch
    })
  )

  /** Sends what is left and closes; what the client does not take in time is dropped. */
  readonly finish: Effect.Effect<void> = Effect.suspend(() => {
    if (this.socket.destroyed) return Effect.void
    this.socket.end()
    return Effect.callback<void>((resume) => {
      this.socket.once("finish", () => {
        this.socket.destroy()
        resume(Effect.void)
      })
      this.socket.once("close", () => resume(Effect.void))
    })
  })

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
    tracking.forget(this.session)
    keyspace.watches.unwatch(this.session)
    clients.remove(this.session)
    stats.sample(keyspace.now)
  }

  // ---- inside a transaction --------------------------------------------------------------------------------------------

  /** Runs the batch from where it stands; gives back what has to be waited for. */
  private step(): Effect.Effect<void> {
    const { decoder, deps, session } = this
    const { dispatcher } = deps
    const { config, stats } = dispatcher.parts
    decoder.maxBulkLength = config.values.protoMaxBulkLen
    const suspend = dispatcher.runBatch(session, decoder, this.position)
    this.position = dispatcher.stoppedAt
    decoder.authenticated = !session.has(Gate.Unauthenticated)
    stats.sample(dispatcher.parts.keyspace.now)
    return this.send(suspend)
  }

  private send(suspend: Suspend | undefined): Effect.Effect<void> {
    const { persistence, reply } = this.deps.dispatcher.parts
    if (suspend === undefined) this.refuseGarbage()
    const durable = reply.length === 0 ? undefined : persistence.barrier()
    if (durable === undefined) {
      this.write()
      return this.proceed(suspend)
    }
    const bytes = reply.bytes()
    reply.detach()
    this.holding = true
    return Effect.matchEffect(durable, {
      // What ran could not be written: it must not be acknowledged, nor can it be denied. The client only learns that it is cut.
      onFailure: () =>
        Effect.sync(() => {
          this.socket.destroy()
          this.source.abandon()
        }),
      onSuccess: () => {
        this.holding = false
        this.writeBytes(bytes)
        return this.proceed(suspend)
      }
    })
  }

  /** A protocol error after the last whole request: it is answered, and nothing more is read. */
  private refuseGarbage(): void {
    const { error } = this.decoder
    if (error === undefined) return
    const { reply, stats } = this.deps.dispatcher.parts
    reply.error(`ERR ${error}`)
    stats.countError("ERR")
    this.session.set(Gate.Closing, true)
  }

  // ---- writing ---------------------------------------------------------------------------------------------------------

  private write(): void {
    const { reply } = this.deps.dispatcher.parts
    if (reply.length > 0) {
      const kept = this.writeBytes(reply.bytes())
      if (kept) reply.detach()
      else reply.reset()
    }
  }

  /** True when the socket kept the bytes, because the client does not take them as fast as they come. */
  private writeBytes(bytes: Uint8Array): boolean {
    const { socket, session } = this
    if (bytes.length === 0 || socket.destroyed || !socket.writable) return false
    socket.write(bytes)
    session.bytesOut += bytes.length
    session.lastInteraction = this.deps.dispatcher.parts.keyspace.now
    this.deps.dispatcher.parts.stats.netOutput += bytes.length
    if (socket.writableLength === 0) {
      this.overSoftLimitSince = 0
      return false
    }
    this.enforceOutputLimit()
    return true
  }

  /** client-output-buffer-limit: cuts a client that lets too much pile up, or something less for too long. */
  private enforceOutputLimit(): void {
    const { config, keyspace, stats } = this.deps.dispatcher.parts
    const { hard, soft, softSeconds } = config.values.clientOutputBufferLimit[this.session.clientClass]
    const pending = this.socket.writableLength
    if (soft === 0 || pending < soft) this.overSoftLimitSince = 0
    else if (this.overSoftLimitSince === 0) this.overSoftLimitSince = keyspace.now
    const tooLong = this.overSoftLimitSince !== 0 && keyspace.now - this.overSoftLimitSince >= softSeconds * 1000
    if (!tooLong && (hard === 0 || pending < hard)) return
    stats.outputLimitDisconnections++
    this.socket.destroy()
  }

  // ---- between batches -------------------------------------------------------------------------------------------------

  private proceed(suspend: Suspend | undefined): Effect.Effect<void> {
    if (this.session.has(Gate.Closing) || suspend?._tag === "Close") {
      this.source.abandon()
      return Effect.void
    }
    if (this.session.inbox?.hasPending) this.wakePushes()
    const drained = this.socket.writableLength < HIGH_WATER ? Effect.void : this.drained
    return suspend === undefined ? drained : Effect.andThen(drained, this.wait(suspend))
  }

  /** Waits for what the command asked, or for the client to go; then the batch goes on. */
  private wait(suspend: Exclude<Suspend, { _tag: "Close" }> | Suspend): Effect.Effect<void> {
    if (suspend._tag === "Close") return Effect.void
    const { dispatcher, keyspace } = this.deps
    const gone = Effect.andThen(
      Deferred.await(this.closed),
      Effect.sync(() => {
        this.source.abandon()
        return Effect.void
      })
    )
    const goOn =
      suspend._tag === "Retry"
        ? Effect.as(suspend.until, this.runBatch)
        : Effect.map(this.untilUnblocked(suspend), (resume) =>
            Effect.flatten(
              keyspace.transact(() => {
                dispatcher.resume(this.session, resume)
                const more = this.position < this.decoder.used
                return more ? this.step() : this.send(undefined)
              })
            )
          )
    // Who ends the wait does so inside a transaction of its own, and this fiber would run there and then: the yield lets that
    // transaction end first.
    const waited = Effect.ensuring(Effect.raceFirst(goOn, gone), this.blocked(false))
    return Effect.andThen(
      this.blocked(true),
      Effect.flatMap(waited, (next) => Effect.andThen(Effect.yieldNow, next))
    )
  }

  /** What the command waits for, or what CLIENT UNBLOCK has it answer instead. */
  private untilUnblocked({ effect, timedOut }: Extract<Suspend, { _tag: "Await" }>): Effect.Effect<Resume> {
    if (timedOut === undefined) return effect
    const unblocked = Deferred.makeUnsafe<Resume>()
    this.session.unblock = (withError) => {
      this.session.unblock = undefined
      Deferred.doneUnsafe(unblocked, Effect.succeed(withError ? refuseUnblocked : timedOut))
    }
    return Effect.raceFirst(effect, Deferred.await(unblocked))
  }

  private blocked(blocked: boolean): Effect.Effect<void> {
    return Effect.sync(() => {
      this.session.blocked = blocked
      this.deps.dispatcher.parts.clients.blocked += blocked ? 1 : -1
      if (!blocked) this.session.unblock = undefined
    })
  }

  private readonly drained: Effect.Effect<void> = Effect.callback<void>((resume) => {
    const { socket } = this
    const done = () => {
      socket.off("drain", done)
      socket.off("close", done)
      resume(Effect.void)
    }
    socket.on("drain", done)
    socket.on("close", done)
    return Effect.sync(() => {
      socket.off("drain", done)
      socket.off("close", done)
    })
  })

  // ---- what arrives without having been asked for: messages, invalidations, MONITOR --------------------------------------

  /** Called for every message; the first one starts the fiber that sends them. */
  private wakePushes(): void {
    if (!this.pushing) {
      this.pushing = true
      // The latch is opened inside the transaction of whoever publishes, and resumes its waiters there and then: without the
      // yield what is sent here would go between that client's replies, which are in the same buffer.
      this.fork(Effect.forever(Effect.andThen(Effect.andThen(this.pushes.await, Effect.yieldNow), this.push)))
    }
    Latch.openUnsafe(this.pushes)
  }

  private readonly push: Effect.Effect<void> = Effect.sync(() => {
    Latch.closeUnsafe(this.pushes)
    if (this.holding) return
    const { reply } = this.deps.dispatcher.parts
    reply.protocol = this.session.protocol
    this.session.inbox?.drain(reply)
    this.write()
  })
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
          connection.finish,
          Effect.sync(() => connection.release())
        )
    )
    yield* connection.serve
  })
