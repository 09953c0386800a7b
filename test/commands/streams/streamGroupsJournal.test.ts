import { describe } from "@effect/vitest"
import { leaves } from "../../support/journaled.ts"

const add = (id: string) => `XADD s ${id} f v`
const create = "XGROUP CREATE s g 0"
const claimed = (consumer: string, id: string, count: number, lastId: string) =>
  `XCLAIM s g ${consumer} 0 ${id} TIME 0 RETRYCOUNT ${count} FORCE JUSTID LASTID ${lastId}`

describe("what is journaled of consumer groups", () => {
  const repeated = [
    "XGROUP CREATE s g $ MKSTREAM",
    "XGROUP CREATECONSUMER s g a",
    "XGROUP SETID s g 0 ENTRIESREAD 0",
    "XGROUP DELCONSUMER s g a",
    "XGROUP DESTROY s g"
  ]
  leaves("is the request itself for XGROUP", repeated, repeated)

  leaves(
    "is nothing for what changes nothing",
    [
      add("1-0"),
      create,
      "XACK s g 1-0",
      "XGROUP DESTROY s h",
      "XGROUP DELCONSUMER s g a",
      "XREADGROUP GROUP g a STREAMS s 0"
    ],
    [add("1-0"), create]
  )

  leaves(
    "is who got which entry, and how far the group is, all or nothing",
    [add("1-0"), add("2-0"), create, "XREADGROUP GROUP g a STREAMS s >", "XACK s g 1-0 3-0"],
    [
      ...[add("1-0"), add("2-0"), create, "MULTI"],
      ...[claimed("a", "1-0", 1, "1-0"), claimed("a", "2-0", 1, "2-0"), "XGROUP SETID s g 2-0 ENTRIESREAD 2"],
      ...["EXEC", "XACK s g 1-0 3-0"]
    ]
  )

  leaves(
    "is the new consumer and how far the group is for NOACK",
    [add("1-0"), create, "XREADGROUP GROUP g a NOACK STREAMS s >", "XREADGROUP GROUP g b NOACK STREAMS s >"],
    [
      ...[add("1-0"), create, "MULTI", "XGROUP CREATECONSUMER s g a", "XGROUP SETID s g 1-0 ENTRIESREAD 1", "EXEC"],
      "XGROUP CREATECONSUMER s g b"
    ]
  )

  leaves(
    "is part of the transaction in which it happens",
    [add("1-0"), create, "MULTI", "XREADGROUP GROUP g a STREAMS s >", "XACK s g 1-0", "EXEC"],
    [
      ...[add("1-0"), create, "MULTI", claimed("a", "1-0", 1, "1-0"), "XGROUP SETID s g 1-0 ENTRIESREAD 1"],
      ...["XACK s g 1-0", "EXEC"]
    ]
  )

  leaves(
    "never holds a number that could not be read again",
    [add("1-0"), "XGROUP CREATE s g 0 ENTRIESREAD 9223372036854775807", "XREADGROUP GROUP g a NOACK STREAMS s >"],
    [
      ...[add("1-0"), "XGROUP CREATE s g 0 ENTRIESREAD 9223372036854775807", "MULTI"],
      ...["XGROUP CREATECONSUMER s g a", "XGROUP SETID s g 1-0 ENTRIESREAD -1", "EXEC"]
    ]
  )

  const delivered = [add("1-0"), add("2-0"), create, "XREADGROUP GROUP g a COUNT 1 STREAMS s >"]
  const journaled = [
    ...[add("1-0"), add("2-0"), create, "MULTI"],
    ...[claimed("a", "1-0", 1, "1-0"), "XGROUP SETID s g 1-0 ENTRIESREAD 1", "EXEC"]
  ]
  leaves(
    "is what XCLAIM came to",
    [...delivered, "XCLAIM s g b 0 1-0 2-0", "XCLAIM s g b 0 1-0 LASTID 2-0", "XCLAIM s g b 0 2-0 LASTID 3-0"],
    [
      ...[...journaled, claimed("b", "1-0", 2, "1-0"), claimed("b", "1-0", 3, "2-0")],
      "XGROUP SETID s g 3-0 ENTRIESREAD 1"
    ]
  )
  leaves(
    "is what XAUTOCLAIM came to, with what it found deleted",
    [...delivered, "XREADGROUP GROUP g a STREAMS s >", "XDEL s 1-0", "XAUTOCLAIM s g b 0 -"],
    [
      ...[
        ...journaled,
        "MULTI",
        claimed("a", "2-0", 1, "2-0"),
        "XGROUP SETID s g 2-0 ENTRIESREAD 2",
        "EXEC",
        "XDEL s 1-0"
      ],
      ...["MULTI", claimed("a", "1-0", 1, "2-0"), claimed("b", "2-0", 2, "2-0"), "EXEC"]
    ]
  )
})
