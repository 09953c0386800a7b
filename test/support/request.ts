/**
 * Requests as a client writes them: an array of bulk strings. A string stands for its bytes, one byte a character.
 */

/** One word of a command: bytes, or text whose characters are bytes (latin1), or a number in decimal. */
export type Word = string | number | bigint | Uint8Array

/** A command as its words, the name first. */
export type Words = ReadonlyArray<Word>

/** The bytes of one word. */
export function wordBytes(word: Word): Uint8Array {
  return word instanceof Uint8Array ? word : Buffer.from(String(word), "latin1")
}

/** The word as text, one character a byte. */
export function wordText(word: Word): string {
  return word instanceof Uint8Array ? Buffer.from(word).toString("latin1") : String(word)
}

/** The request of one command in RESP. */
export function encodeCommand(words: Words): Buffer {
  return encodeCommands([words])
}

/** The requests of several commands, one after the other, as a pipeline sends them. */
export function encodeCommands(commands: ReadonlyArray<Words>): Buffer {
  const parts: Array<Uint8Array> = []
  for (const words of commands) {
    let text = `*${words.length}\r\n`
    for (const word of words) {
      if (word instanceof Uint8Array) {
        parts.push(Buffer.from(`${text}$${word.length}\r\n`, "latin1"), word)
        text = "\r\n"
      } else {
        const plain = String(word)
        text += `$${plain.length}\r\n${plain}\r\n`
      }
    }
    parts.push(Buffer.from(text, "latin1"))
  }
  return parts.length === 1 ? Buffer.from(parts[0]!) : Buffer.concat(parts)
}

/** One word as redis-cli would have it typed: bare where that is safe, else in double quotes with escapes. */
export function quoteWord(word: Word): string {
  const text = wordText(word)
  return /^[\w.:*?@%/+=,-]+$/.test(text) ? text : quoteText(text)
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" }

const escaped = (character: string): string =>
  ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`

/** Text in double quotes with the escapes that redis-cli prints and reads. */
export function quoteText(text: string): string {
  return `"${text.replace(/[^ !#-[\]-~]/g, escaped)}"`
}

/** Text with every byte that no terminal should see as an escape. */
export function printable(text: string): string {
  return text.replace(/[^ -~]/g, escaped)
}

/** A command as one redis-cli line. */
export function commandLine(words: Words): string {
  return words.map(quoteWord).join(" ")
}
