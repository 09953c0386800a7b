import { describe } from "@effect/vitest"
import { leaves } from "../../support/journaled.ts"

describe("what is journaled of string commands", () => {
  leaves(
    "holds deadlines as moments",
    ["SET a 1 EX 100 NX", "SETEX a 9 2", "PSETEX a 9 3", "SET a 4 PXAT 5000 GET", "GETEX a PX 70", "GETEX a"],
    ["SET a 1 PXAT 100000", "SET a 2 PXAT 9000", "SET a 3 PXAT 9", "SET a 4 PXAT 5000", "PEXPIREAT a 70"]
  )

  const repeated = Array.from({ length: 16 }, () => "PX 70").join(" ")
  leaves("names the right key behind many options", ["SET a 1", `GETEX a ${repeated}`], ["SET a 1", "PEXPIREAT a 70"])

  leaves(
    "is the write alone, without what was asked for besides",
    [
      "SET a 1 GET",
      "SET a 2 GET KEEPTTL",
      "GETSET a 3",
      "GETEX a PERSIST",
      "GETEX a EX 1",
      "GETEX a PERSIST",
      "GETDEL a"
    ],
    ["SET a 1", "SET a 2 KEEPTTL", "SET a 3", "PEXPIREAT a 1000", "PERSIST a", "DEL a"]
  )

  const deterministic = [
    "incr n",
    "APPEND n 0",
    "SETRANGE n 1 5",
    "SETBIT b 7 1",
    "BITOP NOT b b",
    "BITFIELD b SET u8 0 1",
    "MSETNX x 1 y 2"
  ]
  leaves("is the request itself where repeating it does the same", deterministic, deterministic)

  leaves("holds the sum of INCRBYFLOAT", ["SET f 1.5", "INCRBYFLOAT f 0.1"], ["SET f 1.5", "SET f 1.6 KEEPTTL"])

  leaves(
    "is the length alone that a BITFIELD gave a string whose fields all overflowed",
    ["BITFIELD b OVERFLOW FAIL INCRBY u8 8 256", "SET a x", "BITFIELD a OVERFLOW FAIL INCRBY u8 #2 256"],
    ["SETBIT b 15 0", "SET a x", "SETBIT a 23 0"]
  )

  leaves(
    "is nothing when nothing was changed",
    [
      "SET a 1",
      "SET a 2 NX",
      "SETNX a 2",
      "MSETNX b 1 a 2",
      "SETRANGE a 3 ",
      "GETEX a",
      "BITFIELD a GET u8 0",
      "INCR b"
    ],
    ["SET a 1", "INCR b"]
  )
})
