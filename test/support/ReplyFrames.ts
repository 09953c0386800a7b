/**
 * Cuts a stream of replies into whole ones and keeps their bytes as they came, so that replies can be compared byte for
 * byte. An attribute belongs to the reply that it precedes.
 */

const CR = 13
const ATTRIBUTE = 124

/** How many nested replies one unit of a header's count stands for. */
const CHILDREN: Readonly<Record<string, number>> = { "*": 1, "~": 1, ">": 1, "%": 2, "|": 2 }

/** The reply types that carry a length and then that many bytes. */
const BLOBS = new Set(["$", "=", "!"])

/** Where the line that holds `from` ends (the index of its CR), or -1 while its end has not come. */
function lineEnd(bytes: Buffer, from: number, end: number): number {
  const at = bytes.indexOf(CR, from)
  return at === -1 || at + 1 >= end ? -1 : at
}

/** The index behind the reply that begins at `start`, or -1 while it is incomplete. */
function replyEnd(bytes: Buffer, start: number, end: number): number {
  let wanted = 1
  let at = start
  while (wanted > 0) {
    const line = lineEnd(bytes, at, end)
    if (line === -1) return -1
    const type = String.fromCharCode(bytes[at]!)
    const next = line + 2
    if (BLOBS.has(type)) {
      const length = Number(bytes.toString("latin1", at + 1, line))
      at = length < 0 ? next : next + length + 2
      if (at > end) return -1
    } else {
      const children = CHILDREN[type]
      if (children !== undefined) wanted += Math.max(0, Number(bytes.toString("latin1", at + 1, line))) * children
      if (bytes[at] === ATTRIBUTE) wanted++
      at = next
    }
    wanted--
  }
  return at
}

/** The splitter: bytes in, whole replies out. */
export class ReplyFrames {
  private held: Buffer = Buffer.alloc(0)
  private at = 0

  /** Takes the next bytes that the server sent. */
  push(chunk: Buffer): void {
    this.held = this.at === this.held.length ? chunk : Buffer.concat([this.held.subarray(this.at), chunk])
    this.at = 0
  }

  /** The bytes of the next whole reply, if it has come. */
  next(): Buffer | undefined {
    if (this.at === this.held.length) return undefined
    const end = replyEnd(this.held, this.at, this.held.length)
    if (end === -1) return undefined
    const frame = this.held.subarray(this.at, end)
    this.at = end
    return frame
  }

  /** What has come of a reply that is not whole yet. */
  get rest(): Buffer {
    return this.held.subarray(this.at)
  }
}
