/**
 * A string as an array of integers of any width: BITFIELD BITFIELD_RO (https://redis.io/docs/latest/commands/bitfield/).
 *
 * The whole request is read and checked before any of it runs. A request that writes makes the string long enough for all
 * of its writes at once, even for one that then fails by OVERFLOW FAIL.
 */
import * as Errors from "../../Errors.ts"
import { EventClass } from "../../keyspace/Notifications.ts"
import {
  type FieldType,
  type Overflow,
  parseFieldType,
  readField,
  representable,
  writeField
} from "../../values/bitfields.ts"
import { INT64_MAX } from "../../values/numbers.ts"
import { Slice } from "../../values/Slice.ts"
import type { Args } from "../Args.ts"
import { type Argument, type CommandDefinition, keys } from "../Command.ts"
import type { Context } from "../Context.ts"
import { KEY } from "../commonArguments.ts"
import { openBits, readFieldOffset } from "./bitOffset.ts"

const ENCODING: Argument = { name: "encoding", type: "string" }
const OFFSET: Argument = { name: "offset", type: "integer" }

interface Operation {
  readonly kind: "get" | "set" | "incrby"
  readonly type: FieldType
  /** In bits. */
  readonly offset: number
  /** What is stored or added; 0 for a read. */
  readonly operand: bigint
  readonly overflow: Overflow
}

const KINDS: ReadonlyArray<Operation["kind"]> = ["get", "set", "incrby"]
const OVERFLOWS: ReadonlyArray<Overflow> = ["wrap", "sat", "fail"]

/** How many words an operation takes. */
const words = (kind: Operation["kind"]): number => (kind === "get" ? 3 : 4)

function readOperation(ctx: Context, at: number, overflow: Overflow): Operation {
  const { args } = ctx
  const kind = KINDS.find((word) => args.is(at, word))
  if (kind === undefined || at + words(kind) > args.count) throw Errors.syntax
  const type = parseFieldType(args.text(at + 1))
  if (type === undefined) throw Errors.wrongBitfieldType
  const offset = readFieldOffset(ctx, at + 2, type.width)
  return { kind, type, offset, operand: kind === "get" ? 0n : args.int64(at + 3), overflow }
}

function readOverflow({ args }: Context, at: number): Overflow {
  if (at >= args.count) throw Errors.syntax
  const overflow = OVERFLOWS.find((word) => args.is(at, word))
  if (overflow === undefined) throw Errors.wrongOverflow
  return overflow
}

/** All operations of the request. OVERFLOW holds for those that stand behind it. */
function readOperations(ctx: Context): ReadonlyArray<Operation> {
  const { args } = ctx
  const operations: Array<Operation> = []
  let overflow: Overflow = "wrap"
  for (let at = 2; at < args.count; ) {
    if (args.is(at, "overflow")) {
      overflow = readOverflow(ctx, at + 1)
      at += 2
      continue
    }
    const operation = readOperation(ctx, at, overflow)
    operations.push(operation)
    at += words(operation.kind)
  }
  return operations
}

/** Whether the request, right or wrong, holds nothing that could write; a word that is out of place could. */
function onlyReads(args: Args): boolean {
  let at = 2
  while (at < args.count) {
    if (args.is(at, "get") && at + 2 < args.count) at += words("get")
    else if (args.is(at, "overflow") && at + 1 < args.count) at += 2
    else return false
  }
  return true
}

const string = new Slice()

function replyWithReads({ args, db, reply }: Context, operations: ReadonlyArray<Operation>): void {
  const ref = db.readString(args.at(1))
  if (ref === 0) string.length = 0
  else db.string(ref, string)
  reply.array(operations.length)
  for (const { offset, type } of operations) reply.bigint(readField(string, offset, type))
}

/**
 * The number that SET is given, as Redis takes it for the overflow rules: for an unsigned field by its 64 bits, and as too
 * high where it is so low that its distance from the type's highest number does not fit into 64 bits.
 */
function settable(value: bigint, { signed, width }: FieldType): bigint {
  if (!signed) return BigInt.asUintN(64, value)
  const highest = 2n ** BigInt(width - 1) - 1n
  return width < 64 && highest - value > INT64_MAX ? value + 2n ** 64n : value
}

/** Answers a SET with what was there, an INCRBY with the sum; says whether the field is another one now, or a new one. */
function write(ctx: Context, { kind, offset, operand, overflow, type }: Operation, isNew: boolean): boolean {
  const before = readField(string, offset, type)
  const wanted = kind === "incrby" ? before + operand : settable(operand, type)
  const after = representable(wanted, type, overflow)
  if (after === undefined) {
    ctx.reply.null()
    return false
  }
  writeField(string, offset, type, after)
  ctx.reply.bigint(kind === "set" ? before : after)
  return isNew || after !== before
}

function replyWithWrites(ctx: Context, operations: ReadonlyArray<Operation>): void {
  const { args, db, keyspace, reply } = ctx
  const lastBit = operations.reduce(
    (last, { kind, offset, type }) => (kind === "get" ? last : Math.max(last, offset + type.width - 1)),
    0
  )
  const grew = openBits(ctx, lastBit, string)
  reply.array(operations.length)
  let changes = 0
  for (const operation of operations) {
    if (operation.kind === "get") reply.bigint(readField(string, operation.offset, operation.type))
    else if (write(ctx, operation, grew)) changes++
  }
  if (changes === 0) {
    // What failed left zeros behind. To Redis that is no change; but what is there has to be there after a restart, too.
    if (grew) ctx.journalAs(["SETBIT", args.at(1), lastBit, 0])
    return
  }
  db.changed(EventClass.String, "setbit", args.at(1))
  // Each changed field counts as a change, although only one is told of.
  keyspace.dirty += changes - 1
}

const bitfield: CommandDefinition = {
  name: "bitfield",
  summary: "Read, write and increment integers of any width in the string at a key",
  since: "3.2.0",
  group: "bitmap",
  complexity: "O(1) for each operation",
  arity: -2,
  flags: ["write", "denyoom"],
  keys: [
    {
      ...keys(["RW", "access", "update"]),
      flagsOf: (args) => (onlyReads(args) ? ["RO", "access"] : ["RW", "access", "update"]),
      notes: "changes the key unless all operations are GET"
    }
  ],
  args: [
    KEY,
    {
      name: "operation",
      type: "oneof",
      optional: true,
      multiple: true,
      args: [
        { name: "encoding_offset", type: "block", token: "GET", args: [ENCODING, OFFSET] },
        {
          name: "write",
          type: "block",
          args: [
            {
              name: "wrap_sat_fail",
              type: "oneof",
              token: "OVERFLOW",
              optional: true,
              args: [
                { name: "wrap", type: "pure-token", token: "WRAP" },
                { name: "sat", type: "pure-token", token: "SAT" },
                { name: "fail", type: "pure-token", token: "FAIL" }
              ]
            },
            {
              name: "write_operation",
              type: "oneof",
              args: [
                {
                  name: "encoding_offset_value",
                  type: "block",
                  token: "SET",
                  args: [ENCODING, OFFSET, { name: "value", type: "integer" }]
                },
                {
                  name: "encoding_offset_increment",
                  type: "block",
                  token: "INCRBY",
                  args: [ENCODING, OFFSET, { name: "increment", type: "integer" }]
                }
              ]
            }
          ]
        }
      ]
    }
  ],
  run: (ctx) => {
    const operations = readOperations(ctx)
    if (operations.every(({ kind }) => kind === "get")) replyWithReads(ctx, operations)
    else replyWithWrites(ctx, operations)
  }
}

const bitfieldRo: CommandDefinition = {
  name: "bitfield_ro",
  summary: "Read integers of any width in the string at a key",
  since: "6.0.0",
  group: "bitmap",
  complexity: "O(1) for each operation",
  arity: -2,
  flags: ["readonly", "fast"],
  keys: [keys(["RO", "access"])],
  args: [
    KEY,
    {
      name: "encoding_offset",
      type: "block",
      token: "GET",
      optional: true,
      multiple: true,
      multipleToken: true,
      args: [ENCODING, OFFSET]
    }
  ],
  run: (ctx) => {
    const operations = readOperations(ctx)
    if (operations.some(({ kind }) => kind !== "get")) throw Errors.bitfieldOnlyReads
    replyWithReads(ctx, operations)
  }
}

/** BITFIELD BITFIELD_RO. */
export const bitfieldCommands: ReadonlyArray<CommandDefinition> = [bitfield, bitfieldRo]
