import { describe } from "@effect/vitest"
import { leaves } from "../../support/journaled.ts"

describe("what is journaled of list commands", () => {
  const deterministic = [
    "rpush k a b c",
    "LPUSH k d",
    "LPUSHX k e",
    "RPUSHX k f",
    "LPOP k",
    "RPOP k 2",
    "LSET k 0 x",
    "LINSERT k AFTER x y",
    "LREM k 0 y",
    "LTRIM k 0 0",
    "LMOVE k l LEFT RIGHT",
    "RPOPLPUSH l l"
  ]
  leaves("is the request itself where repeating it does the same", deterministic, deterministic)

  leaves(
    "is what was taken where the request may take from one of several lists",
    ["RPUSH b 1 2 3 4 5", "LMPOP 2 a b LEFT", "LMPOP 2 a b RIGHT COUNT 2", "BLMPOP 0 2 a b RIGHT COUNT 9"],
    ["RPUSH b 1 2 3 4 5", "LPOP b 1", "RPOP b 2", "RPOP b 2"]
  )

  leaves(
    "is the command that does not wait",
    ["RPUSH b 1 2 3 4", "BLPOP a b 0", "BRPOP a b 0", "BLMOVE b c left RIGHT 0", "BRPOPLPUSH b c 0"],
    ["RPUSH b 1 2 3 4", "LPOP b", "RPOP b", "LMOVE b c left RIGHT", "RPOPLPUSH b c"]
  )

  leaves(
    "is nothing when nothing was changed",
    [
      ...["LPUSHX k a", "RPUSH k a", "LPOP k 0", "LPOP nosuch", "LINSERT k BEFORE x y", "LREM k 0 x", "LTRIM k 0 -1"],
      ...["LMOVE nosuch k LEFT LEFT", "LMPOP 1 nosuch LEFT", "LSET k 1 x", "LTRIM nosuch 1 0"]
    ],
    ["RPUSH k a"]
  )
})
