/**
 * The commands that took long (SLOWLOG, https://redis.io/docs/latest/commands/slowlog/), newest first.
 */
import type { Args } from "./commands/Args.ts"
import type { RegisteredCommand } from "./commands/Registry.ts"

/** Redis keeps at most this many words of an entry, and this many bytes of a word. */
const MAX_WORDS = 32
const MAX_BYTES = 128

export interface SlowLogEntry {
  readonly id: number
  /** Seconds since 1970. */
  readonly time: number
  readonly microseconds: number
  /** Words as latin1 text, shortened as Redis shortens them. */
  readonly words: ReadonlyArray<string>
  readonly clientAddress: string
  readonly clientName: string
}

const clip = (text: string): string =>
  text.length > MAX_BYTES ? `${text.slice(0, MAX_BYTES)}... (${text.length - MAX_BYTES} more bytes)` : text

/** A command's words as an entry shows them: secrets hidden, long words and long rows of words cut short. */
export function slowLogWords({ definition }: RegisteredCommand, args: Args): ReadonlyArray<string> {
  const secrets = definition.secrets?.(args) ?? []
  const shown = args.count > MAX_WORDS ? MAX_WORDS - 1 : args.count
  const words = Array.from({ length: shown }, (_, i) => (secrets.includes(i) ? "(redacted)" : clip(args.text(i))))
  return shown === args.count ? words : [...words, `... (${args.count - shown} more arguments)`]
}

export class SlowLog {
  private readonly list: Array<SlowLogEntry> = []
  private nextId = 0

  get entries(): ReadonlyArray<SlowLogEntry> {
    return this.list
  }

  /** `words` as `slowLogWords` gives them; `now` in milliseconds since 1970; `maxLength` is slowlog-max-len. */
  add(
    words: ReadonlyArray<string>,
    microseconds: number,
    now: number,
    client: { readonly address: string; readonly name: string },
    maxLength: number
  ): void {
    this.list.unshift({
      id: this.nextId++,
      time: Math.floor(now / 1000),
      microseconds: Math.floor(microseconds),
      words,
      clientAddress: client.address,
      clientName: client.name
    })
    this.trim(maxLength)
  }

  trim(maxLength: number): void {
    if (this.list.length > maxLength) this.list.length = maxLength
  }

  reset(): void {
    this.list.length = 0
  }
}
