/**
 * The words of an inline command (https://redis.io/docs/latest/develop/reference/protocol-spec/#inline-commands), which
 * are also the words of a line of redis.conf.
 *
 * Invariant: a word is never longer than what spells it, so it is unescaped where it stands.
 */

/** What `splitInline` returns when a quote is not closed, or is closed in the middle of a word. */
export const UNBALANCED = -1

const SPACE = 32
const TAB = 9
const CARRIAGE_RETURN = 13
const DOUBLE_QUOTE = 34
const SINGLE_QUOTE = 39
const BACKSLASH = 92
const LOWER_X = 120

/** C's isspace: what may stand between words and must stand after a closing quote. */
const isBlank = (byte: number) => byte === SPACE || (byte >= TAB && byte <= CARRIAGE_RETURN)

/** What ends a word that stands without quotes: not all blanks do, the vertical tab and the form feed are part of it. */
const endsWord = (byte: number) => isBlank(byte) && byte !== 11 && byte !== 12

/** The byte that `\` and a letter stand for between double quotes; every other byte stands for itself. */
const escapes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
for (const [letter, byte] of Object.entries({ n: 10, r: 13, t: 9, b: 8, a: 7 })) escapes[letter.charCodeAt(0)] = byte

/** The value of a hexadecimal digit, -1 for any other byte. */
function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const letter = byte | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** How many bytes spell the one at `at` between quotes: 4 for `\xHH`, 2 for another escape, 1 for itself. */
function spelledBy(bytes: Uint8Array, at: number, end: number, quote: number): 1 | 2 | 4 {
  if (bytes[at] !== BACKSLASH || at + 1 >= end) return 1
  if (quote === SINGLE_QUOTE) return bytes[at + 1] === SINGLE_QUOTE ? 2 : 1
  const hex =
    bytes[at + 1] === LOWER_X && at + 3 < end && hexDigit(bytes[at + 2]!) >= 0 && hexDigit(bytes[at + 3]!) >= 0
  return hex ? 4 : 2
}

/** The byte that the `length` bytes at `at` spell. */
function spelled(bytes: Uint8Array, at: number, length: 1 | 2 | 4): number {
  if (length === 1) return bytes[at]!
  return length === 2 ? escapes[bytes[at + 1]!]! : hexDigit(bytes[at + 2]!) * 16 + hexDigit(bytes[at + 3]!)
}

/** How many ints the words of a line of `length` bytes take at most. */
export const wordsCapacity = (length: number) => length + 1

/**
 * Splits the line from `start` to `end` and unescapes its words in place. Writes the offset and the length of each to
 * `words` from index `at` on, which must hold `wordsCapacity` ints, and returns how many words there are.
 */
export function splitInline(bytes: Uint8Array, start: number, end: number, words: Int32Array, at: number): number {
  let count = 0
  let read = start
  for (;;) {
    while (read < end && isBlank(bytes[read]!)) read++
    if (read >= end) return count
    const first = read
    let write = read
    let quote = 0
    for (;;) {
      if (read >= end) {
        if (quote !== 0) return UNBALANCED
        break
      }
      const byte = bytes[read]!
      if (quote === 0) {
        read++
        if (endsWord(byte)) break
        if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) quote = byte
        else bytes[write++] = byte
      } else if (byte === quote) {
        read++
        if (read < end && !isBlank(bytes[read]!)) return UNBALANCED
        break
      } else {
        const length = spelledBy(bytes, read, end, quote)
        bytes[write++] = spelled(bytes, read, length)
        read += length
      }
    }
    words[at++] = first
    words[at++] = write - first
    count++
  }
}
