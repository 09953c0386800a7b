import { describe } from "@effect/vitest"
import { leaves } from "../../support/journaled.ts"

describe("what is journaled of hash commands", () => {
  const deterministic = ["HSET h a 1 b 2", "HMSET h c 3", "HSETNX h d 4", "HINCRBY h a 5", "HDEL h a b x"]
  leaves("is the request itself where repeating it does the same", deterministic, deterministic)

  leaves("holds the sum of HINCRBYFLOAT", ["HINCRBYFLOAT h f 1.50"], ["HSET h f 1.5"])

  leaves(
    "is nothing when nothing was changed",
    ["HSET h a 1", "HSETNX h a 2", "HDEL h x", "HDEL other x", "HGET h a", "HINCRBY h a x"],
    ["HSET h a 1"]
  )
})
