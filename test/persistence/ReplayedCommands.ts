/** What a replay did, as a naive model: commands as text, those of a MULTI only once its EXEC came. */
import { FRAME_HEADER, type RequestDecoder } from "../../src/protocol/RequestDecoder.ts"

export class ReplayedCommands {
  readonly done: Array<string> = []
  private queue: Array<string> | undefined

  /** To be given to `load`. A command named `unknown` is refused. */
  readonly apply = (requests: RequestDecoder): string | undefined => {
    for (let at = 0; at < requests.used; at += FRAME_HEADER + 2 * requests.frames[at]!) {
      const words = wordsAt(requests, at)
      if (words[0] === "unknown") return "Unknown command 'unknown'"
      this.run(words)
    }
    return undefined
  }

  private run(words: ReadonlyArray<string>): void {
    const name = words[0]!.toLowerCase()
    if (name === "multi") this.queue = []
    else if (name === "exec") {
      this.done.push(...(this.queue ?? []))
      this.queue = undefined
    } else (this.queue ?? this.done).push(words.join(" "))
  }
}

const wordsAt = ({ buffer, frames }: RequestDecoder, at: number): ReadonlyArray<string> =>
  Array.from({ length: frames[at]! }, (_, i) => {
    const start = frames[at + FRAME_HEADER + 2 * i]!
    return Buffer.from(buffer.subarray(start, start + frames[at + FRAME_HEADER + 2 * i + 1]!)).toString("latin1")
  })
