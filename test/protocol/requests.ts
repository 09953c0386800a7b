/** Requests as the tests write and read them: words of one character a byte (latin1). */
import { FRAME_HEADER, RequestDecoder } from "../../src/protocol/RequestDecoder.ts"
import type { Randomness } from "../support/Randomness.ts"

export interface Decoded {
  readonly commands: ReadonlyArray<ReadonlyArray<string>>
  /** The bytes of each command, undefined where they are not the RESP of its words. */
  readonly frames: ReadonlyArray<string | undefined>
  readonly error: string | undefined
  /** Bytes held for an incomplete command. */
  readonly pending: number
}

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1")

const textOf = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.from(bytes.subarray(start, end)).toString("latin1")

export const encode = (words: ReadonlyArray<string>): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`

/** What is in a buffer behind the chunk that was read into it: nothing to a decoder. */
const BEHIND = "\r\n*1\r\n$4\r\nPING\r\n"

/** What the decoder makes of a connection that sends these chunks; `lost` has each chunk overwritten as soon as it was kept. */
export function decode(chunks: ReadonlyArray<string>, decoder = new RequestDecoder(), lost = false): Decoded {
  const commands: Array<ReadonlyArray<string>> = []
  const frames: Array<string | undefined> = []
  for (const text of chunks) {
    const chunk = bytesOf(text + BEHIND)
    const lose = () => {
      if (!lost) return
      decoder.keep(chunk)
      chunk.fill(0xdd)
    }
    decoder.push(chunk, text.length)
    while (decoder.decode() > 0) {
      lose()
      const { buffer, frames: ints } = decoder
      let at = 0
      for (let frame = 0; frame < decoder.count; frame++) {
        const argc = ints[at]!
        const start = ints[at + 2]!
        const args = Array.from(
          { length: argc },
          (_, arg) => [ints[at + FRAME_HEADER + 2 * arg]!, ints[at + FRAME_HEADER + 2 * arg + 1]!] as const
        )
        const [lastStart, lastLength] = args.at(-1)!
        commands.push(args.map(([from, length]) => textOf(buffer, from, from + length)))
        frames.push(start < 0 ? undefined : textOf(buffer, start, lastStart + lastLength + 2))
        at += FRAME_HEADER + 2 * argc
      }
    }
    lose()
  }
  return { commands, frames, error: decoder.error, pending: decoder.pendingBytes }
}

/** The text cut into pieces of at most `size` characters. */
export const pieces = (text: string, size: number): ReadonlyArray<string> =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size))

/** Bytes that mean something to a decoder, and some that do not. */
const BYTES = "*$:+-0123456789\r\n \"'\\xabcAZ\t\v\f\0\x80\xff"

export const randomText = (random: Randomness, maxLength: number): string =>
  Array.from({ length: random.below(maxLength + 1) }, () => BYTES[random.below(BYTES.length)]).join("")

export const randomCommand = (random: Randomness): ReadonlyArray<string> =>
  Array.from({ length: 1 + random.below(5) }, () => randomText(random, random.oneIn(10) ? 300 : 8))
