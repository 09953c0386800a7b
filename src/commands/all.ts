/**
 * Every command of the server, in the order in which COMMAND lists them.
 */
import { Context } from "effect"
import type { CommandDefinition } from "./Command.ts"
import { clientCommands } from "./client.ts"
import { configCommands } from "./config.ts"
import { connectionCommands } from "./connection.ts"
import { databaseCommands } from "./databases.ts"
import { debugCommands } from "./debug.ts"
import { dumpCommands } from "./dump.ts"
import { expiryCommands } from "./expiry.ts"
import { geoCommands } from "./geo/geo.ts"
import { geoSearchCommands } from "./geo/geoSearches.ts"
import { hashCounterCommands } from "./hashes/hashCounters.ts"
import { hashCommands } from "./hashes/hashes.ts"
import { hashDrawCommands } from "./hashes/hrandfield.ts"
import { hyperLogLogCommands } from "./hyperloglog/hyperLogLog.ts"
import { pfdebugCommands } from "./hyperloglog/pfdebug.ts"
import { infoCommands } from "./info.ts"
import { introspectionCommands } from "./introspection.ts"
import { keyCommands } from "./keys.ts"
import { latencyCommands } from "./latency.ts"
import { blockingListCommands } from "./lists/blockingLists.ts"
import { listMoveCommands } from "./lists/listMoves.ts"
import { listPopCommands } from "./lists/listPops.ts"
import { listPositionCommands } from "./lists/listPositions.ts"
import { listCommands } from "./lists/lists.ts"
import { lolwutCommands } from "./lolwut.ts"
import { memoryCommands } from "./memory.ts"
import { monitorCommands } from "./monitor.ts"
import { objectCommands } from "./object.ts"
import { persistenceCommands } from "./persistence.ts"
import { pubsubCommands } from "./pubsub.ts"
import { scanCommands } from "./scan.ts"
import { serverCommands } from "./server.ts"
import { randomMemberCommands } from "./sets/randomMembers.ts"
import { setAlgebraCommands } from "./sets/setAlgebra.ts"
import { setCommands } from "./sets/sets.ts"
import { shutdownCommands } from "./shutdown.ts"
import { slowlogCommands } from "./slowlog.ts"
import { sortCommands } from "./sort.ts"
import { sortedSetAddCommands } from "./sortedsets/sortedSetAdd.ts"
import { sortedSetAlgebraCommands } from "./sortedsets/sortedSetAlgebra.ts"
import { sortedSetCountCommands } from "./sortedsets/sortedSetCounts.ts"
import { sortedSetPopCommands } from "./sortedsets/sortedSetPops.ts"
import { sortedSetRandomCommands } from "./sortedsets/sortedSetRandom.ts"
import { sortedSetRangeCommands } from "./sortedsets/sortedSetRanges.ts"
import { sortedSetCommands } from "./sortedsets/sortedSets.ts"
import { streamClaimCommands } from "./streams/streamClaims.ts"
import { streamGroupCommands } from "./streams/streamGroups.ts"
import { streamInfoCommands } from "./streams/streamInfo.ts"
import { streamPendingCommands } from "./streams/streamPending.ts"
import { streamReadCommands } from "./streams/streamRead.ts"
import { streamReadGroupCommands } from "./streams/streamReadGroup.ts"
import { streamCommands } from "./streams/streams.ts"
import { bitfieldCommands } from "./strings/bitfield.ts"
import { bitmapCommands } from "./strings/bitmaps.ts"
import { counterCommands } from "./strings/counters.ts"
import { lcsCommands } from "./strings/lcs.ts"
import { stringCommands } from "./strings/strings.ts"
import { multiStringCommands } from "./strings/stringsMany.ts"
import { substringCommands } from "./strings/substrings.ts"
import { transactionCommands } from "./transactions.ts"

export const allCommands: ReadonlyArray<CommandDefinition> = [
  ...stringCommands,
  ...multiStringCommands,
  ...counterCommands,
  ...substringCommands,
  ...lcsCommands,
  ...bitmapCommands,
  ...bitfieldCommands,
  ...hashCommands,
  ...hashCounterCommands,
  ...hashDrawCommands,
  ...sortedSetCommands,
  ...sortedSetAddCommands,
  ...sortedSetRangeCommands,
  ...sortedSetCountCommands,
  ...sortedSetPopCommands,
  ...sortedSetAlgebraCommands,
  ...sortedSetRandomCommands,
  ...setCommands,
  ...randomMemberCommands,
  ...setAlgebraCommands,
  ...listCommands,
  ...listPositionCommands,
  ...listPopCommands,
  ...listMoveCommands,
  ...blockingListCommands,
  ...streamCommands,
  ...streamReadCommands,
  ...streamGroupCommands,
  ...streamReadGroupCommands,
  ...streamPendingCommands,
  ...streamClaimCommands,
  ...streamInfoCommands,
  ...geoCommands,
  ...geoSearchCommands,
  ...hyperLogLogCommands,
  ...pfdebugCommands,
  ...keyCommands,
  ...sortCommands,
  ...scanCommands,
  ...expiryCommands,
  ...dumpCommands,
  ...objectCommands,
  ...databaseCommands,
  ...persistenceCommands,
  ...connectionCommands,
  ...clientCommands,
  ...monitorCommands,
  ...pubsubCommands,
  ...transactionCommands,
  ...introspectionCommands,
  ...configCommands,
  ...debugCommands,
  ...infoCommands,
  ...latencyCommands,
  ...lolwutCommands,
  ...memoryCommands,
  ...serverCommands,
  ...shutdownCommands,
  ...slowlogCommands
]

/** The commands that a server is built with: `allCommands`, unless the program that builds it provides others. */
export const CommandTable = Context.Reference<ReadonlyArray<CommandDefinition>>("fibredis/commands/CommandTable", {
  defaultValue: () => allCommands
})
