import type { Word, Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"
import { withOtherTypes } from "./otherTypes.ts"

const KEYS: ReadonlyArray<string> = ["a", "b", "c", "d", "user:1"]

const key = (make: Arguments): string => (make.random.oneIn(40) ? "nosuchkey" : make.random.pick(KEYS))

const keys = (make: Arguments, low: number, high: number): Array<string> => make.random.many(low, high, () => key(make))

/** Elements that come again, and such that do not. */
const element = (make: Arguments): Word =>
  make.random.oneIn(3) ? make.value() : String(make.random.between(0, make.random.pick([20, 1000, 1_000_000])))

const elements = (make: Arguments, low: number, high: number): Array<Word> =>
  make.random.many(low, high, () => element(make))

/** Runs of registers, which cover all of them or do not. */
function runs(make: Arguments): string {
  const { random } = make
  const few = random.many(0, 6, () =>
    String.fromCharCode(random.oneIn(2) ? random.between(0, 63) : random.between(128, 255))
  )
  const rest = random.pick(["\x7f\xff", "\x7f\xf0", "\x60\x00\x5f\xff", "\x40\x00", ""])
  return random.oneIn(2) ? few.join("") + rest : rest + few.join("")
}

/** What looks like a HyperLogLog: with a kept cardinality or without. */
function madeUp(make: Arguments): string {
  const { random } = make
  const magic = random.oneIn(8) ? random.pick(["HYL", "hyll", "HYLl", ""]) : "HYLL"
  const encoding = random.pick(["\x01", "\x01", "\x01", "\x00", "\x02"])
  const kept = random.pick([
    "\x00\x00\x00\x00\x00\x00\x00\x80",
    "\x05\x00\x00\x00\x00\x00\x00\x00",
    `${"\xff".repeat(7)}\x7f`
  ])
  return `${magic}${encoding}\x00\x00\x00${kept}${runs(make)}`
}

/** The end of a string after which Redis reads no byte that is not part of it. */
const END: ReadonlyArray<string> = ["\x00", "\x90", "\xff"]

/** Overwrites part of a HyperLogLog: its header or some of its registers. */
function damage(make: Arguments): Words {
  const { random } = make
  const offset = random.pick([random.between(0, 20), random.between(16, 300), random.between(16, 12_303), 12_304])
  return [
    "SETRANGE",
    key(make),
    offset,
    Buffer.concat([random.bytes(random.between(0, 5)), Buffer.from(random.pick(END), "latin1")])
  ]
}

const shapes: ReadonlyArray<Weighted<Shape>> = [
  [8, (make) => ["PFADD", key(make), ...elements(make, 0, 5)]],
  [6, (make) => ["PFADD", key(make), ...elements(make, 20, 60)]],
  [2, (make) => ["PFADD", key(make), ...elements(make, 300, 1500)]],
  [6, (make) => ["PFCOUNT", key(make)]],
  [4, (make) => ["PFCOUNT", ...keys(make, 1, 4)]],
  [4, (make) => ["PFMERGE", ...keys(make, 1, 4)]],
  [8, (make) => ["GET", key(make)]],
  [2, (make) => ["SET", key(make), madeUp(make)]],
  [2, (make) => damage(make)],
  [1, (make) => ["SET", key(make), make.value()]],
  [2, (make) => ["PFDEBUG", make.anyCase("DECODE", "ENCODING", "TODENSE"), key(make)]],
  [1, (make) => ["PFDEBUG", make.anyCase("GETREG", "NOSUCH"), key(make)]],
  [
    1,
    (make) => send(["CONFIG", "SET", "hll-sparse-max-bytes", make.random.pick([3000, 3000, 300, 40, 19, 0, 16_000])])
  ],
  [2, (make) => ["OBJECT", "ENCODING", key(make)]],
  [1, (make) => ["STRLEN", key(make)]],
  [1, (make) => ["APPEND", key(make), make.random.pick(["\x7f\xff", "\x00", "\xff"])]],
  [1, (make) => ["COPY", key(make), key(make)]],
  [2, (make) => ["DEL", key(make)]]
]

/** HyperLogLogs: counted, merged, looked into, and damaged by what writes strings. */
export const hyperloglog: Family = withOtherTypes({ name: "hyperloglog", connections: 1, shapes })
