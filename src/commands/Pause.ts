/**
 * CLIENT PAUSE: until when which commands wait (https://redis.io/docs/latest/commands/client-pause/). The server itself holds
 * all commands back while it saves its data for the last time.
 */
import { Context, Deferred, Effect, Layer } from "effect"

export type PauseMode = "write" | "all"

export class Pause {
  private mode: PauseMode | undefined
  /** When the last pause was or is to end, in milliseconds since 1970. */
  until = 0
  private ended = Deferred.makeUnsafe<void>()
  /** How often commands are being held back, which no client can end. */
  private holds = 0

  /** A running pause is only ever made longer and stricter. */
  start(mode: PauseMode, until: number, now: number): void {
    const running = this.active(now)
    this.mode = running === "all" ? "all" : mode
    this.until = running === undefined ? until : Math.max(this.until, until)
  }

  end(): void {
    this.mode = undefined
    this.wake()
  }

  /** Holds all commands back from now on, whatever CLIENT UNPAUSE says, until `release` is called once. */
  hold(): void {
    this.holds++
  }

  release(): void {
    this.holds--
    this.wake()
  }

  /** Those who wait look again. */
  private wake(): void {
    const { ended } = this
    this.ended = Deferred.makeUnsafe<void>()
    Deferred.doneUnsafe(ended, Effect.void)
  }

  active(now: number): PauseMode | undefined {
    if (this.mode !== undefined && now >= this.until) this.end()
    return this.holds > 0 ? "all" : this.mode
  }

  /** Ends when the pause does, by its time or by CLIENT UNPAUSE. */
  over(now: number): Effect.Effect<void> {
    const ended = Deferred.await(this.ended)
    return this.holds > 0 ? ended : Effect.raceFirst(Effect.sleep(Math.max(0, this.until - now)), ended)
  }
}

export class ClientPause extends Context.Service<ClientPause, Pause>()("fibredis/commands/ClientPause") {
  static readonly layer = Layer.sync(ClientPause, () => new Pause())
}
