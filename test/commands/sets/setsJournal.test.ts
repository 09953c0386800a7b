import { describe } from "@effect/vitest"
import { leaves } from "../../support/journaled.ts"

describe("what is journaled of set commands", () => {
  const repeated = [
    "SADD s 1 2 3",
    "SREM s 1",
    "SMOVE s t 2",
    "SUNIONSTORE u s t",
    "SINTERSTORE v s u",
    "SDIFFSTORE w u t"
  ]
  leaves("is the request itself where repeating it does the same", repeated, repeated)

  leaves(
    "is nothing when nothing was changed",
    ["SADD s 1", "SADD s 1", "SREM s 2", "SMOVE s t 2", "SMOVE s s 1", "SPOP s 0", "SPOP t", "SINTERSTORE u s t"],
    ["SADD s 1"]
  )

  leaves("says what SPOP removed", ["SADD s 1", "SPOP s"], ["SADD s 1", "SREM s 1"])
  leaves("says that SPOP left nothing", ["SADD s 1 2 3", "SPOP s 3"], ["SADD s 1 2 3", "DEL s"])
  leaves("says that a result was empty", ["SADD s 1", "SDIFFSTORE s s s"], ["SADD s 1", "SDIFFSTORE s s s"])
})
