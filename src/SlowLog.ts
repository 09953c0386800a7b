/**
 * The commands that took long (SLOWLOG, https://redis.io/docs/latest/commands/slowlog/), newest first.
 */
import type { Args } from "./commands/Args.ts"

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

function shorten(args: Args): ReadonlyArray<string> {
  const shown = Math.min(args.count, MAX_WORDS)
  const words: Array<string> = []
  for (let i = 0; i < shown; i++) {
    if (i === MAX_WORDS - 1 && args.count > MAX_WORDS) {
      words.push(`... (${args.count - MAX_WORDS + 1} more arguments)`)
    } else {
      const text = args.text(i)
      const cut = text.length - MAX_BYTES
      words.push(cut > 0 ? `${text.slice(0, MAX_BYTES)}... (${cut} more bytes)` : text)
    }
  }
  return words
}

export class SlowLog {
  private readonly list: Array<SlowLogEntry> = []
  private nextId = 0

  get entries(): ReadonlyArray<SlowLogEntry> {
    return this.list
  }

  /** `now` in milliseconds since 1970; `maxLength` is slowlog-max-len. */
  add(
    args: Args,
    microseconds: number,
    now: number,
    client: { readonly address: string; readonly name: string },
    maxLength: number
  ): void {
    this.list.unshift({
      id: this.nextId++,
      time: Math.floor(now / 1000),
      microseconds: Math.floor(microseconds),
      words: shorten(args),
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
