/**
 * Lines of redis.conf as words and back.
 *
 * Words are byte strings, one character a byte (latin1), whether they come from a file, a client or the command line; text
 * that a person reads or that names a file is ordinary Unicode. `toWord` and `toText` lead from one to the other.
 */
import { splitInline, UNBALANCED, wordsCapacity } from "../protocol/splitInline.ts"
import { quote } from "../values/quote.ts"
import { Slice } from "../values/Slice.ts"

/** The bytes of `text` in UTF-8, one character each. */
export const toWord = (text: string): string => Buffer.from(text, "utf8").toString("latin1")

/** The text that the bytes of `word` spell in UTF-8; what is not UTF-8 becomes U+FFFD. */
export const toText = (word: string): string => Buffer.from(word, "latin1").toString("utf8")

/** The words of a line, unquoted; undefined when a quote is not closed or is closed in the middle of a word. */
export const splitWords = (line: string): ReadonlyArray<string> | undefined => {
  const bytes = Buffer.from(line, "latin1")
  const ranges = new Int32Array(wordsCapacity(bytes.length))
  const count = splitInline(bytes, 0, bytes.length, ranges, 0)
  if (count === UNBALANCED) return undefined
  return Array.from({ length: count }, (_, i) =>
    bytes.toString("latin1", ranges[2 * i]!, ranges[2 * i]! + ranges[2 * i + 1]!)
  )
}

/** What needs no quotes: printable ASCII that neither quotes nor starts a comment. */
const PLAIN = /^[!$-&(-[\]-~]+$/

/** The line that `splitWords` splits into `words`. */
export const joinWords = (words: ReadonlyArray<string>): string =>
  words.map((word) => (PLAIN.test(word) ? word : quote(Slice.latin1(word)))).join(" ")
