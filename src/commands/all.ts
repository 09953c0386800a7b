/**
 * Every command of the server, in the order in which COMMAND lists them.
 */
import type { CommandDefinition } from "./Command.ts"
import { connectionCommands } from "./connection.ts"
import { pubsubCommands } from "./pubsub.ts"
import { transactionCommands } from "./transactions.ts"

export const allCommands: ReadonlyArray<CommandDefinition> = [
  ...connectionCommands,
  ...pubsubCommands,
  ...transactionCommands
]
