/**
 * How the snapshots of a server went: what LASTSAVE and INFO tell, and what decides whether writes are refused.
 *
 * Invariant: one that was broken off counts as begun, and for nothing else.
 */
import type { SnapshotOutcome, SnapshotRun } from "./SnapshotRun.ts"

/** Whether someone waits for it (SAVE, FLUSHALL, the shutdown) or not (BGSAVE, the save points). */
export type SnapshotKind = "foreground" | "background"

export class SnapshotHistory {
  /** How many were begun, since CONFIG RESETSTAT. */
  saves = 0
  /** When the last background one began, in ms since 1970. */
  lastTry = Number.NEGATIVE_INFINITY
  /** False from the failure of a background one until any is on disk. */
  ok = true
  /** Seconds that the last background one took, -1 if there was none. */
  lastSeconds = -1
  /** Bytes that the last background one had to write early, because clients changed the records meanwhile. */
  lastCopied = 0

  constructor(
    /** When the last one was on disk, in ms since 1970; the start of the server counts as one. */
    public lastSave: number
  ) {}

  /** CONFIG RESETSTAT. */
  resetStats(): void {
    this.saves = 0
  }

  begun(run: SnapshotRun, kind: SnapshotKind): void {
    this.saves++
    if (kind === "background") this.lastTry = run.startedAt
  }

  ended(run: SnapshotRun, kind: SnapshotKind, outcome: SnapshotOutcome, now: number): void {
    if (outcome === "saved") {
      this.lastSave = now
      this.ok = true
    }
    if (kind === "foreground" || outcome === "brokenOff") return
    this.ok = outcome === "saved"
    this.lastSeconds = Math.floor((now - run.startedAt) / 1000)
    this.lastCopied = run.copied
  }
}
