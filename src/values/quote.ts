/**
 * Bytes as a quoted, printable text: how MONITOR, logs and DEBUG show an argument (Redis' sdscatrepr).
 */
import type { Slice } from "./Slice.ts"

const NAMED: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  13: "\\r",
  34: '\\"',
  92: "\\\\"
}

const hex = (byte: number) => `\\x${byte.toString(16).padStart(2, "0")}`

/** In double quotes; what is not printable ASCII is escaped. */
export function quote(bytes: Slice): string {
  let text = '"'
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes.at(i)
    text += NAMED[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : hex(byte))
  }
  return `${text}"`
}
