/** The reply of a SCAN-like command, from its bytes: the next cursor and the elements. */

const LINE_END = "\r\n"

/** A cursor and elements, as text of one character a byte. */
export interface ScanReply {
  readonly cursor: string
  readonly elements: ReadonlyArray<string>
}

/** The bulk strings in a reply, in order, or undefined when something else is among them. */
function bulkStrings(bytes: Buffer, from: number): ReadonlyArray<string> | undefined {
  const texts: Array<string> = []
  for (let at = from; at < bytes.length; ) {
    const line = bytes.indexOf(LINE_END, at)
    const header = bytes.toString("latin1", at, line)
    at = line + 2
    if (header.startsWith("*")) continue
    if (!header.startsWith("$")) return undefined
    const length = Number(header.slice(1))
    texts.push(bytes.toString("latin1", at, at + length))
    at += length + 2
  }
  return texts
}

/** Reads the reply; undefined when it is none of a SCAN-like command. */
export function readScanReply(frame: Buffer | undefined): ScanReply | undefined {
  if (frame === undefined || frame[0] !== 0x2a) return undefined
  const [cursor, ...elements] = bulkStrings(frame, 0) ?? []
  return cursor === undefined || !/^\d+$/.test(cursor) ? undefined : { cursor, elements }
}
