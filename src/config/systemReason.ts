/**
 * What the operating system says about a failure, in its own words: `No such file or directory`.
 */
import type { PlatformError } from "effect"

/** Node's texts are `CODE: what happened, call 'path'`. */
const NODE_TEXT = /^[A-Z0-9]+: (.)([^,]*)/

/** The reason without the call that failed and its path; of errors that are not the system's, their message. */
export const systemReason = ({ reason }: PlatformError.PlatformError): string => {
  const match = reason.cause instanceof Error ? NODE_TEXT.exec(reason.cause.message) : null
  return match === null ? reason.message : match[1]!.toUpperCase() + match[2]!
}
