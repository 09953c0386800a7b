import { describe } from "@effect/vitest"
import { leaves } from "../../support/journaled.ts"

const small = ["CONFIG SET stream-node-max-entries 2"]
const four = ["XADD s 1-1 f v", "XADD s 1-2 f v", "XADD s 1-3 f v", "XADD s 1-4 f v"]

describe("what is journaled of streams", () => {
  leaves(
    "is the id that was made",
    ["XADD s * f v", "XADD s 5-* f v", "XADD s 5-* f v", "XADD s NOMKSTREAM MAXLEN = 7 * f v", "XADD s 9-1 f v"],
    ["XADD s 0-1 f v", "XADD s 5-0 f v", "XADD s 5-1 f v", "XADD s NOMKSTREAM MAXLEN = 7 5-2 f v", "XADD s 9-1 f v"]
  )

  leaves(
    "is what approximate trimming came to",
    [
      ...small,
      ...four,
      "XADD s MAXLEN ~ 3 * f v",
      "XTRIM s MAXLEN ~ 2 LIMIT 2",
      "XADD s MINID ~ 1-4 2-2 f v",
      "XTRIM s MINID ~ 1-7"
    ],
    [...four, "XADD s MAXLEN = 3 1-5 f v", "XADD s MINID = 1-3 2-2 f v", "XTRIM s MINID = 1-5"]
  )

  leaves(
    "is what was deleted, and nothing when nothing was",
    [
      "XDEL s 1-1",
      "XADD s NOMKSTREAM 1-1 f v",
      ...four,
      "XDEL s 1-2 7-7",
      "XDEL s 1-2",
      "XTRIM s MAXLEN 9",
      "XTRIM s MAXLEN 1"
    ],
    [...four, "XDEL s 1-2 7-7", "XTRIM s MAXLEN 1"]
  )

  leaves(
    "is XSETID as it came, and nothing of what only reads",
    [...four, "XSETID s 9 ENTRIESADDED 12", "XREAD STREAMS s 0", "XRANGE s - +", "XREAD BLOCK 0 STREAMS s 0"],
    [...four, "XSETID s 9 ENTRIESADDED 12"]
  )
})
