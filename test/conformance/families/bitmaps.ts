import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import type { Family } from "../Family.ts"

const bit = (make: Arguments): string =>
  make.random.oneIn(10) ? make.random.pick(["2", "-1", "", "a", "01"]) : make.random.pick(["0", "1"])

const unit = (make: Arguments): Words => (make.random.oneIn(2) ? [make.anyCase("BYTE", "BIT")] : [])

const width = (make: Arguments): string => {
  if (make.random.oneIn(15))
    return make.random.pick(["u64", "i65", "u0", "i0", "u", "i", "", "x8", "u-1", "i08", "U8", "8"])
  return make.random.oneIn(2) ? `u${make.random.between(1, 63)}` : `i${make.random.between(1, 64)}`
}

const place = (make: Arguments): string => {
  if (make.random.oneIn(12))
    return make.random.pick(["-1", "#-1", "#", "", "a", "4294967296", "#4294967296", "#9223372036854775807", "##1"])
  return `${make.random.oneIn(3) ? "#" : ""}${make.random.between(0, 40)}`
}

const bitfieldWrite = (make: Arguments): Words =>
  make.options(
    5,
    () => [make.anyCase("GET"), width(make), place(make)],
    () => [make.anyCase("SET"), width(make), place(make), make.integer()],
    () => [make.anyCase("INCRBY"), width(make), place(make), make.integer()],
    () => [
      make.anyCase("OVERFLOW"),
      make.anyCase(make.random.oneIn(20) ? "NONE" : make.random.pick(["WRAP", "SAT", "FAIL"]))
    ]
  )

const bitfieldRead = (make: Arguments): Words =>
  make.random.many(0, 4, () => [make.random.oneIn(15) ? "SET" : make.anyCase("GET"), width(make), place(make)]).flat()

/** Bitmaps: single bits, counts, positions, operations between keys, and integers of any width. */
export const bitmaps: Family = {
  name: "bitmaps",
  connections: 1,
  shapes: [
    [6, (make) => ["SETBIT", make.key(), make.offset(), bit(make)]],
    [4, (make) => ["GETBIT", make.key(), make.offset()]],
    [3, (make) => ["BITCOUNT", make.key()]],
    [5, (make) => ["BITCOUNT", make.key(), make.index(), make.index(), ...unit(make)]],
    [3, (make) => ["BITPOS", make.key(), bit(make)]],
    [3, (make) => ["BITPOS", make.key(), bit(make), make.index()]],
    [5, (make) => ["BITPOS", make.key(), bit(make), make.index(), make.index(), ...unit(make)]],
    [6, (make) => ["BITOP", make.anyCase("AND", "OR", "XOR", "NOT"), make.key(), ...make.keys(1, 3)]],
    [1, (make) => ["BITOP", make.anyCase("NOT", "NAND"), make.key(), make.key()]],
    [12, (make) => ["BITFIELD", make.key(), ...bitfieldWrite(make)]],
    [4, (make) => ["BITFIELD_RO", make.key(), ...bitfieldRead(make)]],
    [5, (make) => ["SET", make.key(), make.value()]],
    [3, (make) => ["SET", make.key(), make.random.bytes(make.random.between(0, 20))]],
    [2, (make) => ["SET", make.key(), make.random.pick(["\xff\xff\xff", "\x00\x00", "\xff\xf0\x00", "\x00\xff\xf0"])]],
    [3, (make) => ["GET", make.key()]],
    [1, (make) => ["STRLEN", make.key()]],
    [1, (make) => ["DEL", make.key()]],
    [1, (make) => ["OBJECT", "ENCODING", make.key()]]
  ]
}
