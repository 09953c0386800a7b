/**
 * DEBUG: for tests and for people who look inside. Whether it may be used says enable-debug-command.
 *
 * To COMMAND it is one command without subcommands, as in Redis; here is its own table of them.
 */
import { Effect } from "effect"
import { parseMemory } from "../config/Kind.ts"
import * as Errors from "../Errors.ts"
import type { Database, Ref } from "../keyspace/Database.ts"
import { datasetDigest, valueDigest } from "../keyspace/datasetDigest.ts"
import { encodingName, referenceCount } from "../keyspace/types/valueTypes.ts"
import { RdbOutput } from "../persistence/RdbOutput.ts"
import { writeValue } from "../persistence/rdb/valueWriters.ts"
import { randomId } from "../ServerIdentity.ts"
import { slowLogWords } from "../SlowLog.ts"
import { matchGlob } from "../values/glob.ts"
import { QuickList } from "../values/list/QuickList.ts"
import type { CommandDefinition } from "./Command.ts"
import { noteSlowness } from "./CommandTimer.ts"
import { reload } from "./debugReload.ts"
import { type DebugSubcommand, refuseInTransaction } from "./debugSubcommand.ts"
import { helpLines, writeHelp } from "./help.ts"
import { awaitThen, type Resume } from "./Suspend.ts"

const ok: Resume = ({ reply }) => reply.ok()

/** The number at the beginning of a word, as C's strtod reads it; 0 if there is none. */
const leadingNumber = (text: string): number => Number.parseFloat(text) || 0

const changeReplId: DebugSubcommand = {
  name: "change-repl-id",
  summary: "Draw a new replication ID",
  run: ({ identity, keyspace, reply }) => {
    identity.replicationId = randomId(keyspace.random)
    reply.ok()
  }
}

const digest: DebugSubcommand = {
  name: "digest",
  summary: "Return a digest of the whole data set",
  run: ({ keyspace, reply }) => reply.simple(datasetDigest(keyspace.databases))
}

const digestValue: DebugSubcommand = {
  name: "digest-value",
  summary: "Return a digest of each key's value",
  args: [{ name: "key", type: "key", optional: true, multiple: true }],
  run: ({ args, db, reply }) => {
    reply.array(args.count - 2)
    for (let i = 2; i < args.count; i++) reply.simple(valueDigest(db, db.peek(args.at(i))))
  }
}

const log: DebugSubcommand = {
  name: "log",
  summary: "Write a message to the server's log",
  args: [{ name: "message", type: "string" }],
  run: (ctx) => {
    refuseInTransaction(ctx)
    return awaitThen(Effect.as(Effect.logWarning(`DEBUG LOG: ${ctx.args.text(2)}`), ok))
  }
}

/** Seconds that fit into the 24 bits in which a key's last use is kept. */
const CLOCK_MASK = 0xffffff

/** Bytes of the value in an RDB file, uncompressed, as this server writes it. */
function serializedLength({ dict }: Database, ref: Ref): number {
  const out = new RdbOutput()
  writeValue(out, dict, ref)
  return out.length
}

const object: DebugSubcommand = {
  name: "object",
  summary: "Tell how the key's value is kept, and how many bytes of an RDB file it takes",
  args: [{ name: "key", type: "key" }],
  run: ({ args, db, keyspace, reply }) => {
    const ref = db.peek(args.at(2))
    if (ref === 0) throw Errors.noSuchKey
    const clock = db.dict.clock(ref)
    reply.simple(
      `Value at:0x${ref.toString(16).padStart(12, "0")} refcount:${referenceCount(db, ref)} ` +
        `encoding:${encodingName(db, ref)} serializedlength:${serializedLength(db, ref)} ` +
        `lru:${clock} lru_seconds_idle:${(keyspace.clock - clock) & CLOCK_MASK}`
    )
  }
}

/** The most that is taken: a little less than 4 GB. */
const MAX_PACKED_THRESHOLD = 2 ** 32 - 2 ** 20

const packedThreshold: DebugSubcommand = {
  name: "quicklist-packed-threshold",
  summary: "Set from how many bytes on an element of a long list stands alone in a node; 0 for the usual 1 GB",
  args: [{ name: "size", type: "string" }],
  run: ({ args, reply }) => {
    const bytes = parseMemory(args.text(2))
    if (bytes === undefined || bytes > MAX_PACKED_THRESHOLD) throw Errors.packedThreshold
    QuickList.setPackedThreshold(bytes)
    reply.ok()
  }
}

const setActiveExpire: DebugSubcommand = {
  name: "set-active-expire",
  summary: "Remove expired keys also when nobody asks for them (1, as usual), or only then (0)",
  args: [{ name: "flag", type: "integer" }],
  run: ({ args, keyspace, reply }) => {
    keyspace.activeExpiry = Math.trunc(leadingNumber(args.text(2))) !== 0
    reply.ok()
  }
}

/** Nobody else is served meanwhile, and it counts as a slow command; but the process stays awake. */
const sleep: DebugSubcommand = {
  name: "sleep",
  summary: "Let the server do nothing for some seconds",
  args: [{ name: "seconds", type: "double" }],
  run: (ctx) => {
    refuseInTransaction(ctx)
    const { args, pause, session } = ctx
    const milliseconds = Math.max(0, leadingNumber(args.text(2)) * 1000)
    const command = ctx.registry.lookup("debug")!
    const words = slowLogWords(command, args)
    const asleep = Effect.acquireUseRelease(
      Effect.sync(() => pause.hold()),
      () => Effect.sleep(milliseconds),
      () => Effect.sync(() => pause.release())
    )
    return awaitThen(
      Effect.as(asleep, (ctx) => {
        noteSlowness(ctx, command, words, session, milliseconds * 1000)
        ctx.reply.ok()
      })
    )
  }
}

const stringMatchLen: DebugSubcommand = {
  name: "stringmatch-len",
  summary: "Return 1 if the string matches the glob pattern, else 0",
  args: [
    { name: "pattern", type: "pattern" },
    { name: "string", type: "string" }
  ],
  run: ({ args, reply }) => reply.int(matchGlob(args.at(2), args.at(3)) ? 1 : 0)
}

const help: DebugSubcommand = {
  name: "help",
  summary: "Print this help",
  run: ({ reply }) => writeHelp(reply, "debug", helpLines(subcommands))
}

const subcommands: ReadonlyArray<DebugSubcommand> = [
  changeReplId,
  digest,
  digestValue,
  log,
  object,
  packedThreshold,
  reload,
  setActiveExpire,
  sleep,
  stringMatchLen,
  help
]

const byName: ReadonlyMap<string, DebugSubcommand> = new Map(
  subcommands.map((subcommand) => [subcommand.name, subcommand])
)

/** Whether as many words follow the subcommand's name as it takes. */
function accepts({ args: parameters = [] }: DebugSubcommand, given: number): boolean {
  const open = parameters.some(({ multiple }) => multiple === true)
  return open || given === parameters.length
}

const debug: CommandDefinition = {
  name: "debug",
  summary: "Look inside the server",
  since: "1.0.0",
  group: "server",
  complexity: "Depends on subcommand.",
  arity: -2,
  flags: ["admin", "noscript", "loading", "stale"],
  internal: true,
  run: (ctx) => {
    const { args } = ctx
    const subcommand = byName.get(args.lower(1))
    if (subcommand === undefined || !accepts(subcommand, args.count - 2)) {
      throw Errors.unknownSubcommandOrArity("debug", args.text(1))
    }
    return subcommand.run(ctx)
  }
}

export const debugCommands: ReadonlyArray<CommandDefinition> = [debug]
