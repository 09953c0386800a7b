/**
 * Whether the log can be written: what failed last, and what clients are told while it does.
 *
 * Invariant: writes are refused exactly while a write or an fdatasync has failed and none has succeeded after it.
 */
import * as Errors from "../Errors.ts"
import type { LogFileError } from "./LogFiles.ts"

/** The two ways in which bytes reach the disk; each recovers by its own success. */
export type Step = "write" | "fsync"

export class WriteHealth {
  /** The text of the error for writes while they are refused; a plain field because every batch looks at it. */
  refusal: string | undefined
  private readonly failures = new Map<Step, LogFileError>()

  /** Whether this is news: the first failure of the step, or one with another cause than its last. */
  fail(step: Step, error: LogFileError): boolean {
    const before = this.failures.get(step)
    this.failures.set(step, error)
    this.refusal = Errors.aofNotWritable(error.message).text
    return before?.code !== error.code
  }

  /** Whether this is news: the step had failed, and with it the last of the failures is gone. */
  succeed(step: Step): boolean {
    if (this.refusal === undefined || !this.failures.delete(step)) return false
    const [remaining] = this.failures.values()
    this.refusal = remaining && Errors.aofNotWritable(remaining.message).text
    return remaining === undefined
  }

  /** There is no log any more that could not be written. */
  reset(): void {
    this.failures.clear()
    this.refusal = undefined
  }
}
