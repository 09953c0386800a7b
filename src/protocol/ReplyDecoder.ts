/**
 * Bytes to replies, RESP2 and RESP3 (https://redis.io/docs/latest/develop/reference/protocol-spec/): for clients, for
 * scripts and for whoever wants to look at what a command wrote.
 *
 * Invariant: `buffer` from `position` to `end` has not been decoded yet, and `open` holds the aggregates that what has
 * been decoded so far left unfinished, outermost first; none of them is complete.
 */
import { Data } from "effect"

/** One reply. Texts are latin1; numbers that may be of any size or precision are left as text. */
export type Reply =
  | { readonly _tag: "Simple" | "Error"; readonly text: string }
  | { readonly _tag: "Integer"; readonly value: bigint }
  | { readonly _tag: "Bulk"; readonly bytes: Uint8Array }
  | { readonly _tag: "Null"; readonly form: "bulk" | "array" | "resp3" }
  | { readonly _tag: "Array" | "Set" | "Push"; readonly items: ReadonlyArray<Reply> }
  | { readonly _tag: "Map" | "Attribute"; readonly entries: ReadonlyArray<readonly [Reply, Reply]> }
  | { readonly _tag: "Double"; readonly text: string }
  | { readonly _tag: "Boolean"; readonly value: boolean }
  | { readonly _tag: "BigNumber"; readonly text: string }
  | { readonly _tag: "Verbatim"; readonly format: string; readonly text: string }

/** The bytes are no reply. Nothing that follows them on the same connection can be understood. */
export class ReplyProtocolError extends Data.TaggedError("ReplyProtocolError")<{ readonly message: string }> {}

/** An aggregate whose elements are still coming. A pair counts as two. */
interface Open {
  readonly tag: "Array" | "Set" | "Push" | "Map" | "Attribute"
  readonly items: Array<Reply>
  missing: number
}

const CR = 13
const LF = 10
const MINIMUM_BYTES = 4096
/** A buffer that one giant reply made larger than this is given back. */
const KEPT_BYTES = 1024 * 1024
/** No string and no aggregate is longer. */
const MAX_LENGTH = 0xffffffff
/** How much of what cannot be understood an error shows. */
const SHOWN_CHARACTERS = 40

const integer = /^[+-]?[0-9]+$/
const float = /^(nan|[+-]?inf|[+-]?[0-9]+(\.[0-9]*)?(e[+-]?[0-9]+)?)$/i

/** Replies that are a line, by their first character; `undefined` when the text is not of the type. */
const lines = new Map<string, (text: string) => Reply | undefined>([
  ["+", (text) => ({ _tag: "Simple", text })],
  ["-", (text) => ({ _tag: "Error", text })],
  [":", (text) => (integer.test(text) ? { _tag: "Integer", value: BigInt(text) } : undefined)],
  ["_", (text) => (text === "" ? { _tag: "Null", form: "resp3" } : undefined)],
  [",", (text) => (float.test(text) ? { _tag: "Double", text } : undefined)],
  ["#", (text) => (text === "t" || text === "f" ? { _tag: "Boolean", value: text === "t" } : undefined)],
  ["(", (text) => (integer.test(text) ? { _tag: "BigNumber", text } : undefined)]
])

/** Replies that are a length and as many bytes. */
const blobs = new Map<string, (bytes: Buffer) => Reply | undefined>([
  ["$", (bytes) => ({ _tag: "Bulk", bytes })],
  ["!", (bytes) => ({ _tag: "Error", text: bytes.toString("latin1") })],
  ["=", verbatim]
])

/** Replies that are a count and as many replies, or pairs of them. */
const aggregates = new Map<string, { readonly tag: Open["tag"]; readonly width: 1 | 2 }>([
  ["*", { tag: "Array", width: 1 }],
  ["~", { tag: "Set", width: 1 }],
  [">", { tag: "Push", width: 1 }],
  ["%", { tag: "Map", width: 2 }],
  ["|", { tag: "Attribute", width: 2 }]
])

/** RESP2's nulls are whole lines. */
const nulls = new Map<string, Reply>([
  ["$-1", { _tag: "Null", form: "bulk" }],
  ["*-1", { _tag: "Null", form: "array" }]
])

function verbatim(bytes: Buffer): Reply | undefined {
  const text = bytes.toString("latin1")
  return text[3] === ":" ? { _tag: "Verbatim", format: text.slice(0, 3), text: text.slice(4) } : undefined
}

function close({ tag, items }: Open): Reply {
  if (tag !== "Map" && tag !== "Attribute") return { _tag: tag, items }
  const entries: Array<readonly [Reply, Reply]> = []
  for (let i = 0; i < items.length; i += 2) entries.push([items[i]!, items[i + 1]!])
  return { _tag: tag, entries }
}

/** Decodes the replies of one connection: `push` a chunk, then take replies with `next` until there is none. */
export class ReplyDecoder {
  private buffer: Buffer = Buffer.allocUnsafe(MINIMUM_BYTES)
  private position = 0
  private end = 0
  /** No line end lies between `position` and here. */
  private searched = 0
  private readonly open: Array<Open> = []
  private failure: ReplyProtocolError | undefined

  /** More bytes of the connection. They are copied. */
  push(chunk: Uint8Array): void {
    const held = this.end - this.position
    if (this.end + chunk.length > this.buffer.length) {
      const needed = held + chunk.length
      const roomy = needed <= this.buffer.length / 2 && this.buffer.length <= KEPT_BYTES
      const target = roomy ? this.buffer : Buffer.allocUnsafe(Math.max(MINIMUM_BYTES, 2 * needed))
      this.buffer.copy(target, 0, this.position, this.end)
      this.buffer = target
      this.searched -= this.position
      this.position = 0
      this.end = held
    }
    this.buffer.set(chunk, this.end)
    this.end += chunk.length
  }

  /**
   * The next reply, `undefined` while it is incomplete. An attribute is a reply of its own before the one it describes,
   * in an array too, where it is not counted. Throws `ReplyProtocolError`, and keeps throwing it.
   */
  next(): Reply | undefined {
    if (this.failure !== undefined) throw this.failure
    for (;;) {
      const read = this.read()
      if (read === undefined) return undefined
      const reply = "_tag" in read ? this.enclose(read) : this.begin(read)
      if (reply !== undefined) return reply
    }
  }

  /** Makes an aggregate the innermost; an empty one is a reply at once. */
  private begin(aggregate: Open): Reply | undefined {
    if (aggregate.missing === 0) return this.enclose(close(aggregate))
    this.open.push(aggregate)
    return undefined
  }

  /** Puts a reply where it belongs and closes what it completes. The outermost reply, when that is complete. */
  private enclose(reply: Reply): Reply | undefined {
    for (let outer = this.open.at(-1); outer !== undefined; outer = this.open.at(-1)) {
      outer.items.push(reply)
      if (reply._tag === "Attribute") {
        if (outer.tag === "Map" || outer.tag === "Attribute") throw this.garbage("an attribute inside a map")
        return undefined
      }
      outer.missing--
      if (outer.missing > 0) return undefined
      this.open.pop()
      reply = close(outer)
    }
    return reply
  }

  /** What begins at `position`: a whole reply or the head of an aggregate. */
  private read(): Reply | Open | undefined {
    const lineEnd = this.findLineEnd()
    if (lineEnd < 0) return undefined
    const line = this.buffer.toString("latin1", this.position, lineEnd)
    const type = line.charAt(0)
    const text = line.slice(1)
    if (blobs.has(type) && !nulls.has(line)) return this.readBlob(line, type, lineEnd + 2)
    const reply = nulls.get(line) ?? lines.get(type)?.(text) ?? this.head(line, type)
    this.consume(lineEnd + 2)
    return reply
  }

  private readBlob(line: string, type: string, start: number): Reply | undefined {
    const next = start + this.length(line) + 2
    if (next > this.end) return undefined
    const bytes = Buffer.from(this.buffer.subarray(start, next - 2))
    const ended = this.buffer[next - 2] === CR && this.buffer[next - 1] === LF
    const reply = ended ? blobs.get(type)?.(bytes) : undefined
    if (reply === undefined) throw this.garbage(this.buffer.toString("latin1", this.position, next))
    this.consume(next)
    return reply
  }

  private head(line: string, type: string): Open {
    const aggregate = aggregates.get(type)
    if (aggregate === undefined) throw this.garbage(line)
    return { tag: aggregate.tag, items: [], missing: aggregate.width * this.length(line) }
  }

  private length(line: string): number {
    const length = /^.(0|[1-9][0-9]*)$/.test(line) ? Number(line.slice(1)) : Number.NaN
    if (length <= MAX_LENGTH) return length
    throw this.garbage(line)
  }

  /** Where the line at `position` ends, -1 while it does not. */
  private findLineEnd(): number {
    const found = this.buffer.subarray(0, this.end).indexOf(CR, this.searched)
    this.searched = found < 0 ? this.end : found
    if (found < 0 || found + 1 >= this.end) return -1
    if (this.buffer[found + 1] === LF) return found
    throw this.garbage(this.buffer.toString("latin1", this.position, found + 2))
  }

  private garbage(text: string): ReplyProtocolError {
    this.failure = new ReplyProtocolError({
      message: `Not a reply: ${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}`
    })
    return this.failure
  }

  private consume(to: number): void {
    this.position = to
    if (this.position === this.end) {
      this.position = 0
      this.end = 0
      if (this.buffer.length > KEPT_BYTES) this.buffer = Buffer.allocUnsafe(MINIMUM_BYTES)
    }
    this.searched = this.position
  }
}
