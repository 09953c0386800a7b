/**
 * Who this server is: what INFO server and HELLO tell about it, and what does not change while it runs.
 */

/** The Redis version whose behaviour this is; clients switch features by it. */
export const REDIS_VERSION = "7.2.4"

/** The version of fibredis itself, as in package.json. */
export const VERSION = "0.1.0"

export interface ServerIdentity {
  /** 40 hexadecimal digits, new at every start. */
  readonly runId: string
  /** DEBUG CHANGE-REPL-ID draws a new one. */
  replicationId: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** The TCP port that was bound; 0 without one. */
  port: number
}

/** 40 hexadecimal digits from a source of numbers in [0, 1). */
export const randomId = (random: () => number): string =>
  Array.from({ length: 40 }, () => Math.floor(random() * 16).toString(16)).join("")
