/**
 * Strings as bitmaps: SETBIT GETBIT BITCOUNT BITPOS BITOP (https://redis.io/docs/latest/develop/data-types/bitmaps/).
 * BITFIELD has a file of its own.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import { and, bitAt, type Combine, countBits, findBit, invert, or, xor } from "../../values/bits.ts"
import { Slice } from "../../values/Slice.ts"
import type { Args } from "../Args.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { range } from "../range.ts"
import { openBits, readBitOffset } from "./bitOffset.ts"

const OFFSET: Argument = { name: "offset", type: "integer" }
const UNIT: Argument = {
  name: "index_unit",
  type: "oneof",
  since: "7.0.0",
  optional: true,
  args: [
    { name: "byte", type: "pure-token", token: "BYTE" },
    { name: "bit", type: "pure-token", token: "BIT" }
  ]
}

const stored = new Slice()

const setbit: CommandDefinition = {
  name: "setbit",
  summary: "Set or clear one bit of the string at a key and return what it was",
  since: "2.2.0",
  group: "bitmap",
  complexity: "O(1)",
  arity: 4,
  flags: ["write", "denyoom"],
  keys: [keys(["RW", "access", "update"])],
  args: [KEY, OFFSET, { name: "value", type: "integer" }],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const offset = readBitOffset(ctx, 2)
    const wanted = args.intBetween(3, 0, 1, Errors.notABit)
    const key = args.at(1)
    const grew = openBits(ctx, offset, stored)
    const before = bitAt(stored, offset)
    if (grew || before !== wanted) {
      if (before !== wanted) stored.buffer[stored.start + Math.floor(offset / 8)]! ^= 0x80 >>> (offset % 8)
      db.changed(EventClass.String, "setbit", key)
    }
    reply.int(before)
  }
}

const getbit: CommandDefinition = {
  name: "getbit",
  summary: "Return one bit of the string at a key",
  since: "2.2.0",
  group: "bitmap",
  complexity: "O(1)",
  arity: 3,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [KEY, OFFSET],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const offset = readBitOffset(ctx, 2)
    const ref = db.readString(args.at(1))
    const written = ref !== 0 && offset < db.stringLength(ref) * 8
    reply.int(written ? bitAt(db.string(ref, stored), offset) : 0)
  }
}

/** Bits in the unit that the word at `index` names: bytes if there is none. */
function readUnit(args: Args, index: number): 1 | 8 {
  if (args.is(index, "bit")) return 1
  if (index < args.count && !args.is(index, "byte")) throw Errors.syntax
  return 8
}

const bitcount: CommandDefinition = {
  name: "bitcount",
  summary: "Count the set bits of the string at a key",
  since: "2.6.0",
  group: "bitmap",
  complexity: "O(N)",
  arity: -2,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  history: [["7.0.0", "Takes BYTE and BIT."]],
  args: [
    KEY,
    {
      name: "index",
      type: "block",
      optional: true,
      args: [{ name: "start", type: "integer" }, { name: "end", type: "integer" }, UNIT]
    }
  ],
  run: ({ args, db, reply }) => {
    const ref = db.readString(args.at(1))
    if (ref === 0) {
      reply.int(0)
      return
    }
    if (args.count === 3 || args.count > 5) throw Errors.syntax
    db.string(ref, stored)
    if (args.count === 2) range.whole(stored.length * 8)
    else if (range.read(args, 2).reversed) range.nothing()
    else {
      const unit = readUnit(args, 4)
      range.clip((stored.length * 8) / unit).scale(unit)
    }
    reply.int(range.empty ? 0 : countBits(stored, range.first, range.last))
  }
}

/** Reads BITPOS' range, in bits, over the string that it searches. */
function readSearchRange(args: Args, length: number): void {
  if (args.count === 3) {
    range.whole(length * 8)
    return
  }
  const start = args.int(3)
  const unit = readUnit(args, 5)
  const units = (length * 8) / unit
  range.set(start, args.count > 4 ? args.int(4) : units - 1).clip(units)
  range.scale(unit)
}

const bitpos: CommandDefinition = {
  name: "bitpos",
  summary: "Find the first set or clear bit of the string at a key",
  since: "2.8.7",
  group: "bitmap",
  complexity: "O(N)",
  arity: -3,
  flags: ["readonly"],
  keys: [keys(["RO", "access"])],
  history: [["7.0.0", "Takes BYTE and BIT."]],
  args: [
    KEY,
    { name: "bit", type: "integer" },
    {
      name: "index",
      type: "block",
      optional: true,
      args: [
        { name: "start", type: "integer" },
        { name: "end_index", type: "block", optional: true, args: [{ name: "end", type: "integer" }, UNIT] }
      ]
    }
  ],
  run: ({ args, db, reply }) => {
    const bit = args.int(2)
    if (bit !== 0 && bit !== 1) throw Errors.wrongBitArgument
    const ref = db.readString(args.at(1))
    if (ref === 0) {
      reply.int(bit === 1 ? -1 : 0)
      return
    }
    if (args.count > 6) throw Errors.syntax
    db.string(ref, stored)
    readSearchRange(args, stored.length)
    const found = range.empty ? -1 : findBit(stored, bit, range.first, range.last)
    // Without an end, the string goes on with clear bits.
    const openEnd = bit === 0 && args.count < 5 && !range.empty
    reply.int(found === -1 && openEnd ? stored.length * 8 : found)
  }
}

/** BITOP's operations between strings. NOT takes a single one. */
const COMBINE: ReadonlyMap<string, Combine> = new Map([
  ["and", and],
  ["or", or],
  ["xor", xor]
])

/** Length of the longest string among the keys from `from` on; all have to be strings. */
function longest({ args, db }: Context, from: number): number {
  let length = 0
  for (let i = from; i < args.count; i++) {
    const ref = db.readString(args.at(i))
    if (ref !== 0) length = Math.max(length, db.stringLength(ref))
  }
  return length
}

const bitop: CommandDefinition = {
  name: "bitop",
  summary: "Combine the bits of strings and store the result",
  since: "2.6.0",
  group: "bitmap",
  complexity: "O(N)",
  arity: -4,
  flags: ["write", "denyoom"],
  keys: [keys(["OW", "update"], 2), keys(["RO", "access"], 3, -1)],
  args: [
    {
      name: "operation",
      type: "oneof",
      args: [
        { name: "and", type: "pure-token", token: "AND" },
        { name: "or", type: "pure-token", token: "OR" },
        { name: "xor", type: "pure-token", token: "XOR" },
        { name: "not", type: "pure-token", token: "NOT" }
      ]
    },
    { name: "destkey", type: "key", keySpec: 0 },
    { name: "key", type: "key", keySpec: 1, multiple: true }
  ],
  run: (ctx) => {
    const { args, db, reply } = ctx
    const operation = args.lower(1)
    const combine = COMBINE.get(operation)
    if (combine === undefined && operation !== "not") throw Errors.syntax
    if (combine === undefined && args.count !== 4) throw Errors.bitopNotOneKey
    const length = longest(ctx, 3)
    const result = combined(ctx, length, combine)
    const target = args.at(2)
    if (length > 0) {
      db.setComputed(target, result)
      db.changed(EventClass.String, "set", target)
    } else if (db.delete(target)) db.changed(EventClass.Generic, "del", target)
    reply.int(length)
  }
}

/** The bits of the keys' strings combined, or the one string's inverted. A key that is not there is all zeros. */
function combined({ args, db }: Context, length: number, combine: Combine | undefined): Uint8Array {
  const result = new Uint8Array(length)
  for (let i = 3; i < args.count; i++) {
    const ref = db.peek(args.at(i))
    const string = ref === 0 ? new Slice() : db.string(ref, stored)
    if (i === 3) string.copyInto(result, 0)
    else combine?.(result, string)
  }
  if (combine === undefined) invert(result)
  return result
}

/** SETBIT GETBIT BITCOUNT BITPOS BITOP. */
export const bitmapCommands: ReadonlyArray<CommandDefinition> = [setbit, getbit, bitcount, bitpos, bitop]
