/**
 * Every command of the server, in the order in which COMMAND lists them.
 */
import { Context } from "effect"
import { bitfieldCommands } from "./bitfield.ts"
import { bitmapCommands } from "./bitmaps.ts"
import type { CommandDefinition } from "./Command.ts"
import { clientCommands } from "./client.ts"
import { configCommands } from "./config.ts"
import { connectionCommands } from "./connection.ts"
import { counterCommands } from "./counters.ts"
import { databaseCommands } from "./databases.ts"
import { debugCommands } from "./debug.ts"
import { expiryCommands } from "./expiry.ts"
import { infoCommands } from "./info.ts"
import { introspectionCommands } from "./introspection.ts"
import { keyCommands } from "./keys.ts"
import { latencyCommands } from "./latency.ts"
import { lcsCommands } from "./lcs.ts"
import { lolwutCommands } from "./lolwut.ts"
import { memoryCommands } from "./memory.ts"
import { monitorCommands } from "./monitor.ts"
import { objectCommands } from "./object.ts"
import { persistenceCommands } from "./persistence.ts"
import { pubsubCommands } from "./pubsub.ts"
import { scanCommands } from "./scan.ts"
import { serverCommands } from "./server.ts"
import { shutdownCommands } from "./shutdown.ts"
import { slowlogCommands } from "./slowlog.ts"
import { stringCommands } from "./strings.ts"
import { multiStringCommands } from "./stringsMany.ts"
import { substringCommands } from "./substrings.ts"
import { transactionCommands } from "./transactions.ts"

export const allCommands: ReadonlyArray<CommandDefinition> = [
  ...stringCommands,
  ...multiStringCommands,
  ...counterCommands,
  ...substringCommands,
  ...lcsCommands,
  ...bitmapCommands,
  ...bitfieldCommands,
  ...keyCommands,
  ...scanCommands,
  ...expiryCommands,
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
