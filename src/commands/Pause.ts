/**
 * CLIENT PAUSE: until when which commands wait (https://redis.io/docs/latest/commands/client-pause/).
 */
import { Deferred, Effect } from "effect"

export type PauseMode = "write" | "all"

export class Pause {
  private mode: PauseMode | undefined
  /** When the last pause was or is to end, in milliseconds since 1970. */
  until = 0
  private ended = Deferred.makeUnsafe<void>()

  /** A running pause is only ever made longer and stricter. */
  start(mode: PauseMode, until: number, now: number): void {
    const running = this.active(now)
    this.mode = running === "all" ? "all" : mode
    this.until = running === undefined ? until : Math.max(this.until, until)
  }

  end(): void {
    this.mode = undefined
    const { ended } = this
    this.ended = Deferred.makeUnsafe<void>()
    Deferred.doneUnsafe(ended, Effect.void)
  }

  active(now: number): PauseMode | undefined {
    if (this.mode !== undefined && now >= this.until) this.end()
    return this.mode
  }

  /** Ends when the pause does, by its time or by CLIENT UNPAUSE. */
  over(now: number): Effect.Effect<void> {
    return Effect.raceFirst(Effect.sleep(Math.max(0, this.until - now)), Deferred.await(this.ended))
  }
}
