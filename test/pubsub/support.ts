import { ReplyWriter } from "../../src/protocol/ReplyWriter.ts"
import { Inbox } from "../../src/pubsub/Inbox.ts"

/** An inbox without a connection: counts how often it was woken and killed. */
export class TestInbox extends Inbox {
  readonly calls: { woken: number; killed: number }

  constructor(outputLimit = Number.POSITIVE_INFINITY) {
    const calls = { woken: 0, killed: 0 }
    super({
      admits: (waiting) => {
        if (waiting > outputLimit) calls.killed++
        return waiting <= outputLimit
      },
      wake: () => void calls.woken++
    })
    this.calls = calls
  }

  /** What waits, in the bytes of a protocol, as text. */
  drained(protocol: 2 | 3 = 3): string {
    const reply = new ReplyWriter()
    reply.protocol = protocol
    this.drain(reply)
    return Buffer.from(reply.bytes()).toString("latin1")
  }
}

/** A RESP3 push (or, with `type` `*`, a RESP2 array) of bulk strings. */
export const push = (words: ReadonlyArray<string>, type = ">") =>
  `${type}${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`
